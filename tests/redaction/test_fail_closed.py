"""Whatever goes wrong in a layer holds the document, and nothing of it is returned."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import regex
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer

from pipeline.errors import ModelError, RefusedError
from pipeline.models import load_spacy
from pipeline.redaction import Document, Person, Redactor, Segment
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.recognisers import contact, dates, family, numbers, people, places, roles_units
from pipeline.redaction.recognisers.base import Guarded, RecogniserFailed, Rule, RuleRecogniser
from pipeline.redaction.token_model import PREFIX
from pipeline.study import Overrides, Redaction, Treatment
from tests.redaction.attacks import attacks, patterns

SECRET = "Imogen Vale"
DOCUMENTS = [
    Document("d1", (Segment("a", f"{SECRET} said"), Segment("b", "fine"))),
    Document("d2", (Segment("a", "fine"),)),
]


class FakeEngine:
    """An engine without models: `find` is given, and nothing is tagged."""

    def __init__(self, find: Callable[[str], list[Finding]]) -> None:
        self._find = find

    def classify(self, texts: list[str]) -> list[Any]:
        return [None if "untaggable" in text else [] for text in texts]

    def find(self, text: str, entities: Any) -> list[Finding]:
        return self._find(text)


def redactor(find: Callable[[str], list[Finding]], roster: list[Person] | None = None, **settings: Any) -> Redactor:
    made = Redactor(Redaction(**settings), roster or [])
    made._engine, made._ready = FakeEngine(find), True  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    return made


@pytest.mark.parametrize(
    ("error", "reason"), [(ValueError(SECRET), "recogniser_error"), (TimeoutError(SECRET), "timeout")]
)
def test_an_error_holds_its_document_only(error: Exception, reason: str) -> None:
    def find(text: str) -> list[Finding]:
        if SECRET in text:
            raise error
        return []

    held, fine = redactor(find).redact(DOCUMENTS)
    assert held.held == (reason,)
    assert [segment.text for segment in held.segments] == ["", ""]
    assert [segment.segment_id for segment in held.segments] == ["a", "b"]
    assert SECRET not in repr(held)
    assert fine.held == () and fine.segments[0].text == "fine"


def test_a_text_the_tagger_fails_on_holds_its_document() -> None:
    held = redactor(lambda _: []).redact([Document("d", (Segment("a", "untaggable"),))])[0]
    assert held.held == ("classifier_error",)


def test_a_slow_document_is_held() -> None:
    def find(text: str) -> list[Finding]:
        time.sleep(0.05)
        return []

    assert redactor(find, timeout_seconds=0.01).redact(DOCUMENTS)[0].held == ("timeout",)


@pytest.mark.parametrize(
    ("trouble", "reason"), [(lambda: time.sleep(0.6), "timeout"), (lambda: 1 / 0, "recogniser_error")]
)
def test_a_document_that_cannot_be_rendered_or_not_in_time_is_held(
    trouble: Callable[[], object], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(label: str, found: str) -> str:
        trouble()
        return ""

    monkeypatch.setattr("pipeline.redaction.render.generalised", slowly)
    policy = Overrides(non_attributable={"AGE": Treatment.GENERALISE})

    def find(text: str) -> list[Finding]:
        return [Finding(0, 2, "AGE", 0.9, "rules")] if text.startswith("47") else []

    made = redactor(find, [Person("c", "Jo Marsh")], timeout_seconds=0.5, policy=policy)
    texts = [Document(name, (Segment("a", text, "c"),)) for name, text in (("d1", "47 I am"), ("d2", "fine"))]
    held, fine = made.redact(texts)
    assert (held.held, held.segments[0].text) == ((reason,), "") and fine.held == ()


def test_none_from_a_recogniser_is_an_error() -> None:
    class Silent(EntityRecognizer):
        def load(self) -> None: ...

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> Any:
            return None

    with pytest.raises(RecogniserFailed):
        Guarded(Silent(["X"], name="silent")).analyze("text", ["X"])


def test_presidios_own_pattern_recogniser_is_refused() -> None:
    with pytest.raises(TypeError):
        Guarded(PatternRecognizer("X", patterns=[Pattern("x", "x", 0.5)]))


def test_a_regex_that_runs_out_of_time_is_not_swallowed() -> None:
    slow = RuleRecogniser("slow", [Rule("PERSON", r"(?:a|aa|a.)+$", 0.9)], timeout=0.05)
    with pytest.raises(TimeoutError):
        slow.analyze("a" * 5000 + "\n!", ["PERSON"])


GROUPS = [
    group
    for module in (contact, numbers, dates, family, people, places, roles_units)
    for group in vars(module).values()
    if isinstance(group, tuple) and group and isinstance(group[0], Rule)
]
HOSTILE = [
    "a" * 4000,
    "A" * 4000,
    "1" * 4000,
    "Ab " * 1500,
    "ab " * 1500,
    "only the " * 600,
    "my wife and my " * 300,
    "a." * 2000,
    "a@" * 2000,
    "A-" * 2000,
    "1 " * 2000,
    "I have a very " * 300,
    "PC " * 1500,
    "dot at " * 700,
    " " * 4000,
    "one two " * 600,
    "Head of Aa and " * 300,
    "'" * 3000,
    "MG/1" * 1000,
    "of the " * 700,
]


@pytest.mark.parametrize("rule", [rule for group in GROUPS for rule in group], ids=lambda rule: rule.pattern[:40])
def test_no_rule_backtracks_for_long(rule: Rule) -> None:
    for text in HOSTILE:
        start = time.process_time()
        for _ in rule.compiled.finditer(text, timeout=10.0):
            pass
        assert time.process_time() - start < 1.5, text[:12]


def takes_long(pattern: Any, limit: float = 1.0) -> str:
    """The first text made from the pattern on which it takes longer than `limit` in seconds; empty if there is none.

    Patterns of the standard library are tried with `regex`, too, which has a time limit, and before.
    """
    flags = (pattern.flags & (re.IGNORECASE | re.DOTALL)) if isinstance(pattern, re.Pattern) else 0
    limited = regex.compile(pattern.pattern, flags) if isinstance(pattern, re.Pattern) else pattern
    for text in attacks(pattern.pattern):
        start = time.process_time()
        try:
            for _ in limited.finditer(text, timeout=10 * limit):
                pass
        except TimeoutError:
            return text
        if pattern is not limited:
            for _ in pattern.finditer(text):
                pass
        if time.process_time() - start > limit:
            return text
    return ""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("pattern", [pytest.param(p, id=where) for where, p in patterns().items()])
def test_no_pattern_backtracks_for_long_on_texts_made_for_it(pattern: Any) -> None:
    assert takes_long(pattern)[:40] == ""


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:a|aa|a.)+$",
        r"\bkin (?:a|aa|a.)+$",
        r"(?i)\b(?:head|lead) of (?:[\w&-]+ ?){1,4}(?=[,.;:])",
        r"(?<=\bref )(?:a|aa|a.)+\d/",
    ],
)
def test_the_texts_made_for_a_bad_pattern_keep_it_busy(pattern: str) -> None:
    assert takes_long(Rule("FAMILY", pattern, 0.9).compiled, limit=0.2)


def test_patterns_are_gathered_from_everywhere() -> None:
    modules = {where.split(".")[1].split(":")[0] for where in patterns()}
    looked_at = {
        "shadow",
        "incidents",
        "roster",
        "generalise",
        "disguise",
        "resolver",
        "recognisers",
        "unknown",
    }
    assert looked_at <= modules and any(where.startswith("placeholders") for where in patterns())


def test_what_the_study_masks_and_keeps() -> None:
    def find(text: str) -> list[Finding]:
        at = text.find("Zephyrine")
        return [Finding(at, at + 9, "PERSON", 0.9, "rules")] if at >= 0 else []

    text = "Zephyrine and the Blue Book"
    documents = [Document("d", (Segment("a", text),))]
    assert redactor(find, mask=("blue book",)).redact(documents)[0].segments[0].text == "[person] and the [redacted]"
    assert redactor(find, keep=("Zephyrine",)).redact(documents)[0].segments[0].text == text
    on_roster = [Person("c", "Zephyrine Otterburn-Vale")]
    mine = [Document("d", (Segment("a", text, "c"),))]
    assert "Zephyrine" not in redactor(find, on_roster, keep=("Zephyrine",)).redact(mine)[0].segments[0].text


class NamesEveryPhilomena(FakeEngine):
    """Its classifier takes one word for somebody's name, and its recognisers find nothing, as for a word on a list."""

    def classify(self, texts: list[str]) -> list[Any]:
        at = [text.find("Philomena") for text in texts]
        return [[Entity(n, n + 9, f"{PREFIX}PERSON", self.score)] if n >= 0 else [] for n in at]

    def __init__(self, score: float, find: Callable[[str], list[Finding]]) -> None:
        super().__init__(find)
        self.score = score


