"""What sentences say is the case: "payment declined", "card not working", "easy to share", "everything was perfect"."""

from collections.abc import Iterator, Mapping, Sequence
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
# What people do not think or want says nothing of the thing.
_THOUGHT = frozenset(
    "be become do feel get have know let like look mean need remain say seem tell think understand use want".split()
)
_PARTICLES = frozenset("down in off on out through up".split())
_PHRASAL = frozenset({("look", "after")})
_WHEN_AND_WHERE = frozenset("abroad early home late online overseas".split())
_PRAISE = frozenset(
    "better clear easy efficient excellent fast faster friendly good great helpful nice prompt quick quicker".split()
)
_WISHING = frozenset("could improve like need should want wish would".split())
_SPARING = frozenset("avoid without".split())
_NEEDING = frozenset("have make need require".split())  # "not know how to" or "not able to" says what people want to do
_GOVERNED = frozenset("acl ccomp conj pcomp xcomp".split())
_ASIDE = 5  # words between "not" and its verb: "isn't my card payment showing"
_PASSIVE = frozenset("auxpass nsubjpass".split())
_OBJECTS = frozenset("acomp agent attr ccomp dobj obj oprd xcomp".split())
_COMPLEMENTS = frozenset("xcomp ccomp advcl".split())
_WHOLE = frozenset("nothing everything".split())  # tagged as nouns or pronouns


def happenings(verb: "Token", wording: Wording) -> Iterator[tuple[str, "Token"]]:
    """What happens or does not, and to what: ("declined", payment), ("not working", card), ("not recognised", it)."""
    wished = any(child.tag_ == "TO" for child in verb.children)  # "calls to be answered"
    if verb.pos_ != "VERB" or not verb.is_alpha or wished:
        return
    beside = {child.dep_: child for child in verb.children}
    denial = _denial(verb)
    if denial is None:
        yield from _done(verb, beside, wording)
    elif verb.lemma_.casefold() not in _THOUGHT:
        yield from _undone(verb, beside, denial, wording)


def _done(verb: "Token", beside: "Mapping[str, Token]", wording: Wording) -> Iterator[tuple[str, "Token"]]:
    """ "payment declined", "kernel dying": what somebody did to a thing, or it did in failing."""
    thing = beside.get("nsubjpass") or beside.get("nsubj")
    could = any(child.tag_ == "MD" for child in verb.children)  # "when will my card be delivered?"
    if thing is None or could or beside.keys() & _OBJECTS or verb.lemma_.casefold() in _EMPTY:
        return
    passive = bool(beside.keys() & _PASSIVE)
    if passive or (verb.lemma_.casefold() in _FAILING and not beside.keys() & {"prep", "prt"}):  # "went up"
        yield verb.lower_ if passive or verb.tag_ in ("VBN", "VBD") else wording.gerund(verb), thing


def _undone(
    verb: "Token", beside: "Mapping[str, Token]", denial: "Token", wording: Wording
) -> Iterator[tuple[str, "Token"]]:
    """ "card not working", also from "a card that doesn't work"; and "payment not recognised" from "a payment that I
    don't recognise"."""
    thing = beside.get("nsubjpass") or beside.get("nsubj")
    told_of = verb.head if verb.dep_ == "relcl" and thing is not None else None
    if told_of is not None and thing is not None and thing.tag_ in ("WDT", "WP"):
        thing, told_of = told_of, None  # it does so itself
    passive = bool(beside.keys() & _PASSIVE)
    asked = [token for token in verb.doc[denial.i + 1 : verb.i] if token.pos_ in ("NOUN", "PROPN")]
    missed = beside.get("dobj") or told_of
    if missed is not None and not passive:
        if done := wording.participle(verb):
            yield f"not {done}", missed
    elif (thing or asked) and not beside.keys() & _OBJECTS:
        told = verb.lower_ if passive else wording.gerund(verb)
        yield f"not {told} {particle(verb)}".rstrip(), asked[-1] if asked else thing or verb


def _denial(verb: "Token") -> "Token | None":
    """The "not" of a verb: its own, or that of a question, "why isn't my refund showing up"."""
    for token in reversed(verb.doc[max(verb.sent.start, verb.i - _ASIDE) : verb.i]):
        if token.pos_ == "VERB" or token.is_punct:
            return None
        if token.dep_ == "neg":
            return token
    return None


