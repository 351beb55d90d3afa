"""Unique words planted in every restricted field; none may come out anywhere, whether the run succeeds or fails."""

import csv
import json
import stat
from pathlib import Path

import pytest

from tests.helpers import guard
from tests.privacy.scanner import find

pytestmark = [pytest.mark.prefect, pytest.mark.models]

THINGS = (
    "the radios cut out inside the custody block", "my laptop takes ten minutes to start every morning",
    "the crime form asks for the same address four times", "nobody told us the system was changing until it had",
    "training was one video and a leaflet in a pigeonhole", "the phones are good and the signal is not",
)  # fmt: skip
# Every one is a word that no dictionary, name list or model has seen, so that only its field can give it away.
FIELDS = ("name", "email", "organisation", "role", "collar")


def canaries(row: int) -> dict[str, str]:
    letters = "bcdfgklmnprstvwz"
    stem = letters[row // 16] + "o" + letters[row % 16] + "ixar"
    return {
        "first": f"Ju{stem}", "last": f"Qua{stem}", "organisation": f"Zy{stem} Systems Ltd", "role": f"Keeper of the Vo{stem}",
        "collar": f"PX{row:04}77", "email": f"mail.wu{stem}@hy{stem}.example", "third": f"Tu{stem}",
    }  # fmt: skip


def words(row: int) -> list[str]:
    c = canaries(row)
    return [
        c["first"],
        c["last"],
        c["organisation"].split()[0],
        c["role"].split()[-1],
        c["collar"],
        *c["email"].split("@"),
    ]


N = 40


@pytest.fixture
def study(tmp_path: Path) -> Path:
    root = tmp_path / "study"
    (root / "sources").mkdir(parents=True)
    with (root / "sources" / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["ID", "Name", "Email", "Organisation", "Role", "Collar", "Consent", "Group", "Answer"])
        for row in range(N):
            c, other = canaries(row), canaries((row + 1) % N)
            answer = f"{THINGS[row % 6].capitalize()}. So said {other['first']} {other['last']} from {other['organisation']}. "
            answer += f"Ring {c['first']} ({c['collar']}) or write to {c['email']}. It happens {row + 2} times a week on my shift."
            table.writerow(
                [
                    row,
                    f"{c['first']} {c['last']}",
                    c["email"],
                    c["organisation"],
                    c["role"],
                    c["collar"],
                    "No",
                    "Supplier",
                    answer,
                ]
            )
    (root / "study.yaml").write_text(
        "study: canary\ntitle: Canary\nsources:\n  - id: answers\n    kind: survey\n    files: sources/*.csv\n"
        "    columns: {respondent: ID, name: Name, email: Email, organisation: Organisation, role: Role, group: Group,"
        " consent: Consent, identifying: [Collar]}\n    questions: [{id: q, text: What happens, columns: [Answer]}]\n"
        "consent: {wording: {'No': non_attributable}}\nthemes: {min_themes: 2, max_themes: 8}\n",
        "utf-8",
    )
    return root


def restricted(root: Path) -> list[Path]:
    """Where original text may lie: what arrived, and the private tables made of it."""
    return [root / "sources", root / "study.yaml", root / "private" / "runs", root / "private" / "errors.log"]


def leaks(tmp_path: Path, root: Path, ran: guard.Ran) -> dict[str, list[str]]:
    (tmp_path / "terminal.txt").write_text(ran.out + ran.err, "utf-8")
    planted = [word for row in range(N) for word in words(row)]
    return find(tmp_path, planted, exclude=[*restricted(root), tmp_path / "fail.py"])


def test_nothing_restricted_leaves_a_successful_run(study: Path, tmp_path: Path) -> None:
    ran = guard.run("run", str(study), "--json", home=tmp_path / "home")
    assert ran.code == 0, ran.err
    summary = json.loads(ran.out)
    assert summary["complete"]
    quotes = (Path(next(p for p in summary["outputs"] if p.endswith(".csv")))).read_text("utf-8-sig")
    assert quotes.count("\n") > 5, "a scan of an empty bank proves nothing"
    assert (study / "private" / "prefect" / "prefect.db").stat().st_size > 100_000, "Prefect kept nothing to look into"
    assert leaks(tmp_path, study, ran) == {}
    assert ran.connections == []
    originals = find(study / "private" / "runs", [canaries(0)["first"]])
    assert originals, "the private tables should hold the originals, or the scanner is blind"


FAIL = """
import sys
from pipeline import cli
import pipeline.{module} as module
def fail(*args, **kwargs):
    import pandas as pd
    frame = pd.read_csv({source!r}, dtype=str)
    error = ValueError("cannot handle " + " ".join(frame["Answer"]) + " ".join(frame["Name"]))
    error.frame = frame
    raise error from KeyError(frame["Email"][0])
module.{function} = fail
sys.argv = ["quotebank", "run", {root!r}]
cli.main()
"""


@pytest.mark.parametrize(("module", "function"), [("consent", "decide"), ("quotes", "choose_quotes")])
def test_nothing_restricted_leaves_a_run_that_fails(study: Path, tmp_path: Path, module: str, function: str) -> None:
    script = tmp_path / "fail.py"
    script.write_text(
        FAIL.format(module=module, function=function, source=str(study / "sources" / "answers.csv"), root=str(study))
    )
    import sys

    ran = guard.run_command([sys.executable, str(script)], home=tmp_path / "home")
    assert ran.code == 1
    assert "unexpected ValueError" in ran.err and "Traceback" not in ran.err
    assert leaks(tmp_path, study, ran) == {}
    assert ran.connections == []
    log = study / "private" / "errors.log"
    assert "cannot handle" in log.read_text("utf-8"), "the operator needs the details somewhere"
    assert not stat.S_IMODE(log.stat().st_mode) & 0o077


def test_everything_a_run_writes_is_closed_to_others(study: Path, tmp_path: Path) -> None:
    ran = guard.run("run", str(study), "--until", "split", home=tmp_path / "home")
    assert ran.code == 0, ran.err
    made = [study / "runs", study / "private", *(study / "runs").rglob("*"), *(study / "private").rglob("*")]
    assert [str(p) for p in made if not p.is_symlink() and stat.S_IMODE(p.stat().st_mode) & 0o077] == []
