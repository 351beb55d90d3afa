"""A Prefect server of one's own, and a study served on its schedule beside it: as an operator would set it up."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.settings import OFFLINE
from tests.helpers import guard

pytestmark = [pytest.mark.prefect, pytest.mark.models]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a running server, and its database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path / "server"
    env = {**clean_environment(), **OFFLINE, "PREFECT_HOME": str(home), "PREFECT_LOGGING_SERVER_LEVEL": "ERROR"}
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with (tmp_path / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}/api"
        wait_for(lambda: answers(f"{address}/health"), 120, "the server")
        yield address, home / "prefect.db"
    finally:
        process.terminate()
        process.wait(timeout=30)


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False


def wait_for(ready, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.5)


def flow_runs(database: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as rows:
        return rows.execute("select parameters, state_type from flow_run").fetchall()


def test_a_run_goes_to_the_server_it_is_told_to(server: tuple[str, Path], small_study: Path, tmp_path: Path) -> None:
    address, database = server
    ran = guard.run("run", str(small_study), home=tmp_path / "home", env={"PREFECT_API_URL": address})
    assert ran.code == 0, ran.err
    assert [state for _, state in flow_runs(database)] == ["COMPLETED"]
    assert ran.connections == []
    assert not (small_study / "private" / "prefect" / "prefect.db").exists(), "no embedded server was needed"


def test_a_served_study_runs_when_it_is_due(server: tuple[str, Path], small_study: Path, tmp_path: Path) -> None:
    address, database = server
    path = small_study / "study.yaml"
    path.write_text(path.read_text("utf-8") + 'schedule: "* * * * *"\n', "utf-8")
    env = {**clean_environment(), "PREFECT_API_URL": address, "PYTHONPATH": str(guard.ROOT)}
    with (tmp_path / "serve.log").open("w") as log:
        serving = subprocess.Popen(
            [sys.executable, "-m", "flows.serve", str(small_study)], env=env, stdout=log, stderr=log
        )
    try:
        wait_for(lambda: (small_study / "runs" / "LATEST").exists(), 240, "the scheduled run")
        assert "COMPLETED" in {state for _, state in flow_runs(database)} or serving.poll() is None
    finally:
        serving.terminate()
        serving.wait(timeout=60)


@pytest.mark.parametrize(("schedule", "words"), [("", "[schedule]"), ('schedule: "0 3 * * 1"\n', "PREFECT_API_URL")])
def test_what_serving_needs_is_named(small_study: Path, tmp_path: Path, schedule: str, words: str) -> None:
    path = small_study / "study.yaml"
    path.write_text(path.read_text("utf-8") + schedule, "utf-8")
    ran = guard.run_command([sys.executable, "-m", "flows.serve", str(small_study)], home=tmp_path / "home")
    assert ran.code == 10 and words in ran.err and "Traceback" not in ran.err
