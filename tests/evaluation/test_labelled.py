"""Readers of coded texts: three forms, and mistakes that end in one line without a word of the file."""

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluation.labelled import read_labelled


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "coded.csv"
    path.write_text("\ufeff" + "\r\n".join(lines), "utf-8")
    return path


def test_one_code_a_text(tmp_path: Path) -> None:
    gold = read_labelled(written(tmp_path, "text,label,other", "No signal,radio,x", "Too slow,,y", "n/a,radio,z"))
    assert gold.texts == ("No signal", "Too slow")
    assert gold.single == ["radio", ""]
    assert (gold.n_blank, gold.n_non_answers, gold.is_multiple) == (0, 1, False)


def test_all_codes_of_a_text_count_and_the_one_label_only_where_there_is_one(tmp_path: Path) -> None:
    path = written(tmp_path, "text,label,labels", "A thing,,radio|forms", "B thing,radio,radio", "C thing,forms,")
    gold = read_labelled(path)
    assert gold.codes == ({"radio", "forms"}, {"radio"}, {"forms"})
    assert gold.single == ["", "radio", "forms"]
    assert gold.is_multiple


NHS = (
    '"Comment ID",Question,"The\u00a0answer",PII?,Score,"Not assigned",Staff,Waiting,"Food &\ndrink"',
    '1,Why?,"Staff were kind, the food was not",,2,,1,,1',
    "2,Why?,I waited for hours,,5,0,0,1,0",
    "3,Why?,Blue door left,,3,1,,,",
    "4,Why?,Did not answer,,,1,,,",
)


def test_one_column_a_code_is_recognised_at_the_end_of_the_file(tmp_path: Path) -> None:
    gold = read_labelled(written(tmp_path, *NHS), text="The answer", no_code=["not assigned"])
    assert gold.codes == ({"Staff", "Food & drink"}, {"Waiting"}, frozenset())
    assert gold.single == ["", "Waiting", ""]
    assert (gold.n_blank, gold.n_non_answers) == (0, 1)


def test_the_first_of_these_columns_may_be_named(tmp_path: Path) -> None:
    gold = read_labelled(written(tmp_path, *NHS), text="The answer", one_hot_from="Waiting")
    assert gold.codes == ({"Food & drink"}, {"Waiting"}, frozenset())
    with pytest.raises(InputError, match="column Score: holds other things"):
        read_labelled(written(tmp_path, *NHS), text="The answer", one_hot_from="Score")


def test_other_names_of_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "said,code,text", "No signal,radio,x y", "Too long,forms,z z")
    assert read_labelled(path, text="said", label="code").single == ["radio", "forms"]
    assert read_labelled(path, text="said", labels="code").codes == ({"radio"}, {"forms"})


def test_a_draw_is_always_the_same_and_keeps_the_order(tmp_path: Path) -> None:
    path = written(tmp_path, "text,label", *(f"Text number {n},c{n % 3}" for n in range(30)))
    gold = read_labelled(path)
    drawn = gold.draw(10)
    assert drawn == gold.draw(10) and len(drawn.texts) == 10
    assert [gold.texts.index(text) for text in drawn.texts] == sorted(gold.texts.index(text) for text in drawn.texts)
    assert gold.draw(None) is gold.draw(100) is gold


def test_blank_rows_and_non_answers_are_counted_apart_and_a_draw_has_its_share_of_them(tmp_path: Path) -> None:
    beside = ["  ,radio", ",radio", *6 * ["None,radio"]]
    gold = read_labelled(written(tmp_path, "text,label", *beside, *(f"Text number {n},c" for n in range(30))))
    assert (len(gold.texts), gold.n_blank, gold.n_non_answers) == (30, 2, 6)
    assert (gold.draw(15).n_blank, gold.draw(15).n_non_answers) == (1, 3)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["text,label"], "is empty"),
        (["said,label", "canary,radio"], "has no column text"),
        (["text,other", "canary,radio"], "has no column label or labels"),
        (["text,label", "canary,"], "no row with a text and a code"),
        (["text,label", "canary,radio", "canary"], "row 3: has 1 cells"),
        (["text,text", "canary,radio"], "two columns of the same name"),
    ],
)
def test_mistakes_are_named_without_a_word_of_the_file(tmp_path: Path, lines: list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_labelled(written(tmp_path, *lines))
    assert words in str(caught.value) and "canary" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not there"):
        read_labelled(tmp_path / "nowhere.csv")
    (tmp_path / "latin.csv").write_bytes("text,label\ncafé,x".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_labelled(tmp_path / "latin.csv")
