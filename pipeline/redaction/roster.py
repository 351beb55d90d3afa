"""What is known of the contributors themselves, looked for in everybody's text.

A person's full name, address and numbers are looked for everywhere and in any case. Parts of a name are looked for as
far as they are safe: always in what the person says, elsewhere only where they are not also words or places. A hit
beats every keep-list.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import regex

from pipeline import forces
from pipeline.redaction import gazetteer
from pipeline.redaction.documents import Person
from pipeline.redaction.findings import Finding
from pipeline.redaction.gazetteer import ABBREVIATIONS, Gram, GramIndex, begins_sentence, located_tokens, tokens

_TITLES = frozenset("mr mrs ms miss mx dr prof professor sir dame rev pc dc ds di dci sgt insp supt cllr".split())
_COMPANY = frozenset("ltd limited plc llp inc group uk holdings gmbh llc co corporation corp international".split())
_BODY = _COMPANY | frozenset(
    "agency association authority borough charity college commission constabulary consulting council department "
    "federation force foundation hospital institute ministry office police school service services society software "
    "solutions systems technologies technology trust university".split()
)
_UNIQUE_ROLE = frozenset("head director chief lead coordinator commissioner chair secretary founder professor".split())
_NUMBERISH = regex.compile(r"\d")


class Case(IntEnum):
    """How a form must be written to count."""

    ANY = 0
    CAPITAL = 1  # with a capital, or in a text all in capitals
    CAREFUL = 2  # with a capital where it does not merely begin a sentence


@dataclass(frozen=True, order=True)
class Form:
    """One way of writing something about a contributor. `about` as in Finding."""

    gram: Gram
    label: str
    case: Case
    about: str


class Forms:
    """An index of forms."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._by_gram: dict[Gram, list[Form]] = {}
        for form in sorted(set(forms)):
            self._by_gram.setdefault(form.gram, []).append(form)
        self._index = GramIndex(self._by_gram)

    def find(self, text: str, words: Sequence[tuple[int, int, str]], shouting: bool) -> list[Finding]:
        found: list[Finding] = []
        for start, end, gram in self._index.find(text, words):
            fitting = [form for form in self._by_gram[gram] if _fits(form.case, text, start, end, shouting)]
            if fitting:
                labels = sorted({form.label for form in fitting}, key=_LABEL_ORDER.index)
                about = {form.about for form in fitting if form.label == labels[0]}
                found.append(Finding(start, end, labels[0], 1.0, "roster", about.pop() if len(about) == 1 else ""))
        return found


_LABEL_ORDER = ["EMAIL", "PERSON", "OFFICER_NUMBER", "PHONE", "REFERENCE_NUMBER", "ORGANISATION", "ROLE"]


