"""What a person reads and a rule does not: each sign of disguise, beside ordinary text that must not be held for it."""

import pytest

from pipeline.redaction.disguise import has_spaced_letters, is_disguised
from pipeline.redaction.findings import Finding
from pipeline.redaction.shadow import make_shadow
from pipeline.redaction.unknown import unknown_words


@pytest.mark.parametrize(
    "text",
    [
        "ask B*rnadette", "ask **Be**rnadette", "ask B3rnadette", "in M!ddlesbrough", "ask tHACKERAY", "ask tHaCkErAy",
        "ask \u202eyarekcahT\u202c", "ask Quill\nfeather", "mail jobloggs@\nwork", "at tps://forms", "a%20b", "at http%2Dx",
        "AB/12/34/56/C", "ab 12_34|56 c", "07700/900123", "O7700 90O 123 or 0_7700_900_123", "943+476=5919", "ZE1/0AA",
        "LK\n19 X\nTR", "943 476 59l9",
    ],
)  # fmt: skip
def test_a_sign_of_disguise_is_seen(text: str) -> None:
    assert is_disguised(text, make_shadow(text).text, [])


@pytest.mark.parametrize(
    "text",
    [
        "It is f**king slow and sh*t, great! But it works.", "Use the iPhone, O365, MG11s, WiFi, YouTube and a 4x4.",
        "We got R&D, C++ and a 2FA token in 2023; 10% of it failed.", "The old one\nwas slow\nand the new one is too",
        "I rate it 3/5 and it costs £5bn, 24/7", "Version 2.1 of the app, 10 to 20 times", "1. Slow\n2. Old\n3. Ugly",
        "The McDonald report and the PCs", "On 03/04/2023 at 10:30 it was 5 or 6 of 10",
    ],
)  # fmt: skip
def test_ordinary_writing_is_no_disguise(text: str) -> None:
    shadow = make_shadow(text).text
    assert not is_disguised(text, shadow, []) and not has_spaced_letters(shadow)


def test_a_piece_left_beside_a_mask_is_seen_and_a_whole_mask_is_not() -> None:
    text = "write to j*bloggs@x.example now"
    assert is_disguised(text, text, [Finding(11, 26, "EMAIL", 0.9, "rules")])
    assert not is_disguised(text, text, [Finding(9, 26, "EMAIL", 0.9, "rules")])


@pytest.mark.parametrize(
    "run", ["b l o g g s", "B-L-O-G-G-S", "B.l.o.g", "b/l/o/g", "B_l_o_g", "4 4 7 1", "0*7*7*0", "B.L.O.G.G.S"]
)
def test_letters_set_apart_are_seen(run: str) -> None:
    assert has_spaced_letters(f"it was {run} again")


@pytest.mark.parametrize(
    "text", ["a b or c, U.K. and I a m", "the U.N.E.P. report", "forms A/B/C/D", "2, 3, 4, 5", "24-7", "1-2-1"]
)
def test_lists_and_abbreviations_are_not_letters_set_apart(text: str) -> None:
    assert not has_spaced_letters(text)


def test_names_in_capitals_and_surnames_after_a_mask_may_be_names() -> None:
    assert unknown_words("Then we had to ask Sergeant THACKERAY, not the NPCC.") == {"thackeray"}
    assert unknown_words("Then we had to ask [person] thackeray about it.") == {"thackeray"}
    assert unknown_words("Then we had to ask [person] about it, or [place] folk.") == set()


def test_a_sign_counts_unless_one_finding_covers_all_of_it() -> None:
    text = "ask B3rnadette about it"
    whole, scrap = Finding(4, 14, "PERSON", 0.9, "model"), Finding(6, 14, "PERSON", 0.9, "model")
    assert is_disguised(text, text, [])
    assert not is_disguised(text, text, [whole])
    assert is_disguised(text, text, [scrap])
