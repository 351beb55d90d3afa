"""REFI-QDA codebooks: what comes in, what is told about, and what is refused."""

from pathlib import Path

import pytest

from pipeline.codebook.importing import arrive
from pipeline.codebook.refi import NAMESPACE, read_refi
from pipeline.errors import InputError

HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="{NAMESPACE}" origin="Somewhere 1.0">'


def qdc(folder: Path, codes: str, more: str = "") -> Path:
    path = folder / "codes.qdc"
    path.write_text(f"{HEAD}<Codes>{codes}</Codes>{more}</CodeBook>", "utf-8")
    return path


def code(name: str, inside: str = "", description: str = "") -> str:
    told = f"<Description>{description}</Description>" if description else ""
    guid = "00000000-0000-0000-0000-000000000000"
    return f'<Code guid="{guid}" name="{name}" isCodable="true" color="#ff0000">{told}{inside}</Code>'


def test_codes_come_with_descriptions_and_parents(tmp_path: Path) -> None:
    codes, notes = read_refi(
        qdc(tmp_path, code("Kit", code("Radios", description=" Any radio. "), "All kit.") + code("Pay"))
    )
    assert [(c.was, c.label, c.parent, c.definition) for c in codes] == [
        ("code 1", "Kit", "", "All kit."), ("code 1.1", "Radios", "code 1", "Any radio."), ("code 2", "Pay", "", ""),
    ]  # fmt: skip
    assert notes == []


def test_deeper_levels_hang_on_the_top_and_tell_their_path(tmp_path: Path) -> None:
    five = code("A", code("B", code("C", code("D", code("E", description="Deep.")))))
    codes, _ = read_refi(qdc(tmp_path, five))
    assert [c.parent for c in codes] == ["", *["code 1"] * 4]
    assert codes[-1].definition == "Deep.\n\nUnder: A › B › C › D" and codes[1].definition == ""
    events, arrived = arrive(codes, {"T01"}, {})
    assert [e.get("parent", "") for e in events] == ["", *["T02"] * 4]
    assert [a.theme_id for a in arrived] == ["T02", "T03", "T04", "T05", "T06"]


def test_the_same_name_twice_is_told_apart_or_told_about(tmp_path: Path) -> None:
    codes, _ = read_refi(qdc(tmp_path, code("A", code("Other") + code("other")) + code("B", code("Other")) + code("a")))
    _, arrived = arrive(codes, set(), {})
    assert [(c.label, a.what) for c, a in zip(codes, arrived, strict=True)] == [
        ("A", "added"), ("A: Other", "added"), ("A: other", "left out: has the same name as code 1.1"),
        ("B", "added"), ("B: Other", "added"), ("a", "left out: has the same name as code 1"),
    ]  # fmt: skip


def test_a_code_without_a_name_is_left_out_and_what_is_in_it_moves_up(tmp_path: Path) -> None:
    codes, _ = read_refi(qdc(tmp_path, code("  ", code("Radios"))))
    _, arrived = arrive(codes, set(), {})
    assert [(a.was, a.theme_id, a.what) for a in arrived] == [
        ("code 1", "", "left out: has no name"), ("code 1.1", "T01", "added"),
    ]  # fmt: skip
    assert codes[1].parent == ""


def test_sets_are_told_about(tmp_path: Path) -> None:
    more = '<Sets><Set guid="1" name="Mine"><MemberCode guid="2"/></Set><Set guid="3" name="Ours"/></Sets>'
    _, notes = read_refi(qdc(tmp_path, code("A"), more))
    assert notes == ["2 set(s) of codes were left out: there is nothing like them here"]


DOCTYPE = '<!DOCTYPE CodeBook [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE = {
    "a bomb": (f'<?xml version="1.0"?>{DOCTYPE}<CodeBook xmlns="{NAMESPACE}"><Codes>&b;</Codes></CodeBook>', "document type"),
    "a file of the machine": (
        '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/hostname">]><c>&x;</c>', "document type"
    ),
    "a harmless document type": (f'<!DOCTYPE CodeBook><CodeBook xmlns="{NAMESPACE}"/>', "document type"),
    "half a file": (HEAD + "<Codes>", "well-formed"),
    "nothing": ("", "well-formed"),
    "no XML": ("label,definition\nA,b", "well-formed"),
    "another format": ('<Project xmlns="urn:QDA-XML:project:1.0"/>', "is not a codebook of"),
    "a well": (HEAD + "<Codes>" + '<Code name="x">' * 60 + "</Code>" * 60 + "</Codes></CodeBook>", "deeper than"),
    "a bottomless well": (HEAD + "<Code>" * 200_000 + "</Code>" * 200_000 + "</CodeBook>", "deeper than"),
    "a crowd": (HEAD + "<Codes>" + '<Code name="x"/>' * 20_001 + "</Codes></CodeBook>", "more than"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_codebook_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    text, complaint = HOSTILE[case]
    path = tmp_path / "codes.qdc"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=complaint) as refused:
        read_refi(path)
    assert len(refused.value.messages) == 1 and "\n" not in str(refused.value) and "codes.qdc" in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_refi(tmp_path / "none.qdc")