def doings(verb: "Token", wording: Wording) -> Iterator[tuple[str, list["Token"]]]:
    """What people did or had done, by itself and as it was done: ("getting through", …), ("arriving promptly", …)."""
    beside = {child.dep_ for child in verb.children}
    if verb.pos_ != "VERB" or not verb.is_alpha or "neg" in beside or is_spared(verb):
        return
    told, after = wording.gerund(verb), verb.doc[verb.i + 1 : verb.i + 2]
    if part := particle(verb):
        has_done = "dobj" in beside or any(child.lemma_.casefold() == "have" for child in verb.children)
        undergone = verb.tag_ == "VBN" and not has_done
        if undergone or beside & _PASSIVE:
            yield f"being {verb.lower_} {part}", [verb]
        elif (verb.lemma_.casefold(), part) not in _PHRASAL:  # "looking after" whom?
            yield f"{told} {part}", [verb]
    # who was satisfied was not satisfying
    elif verb.tag_ != "VBN" and "prt" not in beside and wording.is_done(verb) and verb.lemma_.casefold() not in _EMPTY:
        yield told, [verb]
        if after and after[0].dep_ == "advmod" and after[0].head == verb and _is_manner(after[0]):
            yield f"{told} {after[0].lower_}", [verb, after[0]]
        elif after and after[0].lower_ == "on" and after[0].head == verb:
            for time in after[0].children:
                if time.lower_ == "time" and time.i == verb.i + 2:  # neither "on time sheets" nor "on the last time"
                    yield f"{told} on time", [verb, time]


def particle(verb: "Token") -> str:
    """ "up" of "it shows up", "through" of "I got through to somebody", "" of "I looked through papers"."""
    after = verb.doc[verb.i + 1 : verb.i + 2]
    if after and (verb.lemma_.casefold(), after[0].lower_) in _PHRASAL:
        return after[0].lower_
    if not after or after[0].head != verb or after[0].lower_ not in _PARTICLES:
        apart = (child.lower_ for child in verb.children if child.dep_ == "prt" and child.lower_ in _PARTICLES)
        return next(apart, "")  # "they picked me up"
    with_it = {child.dep_ for child in after[0].children}
    stands = after[0].dep_ == "prt" or "prep" in with_it or (after[0].lower_ == "through" and not with_it)
    return after[0].lower_ if stands else ""


def _is_manner(adverb: "Token") -> bool:
    if adverb.lower_ in _WHEN_AND_WHERE:
        return True
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
        says = any(token.pos_ in ("VERB", "AUX") for token in tokens)  # not "not much better", which says the reverse
        if not begins and not (says and any(token.dep_ == "neg" for token in tokens[:2])):
            continue
        fewest = 2 if begins else 3
        plain = all(token.is_alpha or token.dep_ == "neg" for token in tokens) and not _points(tokens[1:])
        of_things = any(token.pos_ == "NOUN" for token in tokens) and not begins
        if plain and not of_things and fewest <= len(tokens) <= _MOST_WORDS and not _answers(tokens):
            yield tokens, sentence.root


def _answers(tokens: "list[Token]") -> bool:
    """True for "nothing excellent service", which says nothing to what was asked and then something else."""
    after = [token.pos_ for token in tokens[1:]]
    return tokens[0].lower_ == "nothing" and after[:1] in (["DET"], ["ADJ"]) and "NOUN" in after


def _points(tokens: "list[Token]") -> bool:
    """True where somebody or something is meant that the sentence does not name."""
    return any(token.pos_ in ("PRON", "PROPN", "INTJ") for token in tokens)


def is_spared(verb: "Token") -> bool:
    """True for what is not done: "run" of "without running it", "we don't have to run it" and "no need to run it"."""
    while verb.dep_ in _GOVERNED and verb.head.i != verb.i:
        joined = verb.dep_ == "conj"  # "run" of "without stopping and running it" is as denied as "stopping"
        verb = verb.head
        if joined:
            continue
        denied = any(child.dep_ == "neg" or child.lower_ == "no" for child in verb.children)
        if verb.lemma_.casefold() in _SPARING or (denied and verb.lemma_.casefold() in _NEEDING):
            return True
    return False


def is_no_praise(noun: "Token", tokens: "Sequence[Token]") -> bool:
    """True for "a quick response" that somebody did not get or would like."""
    if tokens[0].lower_ not in _PRAISE:
        return False
    verb = noun.head if noun.head.pos_ in ("VERB", "AUX") else noun
    told = [*verb.children, *(verb.head.children if verb.dep_ in ("xcomp", "ccomp") else ())]
    return any(child.dep_ == "neg" or child.lemma_.casefold() in _WISHING for child in told) or (
        verb.lemma_.casefold() in _WISHING or verb.head.lemma_.casefold() in _WISHING
    )
