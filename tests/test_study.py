"""study.yaml: everything wrong with it at once, by place, and never the value that was found there."""

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.labels import DIRECT
from pipeline.study import Overrides, Study

GOOD = """
study: demo
title: A demonstration
sources:
  - id: survey
    kind: survey
    files: survey.csv
    columns: {consent: "May we quote you?"}
    questions:
      - {id: q1, columns: ["What gets in the way?"]}
consent:
  wording: {"Yes": attributable}
"""


def load(tmp_path: Path, text: str) -> Study:
    (tmp_path / "study.yaml").write_text(text, "utf-8")
    return Study.load(tmp_path)


def test_ten_lines_are_enough(tmp_path: Path) -> None:
    study = load(tmp_path, GOOD)
    assert len(GOOD.strip().splitlines()) <= 13
    assert study.root == tmp_path.resolve()
    assert study.questions() == {"q1": "What gets in the way?"}
    assert study.embedding.model == "quotebank-encoder"
    assert study.for_coding.model == "quotebank-coder"
    assert study.disclosure.min_group == 6


def test_all_problems_are_reported_at_once_and_no_value_is_echoed(tmp_path: Path) -> None:
    text = GOOD.replace("kind: survey", "kind: canary-kind") + "themse: {}\nseed: canary-seed\n"
    text += "disclosure: {min_group: 1}\n"
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    message = str(caught.value)
    assert len(caught.value.messages) == 4
    for place in ("[sources.0.kind]", "[themse]", "[seed]", "[disclosure.min_group]"):
        assert place in message
    assert "canary" not in message
    assert caught.value.exit_code == 10


def test_all_that_is_wrong_with_a_redaction_policy_is_said_at_once(tmp_path: Path) -> None:
    policy = (
        "{non_attributable: {PERSON: keep, EMAIL: generalise, FROCE: mask}, role_only: {PERSON: keep, DATE: mask},"
        " attributable: {AGE: blur, PHONE: mask}, do_not_quote: {AGE: keep}}"
    )
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, GOOD + f"redaction:\n  profile: canary\n  keep_labels: [DATE]\n  policy: {policy}\n")
    said = {message.split(": ", 1)[0].removeprefix("study.yaml "): message for message in caught.value.messages}
    assert set(said) == {
        "[redaction.profile]",
        "[redaction.keep_labels]",
        "[redaction.policy.non_attributable.FROCE]",
        "[redaction.policy.role_only]",
        "[redaction.policy.attributable.AGE]",
        "[redaction.policy.do_not_quote]",
    }
    assert "'internal', 'public' or 'strict'" in said["[redaction.profile]"] and "canary" not in str(caught.value)
    assert said["[redaction.policy.role_only]"].endswith("can only mask what identifies somebody by itself: PERSON")
    assert "choose from ADDRESS, AGE" in said["[redaction.policy.non_attributable.FROCE]"]


@pytest.mark.parametrize("treatment", ["keep", "generalise"])
@pytest.mark.parametrize("attribution", ["attributable", "role_only", "non_attributable"])
@pytest.mark.parametrize("label", sorted(DIRECT))
def test_what_identifies_by_itself_can_only_be_masked(
    tmp_path: Path, label: str, attribution: str, treatment: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(
            tmp_path, GOOD + f"redaction: {{profile: internal, policy: {{{attribution}: {{{label}: {treatment}}}}}}}\n"
        )
    (message,) = caught.value.messages
    assert message.count("\n") == 0 and label in message and f"[redaction.policy.{attribution}]" in message


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace("title: A demonstration", ""), "[title]: is missing"),
        (lambda t: t + "\nstudy: again\n", "line 14: is not valid YAML"),
        (lambda t: t.replace("wording: {", "wording: {{"), "is not valid YAML"),
        (lambda t: "- just\n- a list\n", "is not a list of settings"),
        (lambda t: "", "is not a list of settings"),
        (lambda t: t + "root: /\n", "[root]: is not a setting"),
        (
            lambda t: t.replace('    questions:\n      - {id: q1, columns: ["What gets in the way?"]}\n', ""),
            "at least one question",
        ),
        (lambda t: t.replace("attributable}", "perhaps}"), "[consent.wording.entry 1]"),
        (
            lambda t: t.replace("columns: {", "consent: {meaning: attributable, basis: told}\n    columns: {"),
            "both an assumed consent and a consent column",
        ),
        (lambda t: t.replace("id: survey", "id: My Survey"), "[sources.0.id]"),
        (lambda t: t + "themes: {min_themes: 9, max_themes: 3}\n", "min_themes is larger"),
    ],
)
def test_each_mistake_has_its_message(tmp_path: Path, change, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, change(GOOD))
    assert expected in str(caught.value)


