"""One person is one contributor: for thresholds, caps and consent alike."""

import pandas as pd

from pipeline.ingest.merge import one_row_a_person
from pipeline.tables import CONTRIBUTORS, SEGMENTS, conform


def person(cid: str, source: str, **fields: str) -> dict[str, object]:
    blank = dict.fromkeys(
        ["name", "email", "organisation", "role", "stakeholder_group", "other_identifiers", "consent_wording"], ""
    )
    return {**blank, "contributor_id": cid, "source_id": source, "wave": 1, **fields}


def merge(*people: dict[str, object]) -> tuple[pd.DataFrame, pd.DataFrame]:
    segments = pd.DataFrame(
        [
            {"segment_id": f"s-{p['contributor_id']}", "document_id": "d", "position": n, "start": 0, "end": 1, "kind": "answer",
             "speaker": "contributor", "contributor_id": p["contributor_id"], "question_id": ""}
            for n, p in enumerate(people)
        ]
    )  # fmt: skip
    table, spoken = one_row_a_person(pd.DataFrame(people), segments, b"key")
    return conform(table, CONTRIBUTORS), conform(spoken, SEGMENTS)


def test_the_same_address_in_two_sources_is_one_contributor_with_both_consents() -> None:
    table, segments = merge(
        person("a", "one", name="Jo Fenn", email="Jo@x.example", organisation="Acme", consent_wording="No"),
        person("b", "two", name="jo  fenn", email="jo@x.example", organisation="Acme Ltd", consent_wording="Yes", other_identifiers="4471"),
        person("c", "two", name="Al Bo", email="al@x.example", consent_wording="Yes"),
    )  # fmt: skip
    assert len(table) == 2
    merged = table[table["source_id"] == "one\ntwo"].iloc[0]
    assert merged["consent_wording"] == "No\nYes"
    assert merged["organisation"] == "Acme"
    assert {"Acme Ltd", "4471"} <= set(merged["other_identifiers"].split("\n"))
    assert list(segments["contributor_id"])[:2] == [merged["contributor_id"]] * 2
    assert list(segments["contributor_id"])[2] == "c"


def test_a_shared_mailbox_and_people_without_an_address_stay_apart() -> None:
    table, _ = merge(
        person("a", "one", name="Jo Fenn", email="desk@x.example"),
        person("b", "two", name="Al Bo", email="desk@x.example"),
        person("c", "one", name="Jo Fenn"),
        person("d", "two", name="Jo Fenn"),
    )
    assert list(table["contributor_id"]) == ["a", "b", "c", "d"]


def test_who_left_the_name_out_once_is_still_one_person() -> None:
    table, _ = merge(
        {**person("a", "one", email="jo@x.example", consent_wording="No"), "wave": 2},
        person("b", "two", name="Jo Fenn", email=" JO@x.example", consent_wording="Yes"),
        person("c", "two", name="Jo  FENN", email="jo@x.example"),
    )
    assert list(table["name"]) == ["Jo Fenn"]
    assert table["consent_wording"].iloc[0].split("\n") == ["No", "Yes", ""]
    assert list(table["wave"]) == [1]
    assert "Jo  FENN" in table["other_identifiers"].iloc[0].split("\n")  # whatever they were called is looked for