def test_a_name_to_the_classifier_that_a_list_lets_stand_is_disputed() -> None:
    documents = [Document("d", (Segment("a", "Ask Philomena about the forms."),))]

    def review(score: float = 0.97, found: tuple[Finding, ...] = (), **settings: Any) -> str:
        made = redactor(lambda _: [], **settings)
        made._engine = NamesEveryPhilomena(score, lambda _: [*found])  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
        return made.redact(documents)[0].segments[0].review

    assert "disagreement" in review()
    assert "disagreement" not in review(score=0.6)
    assert "disagreement" not in review(found=(Finding(4, 13, "PERSON", 0.9, "rules"),))
    assert "disagreement" not in review(keep=("Philomena",)), "the study has decided"


def test_an_unknown_name_in_a_suppliers_text_may_be_its_product_whatever_the_classifier_says() -> None:
    people = [
        Person("c1", "Jo Marsh", stakeholder_group="Supplier"),
        Person("c2", "Al Fenn", stakeholder_group="Buyer"),
    ]
    text = "The old form and Fenquill have to agree before the Niche file goes."

    def review(contributor: str, text: str) -> str:
        made = redactor(lambda _: [], people)
        return made.redact([Document("d", (Segment("a", text, contributor),))])[0].segments[0].review

    assert review("c1", text) == "unknown_name"
    assert review("c1", text.replace("Fenquill", "Niche")) == "", "known for another reason"
    assert review("c1", text.replace("Fenquill", "Forms")) == review("c2", text) == ""


def test_a_missing_model_is_never_downloaded(tmp_path: Any) -> None:
    for name in ("en_core_web_nowhere", str(tmp_path), "no/such/folder"):
        with pytest.raises(ModelError):
            load_spacy(name, {"ner"})


def test_progress_and_order() -> None:
    seen: list[int] = []
    documents = [Document(str(i), (Segment("a", "x"),)) for i in range(1200)]
    out = redactor(lambda _: []).redact(documents, seen.append)
    assert [d.document_id for d in out] == [d.document_id for d in documents]
    assert seen == sorted(seen) and seen[-1] == 1200


def test_a_missed_known_answer_refuses_everything() -> None:
    made = redactor(lambda _: [])
    with pytest.raises(RefusedError) as caught:
        made._check_known_answer()  # pyright: ignore[reportPrivateUsage]
    assert "PHONE" in str(caught.value) and "HEALTH" in str(caught.value)
