"""How words are printed in a heading: with the capitals, the number and the ending that the passages themselves use."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_CAPITALS = 0.3  # share of a word's mentions within a sentence that must carry capitals: people type names in haste
_TITLE = 0.4  # the same, of a word with but its first letter in capitals
_FEWEST = 2  # mentions that make a form more than a slip
_PLURAL = 0.3  # share of a noun's mentions that must be plural to make the plural its heading,
_PEOPLE = (0.1, ("er", "or", "ist", "ian"))  # and of one who does something: "call handlers"
_COUNTED = 0.2  # share of a noun's singular mentions with an article for one thing, which says the same
_ONE = frozenset("a an another each every one".split())
_ABBREVIATED = frozenset("IT US".split())  # which reads as a pronoun without its capitals
_VOWELS = frozenset("aeiou")
# Verbs of several syllables that double their last letter before -ing, as British spelling has it.
_DOUBLED = frozenset(
    """admit begin cancel commit control corral defer equip excel forget format handicap input label level marshal
    model occur omit outbid output patrol permit prefer program propel quarrel rebel rebut refer regret reset rerun
    resit signal submit total transfer transmit travel unplug unzip upset
    """.split()
)
# Of one syllable by their letters, of two by their sound; or with a last letter that is not doubled.
_SINGLE = frozenset("bias bus gas".split())


@dataclass(frozen=True)
class Wording:
    """What is learnt from all passages about how words are written.

    capitals: casefolded word → its usual form, where that has capitals. plurals: lemma → plural, of nouns that are
    often told in it or counted. gerunds: lemma → form in -ing, where it was seen more than once. done: lemmas that are
    more often verbs than nouns. qualities: lemmas that are no less often adjectives than verbs. participles: lemma →
    "recognised", of verbs seen so.
    """

    capitals: Mapping[str, str]
    plurals: Mapping[str, str]
    gerunds: Mapping[str, str]
    done: frozenset[str]
    qualities: frozenset[str]
    participles: Mapping[str, str]

    @classmethod
    def learn(cls, docs: "Iterable[Doc]") -> "Wording":
        written: dict[str, Counter[str]] = {}
        plurals: dict[str, Counter[str]] = {}
        singular: Counter[str] = Counter()
        single: Counter[str] = Counter()  # "a laptop"
        adjectives: Counter[str] = Counter()
        verbs: dict[str, Counter[str]] = {}
        participles: dict[str, Counter[str]] = {}
        for doc in docs:
            shouted = {sentence.start for sentence in doc.sents if _is_shouted(sentence)}
            for token in doc:
                if not token.is_alpha:
                    continue
                inner_capital = any(letter.isupper() for letter in token.text[1:])
                if token.sent.start not in shouted and (not token.is_sent_start or inner_capital):
                    written.setdefault(token.lower_, Counter())[token.text] += 1
                lemma = token.lemma_.casefold()
                if token.tag_ == "NNS":
                    plurals.setdefault(lemma, Counter())[token.lower_] += 1
                elif token.tag_ == "NN" and token.dep_ != "compound":
                    singular[lemma] += 1
                    single[lemma] += any(child.lower_ in _ONE for child in token.children)
                elif token.pos_ == "ADJ":
                    adjectives[lemma] += 1
                elif token.pos_ == "VERB":
                    if token.tag_ == "VBN":
                        participles.setdefault(lemma, Counter())[token.lower_] += 1
                    verbs.setdefault(lemma, Counter())[token.lower_ if token.tag_ == "VBG" else ""] += 1
        return cls(
            capitals={word: form for word, forms in written.items() if (form := _capital(forms))},
            plurals={
                lemma: _usual(forms)
                for lemma, forms in plurals.items()
                if (forms.total() >= _FEWEST and forms.total() >= _told(lemma) * (forms.total() + singular[lemma]))
                or single[lemma] >= max(_FEWEST, _COUNTED * singular[lemma])
            },
            gerunds={
                lemma: _usual(seen)
                for lemma, forms in verbs.items()
                if (seen := Counter({form: n for form, n in forms.items() if form and n >= _FEWEST}))
            },
            done=frozenset(lemma for lemma, forms in verbs.items() if forms.total() > singular[lemma]),
            qualities=frozenset(lemma for lemma, n in adjectives.items() if n >= verbs.get(lemma, Counter()).total()),
            participles={lemma: _usual(forms) for lemma, forms in participles.items()},
        )

    def printed(self, token: "Token") -> str:
        """Lower case, save for names and abbreviations."""
        return token.text if is_abbreviated(token) else self.capitals.get(token.lower_, token.lower_)

    def plural(self, token: "Token") -> str:
        """The plural of a singular noun that is often told in it; else the word as it stands."""
        if token.tag_ != "NN":
            return self.printed(token)
        return self.plurals.get(token.lemma_.casefold(), self.printed(token))

    def is_doing(self, token: "Token") -> bool:
        """True for a word told as a thing that is more often done, as "print"; not for names."""
        return token.tag_ != "NNS" and token.lower_ not in self.capitals and token.lemma_.casefold() in self.done

    def is_done(self, token: "Token") -> bool:
        """True for what is more often a verb than anything else: neither "ward" nor "reproducible", taken for verbs."""
        return token.lemma_.casefold() in self.done - self.qualities

    def is_said_as_doing(self, token: "Token") -> bool:
        """The same, if people also say "printing": nobody says "faulting"."""
        return self.is_doing(token) and token.lemma_.casefold() in self.gerunds

    def participle(self, token: "Token") -> str:
        """The form that says that it is done, "" where nobody used it."""
        return self.participles.get(token.lemma_.casefold(), "")

    def gerund(self, token: "Token") -> str:
        """The form in -ing of a verb."""
        lemma = token.lemma_.casefold()
        return self.gerunds.get(lemma, gerund(lemma))


def is_abbreviated(token: "Token") -> bool:
    """True for the "IT" of "IT support" and the "US" of "US cards"; in a sentence of capitals nobody can tell."""
    return token.text in _ABBREVIATED and token.pos_ in ("NOUN", "PROPN") and not _is_shouted(token.sent)


def _told(lemma: str) -> float:
    """Share of a noun's mentions that must be plural to make the plural its heading."""
    share, endings = _PEOPLE
    return share if lemma.endswith(endings) else _PLURAL


