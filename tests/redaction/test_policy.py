"""What each consent lets stand under each profile, and what stands in place of the rest. Without models."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import forces
from pipeline.labels import DIRECT, LABELS, QUASI
from pipeline.placeholders import GENERALISED, MASKED, PLACEHOLDER, SUPPLIER
from pipeline.redaction import Person, Segment, gazetteer
from pipeline.redaction.findings import Finding
from pipeline.redaction.generalise import generalised
from pipeline.redaction.policy import MASK_ALL, PROFILES, Policy, described, policies, to_replace
from pipeline.redaction.render import MarkedDocument, MarkedSegment, render
from pipeline.redaction.resolver import resolve
from pipeline.redaction.roster import Roster
from pipeline.redaction.shadow import make_shadow
from pipeline.study import Attribution, Overrides, Profile, Redaction, Treatment

PUBLIC = PROFILES[Profile.PUBLIC]
KEEP_ALL = Policy(dict.fromkeys(LABELS, Treatment.KEEP))


def person(attribution: Attribution, **fields: str) -> Person:
    return Person("c9", "Jo Marsh", **{"organisation": "Kent Police", **fields}, attribution=attribution)


NON = person(Attribution.NON_ATTRIBUTABLE)


def overridden(profile: Profile = Profile.PUBLIC, **treatments: str) -> dict[Attribution, Policy]:
    """The policies of a study with these treatments for non-attributable contributors."""
    chosen = {label: Treatment(treatment) for label, treatment in treatments.items()}
    return policies(Redaction(profile=profile, policy=Overrides(non_attributable=chosen)))


def rendered(text: str, findings: list[Finding], by: dict[Attribution, Policy], who: Person | None = NON) -> str:
    marked = MarkedSegment(Segment("s", text), make_shadow(text), who, tuple(findings))
    (segment,) = render(MarkedDocument("d", (marked,)), by).segments
    return segment.text


def found(text: str, *words: tuple[str, str]) -> list[Finding]:
    """A finding for each (word, label)."""
    return [Finding(text.index(w), text.index(w) + len(w), label, 0.9, "rules") for w, label in words]


FINDINGS = {
    "own name": Finding(0, 1, "PERSON", 1.0, "roster", "c9"),
    "own force": Finding(2, 3, "FORCE", 0.9, "gazetteer", "Kent Police"),
    "other force": Finding(4, 5, "FORCE", 0.9, "gazetteer", "Essex Police"),
    "place": Finding(6, 7, "LOCATION", 0.8, "gazetteer"),
    "other name": Finding(8, 9, "PERSON", 0.9, "rules"),
    "supplier on roster": Finding(10, 11, "ORGANISATION", 1.0, "roster", "organisation:x"),
    "phone": Finding(12, 13, "PHONE", 0.9, "rules"),
    "health": Finding(14, 15, "HEALTH", 0.7, "rules"),
    "age": Finding(16, 17, "AGE", 0.7, "rules"),
    "family": Finding(18, 19, "FAMILY", 0.7, "rules"),
    "study's own word": Finding(20, 21, "REDACTED", 1.0, "mask"),
    "date": Finding(22, 23, "DATE", 0.9, "rules"),
}
KEPT: dict[tuple[Profile, Attribution], set[str]] = {
    (Profile.PUBLIC, Attribution.ROLE_ONLY): {"own force", "place"},
    (Profile.PUBLIC, Attribution.ATTRIBUTABLE): {"own name", "own force", "other force", "place", "date"},
    (Profile.INTERNAL, Attribution.NON_ATTRIBUTABLE): {"date"},
    (Profile.INTERNAL, Attribution.ROLE_ONLY): {"own force", "place", "date"},
    (Profile.INTERNAL, Attribution.ATTRIBUTABLE): {"own name", "own force", "other force", "place", "date"},
}


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("attribution", Attribution)
def test_what_each_consent_lets_stand(profile: Profile, attribution: Attribution) -> None:
    findings = list(FINDINGS.values())
    masked = to_replace(findings, PROFILES[profile][attribution], person(attribution))
    assert {name for name, f in FINDINGS.items() if f not in masked} == KEPT.get((profile, attribution), set())


def test_no_profile_shows_more_to_readers_of_less_open_contributors_or_keeps_what_identifies() -> None:
    openness = {Treatment.KEEP: 2, Treatment.GENERALISE: 1, Treatment.MASK: 0}
    order = list(Attribution)
    for profile in Profile:
        assert list(PROFILES[profile]) == order
        for attribution, policy in PROFILES[profile].items():
            assert set(policy.treatments) == LABELS
            assert all(policy.treatments[label] is Treatment.MASK for label in DIRECT)
            assert policy.own <= QUASI or attribution is Attribution.ATTRIBUTABLE
        for more, less in pairwise(order):
            more_open, less_open = PROFILES[profile][more], PROFILES[profile][less]
            for label in LABELS - more_open.own:
                assert openness[more_open.treatments[label]] >= openness[less_open.treatments[label]], (profile, label)
            assert less_open.own <= more_open.own
    assert all(policy == MASK_ALL for policy in PROFILES[Profile.STRICT].values())


def test_whoever_is_unknown_or_asked_not_to_be_quoted_is_masked_whatever_a_study_says() -> None:
    text = "It was May 2019 in Wigan."
    findings = found(text, ("May 2019", "DATE"), ("Wigan", "LOCATION"))
    by = overridden(Profile.INTERNAL, DATE="keep", LOCATION="keep")
    assert rendered(text, findings, by) == text
    for who in (None, person(Attribution.DO_NOT_QUOTE)):
        assert rendered(text, findings, by, who) == "It was [date] in [place]."


def test_overrides_win_over_the_profile_also_for_what_is_ones_own() -> None:
    masked = Overrides(
        attributable={"PERSON": Treatment.MASK}, role_only={"FORCE": Treatment.GENERALISE, "DATE": Treatment.KEEP}
    )
    by = policies(Redaction(policy=masked))
    assert by[Attribution.ATTRIBUTABLE].own == {"FORCE", "ORGANISATION"}
    assert by[Attribution.ROLE_ONLY].own == {"ORGANISATION"}
    assert by[Attribution.ROLE_ONLY].keeps("DATE") and by[Attribution.ROLE_ONLY].generalises("FORCE")
    assert by[Attribution.NON_ATTRIBUTABLE] == PUBLIC[Attribution.NON_ATTRIBUTABLE]
    assert policies(Redaction()) == PUBLIC


def test_a_kept_label_never_frees_somebody_on_the_roster_or_says_who_speaks() -> None:
    def kept(who: Person) -> set[str]:
        return {name for name, f in FINDINGS.items() if f not in to_replace(list(FINDINGS.values()), KEEP_ALL, who)}

    others = {"other force", "place", "other name", "phone", "health", "age", "family", "date"}
    assert kept(NON) == others
    assert kept(person(Attribution.ROLE_ONLY)) == others | {"own force"}
    product = Finding(0, 6, "ORGANISATION", 0.5, "model")
    supplier = person(Attribution.NON_ATTRIBUTABLE, stakeholder_group="Supplier", organisation="Zephyr Ltd")
    assert to_replace([product], KEEP_ALL, supplier) == [product]
    assert to_replace([product], KEEP_ALL, NON) == []
    again = Finding(0, 6, "ORGANISATION", 0.8, "propagation", "organisation:zephyr")
    assert to_replace([again], KEEP_ALL, NON) == [again]


def test_a_place_goes_with_the_name_it_is_part_of() -> None:
    text = "Essex Police, not Essex"
    findings = [Finding(0, 12, "FORCE", 0.9, "gazetteer", "Essex Police"), Finding(0, 5, "LOCATION", 0.8, "gazetteer")]
    findings.append(Finding(18, 23, "LOCATION", 0.8, "gazetteer"))
    assert rendered(text, findings, overridden(FORCE="keep")) == "Essex Police, not [place]"
    assert rendered(text, findings, overridden(FORCE="generalise")) == "[county force], not [place]"
    assert rendered(text, findings, overridden(LOCATION="keep")) == "[police force], not Essex"


def masked_for(who: Person, roster: list[Person], text: str) -> list[str]:
    findings = Roster(roster).find(text, [who.contributor_id])
    return [text[f.start : f.end] for f in resolve(text, to_replace(findings, PUBLIC[who.attribution], who))]


def test_a_force_by_its_whole_name_is_more_than_the_county_that_somebody_gave_as_employer() -> None:
    text = "It came from Derbyshire Constabulary, not from Derbyshire."
    roster = Roster([Person("c1", "Ines Vale", organisation="DERBYSHIRE")])
    force = Finding(13, 36, "FORCE", 0.9, "gazetteer", "Derbyshire Constabulary")
    findings = [force, *roster.find(text, [])]
    by = PUBLIC | overridden(FORCE="keep")
    kept = "It came from Derbyshire Constabulary, not from [organisation]."
    assert rendered(text, findings, by, person(Attribution.ATTRIBUTABLE)) == kept
    assert rendered(text, findings, by) == kept
    masked = "It came from [police force], not from [organisation]."
    assert rendered(text, findings, by, person(Attribution.ROLE_ONLY)) == masked
    # Unless it may be the force of somebody who is not to be known by it, or is a force only to the classifier.
    assert rendered(text, findings, by, person(Attribution.NON_ATTRIBUTABLE, organisation="Derbyshire")) == masked
    unknown = [replace(force, about=""), *findings[1:]]
    assert "Derbyshire Constabulary" not in rendered(text, unknown, by, person(Attribution.ATTRIBUTABLE))


def test_words_that_one_layer_keeps_and_another_masks_in_part_are_disputed() -> None:
    text = "We met at King's Lynn"
    place = Finding(10, 21, "LOCATION", 0.8, "gazetteer")
    name = Finding(17, 21, "PERSON", 0.9, "rules")

    def review(*findings: Finding, who: Attribution = Attribution.ATTRIBUTABLE) -> str:
        marked = MarkedSegment(Segment("s", text), make_shadow(text), person(who), findings)
        return render(MarkedDocument("d", (marked,)), PUBLIC).segments[0].review

    assert review(place, name) == "disagreement"
    assert review(place, name, who=Attribution.NON_ATTRIBUTABLE) == "", "all of it is masked, whatever it is"
    assert review(place, replace(name, source="gazetteer")) == "", "one layer does not disagree with itself"
    assert review(replace(place, start=17), name) == "", "nothing that is disputed stands"


def test_a_form_that_two_contributors_share_is_masked_unless_it_is_the_speakers_own() -> None:
    mine = Person("c1", "Ann Okafor", organisation="Kestrel Data Ltd", attribution=Attribution.ATTRIBUTABLE)
    colleague = Person("c2", "Ben Okafor", organisation="Kestrel Data Ltd")
    text = "Okafor, A. Okafor and B. Okafor of Kestrel Data"
    assert masked_for(mine, [mine, colleague], text) == ["B. Okafor"]
    policy = PUBLIC[Attribution.ATTRIBUTABLE]
    both = Roster([mine, colleague]).find("Ann Okafor and Okafor", ["c1", "c2"])  # a talk: whose is the second?
    assert [f.start for f in resolve("Ann Okafor and Okafor", to_replace(both, policy, mine))] == [15]
    others = [Person("c3", organisation="Zephyr Ltd"), Person("c4", organisation="Zephyr Group Ltd")]
    shared = Finding(0, 6, "ORGANISATION", 1.0, "roster")
    assert Roster(others).find("Zephyr", []) and to_replace([shared], policy, mine) == [shared]
    again = Finding(0, 6, "ORGANISATION", 0.8, "propagation", "organisation:zephyr")
    assert to_replace([again], policy, mine) == [again]


CLASSES = {
    "FORCE": {
        "Kent Police": "county force", "Met": "metropolitan force", "GMP": "metropolitan force",
        "BTP": "national force", "Heddlu Gwent": "county force", "Port of Dover Police": "", "Narnia Police": "",
    },
    "LOCATION": {"Leeds": "city", "Kent": "county", "Wigan": "", "Durham": "", "Leeds nick": ""},
    "ORGANISATION": {
        "Leeds City Council": "council", "University of Hull": "university", "Hull Uni": "university",
        "Queen Elizabeth University Hospital": "hospital", "Larkmead NHS Foundation Trust": "NHS trust",
        "Severnside Housing Trust": "", "Tarnsoft Ltd": "company", "Tarnsoft": "", "Larkmead Hospice": "charity",
    },
    "UNIT": {"Operation Hawksmoor": "operation", "Op Costello team": "", "N Division": ""},
    "ROLE": {
        "the only rural crime sergeant with a chemistry degree": "police officer", "the only DI in CID": "police officer",
        "head of safeguarding": "senior manager", "chief information officer": "senior manager",
        "the only engineer the inspector trusts": "", "the only Polish speaker in custody": "",
    },
    "DATE": {
        "14 March 2017": "2017", "March, 2017": "2017", "2017-03-14": "2017", "14/03/2017": "2017", "3rd of June": "",
        "14/03/17": "", "nov 23": "", "last March": "", "March 2019 to May 2021": "", "2017 Operation Lark": "",
    },
    "AGE": {
        "47": "in 40s", "forty-seven": "in 40s", "forties": "in 40s", "40's": "in 40s", "twenty": "in 20s", "19": "under 20",
        "six": "under 20", "93": "80 or over", "1974": "", "40 to 45": "", "6 months": "", "a hundred and four": "",
    },
    "FAMILY": {"my wife": "family member", "late grandmother": "family member", "twin boys and a baby": "", "My husband's a DI": ""},
    "HEALTH": {"epilepsy": ""},
}  # fmt: skip


@pytest.mark.parametrize("label", CLASSES)
def test_the_wider_class_of_a_detail(label: str) -> None:
    assert {text: generalised(label, text) for text in CLASSES[label]} == CLASSES[label]


def test_no_class_is_so_small_that_it_names_its_members() -> None:
    by_class: dict[str, set[str]] = {}
    for name, noun in forces.force_classes().items():
        by_class.setdefault(noun, set()).add(name)
    assert set(by_class) == set(GENERALISED["FORCE"])
    assert min(map(len, by_class.values())) >= forces.SMALLEST_CLASS
    assert set(gazetteer.place_classes().values()) == set(GENERALISED["LOCATION"])


def test_a_class_with_too_few_forces_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forces, "SMALLEST_CLASS", 7)
    forces.force_classes.cache_clear()
    try:
        assert generalised("FORCE", "BTP") == "" and generalised("FORCE", "Kent Police") == "county force"
    finally:
        forces.force_classes.cache_clear()


def test_what_is_generalised_reads_well_and_falls_back_to_its_mask() -> None:
    text = "Kent Police, Essex Police and Kent Police hired my wife, 47, on 14 March 2017, not last March."
    findings = found(text, ("my wife", "FAMILY"), ("47", "AGE"), ("14 March 2017", "DATE"), ("last March", "DATE"))
    findings += [Finding(n, n + 11, "FORCE", 0.9, "gazetteer") for n in (0, 30)] + found(
        text, ("Essex Police", "FORCE")
    )
    by = overridden(FORCE="generalise", AGE="generalise", DATE="generalise", FAMILY="generalise")
    assert rendered(text, findings, by) == (
        "[county force], [county force 2] and [county force] hired [family member], [in 40s], on [2017], not [date]."
    )


def test_a_year_is_not_shown_where_anything_else_was_found_in_it() -> None:
    text = "ref 14 March 2017"
    by = overridden(DATE="generalise", AGE="generalise")
    assert rendered(text, found(text, ("14 March 2017", "DATE")), by) == "ref [2017]"
    for label in ("REFERENCE_NUMBER", "AGE", "LOCATION"):
        assert rendered(text, found(text, ("14 March 2017", "DATE"), ("2017", label)), by) == "ref [date]"


def test_a_word_the_study_always_masks_is_not_said_by_a_class() -> None:
    text = "at Leeds City Council"
    body, study = found(text, ("Leeds City Council", "ORGANISATION")), Finding(14, 21, "REDACTED", 1.0, "mask")
    by = overridden(ORGANISATION="generalise")
    assert rendered(text, body, by) == "at [council]"
    assert rendered(text, [*body, study], by) == "at [organisation]"


def test_a_supplier_is_a_supplier_and_a_kept_sensitive_detail_is_still_looked_at() -> None:
    text = "Tarnsoft Ltd knows my epilepsy"
    firm = Finding(0, 12, "ORGANISATION", 1.0, "roster", "organisation:tarnsoft")
    marked = MarkedSegment(Segment("s", text), make_shadow(text), NON, (firm, *found(text, ("epilepsy", "HEALTH"))))
    document = MarkedDocument("d", (marked,), frozenset({"organisation:tarnsoft"}))
    (segment,) = render(document, overridden(ORGANISATION="generalise", HEALTH="keep")).segments
    assert (segment.text, segment.review) == ("[supplier] knows my epilepsy", "health")
    kept = MarkedDocument(
        "d", (MarkedSegment(Segment("s", "x y"), make_shadow("x y"), NON, tuple(found("x y", ("y", "FAMILY")))),)
    )
    assert render(kept, overridden(FAMILY="keep")).segments[0].review == "family"


def test_a_held_document_is_rendered_without_a_word() -> None:
    marked = MarkedSegment(Segment("s", "Imogen Vale"), make_shadow("Imogen Vale"), NON)
    held = render(MarkedDocument("d", (marked,), held=("timeout",)), PUBLIC)
    assert held.held == ("timeout",) and held.segments[0].text == ""


def test_every_placeholder_is_known() -> None:
    assert set(MASKED) == LABELS and not DIRECT & QUASI
    assert set(GENERALISED) <= QUASI
    for noun in [*MASKED.values(), SUPPLIER, *(noun for nouns in GENERALISED.values() for noun in nouns)]:
        assert PLACEHOLDER.fullmatch(f"[{noun}]") and PLACEHOLDER.fullmatch(f"[{noun} 12]")
    assert PLACEHOLDER.fullmatch("[2017]")
    for other in ("[persons]", "[Person]", "[laughs]", "[1]", "[3017]", "[in 45s]", "[jane okafor]", "[person two]"):
        assert not PLACEHOLDER.search(other), other


def test_a_number_in_brackets_is_no_placeholder_that_shields_what_it_holds() -> None:
    collar = Finding(4, 8, "OFFICER_NUMBER", 1.0, "roster", "c9")
    assert rendered("ask [2017] now", [Finding(5, 9, "OFFICER_NUMBER", 1.0, "roster", "c9")], PUBLIC) == (
        "ask [[officer number]] now"
    )
    assert rendered("ask [person 2] now", [collar.moved(5, 11)], PUBLIC) == "ask [person 2] now"


EXAMPLES = {label: sorted(cases) for label, cases in CLASSES.items()} | {
    label: ["zq 12"] for label in LABELS - CLASSES.keys()
}
PIECES = st.sampled_from(sorted((label, text) for label, texts in EXAMPLES.items() for text in texts))
PLAIN = st.text(alphabet=st.sampled_from("ab é😀\n.&;[]\u200b"), max_size=8)


@given(
    st.lists(st.tuples(PLAIN, PIECES), max_size=6),
    PLAIN,
    st.sampled_from(Profile),
    st.dictionaries(st.sampled_from(sorted(QUASI)), st.sampled_from(Treatment)),
    st.sampled_from([*Attribution, None]),
)
def test_outside_the_placeholders_nothing_changes_under_any_policy(
    pieces: list[tuple[str, tuple[str, str]]],
    tail: str,
    profile: Profile,
    treatments: dict[str, Treatment],
    attribution: Attribution | None,
) -> None:
    text, findings = "", []
    for plain, (label, words) in pieces:
        text += plain + " "
        shadow_start = len(make_shadow(text).text)
        text += words + " "
        findings.append(Finding(shadow_start, shadow_start + len(words), label, 0.9, "rules"))
    text += tail
    by = policies(Redaction(profile=profile, policy=Overrides(non_attributable=treatments)))
    who = person(attribution, organisation="") if attribution else None
    marked = MarkedSegment(Segment("s", text), make_shadow(text), who, tuple(findings))
    (segment,) = render(MarkedDocument("d", (marked,)), by).segments
    position, parts = 0, []
    for span in segment.spans:
        assert position <= span.start < span.end
        assert PLACEHOLDER.fullmatch(span.placeholder), span.placeholder
        parts += [text[position : span.start], span.placeholder]
        position = span.end
    assert "".join([*parts, text[position:]]) == segment.text
    assert {s.label for s in segment.spans} >= {f.label for f in findings if f.label in DIRECT} - {"REDACTED"}


def test_the_decisions_are_described_for_readers() -> None:
    said = described(policies(Redaction()))
    assert said["PERSON"] == {"attributable": "own", "role_only": "mask", "non_attributable": "mask"}
    assert said["FORCE"] == {"attributable": "keep", "role_only": "own", "non_attributable": "mask"}
    assert "PHONE" not in said and "AGE" not in said
    assert described(overridden(AGE="generalise"))["AGE"]["non_attributable"] == "generalise"
    assert described(policies(Redaction(profile=Profile.STRICT))) == {}
    assert all(re.fullmatch("own|keep|generalise|mask", t) for by in said.values() for t in by.values())
