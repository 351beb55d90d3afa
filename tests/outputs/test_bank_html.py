"""quote_bank.html as a file: nothing but our own script and style can run, and its numbers are the bank's."""

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html

from pipeline.outputs import Bank
from pipeline.outputs.bank import printable_bank
from pipeline.outputs.html import html_bytes
from pipeline.outputs.notes import HOW_TO_READ

PAGE = Path(__file__).parents[2] / "pipeline" / "outputs" / "page"
ALLOWED = set(
    """html head meta title style body a p strong header h1 b div nav details summary h2 ul li span svg rect main form
    label input select option button section figure blockquote figcaption footer dl dt dd script""".split()
)


def parse(content: bytes) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(content.decode(), parser=lxml_html.HTMLParser(huge_tree=True))


@pytest.fixture(scope="module")
def hostile_page(hostile_bank: Bank) -> lxml_html.HtmlElement:
    return parse(html_bytes(printable_bank(hostile_bank)))


def test_hostile_text_makes_no_element_and_no_handler(hostile_page: lxml_html.HtmlElement):
    elements = list(hostile_page.iter())
    assert {element.tag for element in elements if isinstance(element.tag, str)} <= ALLOWED
    assert not [element for element in elements if not isinstance(element.tag, str)]  # comments, instructions
    script = (PAGE / "page.js").read_text("utf-8")
    assert [element.text for element in hostile_page.iter("script")] == [script]
    assert [element.text for element in hostile_page.iter("style")] == [(PAGE / "page.css").read_text("utf-8")]
    attributes = [(name, value) for element in elements for name, value in element.attrib.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("style", "src", "srcset", "srcdoc")]
    links = [value for name, value in attributes if name in ("href", "action", "formaction", "xlink:href", "poster")]
    assert links
    assert all(re.fullmatch(r"#[a-z0-9-]+", link) for link in links)


def test_hostile_text_is_shown_as_it_stands(hostile_page: lxml_html.HtmlElement, hostile_bank: Bank):
    shown = [element.text_content() for element in hostile_page.find_class("words")]
    assert shown == [quote.text for theme in printable_bank(hostile_bank).themes for quote in theme.quotes]
    labels = [element.text_content() for element in hostile_page.find_class("label")]
    assert labels == [theme.label for theme in printable_bank(hostile_bank).themes]


def test_policy_names_the_style_and_the_script_by_hash(bank: Bank):
    page = parse(html_bytes(bank))
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for tag in ("script", "style"):
        text = page.find(f".//{tag}").text
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy


def test_our_own_parts_reach_nowhere():
    for name in ("page.html", "page.css", "page.js"):
        text = (PAGE / name).read_text("utf-8")
        assert "//" not in re.sub(r"^\s*//.*| // .*|  // .*", "", text, flags=re.MULTILINE).replace(
            "https://", "FOUND//"
        )
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "url(",
            "@import",
            "|safe",
        ):
            assert word not in text


def test_numbers_on_the_page_are_the_banks(bank: Bank):
    page = parse(html_bytes(bank))
    summary = " ".join(page.find_class("summary")[0].text_content().split())
    assert summary.startswith("60 quotes in 8 themes, chosen from 731 passages by 219 people.")
    sections = page.find_class("theme")
    assert len(sections) == len(bank.themes)
    for section, theme in zip(sections, bank.themes, strict=True):
        size = " ".join(section.find_class("size")[0].find("p").text_content().split())
        assert size == f"{theme.n_contributors} people {theme.n_passages} passages"
        bars = [li.text_content().split() for li in section.find_class("size")[0].iter("li")]
        assert [(" ".join(words[:-1]), int(words[-1])) for words in bars] == list(theme.by_group.items())
        widths = [float(rect.get("width")) for rect in section.xpath(".//rect[@class='fill']")]
        assert widths == [round(100 * n / theme.n_contributors, 1) for n in theme.by_group.values()]
        assert len(section.find_class("quote")) == len(theme.quotes)
        assert bool(section.find_class("working")) == theme.low_confidence
    menu = page.find_class("themes")[0].find_class("people")
    assert [int(element.text_content().split()[0]) for element in menu] == [t.n_contributors for t in bank.themes]


def test_the_page_says_that_it_is_a_draft(bank: Bank):
    page = parse(html_bytes(bank))
    assert page.find_class("draft")[0].text_content() == "Draft – not cleared for publication"
    assert "(DRAFT)" in page.findtext(".//title")


def test_ids_are_distinct_and_labels_point_somewhere(hostile_page: lxml_html.HtmlElement):
    ids = hostile_page.xpath("//@id")
    assert len(set(ids)) == len(ids)
    for name in ("for", "aria-labelledby", "aria-describedby"):
        assert set(hostile_page.xpath(f"//@{name}")) <= set(ids)
    assert {link[1:] for link in hostile_page.xpath("//@href")} <= set(ids)