def test_a_folder_without_a_study_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="quotebank init"):
        Study.load(tmp_path)


def test_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_bytes(GOOD.replace("demonstration", "d\u00e9mo").encode("cp1252"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        Study.load(tmp_path)


def test_one_question_id_means_one_question(tmp_path: Path) -> None:
    other = "  - id: two\n    kind: survey\n    files: x.csv\n    questions: [{id: q1, text: Another, columns: [B]}]\n"
    first = GOOD.replace("{id: q1, columns", "{id: q1, text: One, columns").replace(
        "consent:\n  wording", other + "consent:\n  wording"
    )
    with pytest.raises(ConfigError, match="two texts"):
        load(tmp_path, first)


def test_what_protects_people_is_on_unless_somebody_turns_it_down(tmp_path: Path) -> None:
    study = load(tmp_path, GOOD)
    assert (study.disclosure.min_group, study.disclosure.min_keyword_contributors) == (6, 3)
    assert study.quotes.per_contributor == 4
    assert study.sources[0].unlabelled_speech == "set_aside"
    assert (study.redaction.keep, study.redaction.profile, study.redaction.policy) == ((), "public", Overrides())
    assert study.sources[0].consent is None
    assert study.contributors == "contributors.csv"


@pytest.mark.parametrize(
    "setting", ["min_group: 1", "min_group: 0", "min_keyword_contributors: 1", "min_keyword_contributors: 0"]
)
def test_a_crowd_of_one_is_refused(tmp_path: Path, setting: str) -> None:
    with pytest.raises(ConfigError, match="disclosure"):
        load(tmp_path, GOOD + f"disclosure: {{{setting}}}\n")


def test_each_source_has_an_id_of_its_own_and_only_surveys_ask_questions(tmp_path: Path) -> None:
    more = "  - {id: survey, kind: transcript, files: x.docx}\n"
    with pytest.raises(ConfigError, match="same id"):
        load(tmp_path, GOOD.replace("consent:\n  wording", more + "consent:\n  wording"))
    more = "  - {id: talks, kind: transcript, files: x.docx, questions: [{id: q, columns: [Q]}]}\n"
    with pytest.raises(ConfigError, match="only a survey"):
        load(tmp_path, GOOD.replace("consent:\n  wording", more + "consent:\n  wording"))


def test_another_file_is_not_taken_for_a_study(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(GOOD, "utf-8")
    with pytest.raises(ConfigError, match=r"other\.yaml: is not called study\.yaml"):
        Study.load(tmp_path / "other.yaml")


def test_a_question_reads_as_the_study_says(tmp_path: Path) -> None:
    study = load(tmp_path, GOOD.replace("{id: q1, columns", "{id: q1, text: What hinders you, columns"))
    assert study.questions() == {"q1": "What hinders you"}


def test_where_a_study_lies_is_no_part_of_what_it_says(tmp_path: Path) -> None:
    """Or the same study in another folder would be another run, and the folder's name would be in its manifest."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = load(tmp_path / "one", GOOD), load(tmp_path / "two", GOOD)
    assert one.model_dump(mode="json") == two.model_dump(mode="json")
    assert "root" not in one.model_dump()


def test_a_mistake_is_told_in_plain_words_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, GOOD + "themse: {}\nthemes: {min_themes: 9, max_themes: 3}\n")
    assert sorted(caught.value.messages) == [
        "study.yaml [themes]: min_themes is larger than max_themes",
        "study.yaml [themse]: is not a setting; check the spelling",
    ]


def test_a_dozen_themes_at_most_per_question_unless_the_study_says_otherwise(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).themes.max_themes == 40
    assert load(tmp_path, GOOD + "themes: {per: question}\n").themes.max_themes == 12
    assert load(tmp_path, GOOD + "themes: {per: question, max_themes: 30}\n").themes.max_themes == 30
    with pytest.raises(ConfigError, match=r"themes.per\].*'study' or 'question'"):
        load(tmp_path, GOOD + "themes: {per: answer}\n")
