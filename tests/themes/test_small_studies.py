"""Studies of a few dozen answers, as most are: invented answers about a swimming pool, in words as various as people's."""

import re
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from pipeline.embedding import embed
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import ASSIGNMENTS, IDEAS, THEMES, check
from pipeline.themes import Found, find_themes
from tests.fakes import passages_table

pytestmark = pytest.mark.models

TOPICS = {
    "cold water": (
        "The water is freezing, I was out again after ten minutes.",
        "Could you please heat the learner pool? The little ones come out blue.",
        "Far too chilly in the big pool since the boiler was replaced",
        "My arthritis needs warm water and yours is anything but warm.",
        "Temperature of the pool drops every Monday, nobody can tell me why",
        "Brrr! Turn the heating up, please.",
        "I love to swim, but I shiver all the way through aqua fit because the water is so cold.",
        "It used to be 30 degrees, now a wetsuit would be wise.",
        "Cold. Cold. Cold. The toddlers cried and we went home.",
        "Whoever sets the thermostat has never been in the water in January.",
        "Even fast swimmers complain about how cold the deep end is.",
        "The spa pool was lukewarm at best when we got in.",
    ),
    "changing rooms": (
        "Hair in every plughole of the showers, it turns my stomach.",
        "The changing rooms smell of mould and the floor is never dry",
        "Please mop the cubicles more than once a day.",
        "Half of the lockers are broken and the other half are filthy inside",
        "Somebody ought to scrub the tiles where we get changed, they are black between the joints.",
        "I stood in a puddle with my clean socks because the cubicle floor was swimming in dirt",
        "Showers: two out of six work and those are grimy.",
        "Family changing area is disgusting, plasters and hair everywhere.",
        "The toilets next to the lockers had not been cleaned all weekend.",
        "There is never soap, and the benches in the changing room are sticky.",
        "Mouldy ceilings above the showers are a disgrace in a public building.",
        "My daughter will not get changed there any more, that is how dirty it is.",
    ),
    "opening hours": (
        "I work shifts and you close at six, so when am I supposed to come?",
        "Open earlier! Half past five would let me swim before my train.",
        "Lane sessions end at 8 pm, which is no use to people with jobs.",
        "Why are you shut on Sunday mornings of all times",
        "The timetable changes every other week and the website still shows the old times.",
        "Public swimming is only on from eleven till two on weekdays, when everybody is at work",
        "Longer opening in the evening would get me to come twice a week.",
        "You were closed on the bank holiday and did not say so anywhere.",
        "It would help if there were sessions after nine at night.",
        "All the good times are given to the school and the club, the rest of us get lunchtime.",
        "Later closing on Fridays, please, at least in the summer holidays.",
        "I turned up at seven in the morning as it said online and the doors were locked until eight.",
    ),
    "parking": (
        "Parking is a nightmare, I drove round for twenty minutes and missed my lesson.",
        "There are never enough spaces when the football is on next door.",
        "Got a fine of sixty pounds because the ticket machine in the car park was out of order!",
        "Disabled bays are taken by people who just drop off their children",
        "Nowhere to leave the car after five o'clock.",
        "We need somewhere to lock up bikes so that not everybody comes by car",
        "The car park is full of commuters who walk to the station from there.",
        "Potholes in the car park have cost me a tyre.",
        "I had to park three streets away with two toddlers and all their gear.",
        "Your barrier did not open and ten cars were stuck behind me.",
        "More spaces for parents with prams near the entrance, please",
        "They charge for parking by the hour now and a swim with a shower takes longer than that.",
    ),
    "prices": (
        "Nine pounds for a family swim has become eighteen, we cannot afford that.",
        "The membership went up by a third without a word of warning.",
        "Pensioners used to get in at half price; bring that back.",
        "I pay forty a month and still have to buy a ticket for aqua fit",
        "Too dear for what it is.",
        "Cheaper at the hotel down the road, and there I get a towel as well.",
        "A discount for carers would make all the difference to my budget.",
        "You took another monthly fee from my account after I had cancelled",
        "Lessons cost more than my daughter's ballet and her riding put together.",
        "Why is there no ten-swim card any more? It saved me a fortune.",
        "Students cannot pay adult rates on a grant",
        "Value for money is poor now that the fees have doubled.",
    ),
}
"""Twelve answers about each of five topics."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def find(texts: list[str], cache: Path, contributors: list[str] | None = None) -> tuple[pd.DataFrame, Found]:
    """The passages and what was found in them, with the settings that a study has if it says nothing."""
    passages = passages_table(texts, contributors)
    found = find_themes(
        passages, embed(passages, Embedding(), cache), settings=Themes(), disclosure=Disclosure(), embedding=Embedding(),
        cache=cache, seed=7, questions={"q1": "What should we do better?"}, blocked=frozenset(),
    )  # fmt: skip
    check(found.themes, THEMES)
    check(found.ideas, IDEAS)
    assert set(check(found.assignments, ASSIGNMENTS)["passage_id"]) == set(passages["passage_id"])
    return passages, found


def answers(n: int, topics: tuple[str, ...] = tuple(TOPICS)) -> dict[str, str]:
    """The first `n` answers about each topic, and the topic of each."""
    return {text: topic for topic in topics for text in TOPICS[topic][:n]}


@pytest.mark.parametrize(
    ("n", "topics", "least", "themes"),
    [
        pytest.param(4, tuple(TOPICS), 0.5, range(3, 7), id="20"),  # .68 when this was written
        pytest.param(8, tuple(TOPICS), 0.7, range(4, 8), id="40"),  # .83
        pytest.param(12, tuple(TOPICS), 0.75, range(4, 8), id="60"),  # .88
        pytest.param(12, ("cold water", "parking", "prices"), 0.65, range(3, 6), id="36 of three topics"),  # .81
    ],
)
def test_themes_of_a_few_dozen_answers_are_their_topics(
    cache: Path, n: int, topics: tuple[str, ...], least: float, themes: range
) -> None:
    topic = answers(n, topics)
    passages, found = find(list(topic), cache)
    main = found.assignments[found.assignments["rank"] == 1].set_index("passage_id")["theme_id"]
    placed = main[passages["passage_id"]].tolist()
    assert len(found.themes) in themes
    assert adjusted_mutual_info_score([topic[text] for text in passages["text"]], placed) > least
    assert placed.count("") <= 0.1 * len(placed)


@pytest.mark.parametrize(("n", "most_unnamed"), [(4, 1.0), (8, 0.8), (12, 0.5)])
def test_every_theme_has_a_label_of_its_own(cache: Path, n: int, most_unnamed: float) -> None:
    """The fewer the answers, the fewer words in them were used by three people, and only such words may be a name."""
    topic = answers(n)
    labels = find(list(topic), cache)[1].themes["label"]
    said = set(re.findall(r"\w+", " ".join(topic).casefold()))
    assert len(labels) and labels.is_unique and (labels.str.strip() != "").all()
    named = labels[~labels.str.startswith("(unnamed theme")]
    assert all(set(re.findall(r"\w+", label.casefold())) & said for label in named)
    assert len(labels) - len(named) <= most_unnamed * len(labels)


@pytest.mark.parametrize("n", range(1, 9))
def test_a_handful_of_answers_is_at_most_one_theme_or_two(cache: Path, n: int) -> None:
    mixed = [text for texts in zip(*TOPICS.values(), strict=True) for text in texts]
    themes = find(mixed[:n], cache)[1].themes
    assert len(themes) <= max(1, n // 4) and (themes["label"].str.strip() != "").all()


@pytest.mark.parametrize("n", [3, 8])
def test_a_handful_by_one_person_or_of_one_wording_is_one_theme_at_most(cache: Path, n: int) -> None:
    for texts, people in ((list(TOPICS["cold water"][:n]), ["one"] * n), (["Too dear for what it is."] * n, None)):
        themes = find(texts, cache, people)[1].themes
        assert len(themes) <= 1 and (themes["label"].str.strip() != "").all()
