"""The whole loop by the real commands: out, coded, back, settled, reported."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.agreement.codings import codings_path, read_codings
from pipeline.agreement.sheet import CODEBOOK, CODES, CODING, DECISION, ID, NOTE, SETTLING
from pipeline.steps import plan, run_study
from pipeline.study import Study
from tests.helpers import guard

pytestmark = pytest.mark.models


def fill(path: Path, kind: str, say) -> None:
    book = load_workbook(path)
    sheet, labels = book[kind], [cell.value for cell in book[CODEBOOK]["A"][1:]]
    place = {cell.value: cell.column for cell in sheet[1]}
    for n in range(2, sheet.max_row + 1):
        for column, value in say(sheet.cell(n, place[ID]).value, labels).items():
            sheet.cell(n, place[column]).value = value
    book.save(path)


def test_the_loop(small_study: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "out"
    folder.mkdir()
    refused = guard.run("agreement", "report", str(small_study), home=home)
    assert refused.code == 13 and "nobody has coded anything yet" in refused.err
    assert guard.run("agreement", "export", str(small_study), home=home).code == 13
    run = run_study(Study.load(small_study), until="codebook")
    main = dict(zip(*(run.read("coded_assignments")[name] for name in ("passage_id", "theme_id")), strict=True))
    labels = dict(zip(*(run.read("coded_themes")[name] for name in ("theme_id", "label")), strict=True))

    exported = guard.run("agreement", "export", str(small_study), "--passages", "30", "--out", str(folder), home=home)
    assert exported.code == 0 and "30 of 48 passages" in exported.out, exported.err
    assert "No code has a definition" in exported.out
    first, second = sorted(folder.glob("coding-*.xlsx"))
    assert first.stat().st_mode & 0o077 == 0
    odd = sorted(main)[0]

    def as_machine(passage: str, _: list[str]) -> dict[str, str]:
        return {CODES[0]: labels.get(main[passage], "none of these")}

    fill(first, CODING, lambda p, ls: as_machine(p, ls) | ({NOTE: "Quokkington said so"} if p == odd else {}))
    fill(second, CODING, lambda p, _: {CODES[0]: "none of these"} if int(p, 16) % 3 == 0 else as_machine(p, []))
    again = guard.run("agreement", "export", str(small_study), "--passages", "30", "--out", str(folder), home=home)
    assert again.code == 0 and again.out.count("was left as it is") == 2, "a file that may be half filled in stays"

    broken = folder / "broken.xlsx"
    broken.write_bytes(first.read_bytes())
    fill(broken, CODING, lambda p, _: {CODES[0]: "nobody said this"})
    refused = guard.run("agreement", "import", str(small_study), str(second), str(broken), home=home)
    assert refused.code == 11 and "30 problem(s)" in refused.err and "nobody said" not in refused.err
    assert read_codings(small_study).in_force == ()

    imported = guard.run("agreement", "import", str(small_study), str(first), str(second), home=home)
    assert imported.code == 0 and "60 coding(s) added" in imported.out, imported.err
    assert "coded differently" in imported.out
    log = codings_path(small_study).read_bytes()
    again = guard.run("agreement", "import", str(small_study), str(first), home=home)
    assert "30 known already" in again.out and codings_path(small_study).read_bytes() == log
    assert b"Quokkington" not in log
    assert plan(Study.load(small_study), "codebook").finished, "codings alone change no run"

    told = guard.run("agreement", "report", str(small_study), home=home)
    assert told.code == 0 and "Landis and Koch" in told.out and "A and B" in told.out, told.err
    numbers = json.loads(guard.run("agreement", "report", str(small_study), "--json", home=home).out)
    pairs = {pair["one"]: pair for pair in numbers["with_machine"]}
    assert pairs["A"]["kappa"]["value"] == 1.0 and pairs["B"]["kappa"]["value"] < 1
    assert numbers["coded_by_two"] == 30 and numbers["disagreements"] > 0
    for where in (numbers["people"][0]["agree_where_coded"], numbers["themes"][0]["agree_where_coded"]):
        assert set(where) == {"value", "low", "high", "n"} and 0 < where["n"] <= 30
    assert pairs["A"]["agree_where_coded"]["value"] == 1.0 > pairs["B"]["agree_where_coded"]["value"]
    assert "Agree where coded" in told.out and "any code: A and B" in told.out

    ran = guard.run("agreement", "export", str(small_study), "--disagreements", "--out", str(folder), home=home)
    assert ran.code == 0, ran.err
    (settling,) = folder.glob("settling-*.xlsx")
    fill(settling, SETTLING, lambda p, _: {DECISION: "as coder A"})
    ran = guard.run("agreement", "import", str(small_study), str(settling), home=home)
    assert ran.code == 0 and "coded differently" not in ran.out, ran.err
    numbers = json.loads(guard.run("agreement", "report", str(small_study), "--json", home=home).out)
    assert numbers["disagreements"] == 0 and numbers["overall"]["precision"]["value"] == 1.0
    ran = guard.run("agreement", "export", str(small_study), "--disagreements", home=home)
    assert ran.out.startswith("Nobody disagrees")
    ran = guard.run("agreement", "export", str(small_study), "--themes", "T99", home=home)
    assert ran.code == 10 and "T99 is no code" in ran.err