def test_the_page_explains_itself_and_offers_what_there_is_to_choose(bank: Bank):
    page = parse(html_bytes(bank))
    words = " ".join(page.text_content().split())
    for heading, text in HOW_TO_READ:
        assert heading in words and text in words
    groups, questions = (
        [option.text for option in page.get_element_by_id(name).iter("option")] for name in ("group", "question")
    )
    assert groups[1:] == list(bank.groups)
    assert questions[1:] == [*bank.questions, "No set question (interviews, submissions)"]
    one = replace(bank.themes[0], quotes=bank.themes[0].quotes[:1])
    page = parse(html_bytes(replace(bank, themes=(one,))))
    assert [option.text for option in page.get_element_by_id("group").iter("option")][1:] == [one.quotes[0].group]
    assert "No set question" not in page.get_element_by_id("question").text_content()


def test_themes_of_a_question_stand_under_it(bank_per_question: Bank, bank: Bank):
    page = parse(html_bytes(bank_per_question))
    listed = [element.text_content() for element in page.xpath("//nav//li")][1:]
    expected: list[str] = []
    for question in bank_per_question.themed:
        labels = [theme.label for theme in bank_per_question.themes if theme.question == question.wording]
        expected += [question.wording, *(labels or [f"No theme yet: {question.n_passages} passages"])]
    assert [line for line, wanted in zip(listed, expected, strict=True) if not line.startswith(wanted)] == []
    shown = [element.text_content() for element in page.xpath("//main//p[@class='asked']")]
    assert shown == [theme.question for theme in bank_per_question.themes]
    for link in page.xpath("//nav//a[starts-with(@href, '#theme-')]"):
        heading = page.get_element_by_id(link.get("href")[1:])
        assert heading.find_class("label")[0].text_content() == link.find_class("name")[0].text_content()
    plain = parse(html_bytes(bank))
    assert not plain.xpath("//*[@class='asked' or @class='unthemed']")
    assert len(plain.xpath("//nav//li")) == len(bank.themes) + 1


def test_themes_are_listed_under_their_headings_and_shown_in_that_order(shelved_bank: Bank):
    page = parse(html_bytes(shelved_bank))
    listed = [
        (
            (shelf.xpath("./a/span[@class='name']") or shelf.xpath("./p"))[0].text_content(),
            [link.get("data-theme") for link in shelf.xpath("./ul/li/a")],
        )
        for shelf in page.find_class("shelf")
    ]
    assert listed == [
        ("Everyday systems", ["T01", "T02", "T03", "T04"]),
        (shelved_bank.themes[6].label, ["T07", "T05"]),
        ("Under no heading", ["T06", "T08"]),
    ]
    in_order = [theme for _, themes in listed for theme in themes]
    assert [section.get("data-theme") for section in page.find_class("theme")] == in_order
    for link in page.xpath("//nav//a[@data-theme != '']"):
        title = page.get_element_by_id(link.get("href")[1:])
        assert title.text_content().startswith(link.find_class("name")[0].text_content())
    counts = [shelf.xpath("./a/span[@class='counts']")[0].text_content() for shelf in page.find_class("shelf")[:2]]
    assert counts == ["120 people · 32 quotes", "71 people · 14 quotes"]
    above = {section.get("data-theme"): section.find_class("heading") for section in page.find_class("theme")}
    assert above["T07"][0].text_content() == f"Part of: {shelved_bank.themes[6].label}" and above["T06"] == []


def test_headings_stand_within_their_question(shelved_bank_per_question: Bank):
    page = parse(html_bytes(shelved_bank_per_question))
    listed = [
        (line.get("class") or "", line[0].text_content(), [link.get("data-theme") for link in line.xpath("./ul/li/a")])
        for line in page.xpath("//nav/details/ul/li")[1:]
        if line.get("class") != "unthemed"
    ]
    works, hinders, changes, across = (question.wording for question in shelved_bank_per_question.themed)
    buying, training = (shelved_bank_per_question.themes[place].label for place in (6, 7))
    assert [(kind, said.split(" · ")[0], themes) for kind, said, themes in listed[:-1]] == [
        ("asked", works, []),
        ("shelf", "Everyday systems 70 people", ["T01", "T02"]),
        ("asked", hinders, []),
        ("shelf", "Everyday systems 80 people", ["T03", "T04"]),
        ("shelf", f"{buying} 71 people", ["T07", "T05"]),
        ("shelf", "Under no heading", ["T06"]),
        ("asked", changes, []),
        ("asked", across, []),
    ]
    assert listed[-1][1].startswith(training) and listed[-1][0] == ""


def test_a_page_without_headings_has_a_plain_list(bank: Bank):
    assert parse(html_bytes(bank)).find_class("shelf") == []


def test_the_page_says_that_a_passage_can_count_in_several_themes(bank: Bank):
    page = parse(html_bytes(bank))
    assert "A passage can count in several themes." in page.find_class("summary")[0].text_content()
    assert any("more than there are passages and people" in text for _, text in HOW_TO_READ)