class Roster:
    """All contributors of a study. Built once; `find` is called for every segment."""

    def __init__(self, persons: Sequence[Person]) -> None:
        self._persons = {person.contributor_id: person for person in persons}
        known = [alias for person in persons for alias in _aliases(person)]
        self._everywhere = Forms(form for person in known for form in _everywhere(person))
        self._numbers = _numbers(persons)
        self._longest_number = max((len(n) for n in self._numbers), default=0)
        self._misspelt = _deletions(surname for person in known for surname in _surnames(person) if len(surname) >= 6)
        self._of_organisation: defaultdict[str, list[Person]] = defaultdict(list)
        for person in self._persons.values():
            self._of_organisation[organisation_key(person.organisation)].append(person)
        self._own: dict[str, Forms] = {}
        self._colleagues: dict[str, Forms] = {}

    def person(self, contributor_id: str) -> Person | None:
        return self._persons.get(contributor_id)

    def find(self, text: str, contributors: Sequence[str], shouting: bool = False) -> list[Finding]:
        """Findings in one shadow text of a document by `contributors` (ids, in order)."""
        words = located_tokens(text)
        found = self._everywhere.find(text, words, shouting)
        found += self._find_numbers(words)
        found += self._find_misspelt(text, words)
        for contributor in contributors:
            if person := self._persons.get(contributor):
                found += self._own_forms(person).find(text, words, shouting)
                found += self._colleague_forms(organisation_key(person.organisation)).find(text, words, shouting)
        return found

    def _own_forms(self, person: Person) -> Forms:
        if person.contributor_id not in self._own:
            # What is looked for everywhere, too: a form that two people share is here known to be this person's.
            self._own[person.contributor_id] = Forms(
                form for alias in _aliases(person) for form in (*_everywhere(alias), *_in_own_text(alias))
            )
        return self._own[person.contributor_id]

    def _colleague_forms(self, key: str) -> Forms:
        """First names of everybody in one organisation, for the texts of its people."""
        if key not in self._colleagues:
            people = self._of_organisation[key] if key else []
            self._colleagues[key] = Forms(
                Form((first,), "PERSON", Case.CAPITAL, person.contributor_id)
                for person in people
                for first in _first_names(person)
                if not _is_common(first) and len(first) > 2
            )
        return self._colleagues[key]

    def _find_numbers(self, words: Sequence[tuple[int, int, str]]) -> list[Finding]:
        """Telephone, collar and other numbers, however they are spaced."""
        found: list[Finding] = []
        for i in range(len(words) if self._numbers else 0):
            joined = ""
            for j in range(i, min(i + 8, len(words))):
                joined += words[j][2]
                if len(joined) > self._longest_number or (j > i and words[j][0] - words[j - 1][1] > 3):
                    break
                if joined in self._numbers:
                    label, about = self._numbers[joined]
                    found.append(Finding(words[i][0], words[j][1], label, 1.0, "roster", about))
        return found

    def _find_misspelt(self, text: str, words: Sequence[tuple[int, int, str]]) -> list[Finding]:
        """Capitalised words one slip away from a contributor's surname."""
        from rapidfuzz.distance import OSA

        found: list[Finding] = []
        for start, end, word in words:
            if len(word) < 6 or not text[start].isupper() or _is_common(word) or not word.isalpha():
                continue
            candidates = {name for part in _shorter(word) for name in self._misspelt.get(part, ())}
            if any(OSA.distance(word, name) == 1 for name in candidates):
                found.append(Finding(start, end, "PERSON", 0.8, "roster"))
        return found


def organisation_key(organisation: str) -> str:
    """What makes two spellings of an organisation one: a force's canonical name, or the name without Ltd or plc."""
    gram = tokens(organisation)
    if force := forces.forces().get(gram):
        return force
    return " ".join(_core(gram))


def is_supplier(person: Person) -> bool:
    return "suppl" in person.stakeholder_group.casefold() or "vendor" in person.stakeholder_group.casefold()


def _fits(case: Case, text: str, start: int, end: int, shouting: bool) -> bool:
    if case is Case.ANY:
        return True
    if shouting:
        return case is Case.CAPITAL
    if not text[start].isupper():
        return False
    if case is Case.CAPITAL:
        return True
    after = text[end : end + 1]
    if text[start:end].isupper() and end - start > 1 and text[max(0, start - 30) : start].isupper():
        return False
    return not begins_sentence(text, start) or after in {",", "'", ""} or text[end : end + 2] in {" (", " -"}


def _aliases(person: Person) -> list[Person]:
    """The person, and once more under each other identifier that is a name, an e-mail address or an employer."""
    blank = replace(person, name="", email="", organisation="", role="", other=())
    aliases = [person]
    for value in person.other:
        gram = tokens(value)
        if "@" in value:
            aliases.append(replace(blank, email=value))
        elif not gram or _NUMBERISH.search(value):
            continue  # see _numbers
        elif _is_name_like(gram):
            aliases.append(replace(blank, name=value))
        elif (len(gram) > 1 and gram in gazetteer.grams("keep")) or not all(map(_is_dull, gram)):
            aliases.append(replace(blank, organisation=value))
    return aliases


