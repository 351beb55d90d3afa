"""Which of a theme's phrases names it best, beside the names of all other themes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from pipeline.themes.phrases import Phrase

# Words that name nothing by themselves,
GENERIC = frozenset(
    """
    ability access amount answer anything area aspect bit case change comment day deal detail difference difficulty
    effect end couple everything example experience fact feature form functionality future idea improvement
    individual issue item job kind level list look lot matter mind month name need number one option part people
    person place point position possibility problem process question range reason respect response rest result sense
    set side situation something sort state step stuff suggestion support system task term thank thing time tool
    type use user value view want way week work year good bad great nice easy hard difficult new old big able
    available important useful different main general better easier simple simply overall current additional extra
    minute hour morning afternoon evening today monday tuesday wednesday thursday friday saturday sunday january
    february march april june july august september october november december man woman lady bloke lad lass boy girl
    guy fella mr mrs miss ms mate everybody everyone somebody someone anybody anyone nobody colleague friend mother
    father wife husband no thanks lack couple bunch plenty
    not nothing everything more less fewer cause occasion opinion naebody nowt owt summat feel feeling previous
    help percent pls plz thx
    """.split()
)
# save these in a theme where many use them and hardly anybody elsewhere does.
SUBJECTS = frozenset(
    """
    access answer change comment detail example experience feature form help idea improvement job level list name number
    option process question response result suggestion support system task term tool type user value view work
    """.split()
)
_VAGUE = frozenset(
    "circumstance content information integration management output publication".split()
)  # by themselves
# "Quicker responses" is not what those said who found them quick.
_CONTRARY = frozenset("no not better easier faster fewer less longer more quicker sooner worse".split())
SAME_MEANING = 0.9  # cosine of two phrases that would read as one label
_TRIED = 24  # phrases a theme that are weighed against other themes' names,
_WITHIN = 1.0  # and how much less than the best they may be worth by themselves
_ROUNDS = 6  # of weighing; they seldom take more than three
_TELLS = 2.0  # what it is worth that all of a theme's passages are nearest to its name,
_DRAWS = 0.25  # and how much of that it costs to draw as large a share of another theme's away from theirs
_MOST_LIFT = 2.0  # log2 of how much more often its words are used here, above which more is no better
_PAIRED = -0.25  # a heading of two parts, beside one
_LINKED = -0.25  # what has something else behind it: "speed of voice",
_EMPTY = -0.5  # and if it is generic: "hours on planes"
_USED = -0.3  # what is used, beside the thing itself
_BORNE_OUT = 0.5  # share of a theme's contributors who must use every word of its name, or of one of its two parts,
_UNTRUE = 1.5  # what a name is worth less of which some word is used by none,
_VOUCHED = 0.7  # and how much of that is made up for where all mean it all the same
_MEANT = 0.5  # what it is worth that all mean what a phrase says beyond its parts
_PARTS = 6  # phrases a theme that two parts are taken from
_FEWEST_FOR_PART = 0.15  # share of a theme's contributors who must use each part
_FEWEST_FOR_QUALITY = 0.09  # of how somebody was, which each tells in a word of their own
_PARTS_ALIKE = 0.75  # cosine of parts that say the same
_RELATED = 0.45  # cosine of a part of a name to its theme,
_RELATED_QUALITY = 0.35  # and of how somebody was
_CLEAR = 1.3  # what a phrase is worth that names a theme by itself; where there is none,
_RELATED_OF_TWO = 0.25  # each part may be less like it,
_MARGIN_OF_TWO = -0.1  # or a little more like another,
_FEWEST_OF_TWO = 0.1  # and told by fewer
_DOUBT = 0.15  # what a name loses that a person should think over
_DOUBTFUL_SIMILARITY = 0.6  # of names that two blind readers would print and would not, this told most apart
_DOUBTFUL_REACH = 0.4
_DOUBTFUL_REACH_OF_ONE = 0.5  # of a phrase that one person alone put that way
_DOUBTFUL_MARGIN = 0.02
_DOUBTFUL_BORNE_OUT = 0.1


@dataclass(frozen=True)
class Candidate:
    """A phrase that might name a theme, and how well it does.

    vector: of length 1. similarity, margin: cosine to the theme's centroid, and by how much that is more than to any
    other's. coverage, borne_out, reach, lift, meant, said_by, is_typical: see `Usage`. telling: how many of its words
    tell this theme from others. worded_by: contributors who put it so.
    """

    theme: int
    phrase: Phrase
    vector: np.ndarray
    similarity: float
    margin: float
    coverage: float
    borne_out: float
    reach: float
    lift: float
    telling: int
    is_typical: bool
    said_by: int
    meant: float = 0.5
    worded_by: int = 2

    @property
    def is_subject(self) -> bool:
        """True for a single word that is what the theme is about, and so needs no other beside it."""
        marked = self.reach >= 0.5 and self.lift >= 1.75 and self.margin >= 0.12 and self.similarity >= 0.45
        return len(self.phrase.lemmas) == 1 and self.telling == 1 and (self.is_typical or marked)


def score(candidate: Candidate) -> float:
    """How well a phrase names a theme by itself, about -2 to 3.

    Its cosine to the theme's centroid, above all, and its margin over other themes; the share of contributors it
    describes; how much more often they use its words than others; whether they mean what it adds to its parts; and how
    much it looks like a heading. Less so far as one of its words is used by few, though less where all mean it: so
    "Restarting notebooks" does not stand over answers on notebooks, while "Waiting for transfers" may over "how long
    does it take?"; of two parts, so far as few speak of either. What is not the case must have been said: its meaning
    is hardly told from that of what is. And less if a person should think it over.
    """
    is_contrary = bool(_CONTRARY & set(candidate.phrase.lemmas))
    vouched = max(candidate.borne_out / _BORNE_OUT, 0.0 if is_contrary else _VOUCHED * (2 * candidate.meant - 1))
    return (
        2.0 * candidate.similarity
        + 0.6 * candidate.margin
        + 0.4 * candidate.reach
        + 0.1 * min(candidate.lift, _MOST_LIFT)
        + _MEANT * (candidate.meant - 0.5)
        + _shape(candidate)
        - _UNTRUE * max(0.0, 1.0 - vouched)
        - _DOUBT * is_doubtful(candidate)
    )


def _shape(candidate: Candidate) -> float:
    """How far a phrase is from a heading, 0 at best."""
    phrase = candidate.phrase
    if phrase.parts:
        return _PAIRED
    if len(phrase.lemmas) == 1:
        if candidate.telling == 0 or phrase.head in _VAGUE:
            return -0.75
        if phrase.is_quality:  # "helpful", which goes with "kind"
            return -1.6
        if phrase.kind == "sentence":  # "nothing at all"
            return -0.5
        if " " in phrase.head:  # "getting through"
            return -0.25
        if phrase.is_clause:  # rather "delivery" than "delivering"
            return -0.4 if candidate.is_subject else -0.8
        return -0.25 if candidate.is_subject else -0.4
    padding = len(set(phrase.lemmas) & GENERIC - {phrase.head, "no"})  # "year contract"
    turned = _USED if phrase.is_action and phrase.lemmas[0] == "use" else 0.0  # "bank transfers" says "using" them, too
    turned += _LINKED * phrase.is_linked
    if candidate.telling < 2:
        turned += _EMPTY * (phrase.is_linked and phrase.head in GENERIC)  # but "access to records" may be the subject
        return turned + (-0.45 if candidate.telling == 0 or padding else -0.1)
    alone = 0.0
    if candidate.worded_by < 2:  # and nobody says "group therapy time"
        alone = -0.3 if phrase.is_compound and phrase.head in GENERIC else -0.08
    if candidate.said_by < 2:
        is_turned = phrase.is_action or phrase.is_linked or phrase.is_pair or phrase.is_clause
        alone = -0.6 if is_turned or {"no", "not"} & set(phrase.lemmas) else -0.1
    return turned + alone - 0.03 * padding


def put_together(candidates: Sequence[Candidate]) -> list[Phrase]:
    """Headings of two parts, as "passwords and log-ins": two short phrases that several use and that differ in meaning.

    Where no phrase names the theme by itself, it may be about two things, and each need not be as like all of it.
    """
    is_clear = any(score(c) >= _CLEAR for c in candidates)
    short = [
        c
        for c in sorted(candidates, key=lambda c: (-score(c) - 0.2 * (len(c.phrase.lemmas) == 1), c.phrase.text))
        if c.telling
        and len(c.phrase.text.split()) <= 2
        and not (c.phrase.is_action or c.phrase.is_pair or c.phrase.is_clause or "no" in c.phrase.lemmas)
        and (_is_part(c) or (not is_clear and _is_one_of_two(c)))
    ]
    kept = [[c for c in short if c.phrase.is_quality == quality][:_PARTS] for quality in (False, True)]
    return paired(sorted([*kept[0], *kept[1]], key=lambda c: (-c.coverage, c.phrase.text)))


def _is_part(candidate: Candidate) -> bool:
    is_quality = candidate.phrase.is_quality
    return (
        (candidate.margin > 0 or is_quality)
        and candidate.similarity >= (_RELATED_QUALITY if is_quality else _RELATED)
        and (len(candidate.phrase.lemmas) > 1 or candidate.lift >= 1.0)
        and candidate.coverage >= (_FEWEST_FOR_QUALITY if is_quality else _FEWEST_FOR_PART)
        and candidate.worded_by > 1
    )


def _is_one_of_two(candidate: Candidate) -> bool:
    return (
        not candidate.phrase.is_quality
        and (candidate.worded_by > 1 or len(candidate.phrase.lemmas) == 1)
        and candidate.margin > _MARGIN_OF_TWO
        and candidate.similarity >= _RELATED_OF_TWO
        and candidate.lift >= 1.0
        and candidate.coverage >= _FEWEST_OF_TWO
    )


def paired(candidates: Sequence[Candidate]) -> list[Phrase]:
    """Every two of these joined by "and", in their order, unless they share a word, say the same or do not match."""
    made: list[Phrase] = []
    for first, second in combinations(candidates, 2):
        lemmas = [[*c.phrase.lemmas, "".join(c.phrase.lemmas)] for c in (first, second)]  # "jet blue" is "JetBlue"
        apart = not any(_are_kin(one, other) for one in lemmas[0] for other in lemmas[1])
        # neither "copy and pasting" nor "helpful and staff"
        apart = apart and _is_doing(first.phrase) == _is_doing(second.phrase)
        apart = apart and first.phrase.is_quality == second.phrase.is_quality
        if apart and float(first.vector @ second.vector) < _PARTS_ALIKE:
            parts = (first.phrase, second.phrase)
            text = f"{parts[0].text} and {parts[1].text}"
            made.append(Phrase(text, parts[0].lemmas + parts[1].lemmas, parts[1].head, parts=parts))
    return made


def _are_kin(one: str, other: str) -> bool:
    """True for a word and itself or another made of it: "farm" and "farmer"."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and (len(short) > 3 or short == long)


