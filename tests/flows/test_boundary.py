"""What may cross into Prefect: stage names, paths and counts. The flow's own functions, without a server."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import flows.start
from flows.outcome import Outcome, StageStopped, current, watched
from flows.settings import OFFLINE, enforce
from flows.start import start
from pipeline import steps
from pipeline.errors import ConfigError, QuotebankError, RefusedError, StageFailed
from pipeline.steps import STAGE_NAMES, plan
from pipeline.store import latest_run, study_lock
from tests import quick

CANARY = "canary-words-of-a-respondent"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """flows.quote_bank with tasks that run in this process, and quick stages."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    quick.without_models(monkeypatch)
    import flows.quote_bank as module

    monkeypatch.setattr(module, "TASKS", {name: task.fn for name, task in module.TASKS.items()})
    return module


@pytest.fixture
def outcome() -> Iterator[Outcome]:
    mine = Outcome()
    token = watched.set(mine)
    yield mine
    watched.reset(token)


def test_a_flow_returns_counts_and_nothing_else(module: ModuleType, outcome: Outcome, small_study: Path) -> None:
    told: list[str] = []
    outcome.on_progress = lambda stage, done, total: told.append(stage)
    outcome.before_first_stage = lambda: told.append("before")
    counts = module.quote_bank.fn(str(small_study), "split")
    assert counts == {"segments in": 48, "segments out": 48}
    assert told[0] == "before" and "redact" in told
    assert latest_run(small_study) is None, "only a whole run is the latest"
    module.quote_bank.fn(str(small_study))
    assert latest_run(small_study) is not None
    assert outcome.error is None


def test_a_stage_that_fails_tells_prefect_its_name_and_the_person_what_is_wrong(
    module: ModuleType, outcome: Outcome, small_study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Any:
        raise ValueError(CANARY) from KeyError(CANARY)

    monkeypatch.setattr("pipeline.consent.decide", fail)
    with pytest.raises(StageStopped) as caught:
        module.quote_bank.fn(str(small_study))
    assert str(caught.value) == "consent: internal"
    assert isinstance(outcome.error, StageFailed)
    walk: BaseException | None = caught.value
    while walk is not None:  # Prefect pickles an exception with all it came from
        assert isinstance(walk, StageStopped | StageFailed)
        assert CANARY not in "".join(map(str, walk.args))
        walk = walk.__cause__ or walk.__context__
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_mistake_of_a_person_is_told_to_them_and_not_to_prefect(
    module: ModuleType, outcome: Outcome, small_study: Path
) -> None:
    path = small_study / "study.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: survey", f"kind: {CANARY}"), "utf-8")
    with pytest.raises(StageStopped, match=r"^start: configuration$"):
        module.quote_bank.fn(str(small_study))
    assert isinstance(outcome.error, ConfigError)


