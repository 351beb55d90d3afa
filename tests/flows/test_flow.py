"""The flow: thin, offline, and unable to keep anything but paths, ids and counts."""

import os
import sqlite3
from pathlib import Path

import pytest

from flows.settings import OFFLINE, QUIET, enforce
from pipeline.errors import RefusedError
from pipeline.steps import STAGE_NAMES
from tests.conftest import SampleRun
from tests.helpers import guard

LEFT = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", *QUIET)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """`enforce` sets variables; put them back afterwards."""
    for name in [
        *OFFLINE,
        "PREFECT_HOME",
        "TMPDIR",
        "HF_HOME",
        "JOBLIB_TEMP_FOLDER",
        "PREFECT_API_URL",
        "PREFECT_API_KEY",
        *LEFT,
    ]:
        monkeypatch.setenv(name, "before")
        monkeypatch.delenv(name)
    return monkeypatch


def test_every_setting_is_set_whatever_it_was(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "true")
    environment.setenv("PREFECT_RESULTS_PERSIST_BY_DEFAULT", "true")
    assert enforce(tmp_path) == ""
    assert {name: os.environ[name] for name in OFFLINE} == OFFLINE
    assert Path(os.environ["PREFECT_HOME"]).is_relative_to(tmp_path / "private")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFECT_API_KEY", "pnu_x"),
        ("PREFECT_API_URL", "https://api.prefect.cloud/api"),
        ("PREFECT_API_URL", "https://API.Prefect.Cloud./x"),
    ],
)
def test_prefect_cloud_is_refused(environment: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(RefusedError, match="Prefect Cloud"):
        enforce(tmp_path)


def test_a_server_of_ones_own_is_used(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    assert enforce(tmp_path) == "http://127.0.0.1:4200/api"


@pytest.mark.prefect
def test_a_server_that_does_not_answer_is_named_without_a_traceback(tmp_path: Path, small_study: Path) -> None:
    env = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    ran = guard.run("run", str(small_study), home=tmp_path / "home", env=env)
    assert ran.code == 13
    assert "PREFECT_API_URL" in ran.err and "Traceback" not in ran.err
    assert not (small_study / "runs" / "LATEST").exists()


@pytest.mark.prefect
def test_each_setting_that_prefect_does_not_take_stops_the_run(tmp_path: Path) -> None:
    """The settings are checked in Prefect's own view of them, so an overruled one is seen."""
    code = """
import os, sys
from pathlib import Path
from flows.settings import assert_effective, enforce
from pipeline.errors import RefusedError
enforce(Path(sys.argv[1]))
os.environ[sys.argv[2]] = sys.argv[3]
try:
    assert_effective("")
except RefusedError as error:
    print("refused", error)
"""
    import sys

    for name, value in {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "true",
        "PREFECT_LOGGING_TO_API_ENABLED": "true",
        "PREFECT_LOGGING_LOG_PRINTS": "true",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "true",
        "PREFECT_TASKS_DEFAULT_PERSIST_RESULT": "true",
        "PREFECT_TASKS_DEFAULT_NO_CACHE": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "true",
        "DO_NOT_TRACK": "0",
    }.items():
        ran = guard.run_command([sys.executable, "-c", code, str(tmp_path / "s"), name, value], home=tmp_path / "home")
        assert ran.out.startswith("refused"), (name, ran.out, ran.err)


@pytest.mark.prefect
@pytest.mark.models
def test_prefect_knows_the_stages_and_nothing_else(sample_run: SampleRun) -> None:
    with sqlite3.connect(sample_run.root / "private" / "prefect" / "prefect.db") as database:
        tasks = [name for (name,) in database.execute("select task_key from task_run")]
        parameters = {str(p) for (p,) in database.execute("select parameters from flow_run")}
        n_artifacts, n_logs = (database.execute(f"select count(*) from {t}").fetchone()[0] for t in ("artifact", "log"))
    assert sorted(key.rsplit("-", 1)[0] for key in tasks) == sorted(STAGE_NAMES)
    assert len(parameters) == 1 and str(sample_run.root) in parameters.pop()
    assert (n_artifacts, n_logs) == (0, 0)
    storage = sample_run.root / "private" / "prefect" / "storage"
    assert not storage.exists() or not any(p.is_file() for p in storage.rglob("*"))
    assert sample_run.ran.connections == []