def _is_doing(phrase: Phrase) -> bool:
    return len(phrase.lemmas) == 1 and phrase.text.endswith("ing")


def is_doubtful(candidate: Candidate) -> bool:
    """True for a name that a person should think over."""
    if candidate.similarity < _DOUBTFUL_SIMILARITY or candidate.margin < _DOUBTFUL_MARGIN:
        return True
    if candidate.borne_out < _DOUBTFUL_BORNE_OUT or candidate.phrase.is_quality:
        return True
    if len(candidate.phrase.lemmas) == 1:
        return not candidate.is_subject
    return candidate.reach < (_DOUBTFUL_REACH if candidate.said_by > 1 else _DOUBTFUL_REACH_OF_ONE)


def choose(
    candidates: Mapping[int, Sequence[Candidate]],
    bonus: Mapping[int, Mapping[str, float]],
    labels: np.ndarray,
    vectors: np.ndarray,
) -> dict[int, Candidate]:
    """The best candidate of each theme that has any, no two of one meaning.

    At first each theme takes the candidate that scores best. Then the names are weighed together: a name is worth more
    the more of its own theme's passages are nearer to it than to any other theme's name, and worth less for every
    passage that it draws away from the others. Themes change theirs in turn until none would.

    Args:
        candidates: of each theme.
        bonus: what is added to a score, by theme and text of the phrase.
        labels: theme of each passage, 0..k-1 or -1.
        vectors: float32 (n_passages, dimension), rows of length 1.
    """
    worth = {
        theme: sorted(
            ((score(c) + bonus.get(theme, {}).get(c.phrase.text, 0.0), c) for c in found),
            key=lambda pair: (-pair[0], pair[1].phrase.text),
        )
        for theme, found in candidates.items()
    }
    chosen: dict[int, Candidate] = {}
    for _, candidate in sorted(
        (pair for pairs in worth.values() for pair in pairs),
        key=lambda pair: (-pair[0], pair[1].theme, pair[1].phrase.text),
    ):
        if candidate.theme not in chosen and not _is_taken(candidate, chosen):
            chosen[candidate.theme] = candidate
    tried = {
        theme: [pair for pair in pairs[:_TRIED] if pair[0] >= pairs[0][0] - _WITHIN or pair[1] is chosen.get(theme)]
        for theme, pairs in worth.items()
    }
    return _weighed(chosen, tried, labels, vectors)


