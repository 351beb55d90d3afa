"""Short phrases that passages use and that could stand as a heading.

Noun phrases ("radio coverage in rural areas", "no signal", "terms and conditions"), what is done ("hiding code cells",
"waiting for a doctor"), what is said of a thing ("slow log-in" of "the log-in is slow") and of somebody ("polite and
helpful"), and what is the case ("payment declined", "easy to share"; see `clauses`). All words are the passages' own;
only capitals, number and verb endings are those of a heading.
"""

import gc
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.models import load_spacy
from pipeline.themes.clauses import doings, happenings, is_no_praise, is_spared, judgements, particle, sentences
from pipeline.themes.wording import Wording, is_abbreviated

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_USED = frozenset({"tok2vec", "transformer", "tagger", "parser", "attribute_ruler", "lemmatizer", "morphologizer"})
_MOST_WORDS = 6
_LINKING = frozenset("in for of with between on to at from across about into without during".split())
# Verbs that say little about what is done, so that their object alone is the better label.
_LIGHT = frozenset(
    """be have do make want need like think know see come tell feel hope wish seem look put mean believe guess love hate
    prefer enjoy involve include require enable allow help try say go depend base happen give let keep
    """.split()
)
_BETWEEN = _LINKING | {"and", "the", "a", "an"}  # which a heading may have twice
_WORDY = frozenset({"CCONJ", "SCONJ", "PRON", "PUNCT", "SYM", "X", "INTJ", "SPACE", "NUM"})
_JOINING = frozenset({"-"})
_ORDINALS = frozenset("first second third top".split())
_DASH = re.compile(r"(?<!\S)-(?!\S)")  # that of "copying cells - support", which the parser takes for a hyphen
_EMPTY_LEADS = frozenset(
    "other such own same certain various several many few any some most much lot really very like etc".split()
)
_SPANS = frozenset("minute hour day week month year yr minutes hours days weeks months years yrs".split())
_NOT = frozenset("no zero".split())
_SIGNS = {"zero": "no", "n't": "not"} | {word: word for word in "no not nothing everything more less fewer".split()}
_WEIGHTY = frozenset("bottom call empty front full move name serious side top".split())  # though spaCy stops at them
_POINTING = frozenset("it this that they these those which".split())
_PARTICLES = frozenset("down in off out up".split())
Kind = Literal["thing", "action", "quality", "happening", "judgement", "sentence"]
_MASK = re.compile(r"(.)\1+|[x-]{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class Phrase:
    """`text` as it can be printed; `lemmas` its words that carry meaning; `head` the lemma it is about.

    kind: a thing ("radio coverage"), an action ("hiding code cells"), a quality ("helpful"), a happening ("payment
    declined"), a judgement ("easy to share") or a whole sentence that is one ("everything was perfect").
    """

    text: str
    lemmas: tuple[str, ...]
    head: str
    kind: Kind = "thing"
    parts: tuple["Phrase", ...] = ()  # of a phrase that nobody said as a whole: "passwords and log-ins"

    @property
    def is_action(self) -> bool:
        """True for what begins with a verb and goes on with a thing."""
        return self.kind == "action"

    @property
    def is_quality(self) -> bool:
        """True for an adjective that stands by itself."""
        return self.kind == "quality"

    @property
    def is_clause(self) -> bool:
        """True for what says what is the case."""
        return self.kind in ("happening", "judgement", "sentence")

    @property
    def is_judgement(self) -> bool:
        """True for what says something though each of its words says little."""
        return self.kind in ("judgement", "sentence")

    @property
    def about(self) -> frozenset[str]:
        """Its lemmas without the verb: what it is about."""
        return frozenset(self.lemmas[1:] if self.is_action else self.lemmas)

    @property
    def is_linked(self) -> bool:
        """True for what goes on with a preposition."""
        return any(word in _LINKING for word in self.text.split())

    @property
    def is_pair(self) -> bool:
        """True for two of a kind: "terms and conditions", "polite and helpful"."""
        return "and" in self.text.split()

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
    docs = list(nlp.pipe([_DASH.sub("–", text) for text in texts], batch_size=128))
    wording = Wording.learn(docs)
    reads = [
        Read(
            phrases=tuple(_Reader(doc, wording).phrases()),
            lemmas=frozenset(_lemmas(doc)),
        )
        for doc in docs
    ]
    del nlp, docs
    gc.collect()  # a pipeline holds itself in cycles, and the embedding model is loaded next
    return reads


def _lemmas(doc: "Doc") -> Iterator[str]:
    for token in doc:
        if token.lower_ in _SIGNS:
            yield _SIGNS[token.lower_]
        elif lemma := _content(token):
            yield lemma
        if token.pos_ == "VERB" and (part := particle(token)):
            yield f"{token.lemma_.casefold()} {part}"


class _Reader:
    """Reads the phrases of one passage."""

    def __init__(self, doc: "Doc", wording: Wording) -> None:
        self.doc = doc
        self.wording = wording
        self.chunks = {
            chunk.root.i: kept
            for chunk in doc.noun_chunks
            if (kept := [*_trimmed(chunk), *self._other_half(chunk.root)])[0:1] and kept[0].i <= chunk.root.i
        }

    def _other_half(self, noun: "Token") -> "list[Token]":
        """ "up" of "auto top up", whose "top" the parser takes for the thing; not that of "moving cells up"."""
        after = self.doc[noun.i + 1 : noun.i + 2]
        return list(after) if after and after[0].lower_ in _PARTICLES and self.wording.is_doing(noun) else []

    def phrases(self) -> Iterator[Phrase]:
        for root, tokens in self.chunks.items():
            noun = self.doc[root]
            if not is_no_praise(noun, tokens):
                yield from self._made(tokens, noun)
            nouns = [token for token in tokens if token.i == root or token.dep_ == "compound"]
            joined = tokens[-1].i == root and nouns[-1].i - nouns[0].i == len(nouns) - 1
            if 1 < len(nouns) < len(tokens) and joined and not _denied(tokens) and not _is_half(nouns[0]):
                yield from self._made(nouns, noun)
            yield from self._with_complement(root)
            yield from self._with_partner(root)
            if not _denied(tokens):
                yield from self._with_verb(noun, tokens)
                yield from self._said_of(noun, tokens)
        for token in self.doc:
            yield from self._happening(token)
            yield from self._qualities(token)
            yield from self._doing(token)
        for tokens, verb in judgements(self.doc):
            yield from self._judged(tokens, verb, "judgement")
        for tokens, verb in sentences(self.doc):
            yield from self._judged(tokens, verb, "sentence")

    def _with_complement(self, root: int) -> Iterator[Phrase]:
        """ "signal in rural areas": a noun phrase, a preposition, another noun phrase."""
        for link in self.doc[root].children:
            if link.dep_ == "prep" and link.lower_ in _LINKING and link.i == self.chunks[root][-1].i + 1:
                for inner in link.children:
                    if inner.dep_ == "pobj" and inner.i in self.chunks:
                        yield from self._made(self.chunks[root], self.doc[root], link=link, inner=self.chunks[inner.i])

    def _with_partner(self, root: int) -> Iterator[Phrase]:
        """ "terms and conditions": two noun phrases with nothing but "and" between them."""
        for other in self.doc[root].children:
            tokens = self.chunks[root]
            if other.dep_ == "conj" and other.i in self.chunks and other.tag_ != "NNP":
                joined, second = tokens[-1].i + 1, self.chunks[other.i]
                if second[0].i == joined + 1 and self.doc[joined].lower_ in ("and", "&"):
                    yield from self._made(tokens, self.doc[root], link=self.doc[joined], inner=second)

    def _with_verb(self, noun: "Token", tokens: "list[Token]") -> Iterator[Phrase]:
        """ "hiding code cells" from "hide the code cells", "waiting for a doctor" from "we waited for a doctor"."""
        link = noun.head if noun.dep_ == "pobj" and noun.head.lower_ in _LINKING else None
        verb = link.head if link is not None else noun.head
        wanted = noun.dep_ in ("dobj", "obj") or (link is not None and link.dep_ == "prep")
        if not wanted or verb.pos_ != "VERB" or not _lemma(verb) or verb.lemma_.lower() in _LIGHT:
            return
        parts = [child for child in verb.children if child.dep_ == "prt"]
        kept = [child.dep_ for child in verb.children if child.dep_ in ("neg", "dobj", "obj", "nsubjpass")]
        if "neg" in kept or (link is not None and (kept or verb.tag_ == "VBN")):  # "satisfied with the service"
            return
        if is_spared(verb):
            return
        if link is not None and (link.i != (parts[-1] if parts else verb).i + 1):
            return
        lead = " ".join([self.wording.gerund(verb), *(part.lower_ for part in parts), *([link.lower_] if link else [])])
        yield from self._made(tokens, noun, lead=lead, lead_lemma=_lemma(verb), kind="action")

    def _said_of(self, noun: "Token", tokens: "list[Token]") -> Iterator[Phrase]:
        """ "slow log-in" from "the log-in is slow"."""
        verb = noun.head
        if noun.dep_ != "nsubj" or verb.lemma_ != "be" or any(child.dep_ == "neg" for child in verb.children):
            return
        for said in verb.children:
            bare = not any(child.dep_ in ("prep", "xcomp", "ccomp") for child in said.children)  # not "dependent on"
            if said.dep_ == "acomp" and said.pos_ == "ADJ" and said.is_alpha and not said.is_stop and bare:
                yield from self._made(tokens, noun, lead=self.wording.printed(said), lead_lemma=_lemma(said))

    def _qualities(self, token: "Token") -> Iterator[Phrase]:
        """ "polite and helpful": two adjectives that stand by themselves."""
        if token.pos_ != "ADJ" or token.dep_ == "amod" or not _lemma(token) or token.is_stop:
            return
        if not any(child.dep_ == "neg" for child in (*token.children, *token.head.children)):
            yield Phrase(self.wording.printed(token), (_lemma(token),), _lemma(token), "quality")
        for other in token.children:
            if other.dep_ == "conj" and other.pos_ == "ADJ" and _lemma(other) and other.i == token.i + 2:
                joined = self.doc[token.i + 1]
                if joined.lower_ in ("and", "&") and not any(child.dep_ == "neg" for child in token.head.children):
                    text = f"{self.wording.printed(token)} and {self.wording.printed(other)}"
                    yield Phrase(text, (_lemma(token), _lemma(other)), _lemma(other))

    def _happening(self, verb: "Token") -> Iterator[Phrase]:
        """ "payment declined" from "my payment was declined", "card not working" from "the card doesn't work"."""
        for told, thing in happenings(verb, self.wording):
            noun = self._meant(thing)
            tokens = self.chunks.get(noun.i)
            if tokens is None or _denied(tokens):
                continue
            lemmas = [lemma for token in tokens if (lemma := _content(token))]
            lemmas += ["not", _lemma(verb)] if told.startswith("not ") else [_lemma(verb)]
            text = " ".join(f"{self._printed(tokens, noun)} {told}".split())
            if len(lemmas) > 1 and all(lemmas) and len(set(lemmas)) == len(lemmas) and len(text.split()) <= _MOST_WORDS:
                yield Phrase(text, tuple(lemmas), lemmas[-1], "happening")

    def _meant(self, thing: "Token") -> "Token":
        """What "it" or "this" stands for: the thing spoken of last."""
        if thing.lower_ not in _POINTING:
            return thing
        before = [root for root in self.chunks if root < thing.i]
        return self.doc[max(before)] if before else thing

    def _doing(self, verb: "Token") -> Iterator[Phrase]:
        """ "listening" from "they listened", "arriving promptly" from "arrived promptly"."""
        part = particle(verb)
        if part or verb.lemma_.casefold() not in _LIGHT:
            for told, tokens in doings(verb, self.wording):
                lemmas = (f"{verb.lemma_.casefold()} {part}",) if part else tuple(_lemma(token) for token in tokens)
                if all(lemmas):
                    yield Phrase(told, lemmas, lemmas[0], "happening")

    def _judged(self, tokens: "list[Token]", verb: "Token", kind: Kind) -> Iterator[Phrase]:
        """ "easy to share" as it was said."""
        lemmas = [_SIGNS.get(token.lower_) or _content(token) for token in tokens if token.pos_ != "AUX"]
        lemmas += ["not"] if any(token.dep_ == "neg" for token in tokens) else []
        kept = tuple(dict.fromkeys(lemma for lemma in lemmas if lemma))
        if len(kept) > (kind != "sentence"):
            cut = ("neg", "aux")  # "ca" and "n't" of "can't"
            text = " ".join(token.norm_ if token.dep_ in cut else self.wording.printed(token) for token in tokens)
            yield Phrase(text, kept, _lemma(verb) or kept[-1], kind)

    def _made(
        self,
        tokens: "Sequence[Token]",
        head: "Token",
        lead: str = "",
        lead_lemma: str = "",
        kind: Kind = "thing",
        link: "Token | None" = None,
        inner: "Sequence[Token]" = (),
    ) -> Iterator[Phrase]:
        lemmas = [lead_lemma] if lead_lemma else []
        lemmas += [lemma for token in [*tokens, *inner] if (lemma := _SIGNS.get(token.lower_) or _content(token))]
        words = [
            lead,
            self._printed(tokens, head, after=lead if kind == "action" else "", alone=not lead and not inner),
        ]
        if link is not None and inner:
            joined = "and" if link.pos_ == "CCONJ" or link.text == "&" else link.lower_
            words += [joined, self._printed(inner, inner[-1], after="" if joined == "and" else joined)]
        text = " ".join(" ".join(words).split())
        head_lemma = _lemma(head)
        said = [word for word in text.split() if word not in _BETWEEN]
        said_once = len(set(lemmas)) == len(lemmas) and len(set(said)) == len(said)  # not "up top up"
        if head_lemma and lemmas and len(text.split()) <= _MOST_WORDS and said_once:
            yield Phrase(text, tuple(lemmas), head_lemma, kind)

    def _printed(self, tokens: "Sequence[Token]", head: "Token", after: str = "", alone: bool = False) -> str:
        """The tokens as a heading has them; behind a verb or a preposition a lone thing keeps its article."""
        shown = [self.wording.printed(token) for token in tokens]
        if alone and len(tokens) == 1 and self.wording.is_said_as_doing(head):
            shown[-1] = self.wording.gerund(head)  # "print", which a heading has as "printing"
        elif tokens[-1].i == head.i and not any(token.pos_ == "PROPN" for token in tokens[:-1]):
            shown[-1] = self.wording.plural(head)
        text = "".join(word + (" " if token.whitespace_ else "") for word, token in zip(shown, tokens, strict=True))
        lone = head.tag_ == "NN" and shown[-1].casefold() == head.lower_
        if after and lone and tokens[0].i > 0:
            article = self.doc[tokens[0].i - 1]
            if article.pos_ == "DET" and article.lower_ in ("the", "a", "an"):
                return f"{article.lower_} {text}"
        return text


def is_mask(word: str) -> bool:
    """True for what stands where somebody struck a word out before we saw it: "xxx", "Xxxx-xx"."""
    return _MASK.fullmatch(word) is not None


def _denied(tokens: "Sequence[Token]") -> bool:
    return tokens[0].lower_ in _NOT


def _is_half(token: "Token") -> bool:
    """True for the "class" of "first-class care" and of "first class care"."""
    before = token.doc[token.i - 1]
    return before.lower_ in _ORDINALS or (before.text in _JOINING and not before.whitespace_)


def _trimmed(chunk: "Span") -> "list[Token]":
    """The phrase without its articles, numbers and empty adjectives; nothing if it is no plain noun phrase."""
    tokens = list(chunk)
    while (
        tokens
        and tokens[0].lower_ not in _NOT
        and (tokens[0].is_punct or _leads_nowhere(tokens[0], alone=len(tokens) == 1))
    ):
        tokens = tokens[1:]
    if not tokens or tokens[-1].i != chunk.root.i or chunk.root.pos_ not in ("NOUN", "PROPN"):
        return []
    if any(is_mask(token.text) for token in tokens):
        return []
    after = tokens[-1].doc[tokens[-1].i + 1 : tokens[-1].i + 2]
    if not tokens[-1].whitespace_ and after and after[0].text in _JOINING:  # the first half of a joined word
        return []
    inner = _WORDY - {"PUNCT", "CCONJ"}
    plain = (
        all(
            (t.pos_ not in inner and t.is_alpha and (t.pos_ != "CCONJ" or t.lower_ == "and")) or t.text in _JOINING
            for t in tokens[1 if _denied(tokens) else 0 :]
        )
        and tokens[0].is_alpha
    )
    return tokens if plain else []


def _leads_nowhere(token: "Token", alone: bool) -> bool:
    if token.lower_ in _SPANS and not alone:  # "two hour waiting time"
        return True
    if token.lower_ == "old" and any(before.lower_ in _SPANS for before in token.doc[max(0, token.i - 2) : token.i]):
        return True  # "two-year-old daughter"
    return token.pos_ in _WORDY | {"DET", "ADV", "PART", "ADP"} or token.lower_ in _EMPTY_LEADS


def _lemma(token: "Token") -> str:
    """The lemma in lower case if the word carries meaning, else ""."""
    if (
        is_mask(token.text)
        or not token.is_alpha
        or len(token) < 2
        or token.pos_ in ("PRON", "DET", "ADP", "CCONJ", "SCONJ", "AUX", "PART")
    ):
        return ""
    # "quicker" is not what those said who found it quick
    return token.lower_ if token.tag_ in ("JJR", "RBR") else token.lemma_.casefold()


def _content(token: "Token") -> str:
    """The lemma, unless it is a stop word; "IT" and "US" are none, nor may they be printed unseen."""
    is_plain = token.is_stop and token.lower_ not in _WEIGHTY and not is_abbreviated(token)
    if token.lower_ in _PARTICLES or is_plain:
        return ""
    return _lemma(token)
