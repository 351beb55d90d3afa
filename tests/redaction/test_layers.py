"""Roster, propagation, resolver, placeholders and review, each on its own and without models."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline import forces
from pipeline.labels import LABELS
from pipeline.redaction import Person, gazetteer
from pipeline.redaction.findings import CERTAIN, Finding
from pipeline.redaction.placeholders import Placeholders
from pipeline.redaction.propagation import propagate
from pipeline.redaction.resolver import resolve
from pipeline.redaction.review import reasons
from pipeline.redaction.roster import Roster, organisation_key
from pipeline.redaction.unknown import unknown_words

WILL = Person("c1", "Will Ashdown-Marr", "w.ashdown@northmoor.police.example", "Sussex Police", other=("07700 900456",))
ROBERT = Person("c2", "Okafor, Robert", "bob@kestrelsoft.example", "Kestrelsoft Systems Ltd", "Founder", "Supplier")
READING = Person("c3", "Grace Reading", organisation="Home Office")
ROSTER = Roster([WILL, ROBERT, READING])


def found(text: str, *contributors: str) -> list[str]:
    return [text[f.start : f.end] for f in resolve(text, ROSTER.find(text, contributors))]


def test_full_names_are_found_everywhere_in_every_form() -> None:
    for form in ("Robert Okafor", "okafor, robert", "Bob Okafor", "ROBERT OKAFOR", "R. Okafor", "Okafor", "okafor's"):
        assert found(f"so {form} said")[0].casefold().startswith(form.casefold().split("'")[0][:3]), form
    assert found("then Will Marr and will ashdown marr came") == ["Will Marr", "will ashdown marr"]


def test_identifiers_are_found_however_they_are_spaced() -> None:
    assert found("ring 07700900456 or 07700 900 456 or +44 7700 900456") == [
        "07700900456",
        "07700 900 456",
        "44 7700 900456",
    ]
    assert found("w.ashdown@northmoor.police.example") == ["w.ashdown@northmoor.police.example"]


def test_first_names_that_are_words_are_found_in_their_own_text_only_where_they_are_names() -> None:
    text = "Will it work? I told Will it will."
    assert found(text, "c1") == ["Will"]
    assert [f.start for f in resolve(text, ROSTER.find(text, ["c1"]))] == [text.index("told Will") + 5]
    assert found(text) == []


def test_surnames_that_are_words_or_places_are_left_elsewhere() -> None:
    assert found("reading in Reading with grace") == []
    assert found("I, Grace Reading, said") == ["Grace Reading"]


def test_employers() -> None:
    assert found("Kestrelsoft and Kestrelsoft Systems sold it") == ["Kestrelsoft", "Kestrelsoft Systems"]
    assert found("kestrelsoft systems sold it") == ["kestrelsoft systems"]
    assert found("The Home Office said", "c3") == ["Home Office"]
    assert found("The Home Office said", "c1") == []
    assert organisation_key("Kestrelsoft Systems Ltd") == organisation_key("kestrelsoft systems plc")
    assert organisation_key("GMP") == "Greater Manchester Police"


def test_one_slip_in_a_surname_is_found() -> None:
    assert found("that was Okkafor again") == ["Okkafor"]
    assert found("that was Okarina again") == []


def test_five_thousand_people_are_looked_for_quickly() -> None:
    import time

    people = [Person(str(i), f"Name{i:04d}x Surname{i:04d}y", f"n{i}@x.example", "Sussex Police") for i in range(5000)]
    roster = Roster(people)
    text = "It takes ages to log in and Surname0042y said so to everyone on the shift. " * 5
    start = time.process_time()
    for _ in range(200):
        roster.find(text, ["7"])
    assert time.process_time() - start < 4.0


def test_a_name_found_once_is_masked_throughout() -> None:
    texts = ["DI Imogen Vale wrote it.", "Vale never tested it; vale it was. Ask Imogen.", "nothing"]
    first = Finding(3, 15, "PERSON", 0.9, "rules")
    more = propagate(texts, [[first], [], []])
    assert [texts[1][f.start : f.end] for f in more[1]] == ["Vale", "vale", "Imogen"] or [
        texts[1][f.start : f.end] for f in more[1]
    ] == ["Vale", "Imogen"]
    assert not more[2]


def test_ordinary_words_are_not_propagated_into_prose() -> None:
    texts = ["PC Rose Field did it.", "Rose again. The rose in the field. I saw Field there."]
    more = propagate(texts, [[Finding(3, 13, "PERSON", 0.9, "rules")], []])
    assert [texts[1][f.start : f.end] for f in more[1]] == ["Field"]


def test_spans_are_minimal_whole_words_and_do_not_overlap() -> None:
    text = "I saw the DI Okafor's van, Kent Police."
    spans = resolve(
        text,
        [
            Finding(6, 21, "PERSON", 0.5, "model"),
            Finding(14, 17, "PERSON", 0.9, "roster"),
            Finding(27, 31, "LOCATION", 0.8, "gazetteer"),
            Finding(27, 38, "FORCE", 0.9, "gazetteer"),
        ],
    )
    assert [(text[f.start : f.end], f.label) for f in spans] == [("Okafor", "PERSON"), ("Kent Police", "FORCE")]


@given(
    st.text(st.sampled_from("ab A'. \n-é["), max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(sorted(LABELS))), max_size=6),
)
def test_resolved_spans_are_in_order_and_within_the_text(text: str, raw: list[tuple[int, int, str]]) -> None:
    findings = [Finding(s, min(s + n, len(text)), label, 0.9, "rules") for s, n, label in raw if s < len(text)]
    spans = resolve(text, findings)
    ends = [0]
    for span in spans:
        assert ends[-1] <= span.start < span.end <= len(text)
        ends.append(span.end)


def test_placeholders_already_there_are_left_alone() -> None:
    assert (
        resolve("ask [person 2] now", [Finding(4, 14, "PERSON", 0.9, "model"), Finding(5, 11, "ROLE", 0.9, "rules")])
        == []
    )


def test_placeholders_number_people_by_first_appearance() -> None:
    names = Placeholders(frozenset({"organisation:kestrelsoft"}))

    def give(text: str, label: str, about: str = "") -> str:
        return names.placeholder(text, Finding(0, len(text), label, 1.0, "rules", about))

    assert give("Imogen Vale", "PERSON") == "[person]"
    assert give("Femi", "PERSON") == "[person 2]"
    assert give("Vale", "PERSON") == "[person]"
    assert give("GMP", "FORCE") == "[police force]"
    assert give("Kent Police", "FORCE") == "[police force 2]"
    assert give("Greater Manchester Police", "FORCE") == "[police force]"
    assert give("Kestrelsoft", "ORGANISATION", "organisation:kestrelsoft") == "[supplier]"
    assert give("Leeds City Council", "ORGANISATION") == "[organisation]"
    assert give("07700", "PHONE") == give("01632", "PHONE") == "[phone number]"


def test_review_reasons() -> None:
    assert reasons("plain text", "plain text", []) == ""
    assert reasons("Blоggs", "Bloggs", [Finding(0, 6, "PERSON", 0.5, "model")]) == "mixed_script,low_score"
    welsh = "Mae'r system yn araf iawn ac nid oes neb yn gallu cael gwaith wedi ei wneud mewn pryd"
    assert reasons(welsh, welsh, []) == "welsh"
    polish = "system jest bardzo wolny i nikt nie wie dlaczego tak się dzieje"
    assert reasons(polish, polish, []) == "not_english"
    assert reasons("x", "x", [Finding(0, 1, "HEALTH", 0.8, "rules")]) == "health"


def test_gazetteers_are_consistent() -> None:
    plain, in_context = gazetteer.places()
    assert ("reading",) in in_context and ("swaffham",) in plain
    assert gazetteer.is_ordinary("rose") and not gazetteer.is_ordinary("okafor")
    assert forces.forces()["gmp",] == "Greater Manchester Police"
    canonical = {line.partition("|")[0].strip() for line in gazetteer.lines("forces")}
    assert len(canonical) == len(gazetteer.lines("forces"))
    assert not {("gmp",), ("kent", "police")} & gazetteer.grams("keep")


def test_other_names_addresses_and_employers_are_looked_for() -> None:
    others = ("Tamsin Quell", "Wrenfield", "t.quell@northmoor.example", "Larkmead Borough Council", "Imogen Vale")
    dull = ("Detective Sergeant", "South Wales", "yes", "Prefer not to say", "Female", "British", "Police")
    roster = Roster([Person("c1", "Jo Marsh", other=(*others, *dull)), Person("c2", "Ann Other")])

    def hits(text: str, *contributors: str) -> list[tuple[str, str]]:
        return [(text[f.start : f.end], f.label) for f in resolve(text, roster.find(text, contributors))]

    assert hits("then tamsin quell, T. Quell and wrenfield's van") == [
        ("tamsin quell", "PERSON"),
        ("T. Quell", "PERSON"),
        ("wrenfield", "PERSON"),
    ]
    assert hits("mail t.quell@northmoor.example at Larkmead Borough Council") == [
        ("t.quell@northmoor.example", "EMAIL"),
        ("Larkmead Borough Council", "ORGANISATION"),
    ]
    assert hits("I told Imogen", "c1") == [("Imogen", "PERSON")]
    assert hits("I told Imogen", "c2") == []
    assert hits("Yes, a detective sergeant in South Wales, female and British, Police", "c1") == []


def test_a_first_name_alone_is_looked_for_in_its_own_text_where_it_is_a_name() -> None:
    roster = Roster([Person("c1", other=("Grace",))])
    text = "By the grace of it I told Grace so."
    assert [f.start for f in resolve(text, roster.find(text, ["c1"]))] == [text.index("Grace")]
    assert roster.find(text, []) == []


def test_the_surer_layer_wins_a_tie_in_any_order() -> None:
    from presidio_analyzer import EntityRecognizer, RecognizerResult

    from pipeline.redaction.recognisers.base import Guarded, threshold, without_hair

    class Finds(EntityRecognizer):
        def load(self) -> None: ...

        def analyze(self, text: str, entities: list[str], nlp_artifacts: object = None) -> list[RecognizerResult]:
            return [RecognizerResult("PERSON", 0, 4, 0.5, recognition_metadata={"by": self.name})]

    names = ["model:redactor", "rules:people", "gazetteer:places"]
    for order in (names, names[::-1]):
        results = [r for name in order for r in Guarded(Finds(["PERSON"], name)).analyze("Anna", [])]
        assert all(r.score >= threshold(0.5) and without_hair(r.score) == 0.5 for r in results)
        (kept,) = EntityRecognizer.remove_duplicates(results)
        assert kept.recognition_metadata["by"] == "rules:people"


def test_an_illness_is_looked_at_and_a_verb_is_none() -> None:
    assert reasons("x", "please add a field to the form so that we can see it", []) == ""
    assert reasons("x", "my ADHD makes the form hard for me to see at night", []) == "health"


def test_a_role_or_family_is_looked_at_where_something_pins_it_down() -> None:
    text = "I am the only one here who can do it and that is that"
    role, place = Finding(9, 17, "ROLE", 0.9, "model"), Finding(18, 22, "LOCATION", 0.9, "model")
    assert reasons(text, text, [role]) == ""
    assert reasons(text, text, [role, place]) == "rare_role"
    assert reasons(text, text, [], {"ROLE"}) == "rare_role"  # a policy let it stand


def test_an_article_is_left_outside_save_where_it_is_part_of_what_is_masked() -> None:
    for text, label, masked in (
        ("at The Gables, Tansy Row", "ADDRESS", "The Gables, Tansy Row"),
        ("badge A 0447 it was", "OFFICER_NUMBER", "A 0447"),
        ("we left The Bronx", "LOCATION", "Bronx"),
    ):
        start = text.index(masked.split()[0]) if label != "LOCATION" else text.index("The")
        (found,) = resolve(text, [Finding(start, text.index(masked) + len(masked), label, 0.9, "model")])
        assert text[found.start : found.end] == masked


def test_what_the_same_layer_calls_the_same_is_not_found_again() -> None:
    text = "Zanthorpe Mews is shut. Nobody came."
    place = Finding(0, 14, "LOCATION", 0.9, "model")
    assert propagate([text], [[place]]) == [[]]
    as_body = Finding(0, 14, "ORGANISATION", 0.9, "rules")
    again = propagate([text, text], [[as_body], [place]])
    assert [(f.label, f.source) for f in again[1]] == [("ORGANISATION", "propagation")]


def test_a_number_by_its_check_digit_is_what_the_rule_says() -> None:
    text = "The handset was 490154203237518 then"
    rule = Finding(16, 31, "REFERENCE_NUMBER", CERTAIN, "rules")
    for label in ("PERSON", "NATIONAL_ID"):
        (found,) = resolve(text, [rule, Finding(4, 31, label, 1.0, "model")])
        assert (found.start, found.end, found.label) == (4, 31, "REFERENCE_NUMBER")
    # What may be kept under a policy never names what else is in it.
    force = Finding(16, 19, "FORCE", CERTAIN, "rules")
    assert [f.label for f in resolve(text, [force, Finding(4, 31, "ROLE", 1.0, "model")])] == ["ROLE"]


def test_initials_before_a_name_belong_to_it() -> None:
    def masked(text: str, name: str) -> str:
        start = text.index(name)
        (found,) = resolve(text, [Finding(start, start + len(name), "PERSON", 0.9, "model")])
        return text[found.start : found.end]

    for whole, name in (
        ("I T Bebb", "T Bebb"),
        ("I T Bebb", "Bebb"),
        ("J. R. Hartley", "Hartley"),
        ("J.R. Hartley", "Hartley"),
        ("J R R Tarn", "Tarn"),
        ("K. Hartley", "Hartley"),
    ):
        assert masked(f"then {whole} left", name) == whole
    for text in ("when I Bebb saw", "the U.K. Bebb knew", "Plan B Bebb wrote", "said PC Bebb", "R&D Bebb", "A Bebb"):
        assert masked(text, "Bebb") == "Bebb"


def test_a_first_name_in_small_letters_makes_the_next_word_a_question() -> None:
    harmless: set[str] = set()
    assert unknown_words("we should ask frank niyazov, He knows", harmless) == {"niyazov"}
    assert unknown_words("It will standardize what may hinder us and frank talk", harmless) == set()