def _is_taken(candidate: Candidate, chosen: Mapping[int, Candidate]) -> bool:
    others = (other for theme, other in chosen.items() if theme != candidate.theme)
    return any(float(candidate.vector @ other.vector) >= SAME_MEANING for other in others)


def _weighed(
    chosen: dict[int, Candidate],
    worth: Mapping[int, Sequence[tuple[float, Candidate]]],
    labels: np.ndarray,
    vectors: np.ndarray,
) -> dict[int, Candidate]:
    assigned = labels >= 0
    labels, vectors = labels[assigned], vectors[assigned]
    themes = sorted(chosen)
    if len(themes) < 2:
        return chosen
    sizes = np.bincount(labels, minlength=max(themes) + 1)
    weights = 1.0 / np.maximum(sizes, 1)[labels]  # every theme counts alike, so that large ones do not decide for all
    similar = {t: vectors @ np.stack([c.vector for _, c in worth[t]]).T for t in themes}
    column = {t: vectors @ chosen[t].vector for t in themes}
    for _ in range(_ROUNDS):
        changed = False
        for theme in themes:
            others = [t for t in themes if t != theme]
            best, nearest = _nearest(column, others)
            right = nearest == labels
            inside = labels == theme
            mine = similar[theme] > best[:, None]
            gained = (mine & inside[:, None]) * weights[:, None]
            lost = (mine & (right & ~inside)[:, None]) * weights[:, None]
            told = _TELLS * (gained.sum(axis=0) - _DRAWS * lost.sum(axis=0))
            options = [
                (value + told[n], candidate)
                for n, (value, candidate) in enumerate(worth[theme])
                if not _is_taken(candidate, chosen)
            ]
            if not options:
                continue
            now = max(options, key=lambda pair: (pair[0], pair[1].phrase.text))[1]
            if now.phrase.text != chosen[theme].phrase.text:
                chosen[theme], changed = now, True
                column[theme] = vectors @ now.vector
        if not changed:
            break
    return chosen


def _nearest(column: Mapping[int, np.ndarray], themes: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """The cosine of each passage to the nearest of these themes' names, and which theme that is."""
    stacked = np.stack([column[theme] for theme in themes])
    at = stacked.argmax(axis=0)
    return stacked[at, np.arange(stacked.shape[1])], np.array(themes)[at]