def gerund(verb: str) -> str:
    """The form in -ing, by the rules of spelling: "hide" → "hiding", "log" → "logging", "die" → "dying"."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and len(verb) > 2:
        return f"{verb[:-1]}ing"
    return f"{verb}{verb[-1]}ing" if verb in _DOUBLED or _is_short(verb) else f"{verb}ing"


def _is_short(verb: str) -> bool:
    """True for one syllable that ends in one vowel and one consonant: "log", "drop", "quit"."""
    if len(verb) < 3 or verb in _SINGLE or verb[-1] in _VOWELS | set("wxy") or verb[-2] not in _VOWELS:
        return False
    start = verb[:-2].replace("qu", "q")
    return not any(letter in _VOWELS or (letter == "y" and n > 0) for n, letter in enumerate(start))


def _is_shouted(sentence: "Span") -> bool:
    """True for a sentence in capitals or in title case, where capitals say nothing."""
    words = [token for token in sentence if token.is_alpha and len(token) > 2]
    return sentence.text.isupper() or (len(words) > 1 and 2 * sum(word.is_title for word in words) > len(words))


def _capital(forms: Counter[str]) -> str:
    """The usual form with capitals, "" where the word is mostly written without."""
    capitals = Counter({form: count for form, count in forms.items() if not form.islower()})
    title = all(form.istitle() for form in capitals)
    fewest, share = (_FEWEST + 1, _TITLE) if title else (_FEWEST, _CAPITALS)
    if capitals.total() < fewest or capitals.total() < share * forms.total():
        return ""
    return _usual(capitals)


def _usual(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))
