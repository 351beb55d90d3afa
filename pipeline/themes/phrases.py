"""Short phrases that passages use: noun phrases, verbs with their object, and subjects with what is said of them."""

import gc
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.models import load_spacy

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_USED = frozenset({"tok2vec", "transformer", "tagger", "parser", "attribute_ruler", "lemmatizer", "morphologizer"})
_MOST_WORDS = 6
_LINKING = frozenset("in for of with between on to at from across about into without during".split())
# Verbs that say little about what is done, so that their object alone is the better label.
_LIGHT = frozenset(
    """be have do get make want need like think know see find give take let keep go come say tell feel try use hope
    wish seem look put mean believe guess love hate like prefer enjoy involve include require enable allow help
    ask show start stop begin hold leave set turn base depend call
    """.split()
)
_WORDY = frozenset({"CCONJ", "SCONJ", "PRON", "PUNCT", "SYM", "X", "INTJ", "SPACE", "NUM"})
_JOINING = frozenset({"-", "/", "'", "’"})
_EMPTY_LEADS = frozenset(
    "other such own same certain various several many few any some most much lot really very like".split()
)
_MASK = re.compile(r"(.)\1+", re.IGNORECASE)
_NAME_LIKE = re.compile(r"^\w*[A-Z]\w*[A-Z]\w*$")


@dataclass(frozen=True)
class Phrase:
    """`text` as it can be printed; `lemmas` its words that carry meaning; `head` the lemma it is about."""

    text: str
    lemmas: tuple[str, ...]
    head: str
    is_action: bool  # begins with a verb

    @property
    def about(self) -> frozenset[str]:
        """Its lemmas without the verb: what it is about."""
        return frozenset(self.lemmas[1:] if self.is_action else self.lemmas)

    @property
    def is_linked(self) -> bool:
        """True for a noun phrase that goes on with a preposition."""
        return any(word in _LINKING for word in self.text.split())

    @property
    def is_compound(self) -> bool:
        """True for several words of which the last is the head, as in "response time"."""
        return len(self.lemmas) > 1 and self.lemmas[-1] == self.head and not self.is_action


@dataclass(frozen=True)
class Read:
    """What one passage holds."""

    phrases: tuple[Phrase, ...]
    lemmas: frozenset[str]


def read_phrases(texts: Sequence[str], spacy_model: str) -> list[Read]:
    """Phrases and lemmas of each text, by a spaCy pipeline with tagger, parser and lemmatizer."""
    nlp = load_spacy(spacy_model, _USED)
    reads = [
        Read(
            phrases=tuple(_phrases(doc)),
            lemmas=frozenset(lemma for token in doc if (lemma := _lemma(token)) and not token.is_stop),
        )
        for doc in nlp.pipe(texts, batch_size=128)
    ]
    del nlp
    gc.collect()  # a pipeline holds itself in cycles, and the embedding model is loaded next
    return reads


def _phrases(doc: "Doc") -> Iterator[Phrase]:
    chunks = {chunk.root.i: kept for chunk in doc.noun_chunks if (kept := _trimmed(chunk))}
    for root, tokens in chunks.items():
        yield from _made(tokens, doc[root])
        nouns = [token for token in tokens if token.i == root or token.dep_ == "compound"]
        if 1 < len(nouns) < len(tokens) and nouns[-1].i - nouns[0].i == len(nouns) - 1:
            yield from _made(nouns, doc[root])
        yield from _with_complement(doc, root, chunks)
        yield from _with_verb(doc, root, tokens)


def _with_complement(doc: "Doc", root: int, chunks: "dict[int, list[Token]]") -> Iterator[Phrase]:
    """ "signal in rural areas": a noun phrase, a preposition, another noun phrase."""
    for link in doc[root].children:
        if link.dep_ == "prep" and link.lower_ in _LINKING and link.i == chunks[root][-1].i + 1:
            for inner in link.children:
                if inner.dep_ == "pobj" and inner.i in chunks:
                    yield from _made([*chunks[root], link, *chunks[inner.i]], doc[root])


def _with_verb(doc: "Doc", root: int, tokens: "list[Token]") -> Iterator[Phrase]:
    """ "hide code cells" from "hiding the code cells", "slow log-in" from "the log-in is slow"."""
    noun = doc[root]
    verb = noun.head
    if any(child.dep_ == "neg" for child in verb.children):
        return
    if noun.dep_ in ("dobj", "obj") and verb.pos_ == "VERB" and _lemma(verb) and verb.lemma_.lower() not in _LIGHT:
        particles = [child.lower_ for child in verb.children if child.dep_ == "prt"]
        lead = " ".join([verb.lemma_.lower(), *particles])
        yield from _made(tokens, noun, lead=lead, lead_lemma=_lemma(verb), is_action=True)
    if noun.dep_ == "nsubj" and verb.lemma_ == "be":
        for said in verb.children:
            bare = not any(child.dep_ in ("prep", "xcomp", "ccomp") for child in said.children)  # not "dependent on"
            if said.dep_ == "acomp" and said.pos_ == "ADJ" and said.is_alpha and not said.is_stop and bare:
                yield from _made(tokens, noun, lead=said.lower_, lead_lemma=_lemma(said))


def _made(
    tokens: "Sequence[Token]", head: "Token", lead: str = "", lead_lemma: str = "", is_action: bool = False
) -> Iterator[Phrase]:
    lemmas = [lead_lemma] if lead_lemma else []
    lemmas += [lemma for token in tokens if (lemma := _lemma(token)) and not token.is_stop]
    spaced = "".join(_printed(token) + (" " if token.whitespace_ else "") for token in tokens)
    text = " ".join(f"{lead} {spaced}".split())
    head_lemma = _lemma(head)
    if head_lemma and lemmas and len(text.split()) <= _MOST_WORDS and len(set(lemmas)) == len(lemmas):
        yield Phrase(text, tuple(lemmas), head_lemma, is_action)


def _trimmed(chunk: "Span") -> "list[Token]":
    """The phrase without its articles, numbers and empty adjectives; nothing if it is no plain noun phrase."""
    tokens = list(chunk)
    while tokens and (tokens[0].pos_ in _WORDY | {"DET", "ADV", "PART", "ADP"} or tokens[0].lower_ in _EMPTY_LEADS):
        tokens = tokens[1:]
    if not tokens or tokens[-1].i != chunk.root.i or chunk.root.pos_ not in ("NOUN", "PROPN"):
        return []
    after = tokens[-1].doc[tokens[-1].i + 1 : tokens[-1].i + 2]
    if not tokens[-1].whitespace_ and after and after[0].text in _JOINING:  # the first half of a joined word
        return []
    plain = all(t.pos_ not in _WORDY - {"PUNCT"} and (t.is_alpha or t.text in _JOINING) for t in tokens)
    return tokens if plain else []


def _printed(token: "Token") -> str:
    """Lower case, except for names and abbreviations in a text that is not all capitals."""
    if _NAME_LIKE.match(token.text) and not token.sent.text.isupper():
        return token.text
    if token.pos_ == "PROPN" and token.text.istitle() and not token.is_sent_start:
        return token.text
    return token.lower_


def _lemma(token: "Token") -> str:
    """The lemma in lower case if the word carries meaning, else ""; "xxx" is a word that somebody struck out."""
    if (
        _MASK.fullmatch(token.text)
        or not token.is_alpha
        or len(token) < 2
        or token.pos_ in ("PRON", "DET", "ADP", "CCONJ", "SCONJ", "AUX", "PART")
    ):
        return ""
    return token.lemma_.casefold()
