"""Fixtures that several rooms of the tests share. The sample study is run once, by the real command."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from pipeline.steps import run_study
from pipeline.study import Study
from tests import quick
from tests.helpers import guard

settings.register_profile("project", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("project")

SAMPLE = guard.ROOT / "data" / "sample"
SHARED = guard.ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class SampleRun:
    """A copy of the sample study that `quotebank run` has run through Prefect's embedded server."""

    root: Path
    home: Path
    ran: guard.Ran
    summary: dict[str, Any]

    @property
    def draft(self) -> Path:
        return self.root / "runs" / self.summary["run_id"] / "draft"


def copy_sample(target: Path) -> Path:
    """The sample study as it is committed, without what earlier runs left in it."""
    left = shutil.ignore_patterns(
        "runs", "private", "codebook.yaml", "written", "build.py", "gold.jsonl", "__pycache__"
    )
    return Path(shutil.copytree(SAMPLE, target, ignore=left))


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    folder = tmp_path_factory.mktemp("sample")
    root, home = copy_sample(folder / "study"), folder / "home"
    home.mkdir()
    ran = guard.run("run", str(root), "--json", home=home)
    assert ran.code == 0, ran.err
    return SampleRun(root, home, ran, json.loads(ran.out))


@pytest.fixture(scope="session")
def gold() -> list[dict[str, Any]]:
    """The hand marks of the sample study, a row for each passage."""
    return [json.loads(line) for line in (SAMPLE / "gold.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data beside the project; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the public data sets are not beside the project (../shared/data)")
    return SHARED


COMPLAINTS = (
    "The radios cut out inside the custody block and nobody can hear us.",
    "My laptop takes ten minutes to start every single morning.",
    "The crime form asks for the same address four times over.",
    "Nobody told us the system was changing until it had changed.",
    "Training was one video and a leaflet in a pigeonhole.",
    "The new phones are good, they save a trip back to the station.",
)
DETAILS = (
    "It happens on nights.", "We have reported it since the spring.", "Everyone on my shift says so.", "It costs us hours.",
    "I gave up asking for help.", "The trial was better.", "Somebody should look at it.", "That is no way to work.",
)  # fmt: skip


@pytest.fixture
def small_study(tmp_path: Path) -> Path:
    return write_small_study(tmp_path / "small")


def write_small_study(root: Path) -> Path:
    """A study of one CSV with forty-eight short answers, for tests of how runs behave rather than of what they find."""
    (root / "sources").mkdir(parents=True)
    rows = ["ID,Consent,Group,Answer"]
    for n in range(48):
        rows.append(f'{n},No,{"Police officer" if n % 2 else "Police staff"},"{COMPLAINTS[n % 6]} {DETAILS[n // 6]}"')
    (root / "sources" / "answers.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (root / "study.yaml").write_text(
        "study: small\ntitle: A small study\nsources:\n  - id: answers\n    kind: survey\n    files: sources/answers.csv\n"
        "    columns: {respondent: ID, consent: Consent, group: Group}\n"
        "    questions:\n      - {id: q, text: What gets in the way, columns: [Answer]}\n"
        "consent:\n  wording: {'No': non_attributable}\nthemes: {min_themes: 2, max_themes: 10}\n",
        "utf-8",
    )
    return root


@pytest.fixture
def study(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The small study, to be run without models."""
    quick.without_models(monkeypatch)
    return Study.load(small_study)


@pytest.fixture(scope="session")
def finished_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_small_study(tmp_path_factory.mktemp("finished") / "small")
    with pytest.MonkeyPatch.context() as patch:
        quick.without_models(patch)
        run_study(Study.load(root))
    return root


@pytest.fixture
def finished(finished_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The small study after a run, with everything the run left."""
    quick.without_models(monkeypatch)
    return Study.load(shutil.copytree(finished_once, tmp_path / "finished"))
