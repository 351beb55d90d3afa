"""The documents say what is true: every command and example of the README is run, every word and reason is explained."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.errors import ConfigError, InputError
from pipeline.labels import QUASI
from pipeline.reasons import REASONS
from pipeline.study import Profile, Redaction, Study
from pipeline.tables import ALL_TABLES
from tests.conftest import SAMPLE, SampleRun, copy_sample
from tests.helpers import guard

README = (guard.ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line]


def make(target: str, *options: str, cwd: Path, home: Path) -> guard.Ran:
    return guard.run_command(["make", *options, target], cwd=cwd, home=home, timeout=600)


@pytest.mark.models
@pytest.mark.prefect
def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    """In the order in which a newcomer meets them. `make test` is only planned: it is what is running now."""
    home, place = tmp_path / "home", tmp_path / "place"
    place.mkdir()
    shutil.copyfile(SAMPLE / "sources" / "officers_and_staff.xlsx", place / "export.xlsx")
    (place / "passages.jsonl").write_text(
        '{"passage_id": "1", "text": "Ring Sgt Anwen Pugh on 07700 900123."}\n', "utf-8"
    )
    (place / "gold.jsonl").write_text(
        '{"passage_id": "1", "text": "Ring Anwen.", "spans": [{"start": 5, "end": 10, "label": "PERSON", "kind": "direct"}]}\n',
        "utf-8",
    )
    copied = ("Makefile", "pyproject.toml", "constraints.txt", "README.md", "LICENSE", "pipeline", "flows", "models")
    for name in copied:
        source = guard.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, place / name)
    copy_sample(place / "data" / "sample")
    (place / ".venv").symlink_to(guard.ROOT / ".venv" if (guard.ROOT / ".venv").exists() else Path(sys.prefix))
    done = []
    for command in COMMANDS:
        words = shlex.split(command)
        if words[0] == "make":
            ran = make(words[1], *(["-n"] if words[1] == "test" else ["-o", ".venv/.ready"]), cwd=place, home=home)
        elif words[0] == "quotebank":
            ran = guard.run(*words[1:], cwd=place, home=home)
        else:
            pytest.fail(f"no test knows how to run: {command}")
        assert ran.code == 0, f"{command}: {ran.code}\n{ran.out}\n{ran.err}"
        done.append(" ".join(words[:2]))
        if command == "make run":
            assert "quote_bank.html" in ran.out and "Held or set aside" in ran.out
    assert {
        "make run",
        "make test",
        "quotebank init",
        "quotebank check",
        "quotebank run",
        "quotebank status",
        "quotebank redact",
        "quotebank evaluate",
    } <= set(done)
    assert "[person]" in (place / "redacted.jsonl").read_text("utf-8")


@pytest.mark.models
def test_the_python_example_runs(sample_run: SampleRun) -> None:
    (example,) = [block for kind, block in BLOCKS if kind == "python"]
    names: dict[str, object] = {}
    exec(example.replace('"my-study"', repr(str(sample_run.root))), names)
    assert len(names["passages"]) > 400


def test_the_study_example_is_a_study(tmp_path: Path) -> None:
    (example,) = [block for kind, block in BLOCKS if kind == "yaml"]
    study = Study.parse(yaml.safe_load(example), root=tmp_path)
    assert len(example.splitlines()) <= 14
    assert study.sources[0].questions[0].columns == ("What gets in the way?",)


def test_the_policy_example_is_a_policy_and_every_label_and_profile_is_named() -> None:
    (example,) = [block for _, block in BLOCKS if block.startswith("redaction:")]
    policy = Redaction.model_validate(yaml.safe_load(example)["redaction"]).policy
    assert policy.role_only == {"DATE": "keep"} and len(policy.non_attributable) == 2
    listed = re.search(r"labels that can be kept or generalised are ([^.]*)\.", README)
    assert listed and set(re.findall(r"`(\w+)`", listed[1])) == QUASI
    assert set(re.findall(r"^\| `(\w+)`", README, re.MULTILINE)) == set(Profile)


def test_the_redacted_passage_is_one_of_the_sample(gold: list[dict]) -> None:
    before, after, *_ = [
        " ".join(q.replace("> ", "").split()) for q in re.findall(r"(?:^> .*\n)+", README, re.MULTILINE)
    ]
    assert any(row["text"].startswith(before) for row in gold)
    pattern = "(.+)".join(re.escape(part) for part in re.split(r"\[[a-z ]+\d*\]", after))
    assert re.fullmatch(pattern, before)


@pytest.mark.models
def test_the_example_passage_and_quote_are_what_the_sample_run_makes(sample_run: SampleRun) -> None:
    after = [" ".join(q.replace("> ", "").split()) for q in re.findall(r"(?:^> .*\n)+", README, re.MULTILINE)][1]
    from pipeline.store import Run

    run = Run.open(sample_run.root)
    texts = [" ".join(t.split()) for t in run.read("redacted_documents")["text"]]
    assert any(after in text for text in texts)
    row = next(line for line in README.splitlines() if line.startswith("| ") and "14 PASSWORDS" in line)
    theme, quote, line = (cell.strip().strip('"') for cell in row.strip("| ").split(" | "))
    quotes = run.read("quotes").merge(run.read("coded_themes"), on="theme_id")
    assert [theme, line] in quotes.loc[
        quotes["text"].str.startswith(quote), ["label", "attribution_line"]
    ].to_numpy().tolist()


def test_links_between_documents_lead_somewhere() -> None:
    for document in guard.ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
            assert target.startswith("https://") or (guard.ROOT / target).exists(), f"{document.name}: {target}"


def test_every_reason_is_explained() -> None:
    """The reasons that code gives for setting something aside, against the glossary."""
    glossary = (guard.ROOT / "GLOSSARY.md").read_text("utf-8")
    assert [reason for reason in sorted(REASONS) if f"`{reason}`" not in glossary] == []


def test_nouns_of_the_contracts_are_in_the_glossary() -> None:
    glossary = (guard.ROOT / "GLOSSARY.md").read_text("utf-8").casefold()
    nouns = {name.removeprefix("coded_").removeprefix("redacted_").rstrip("s") for name in ALL_TABLES} - {
        "set_aside",
        "file",
    }
    assert [noun for noun in sorted(nouns) if f"**{noun}" not in glossary and f", **{noun}" not in glossary] == []


def test_the_project_speaks_of_itself_alone() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=guard.ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("python" + "hosted",), ("registry", "npmjs"), ("deb", "debian"))
    ]
    forbidden = re.compile("|".join(re.escape(word) for word in [*hosts, f"{guard.ROOT}/"]), re.IGNORECASE)
    found = []
    for name in filter(None, listed):
        path = guard.ROOT / name
        if (
            name != "tests/test_docs.py"
            and path.is_file()
            and path.suffix in (".py", ".md", ".txt", ".toml", ".yaml", ".ipynb", "")
        ):
            found += [name for line in path.read_text("utf-8", "ignore").splitlines() if forbidden.search(line)]
    assert found == []


def test_errors_that_documents_mention_exist() -> None:
    assert (ConfigError.exit_code, InputError.exit_code) == (10, 11)
    for code in ("10 configuration", "11 input", "12 consent", "13 refused", "14 model"):
        assert code in README
