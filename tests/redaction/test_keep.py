"""What a study says to keep is kept, except where it is somebody on the roster, however they were found."""

import pytest

from pipeline.redaction import Document, Person, Redactor, Segment, gazetteer
from pipeline.redaction.findings import Finding
from pipeline.redaction.propagation import propagate
from pipeline.redaction.resolver import drop_kept
from pipeline.redaction.roster import Roster
from pipeline.study import Redaction

NICHE = Person("c1", "Niche Holloway")
KEEP = frozenset({gazetteer.tokens("Niche"), gazetteer.tokens("Niche Holloway")})


def test_the_keep_list_frees_what_a_model_found_and_nothing_of_the_roster() -> None:
    text = "Niche Holloway came. Later Niche froze."
    by_model = [Finding(0, 14, "PERSON", 0.85, "model")]
    assert drop_kept(text, by_model, KEEP) == []
    roster = Roster([NICHE]).find(text, [])
    assert roster and drop_kept(text, roster, KEEP) == roster


def test_a_roster_name_found_again_is_not_freed_either() -> None:
    texts = ["Niche Holloway came.", "Later Niche froze again."]
    found = [Roster([NICHE]).find(text, []) for text in texts]
    further = propagate(texts, found)[1]
    assert [texts[1][f.start : f.end] for f in further] == ["Niche"] and further[0].source == "propagation"
    assert drop_kept(texts[1], further, KEEP) == further
    model_first = [[Finding(0, 14, "PERSON", 0.9, "model"), *found[0]], []]
    assert all(f.is_protected for f in propagate(texts, model_first)[1])


@pytest.mark.models
def test_a_whole_run_with_a_keep_list_masks_the_roster() -> None:
    answers = ("Niche Holloway signed it off, and Fernglade paid.", "Later Niche was down again all night.")
    document = Document("d", tuple(Segment(f"s{n}", text, "c9") for n, text in enumerate(answers)))
    redactor = Redactor(Redaction(keep=("Niche", "Niche Holloway", "Fernglade")), [NICHE])
    first, second = redactor.redact([document])[0].segments
    assert "Niche" not in first.text + second.text and "Fernglade" in first.text
    assert [answers[1][a:b] for a, b in second.protected] == ["Niche"]
