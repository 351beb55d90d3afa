"""The consent truth table: every combination of what a person may have said, and what follows."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.consent import OPENNESS, attribution_line, decide, meaning_of
from pipeline.errors import ConsentError
from pipeline.study import Attribution, Study

A, R, N, D = Attribution.ATTRIBUTABLE, Attribution.ROLE_ONLY, Attribution.NON_ATTRIBUTABLE, Attribution.DO_NOT_QUOTE
KNOWN = {"Name me": A, "Role only": R, "Do not name me": N, "Do not quote me": D, "Sure, name me": A}

TRUTH = [
    # said, attribution, held because
    ((), N, "consent_missing"),
    (("",), N, "consent_missing"),
    (("   ", "\u00a0"), N, "consent_missing"),
    (("Name me",), A, ""),
    (("  Name   me ",), A, ""),
    (("Role only",), R, ""),
    (("Do not name me",), N, ""),
    (("Do not quote me",), D, ""),
    (("Name me", "Name me"), A, ""),
    (("Name me", "Sure, name me"), A, ""),
    (("", "Name me"), A, ""),
    (("Name me", "Role only"), N, "consent_conflicting"),
    (("Name me", "Do not name me"), N, "consent_conflicting"),
    (("Role only", "Do not name me"), N, "consent_conflicting"),
    (("Do not name me", "Do not quote me"), D, "consent_conflicting"),
    (("Name me", "Do not quote me"), D, "consent_conflicting"),
    (("name me",), N, "consent_unknown_wording"),  # exact, not fuzzy: case counts
    (("Name me.",), N, "consent_unknown_wording"),
    (("Name m\u0435",), N, "consent_unknown_wording"),  # a Cyrillic letter
    (("Name me", "whatever"), N, "consent_unknown_wording"),
    (("Do not quote me", "whatever"), D, "consent_unknown_wording"),
    (("Oes, enwch fi",), N, "consent_unknown_wording"),
]


@pytest.mark.parametrize(("said", "attribution", "held"), TRUTH)
def test_truth_table(said: tuple[str, ...], attribution: Attribution, held: str) -> None:
    decision = meaning_of(said, KNOWN)
    assert (decision.attribution, decision.held) == (attribution, held)


@given(st.lists(st.one_of(st.sampled_from(sorted(KNOWN)), st.text(max_size=12)), max_size=4))
def test_nothing_said_ever_opens_more_than_everything_said_allows(said: list[str]) -> None:
    decision = meaning_of(tuple(said), KNOWN)
    if not decision.held:
        meanings = {KNOWN[" ".join(s.split())] for s in said if s.strip()}
        assert meanings == {decision.attribution}
    else:
        assert OPENNESS.index(decision.attribution) >= OPENNESS.index(N)


def study(**consent: object) -> Study:
    source = {"id": "s", "kind": "survey", "files": "s.csv", "questions": [{"id": "q", "columns": ["Q"]}], **consent}
    content = {"study": "t", "title": "T", "sources": [source], "consent": {"wording": dict(KNOWN)}}
    return Study.parse(content, root=Path())


def contributors(*wordings: str) -> pd.DataFrame:
    names = ["name", "email", "organisation", "role", "stakeholder_group", "other_identifiers"]
    rows = [
        {"contributor_id": f"c{n}", "source_id": "s", "consent_wording": w, "wave": 1, **dict.fromkeys(names, "x")}
        for n, w in enumerate(wordings)
    ]
    return pd.DataFrame(rows)


def test_everybody_is_decided_or_held_and_nobody_is_lost() -> None:
    table = contributors("Name me", "", "eh?", "Name me\nRole only", "Do not quote me", "Do not name me")
    attributions, set_aside = decide(table, study())
    assert list(attributions["contributor_id"]) == list(table["contributor_id"])
    assert list(attributions["quotable"]) == [True, False, False, False, False, True]
    assert dict(zip(set_aside["id"], set_aside["reason"], strict=True)) == {
        "c1": "consent_missing",
        "c2": "consent_unknown_wording",
        "c3": "consent_conflicting",
        "c4": "consent_do_not_quote",
    }
    assert set(attributions.loc[~attributions["quotable"], "attribution"]) == {"non_attributable"}
    assert list(attributions["attribution_line"]) == ["x, x, x", "", "", "", "", ""]


def test_an_assumed_consent_applies_only_where_nothing_was_said() -> None:
    told = study(consent={"meaning": "attributable", "basis": "told at the start"})
    attributions, _ = decide(contributors("", "Do not name me", "eh?"), told)
    assert list(attributions["attribution"]) == ["attributable", "non_attributable", "non_attributable"]
    assert list(attributions["quotable"]) == [True, False, False]  # a refusal against the promise is a conflict


def test_a_promise_and_an_answer_of_the_same_person_elsewhere_must_agree() -> None:
    told = study(consent={"meaning": "non_attributable", "basis": "told at the start"})
    table = contributors("Name me", "Do not name me", "")
    table["source_id"] = "s\nother"
    attributions, _ = decide(table, told)
    assert list(attributions["attribution"]) == ["non_attributable"] * 3
    assert list(attributions["quotable"]) == [False, True, True]


def test_a_line_that_would_print_a_name_is_held() -> None:
    table = contributors("Role only", "Role only", "Name me", "Do not name me", "Name me")
    table["name"] = ["Jane Smith", "Ida Okri", "Bo Tran", "Max Orr-Finch", "Lee Fox"]
    table["organisation"] = ["Jane Smith Consulting Ltd", "Acme", "Acme", "Acme", "Acme"]
    table["role"] = ["Director", "PA", "PA to Max Orr-Finch", "Chief", "Lee Fox Ltd founder"]
    attributions, set_aside = decide(table, study())
    assert list(attributions["quotable"]) == [False, True, False, True, True]
    assert set(set_aside["reason"]) == {"attribution_line_names_somebody"}
    assert attributions["attribution_line"].iloc[0] == ""


def test_nobody_with_a_known_consent_stops_the_run_without_saying_what_they_wrote() -> None:
    with pytest.raises(ConsentError) as caught:
        decide(contributors("canary-wording", ""), study())
    assert "canary-wording" not in str(caught.value)
    assert caught.value.exit_code == 12


@pytest.mark.parametrize(
    ("attribution", "line"),
    [(A, "Jo Bloggs, Buyer, Acme"), (R, "Buyer, Acme"), (N, ""), (D, "")],
)
def test_the_attribution_line_says_no_more_than_was_agreed(attribution: Attribution, line: str) -> None:
    person = {"name": " Jo  Bloggs", "role": "Buyer", "organisation": "Acme ", "attribution": attribution}
    assert attribution_line(person) == line


@pytest.mark.parametrize(
    ("name", "described"),
    [
        ("Ida Okri", {"role": "PA to Ida Okri"}),  # two words are enough
        ("IDA OKRI", {"role": "pa to ida okri"}),
        ("Ida Okri", {"organisation": "Okri, Ida & Daughters"}),
        ("Ida Okri", {"stakeholder_group": "Ida Okri's team"}),
        ("Bo Li", {"role": "PA to Bo Li"}),  # so are short ones
        ("Bo Tran", {"role": "PA to Bo Tran"}),
        ("J. Okri", {"role": "PA to J Okri"}),
        ("Ana de Vries", {"role": "PA to Ana Vries"}),
        ("J. Ida Okri", {"role": "PA to Ida Okri"}),  # an initial is left out as often as not
    ],
)
def test_a_line_that_would_print_another_contributors_name_is_held(name: str, described: dict[str, str]) -> None:
    table = contributors("Name me", "Do not name me").assign(name=["Lee Fox", name])
    for field, text in described.items():
        table.loc[0, field] = text
    attributions, set_aside = decide(table, study())
    assert list(attributions["quotable"]) == [False, True]
    assert dict(zip(set_aside["id"], set_aside["reason"], strict=True)) == {"c0": "attribution_line_names_somebody"}


@pytest.mark.parametrize(
    ("name", "described", "held"),
    [
        ("Jane Smith", {"organisation": "Smith Consulting Ltd"}, True),  # a surname alone names its owner
        ("JANE SMITH", {"role": "founder of smith & partners"}, True),
        ("Jane Smith", {"stakeholder_group": "Smith Consulting"}, True),
        ("Bo Li", {"organisation": "Li Systems"}, True),
        ("Ana de Vries", {"organisation": "Police de proximité"}, False),  # a particle names nobody
        ("A. J. Vries", {"organisation": "Building A, Acme"}, False),
    ],
)
def test_a_line_of_somebody_who_may_not_be_named_holds_no_part_of_their_name(
    name: str, described: dict[str, str], held: bool
) -> None:
    table = contributors("Role only", "Do not name me").assign(name=[name, "Lee Fox"])
    for field, text in described.items():
        table.loc[0, field] = text
    attributions, _ = decide(table, study())
    assert list(attributions["quotable"]) == [not held, True]


def test_who_agreed_to_be_named_may_have_a_company_of_their_name() -> None:
    table = contributors("Name me").assign(name="Jane Smith", organisation="Jane Smith Ltd", role="")
    attributions, _ = decide(table, study())
    assert list(attributions["attribution_line"]) == ["Jane Smith, Jane Smith Ltd"]


def test_white_space_inside_a_listed_wording_does_not_matter() -> None:
    content = study().model_dump() | {"consent": {"wording": {"You  may name\u00a0me": A}}}
    attributions, _ = decide(contributors("You may name me"), Study.parse(content, root=Path()))
    assert list(attributions["attribution"]) == ["attributable"]


def test_one_word_that_somebody_is_also_called_holds_nobody_else() -> None:
    table = contributors("Name me", "Role only", "Do not name me").assign(name=["Lee Fox", "Ida Okri", "Rose"])
    table["organisation"] = "Rose Systems"
    attributions, _ = decide(table, study())
    assert list(attributions["quotable"]) == [True, True, True]


def test_a_contributors_force_is_kept_as_a_class_and_never_by_name() -> None:
    table = contributors("Do not name me", "Do not name me").assign(
        organisation=["Kent Police", "Kent Police Federation"]
    )
    attributions, _ = decide(table, study())
    assert attributions["force_type"].tolist() == ["county force", ""]
    assert "Kent" not in attributions.to_csv()