def _is_name_like(gram: Gram) -> bool:
    """Whether a cell of which nothing is known could be somebody's name, and not a rank, a place or an employer."""
    if len(gram) > 4 or _BODY & set(gram) or any(gram in gazetteer.grams(kept) for kept in ("keep", "ranks")):
        return False
    first, *_, last = (*gram, *gram)
    named = gazetteer.is_first_name(first), gazetteer.is_surname(last)
    if len(gram) == 1:
        return any(named) or not _is_dull(first)
    return gram not in forces.forces() and not _is_place(gram) and (all(named) or not all(map(_is_dull, gram)))


def _is_place(gram: Gram) -> bool:
    return any(gram in places for places in gazetteer.places())


def _is_dull(word: str) -> bool:
    """An ordinary word, or one that is capitalised for another reason than being a name: ranks, days, nations."""
    return gazetteer.is_ordinary(word) or any((word,) in gazetteer.grams(name) for name in ("ranks", "capitalised"))


def _is_common(word: str) -> bool:
    """Whether a word of a name is also an ordinary word, a place or on the keep-list."""
    return gazetteer.is_ordinary(word) or gazetteer.is_place_word(word) or (word,) in gazetteer.grams("keep")


def _name_parts(person: Person) -> Gram:
    """The words of the name, without title; "Last, First" turned round."""
    name = person.name
    if name.count(",") == 1:
        last, first = name.split(",")
        name = f"{first} {last}"
    parts = tokens(name.replace("'", "").replace("’", ""))
    while len(parts) > 1 and parts[0] in _TITLES:
        parts = parts[1:]
    return parts


def _apostrophe_forms(name: str) -> Gram:
    parts = tokens(name)
    while len(parts) > 1 and parts[0] in _TITLES:
        parts = parts[1:]
    return parts


def _surnames(person: Person) -> list[str]:
    """Last word of the name, and both parts of a double-barrelled one."""
    parts = _name_parts(person)
    if len(parts) < 2:
        return []
    last = tokens(person.name.replace(",", " ").split()[-1]) if "," not in person.name else parts[-1:]
    return sorted({parts[-1], *(p for p in last if len(p) > 2)})


def _first_names(person: Person) -> list[str]:
    """The first name, and the short or long forms of it."""
    parts = _name_parts(person)
    if not parts:
        return []
    first = parts[0]
    families = [line.split() for line in gazetteer.lines("nicknames") if first in line.split()]
    return [first, *sorted({name for family in families for name in family} - {first})]


def _everywhere(person: Person) -> list[Form]:
    about = person.contributor_id
    parts = _name_parts(person)
    forms: list[Form] = []
    if len(parts) > 1:
        spellings = {parts, _apostrophe_forms(person.name)}
        for surname in _surnames(person):
            for first in _first_names(person):
                spellings |= {(first, surname), (surname, first)}
            spellings |= {(parts[0], *parts[1:-1], surname)}
        forms += [Form(gram, "PERSON", Case.ANY, about) for gram in spellings if len(gram) > 1]
        for surname in _surnames(person):
            forms.append(Form((parts[0][0], surname), "PERSON", Case.CAPITAL, about))
            if not _is_common(surname) and len(surname) > 3:
                safe_in_lower_case = len(surname) > 5
                forms.append(Form((surname,), "PERSON", Case.ANY if safe_in_lower_case else Case.CAPITAL, about))
    elif parts and not _is_common(parts[0]) and len(parts[0]) > 3:
        forms.append(Form(parts, "PERSON", Case.ANY if len(parts[0]) > 5 else Case.CAPITAL, about))
    if "@" in person.email:
        local = tokens(person.email.split("@")[0])
        forms.append(Form(tokens(person.email), "EMAIL", Case.ANY, about))
        if len(local) > 1 or (local and len(local[0]) > 4 and not _is_common(local[0])):
            forms.append(Form(local, "PERSON", Case.ANY, about))
        forms += (
            [Form(("".join(local),), "PERSON", Case.ANY, about)] if len("".join(local)) > 5 and len(local) > 1 else []
        )
    return forms + _organisation_forms(person, own=False)