def test_anything_unexpected_at_the_start_is_reduced_to_its_class(
    module: ModuleType, small_study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Any:
        raise OSError(CANARY)

    monkeypatch.setattr(module, "run_id", fail)
    with pytest.raises(StageStopped, match=r"^start: OSError$") as caught:
        module.quote_bank.fn(str(small_study))
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_flow_waits_for_nobody(module: ModuleType, outcome: Outcome, small_study: Path) -> None:
    with study_lock(small_study), pytest.raises(StageStopped, match="refused"):
        module.quote_bank.fn(str(small_study))
    assert isinstance(outcome.error, RefusedError)
    assert plan(steps.Study.load(small_study)).run.manifest["stages"] == {}


def test_prefect_keeps_nothing_of_a_task_or_the_flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    from prefect.cache_policies import NO_CACHE

    from flows.quote_bank import TASKS, quote_bank

    assert list(TASKS) == list(STAGE_NAMES)
    for name, task in TASKS.items():
        assert (task.name, task.persist_result, task.log_prints, task.retries) == (name, False, False, 0)
        assert task.cache_policy is NO_CACHE
        assert not task.description  # a docstring would be stored
    assert (quote_bank.persist_result, quote_bank.log_prints) == (False, False)


# ── from the command line ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def started(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`start` without Prefect's settings and libraries."""
    monkeypatch.setattr(flows.start, "enforce", lambda root: "")
    monkeypatch.setattr(flows.start, "assert_effective", lambda server: None)
    monkeypatch.setattr(flows.start, "_load_libraries", lambda: None)
    return module


def nobody(stage: str, done: int, total: int) -> None: ...


def test_starting_raises_what_the_stage_raised(started: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(path: str, until: str) -> None:
        current().error = RefusedError("in words for a person")
        raise StageStopped("consent: refused")

    monkeypatch.setattr(started, "quote_bank", stop)
    with pytest.raises(RefusedError, match="in words for a person"):
        start(Path("x"), "draft", nobody)
    assert current().error is None, "the next run starts with a clean slate"


@pytest.mark.parametrize(("server", "named"), [("", "embedded server"), ("http://x/api", "PREFECT_API_URL")])
def test_trouble_of_prefects_own_is_named_by_its_class_alone(
    started: ModuleType, monkeypatch: pytest.MonkeyPatch, server: str, named: str
) -> None:
    def fail(path: str, until: str) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(flows.start, "enforce", lambda root: server)
    monkeypatch.setattr(started, "quote_bank", fail)
    with pytest.raises(RefusedError, match=named) as caught:
        start(Path("x"), "draft", nobody)
    assert "RuntimeError" in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_stop_without_a_word_is_still_no_success(started: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(path: str, until: str) -> None:
        raise StageStopped("consent: internal")

    monkeypatch.setattr(started, "quote_bank", stop)
    with pytest.raises(QuotebankError):
        start(Path("x"), "draft", nobody)


def test_settings_are_checked_before_anything_runs(started: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(server: str) -> None:
        raise RefusedError("telemetry is on")

    ran: list[str] = []
    monkeypatch.setattr(flows.start, "assert_effective", refuse)
    monkeypatch.setattr(started, "quote_bank", lambda path, until: ran.append(path))
    with pytest.raises(RefusedError, match="telemetry"):
        start(Path("x"), "draft", nobody)
    assert ran == []


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_must_be_off_is_off() -> None:
    """The names and values themselves: a test that reads them from where they are defined could not fail."""
    for name in (
        "PREFECT_SERVER_ANALYTICS_ENABLED",
        "PREFECT_LOGGING_TO_API_ENABLED",
        "PREFECT_LOGGING_LOG_PRINTS",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT",
        "PREFECT_TASKS_DEFAULT_PERSIST_RESULT",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT",
    ):
        assert OFFLINE[name] == "false", name
    for name in ("DO_NOT_TRACK", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        assert OFFLINE[name] == "1", name
    assert OFFLINE["PREFECT_TASKS_DEFAULT_NO_CACHE"] == "true"
    assert OFFLINE["PREFECT_RESULTS_DEFAULT_SERIALIZER"] == "json"  # the other one would load code
    assert OFFLINE["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] == ""


CODE = """
import os, stat, sys
from pathlib import Path
os.umask(0o022)
from flows.settings import enforce
root = Path(sys.argv[1])
server = enforce(root)
for name in ("PREFECT_HOME", "TMPDIR", "HF_HOME", "JOBLIB_TEMP_FOLDER"):
    folder = Path(os.environ[name])
    assert folder.is_relative_to(root / "private"), name
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700, name
database = os.environ.get("PREFECT_API_DATABASE_CONNECTION_URL", "")
assert (str(root / "private") in database) == (not server), database
assert os.umask(0) == 0o077
assert os.environ["PREFECT_LOGGING_LEVEL"] == "CRITICAL"
print("as it should be")
"""


@pytest.mark.parametrize("server", ["", "http://127.0.0.1:4200/api"])
def test_everything_prefect_writes_lies_in_private(tmp_path: Path, server: str) -> None:
    import sys

    from tests.helpers import guard

    env = {"PREFECT_API_URL": server} if server else {}
    ran = guard.run_command([sys.executable, "-c", CODE, str(tmp_path / "study")], home=tmp_path / "home", env=env)
    assert ran.out == "as it should be\n", ran.err


def test_a_host_that_only_sounds_like_the_cloud_is_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"PREFECT_API_URL": "http://prefect.cloud.internal.example/api"})
    assert enforce(tmp_path) == "http://prefect.cloud.internal.example/api"


# ── serving ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_served_study_tells_prefect_its_path_and_schedule(
    module: ModuleType, small_study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.serve

    path = small_study / "study.yaml"
    path.write_text(path.read_text("utf-8") + 'schedule: "0 3 * * 1"\n', "utf-8")
    told: dict[str, Any] = {}
    checked: list[str] = []
    monkeypatch.setattr(flows.serve, "enforce", lambda root: "http://127.0.0.1:4200/api")
    monkeypatch.setattr(flows.serve, "assert_effective", checked.append)
    monkeypatch.setattr(module.quote_bank, "serve", lambda **options: told.update(options))
    flows.serve.serve(str(small_study))
    assert checked == ["http://127.0.0.1:4200/api"]
    assert (told["name"], told["parameters"], told["limit"]) == ("small", {"study_path": str(small_study)}, 1)
    assert (told["schedule"].cron, told["schedule"].timezone) == ("0 3 * * 1", "Europe/London")
    monkeypatch.setattr(flows.serve, "enforce", lambda root: "")
    with pytest.raises(ConfigError, match="PREFECT_API_URL"):
        flows.serve.serve(str(small_study))
