"""What sentences say is the case: "payment declined", "card not working", "easy to share", "everything was perfect"."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.themes.wording import Wording

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_MOST_WORDS = 6
# Verbs that tell what somebody thinks or has, not what happens to a thing.
_EMPTY = frozenset(
    """appear be become begin come continue do feel get go happen have help include involve keep let look make mean
    need remain say see seem show start tell use want
    """.split()
)
# What goes wrong by itself. That things arrive or work is how stories are told, and names nothing.
_FAILING = frozenset(
    """break bounce collapse crash decay die disappear drop end expire fail fall freeze glitch hang lag leak lapse quit
    stall stick timeout vanish
    """.split()
)
_OBJECTS = frozenset("acomp agent attr ccomp dobj obj oprd xcomp".split())
_COMPLEMENTS = frozenset("xcomp ccomp advcl".split())
_WHOLE = frozenset("nothing everything".split())  # tagged as nouns or pronouns


def happenings(noun: "Token", wording: Wording) -> Iterator[tuple[str, "Token"]]:
    """What is said to happen to a thing or not, and the verb: ("declined", decline), ("not working", work)."""
    verb = noun.head
    passive = noun.dep_ == "nsubjpass"
    if not (passive or noun.dep_ == "nsubj") or verb.pos_ != "VERB" or verb.lemma_.casefold() in _EMPTY:
        return
    beside = {child.dep_ for child in verb.children}
    denied = "neg" in beside
    wished = any(child.tag_ == "TO" for child in verb.children)  # "calls to be answered"
    could = any(child.tag_ == "MD" and child.lemma_ not in ("will", "can") for child in verb.children)
    if beside & _OBJECTS or wished or (could and not denied) or not verb.is_alpha:
        return
    if not (passive or denied or verb.lemma_.casefold() in _FAILING):
        return
    after = verb.doc[verb.i + 1 : verb.i + 2]
    if not passive and after and after[0].dep_ in ("prep", "prt"):  # "depends on", "went up"
        return
    told = verb.lower_ if passive or verb.tag_ in ("VBN", "VBD", "VBG") else wording.gerund(verb)
    yield f"not {told}" if denied else told, verb


def doings(verb: "Token", wording: Wording) -> Iterator[tuple[str, list["Token"]]]:
    """What people did or had done, by itself and as it was done: ("listening", …), ("arriving promptly", …)."""
    if verb.pos_ != "VERB" or not verb.is_alpha or verb.lemma_.casefold() in _EMPTY:
        return
    if verb.tag_ == "VBN" or any(child.dep_ in ("neg", "prt") for child in verb.children):
        return  # who was satisfied was not satisfying
    told = wording.gerund(verb)
    yield told, [verb]
    after = verb.doc[verb.i + 1 : verb.i + 2]
    if after and after[0].dep_ == "advmod" and after[0].head == verb and _is_manner(after[0]):
        yield f"{told} {after[0].lower_}", [verb, after[0]]


def _is_manner(adverb: "Token") -> bool:
    return adverb.is_alpha and (adverb.tag_ == "RBR" or (adverb.tag_ == "RB" and adverb.lower_.endswith("ly")))


def judgements(doc: "Doc") -> Iterator[tuple[list["Token"], "Token"]]:
    """ "easy to share", "not easy to set up": the tokens, and the verb."""
    for token in doc[:-2]:
        link, verb = doc[token.i + 1], doc[token.i + 2]
        judges = token.pos_ in ("ADJ", "ADV") and token.is_alpha and token.lower_ != "not"
        done = verb.tag_ == "VB" and verb.dep_ in _COMPLEMENTS and verb.lemma_ not in ("be", "have", "say")
        if not judges or not done or link.lower_ != "to":
            continue
        beside = (*token.children, *token.head.children)
        denied = [child for child in beside if child.dep_ == "neg" and child.i < token.i]
        kept = [*denied[:1], token, link, verb]
        if verb.i + 1 < len(doc) and doc[verb.i + 1].dep_ == "prt":
            kept.append(doc[verb.i + 1])
        yield kept, verb


def sentences(doc: "Doc") -> Iterator[tuple[list["Token"], "Token"]]:
    """Short sentences that judge all there is, and their root: "everything in one place", "could not be better"."""
    for sentence in doc.sents:
        tokens = list(sentence)
        while tokens and (tokens[-1].is_punct or tokens[-1].is_space):
            tokens.pop()
        begins = bool(tokens) and tokens[0].lower_ in _WHOLE
        if not begins and not any(token.dep_ == "neg" for token in tokens[:2]):
            continue
        fewest = 1 if begins else 3
        plain = all(token.is_alpha or token.dep_ == "neg" for token in tokens) and not _points(tokens[1:])
        of_things = any(token.pos_ == "NOUN" for token in tokens) and not begins
        if plain and not of_things and fewest <= len(tokens) <= _MOST_WORDS:
            yield tokens, sentence.root


def _points(tokens: "list[Token]") -> bool:
    """True where somebody or something is meant that the sentence does not name."""
    return any(token.pos_ in ("PRON", "PROPN", "INTJ") for token in tokens)