def _in_own_text(person: Person) -> list[Form]:
    about = person.contributor_id
    parts = _name_parts(person)
    forms: list[Form] = []
    for name in [*_first_names(person), *_surnames(person), *parts[1:-1]]:
        case = Case.CAREFUL if _is_common(name) else Case.CAPITAL if len(name) < 4 else Case.ANY
        if len(name) > 1:
            forms.append(Form((name,), "PERSON", case, about))
    if len(parts) > 1:
        initials = "".join(part[0] for part in parts)
        short = parts[0][0] + parts[-1][0]
        for letters in {initials, short}:
            forms.append(Form(tuple(letters), "PERSON", Case.CAPITAL, about))
            if letters not in ABBREVIATIONS and not gazetteer.is_kept(letters):
                forms.append(Form((letters,), "PERSON", Case.CAREFUL, about))
    role = tokens(person.role)
    if len(role) > 2 and _UNIQUE_ROLE & set(role):
        forms.append(Form(role, "ROLE", Case.ANY, about))
    return forms + _organisation_forms(person, own=True)


def _core(gram: Gram) -> Gram:
    core = gram
    while len(core) > 1 and core[-1] in _COMPANY:
        core = core[:-1]
    return core


def _organisation_forms(person: Person, own: bool) -> list[Form]:
    """The employer by name. Elsewhere only suppliers and distinctive names; forces are the gazetteer's."""
    gram = tokens(person.organisation)
    if not gram or gram in forces.forces():
        return []
    about = f"organisation:{organisation_key(person.organisation)}"
    core = _core(gram)
    forms = [Form(gram, "ORGANISATION", Case.ANY if len(gram) > 1 else Case.CAPITAL, about)]
    common = all(_is_common(word) for word in core) or core in gazetteer.grams("keep")
    if own:
        forms.append(Form(core, "ORGANISATION", Case.CAREFUL if common and len(core) == 1 else Case.CAPITAL, about))
        if len(core) > 2:
            forms.append(
                Form(
                    ("".join(word[0] for word in core if word not in {"of", "and", "the", "for"}),),
                    "ORGANISATION",
                    Case.CAREFUL,
                    about,
                )
            )
        if len(core) > 1 and not _is_common(core[0]) and len(core[0]) > 3:
            forms.append(Form(core[:1], "ORGANISATION", Case.CAPITAL, about))
        return forms
    if core in gazetteer.grams("keep"):
        return []  # a national body or a system many speak of: masked in its own people's text only
    if len(core) > 1 or not common:
        forms.append(Form(core, "ORGANISATION", Case.ANY if len(core) > 1 and not common else Case.CAPITAL, about))
    if is_supplier(person) and len(core) > 1 and not _is_common(core[0]) and len(core[0]) > 4:
        forms.append(Form(core[:1], "ORGANISATION", Case.CAPITAL, about))
    return forms


def _numbers(persons: Sequence[Person]) -> dict[str, tuple[str, str]]:
    """Other identifiers that hold a digit, as one string of letters and digits → label and whom it is about."""
    found: dict[str, tuple[str, str]] = {}
    for person in persons:
        for value in person.other:
            joined = "".join(tokens(value))
            if "@" in value or len(joined) < 4 or not _NUMBERISH.search(joined):
                continue
            digits = sum(c.isdigit() for c in joined)
            label = "PHONE" if digits >= 10 and digits == len(joined) else "OFFICER_NUMBER"
            found.setdefault(joined, (label, person.contributor_id))
            if label == "PHONE" and joined.startswith("0"):
                found.setdefault("44" + joined[1:], (label, person.contributor_id))
    return found


def _deletions(names: Iterable[str]) -> dict[str, list[str]]:
    """Every name under itself and each of its forms with one letter less."""
    index: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        if not _is_common(name):
            for part in _shorter(name):
                index.setdefault(part, []).append(name)
    return index


def _shorter(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
