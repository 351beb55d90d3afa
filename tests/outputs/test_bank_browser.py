"""quote_bank.html in a real browser, opened as a report writer opens it: a file on disk, no network."""

import base64
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.outputs import Bank, write_bank
from tests.helpers.browser import Page

pytestmark = pytest.mark.browser


@pytest.fixture()
def page(browser: Any, bank: Bank, tmp_path: Path) -> Page:
    return Page(browser, write_bank(tmp_path, bank)[0]).open()


def ids(bank: Bank, **wanted: str) -> list[str]:
    return [
        quote.quote_id
        for theme in bank.themes
        for quote in theme.quotes
        if all(getattr(quote, name) == value for name, value in wanted.items())
    ]


def test_it_opens_without_an_error_or_a_request(page: Page, bank: Bank):
    assert page.shown() == ids(bank)
    assert page.count == "60 quotes in 8 themes"
    page.search("log in")
    page.find("button.copy")
    assert page.errors() == []
    assert page.requests() == [page.url]


def test_search_needs_all_words_and_ignores_case_and_accents(page: Page):
    page.search("FOREVER zebra")
    assert page.shown() == []
    assert page.find("#nothing").is_displayed()
    assert page.count == "No quote matches"
    page.search("naive RECORDS")
    assert page.shown() == ["T04-Q6"]
    assert page.marks() == ["records", "Naïve"]
    page.search("mor data")
    assert page.shown() == ["T01-Q7"]
    assert page.marks() == ["Môr", "Data"]
    page.search('"doesn\'t) - sums"')
    assert page.shown() == ["T06-Q6"]
    assert page.marks() == ["doesn't) — sums"]
    page.search("العربية")
    assert page.shown() == ["T04-Q8"]
    page.search("[person]")
    assert page.shown() == ["T01-Q2", "T06-Q7"]
    assert page.marks() == ["[person]", "[person]"]
    page.search("<the roll")
    assert page.shown() == ["T06-Q8"]


def test_highlighting_leaves_the_words_as_they_were(page: Page, bank: Bank):
    texts = [quote.text for theme in bank.themes for quote in theme.quotes]
    read = "return [...document.querySelectorAll('.words')].map(w => w.textContent)"
    for words in ("e", "the", "person system", ""):
        page.search(words)
        assert page.js(read) == texts
    assert page.marks() == []


def test_a_short_word_is_found_at_the_beginning_of_words(page: Page):
    page.search("in")
    assert {mark.casefold() for mark in page.marks()} == {"in"}
    assert "T01-Q3" in page.shown()  # "log-in"
    assert "T08-Q6" in page.shown()  # "in a van"
    assert "T01-Q8" not in page.shown()  # "Openings"


def test_filters_combine_and_clear(page: Page, bank: Bank):
    hinders = bank.questions[1]
    page.choose("group", "Police staff")
    assert page.shown() == ids(bank, group="Police staff")
    page.choose("question", hinders)
    both = ids(bank, group="Police staff", question=hinders)
    assert page.shown() == both
    page.find('a[data-theme="T03"]').click()
    here = [quote for quote in both if quote.startswith("T03")]
    assert page.shown() == here == ["T03-Q2"]
    assert page.count == "1 of 60 quotes in 1 theme"
    assert page.find('a[data-theme="T03"]').get_attribute("aria-current") == "true"
    page.search("save")
    assert page.shown() == ["T03-Q2"]
    assert page.fragment == "#theme=T03&group=Police staff&question=2&q=save"
    page.find("#clear").click()
    assert page.shown() == ids(bank)
    assert page.fragment == ""
    assert not page.find("#clear").is_displayed()


def test_quotes_without_a_question_can_be_asked_for(page: Page, bank: Bank):
    page.choose("question", "No set question (interviews, submissions)")
    assert page.shown() == ids(bank, question="")


def test_a_view_can_be_bookmarked_and_gone_back_to(page: Page, bank: Bank):
    page.open("#theme=T02&group=Police+officer&q=page")
    assert page.shown() == ["T02-Q3"]
    assert page.find("#words").get_attribute("value") == "page"
    page.find('a[data-theme=""]').click()
    page.choose("group", "Everybody")
    page.search("")
    page.browser.back()
    page.browser.back()
    page.wait(lambda: page.shown() == ["T02-Q3"])
    page.open("#theme=NONE&group=%3Cscript%3E&question=99&q=")
    assert page.shown() == ids(bank)


def test_a_theme_says_how_many_of_its_quotes_match(page: Page):
    page.search("crash")
    label = page.find('a[data-theme="T03"] .counts').text
    assert label == "46 people · 2 of 7 quotes"
    assert page.find('a[data-theme="T05"]').get_attribute("class") == "none"


def clipboard(page: Page) -> str:
    page.browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    return page.browser.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], () => arguments[0](''))"
    )


def test_copy_takes_the_quote_with_its_attribution_line(page: Page, bank: Bank):
    quote = bank.themes[0].quotes[6]
    page.search("directory")
    button = page.find("figure.quote:not([hidden]) button.copy")
    button.click()
    page.wait(lambda: button.text.startswith("Copied"))
    page.wait(lambda: page.find("#announce").get_attribute("textContent") == "Quote copied with its attribution line")
    assert clipboard(page) == f"“{quote.text}” — {quote.attribution_line}"
    page.wait(lambda: not button.text.startswith("Copied"))


def test_copy_without_the_clipboard_api(page: Page, bank: Bank):
    from selenium.webdriver.common.keys import Keys

    page.js("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    quote = bank.themes[2].quotes[0]
    button = (
        page.find("#theme-3").find_element("xpath", "ancestor::section").find_element("css selector", "button.copy")
    )
    button.click()
    page.wait(lambda: button.text.startswith("Copied"))
    page.find("#words").send_keys(Keys.CONTROL, "v")
    assert page.find("#words").get_attribute("value") == f"“{quote.text}” — {quote.attribution_line}"
    assert page.js("return document.querySelectorAll('textarea').length") == 0


def test_copy_that_is_refused_says_so_and_selects_the_quote(page: Page, bank: Bank):
    page.js("Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false")
    page.find("button.copy").click()
    page.wait(lambda: "press Control C" in page.find("#announce").get_attribute("textContent"))
    assert page.js("return getSelection().toString()") == bank.themes[0].quotes[0].text


def test_copy_all_shown_starts_with_the_draft_notice(page: Page, bank: Bank):
    page.search("crash")
    page.find("#copy-all").click()
    page.wait(lambda: page.find("#copy-all").text == "Copied 2 quotes")
    first, third = bank.themes[2].quotes[1], bank.themes[2].quotes[2]
    expected = ["Draft – not cleared for publication", "Slow systems that crash"]
    expected += [f"“{quote.text}” — {quote.attribution_line}" for quote in (first, third)]
    assert clipboard(page).replace("\r\n", "\n") == "\n\n".join(expected)


def test_it_can_be_used_from_the_keyboard(page: Page, bank: Bank):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    press = ActionChains(page.browser)
    press.send_keys("/").perform()
    assert page.js("return document.activeElement.id") == "words"
    page.find("#words").send_keys("museum")
    assert page.shown() == ["T07-Q7"]
    page.find("#words").send_keys(Keys.ESCAPE)
    assert page.shown() == ids(bank)
    page.find('a[data-theme="T08"]').send_keys(Keys.ENTER)
    assert {quote[:3] for quote in page.shown()} == {"T08"}
    page.js("document.querySelector('.skip').focus()")
    page.js("return document.activeElement").send_keys(Keys.ENTER)
    assert page.js("return document.activeElement.id") == "quotes"
    assert {quote[:3] for quote in page.shown()} == {"T08"}


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_width_of_the_screen(page: Page, width: int):
    page.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    page.open()
    assert page.js("return document.documentElement.scrollWidth") <= width
    assert page.js("return document.querySelector('.themes details').open") == (width > 900)
    page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_printed_page_says_draft_and_no_quote_is_cut(page: Page, bank: Bank):
    import pdfplumber

    printed = page.browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    with pdfplumber.open(io.BytesIO(base64.b64decode(printed))) as pdf:
        texts = [sheet.extract_text() for sheet in pdf.pages]
    assert len(texts) > 3
    assert all("Draft – not cleared for publication" in text for text in texts)
    starts = [f"“{quote.text[:12]}" for theme in bank.themes for quote in theme.quotes if quote.text.isascii()]
    assert [start for start in starts if start.rstrip() not in "\n".join(texts)] == []


CONTRAST = """
const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
const low = [];
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility() || e.closest('script')) continue;
  const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) low.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
}
return [...new Set(low)];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough_to_read(page: Page, scheme: str):
    page.browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    for fragment in ("", "#q=person", "#theme=T08&q=zebra"):
        assert page.open(fragment).js(CONTRAST) == []
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_hostile_text_stays_text(browser: Any, hostile_bank: Bank, tmp_path: Path):
    page = Page(browser, write_bank(tmp_path, hostile_bank)[0]).open()
    assert page.js("return document.title").startswith("<script>document.title = 'owned'</script> – quote bank")
    assert page.js("return document.querySelectorAll('script').length") == 1
    assert (
        page.js("return document.querySelectorAll('img, a[href*=\":\"], iframe, object, embed, link, base').length")
        == 0
    )
    handlers = (
        "return [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on')))"
    )
    assert page.js(f"{handlers}.length") == 0
    page.search("<script>")
    assert page.marks()
    page.search("wales flags")
    assert page.errors() == []
    assert page.requests() == [page.url]


def test_script_that_slips_through_does_not_run(browser: Any, bank: Bank, tmp_path: Path):
    file = write_bank(tmp_path, bank)[0]
    content = file.read_text("utf-8")
    added = "<script>document.title = 'owned'</script><img src='https://evil.example/x' onerror=\"document.title = 'owned'\">"
    file.write_text(content.replace("<main", f"{added}<main"), "utf-8")
    page = Page(browser, file).open()
    assert page.js("return document.title") == "Unlocking police technology – quote bank (DRAFT)"
    assert page.blocked() == ["csp"]


def test_two_thousand_quotes_are_quick(browser: Any, bank: Bank, tmp_path: Path):
    quotes = [quote for theme in bank.themes for quote in theme.quotes]
    many = tuple(replace(quotes[n % 60], quote_id=f"X-Q{n}") for n in range(2_000))
    themes = tuple(replace(theme, quotes=many[n * 250 : (n + 1) * 250]) for n, theme in enumerate(bank.themes))
    page = Page(browser, write_bank(tmp_path, replace(bank, themes=themes, n_quotes=2_000))[0]).open()
    assert page.count == "2,000 quotes in 8 themes"
    taken = page.js(
        "const start = performance.now();"
        "history.replaceState(null, '', '#q=the'); dispatchEvent(new HashChangeEvent('hashchange'));"
        "document.body.offsetHeight; return performance.now() - start"
    )
    assert page.marks()
    assert taken < 1_000  # milliseconds, on a busy machine; about a tenth of it otherwise


# ── headings ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture()
def shelved(browser: Any, shelved_bank: Bank, tmp_path: Path) -> Page:
    return Page(browser, write_bank(tmp_path, shelved_bank)[0]).open()


def test_a_heading_shows_its_themes_and_goes_with_the_filters(shelved: Page, shelved_bank: Bank):
    heading = shelved.find('a[data-heading="Everyday systems"]')
    heading.click()
    assert shelved.count == "32 of 60 quotes in 4 themes"
    assert {quote[:3] for quote in shelved.shown()} == {"T01", "T02", "T03", "T04"}
    assert heading.get_attribute("aria-current") == "true"
    assert shelved.fragment == "#heading=Everyday systems"
    shelved.search("crash")
    assert heading.find_element("css selector", ".counts").text == "120 people · 2 of 32 quotes"
    assert shelved.count == "2 of 60 quotes in 1 theme"
    shelved.find('a[data-theme="T05"]').click()
    assert (shelved.shown(), shelved.fragment) == ([], "#theme=T05&q=crash"), "a theme takes the place of the heading"
    shelved.browser.back()
    shelved.wait(lambda: heading.get_attribute("aria-current") == "true")
    shelved.open("#heading=Everyday+systems&group=Buyer")
    assert shelved.shown() == ids(shelved_bank, group="Buyer")[:2]
    assert len(shelved.open("#heading=Nothing").shown()) == 60


def test_a_heading_of_two_questions_shows_the_themes_of_its_own(
    browser: Any, shelved_bank_per_question: Bank, tmp_path: Path
):
    page = Page(browser, write_bank(tmp_path, shelved_bank_per_question)[0]).open()
    one, other = browser.find_elements("xpath", "//nav//a[@data-heading][span[text()='Everyday systems']]")
    total = int(other.find_element("css selector", ".shown").get_attribute("data-total"))
    other.click()
    assert {quote[:3] for quote in page.shown()} == {"T03", "T04"}
    assert page.count == f"{total} of 60 quotes in 2 themes"
    assert (one.get_attribute("aria-current"), other.get_attribute("aria-current")) == (None, "true")


def test_headings_can_be_used_from_the_keyboard(shelved: Page):
    from selenium.webdriver.common.keys import Keys

    shelved.find('a[data-theme=""]').send_keys(Keys.TAB)
    focused = shelved.js("return document.activeElement")
    assert focused.get_attribute("data-heading") == "Everyday systems"
    focused.send_keys(Keys.ENTER)
    assert shelved.count == "32 of 60 quotes in 4 themes"
    focused.send_keys(Keys.TAB)
    assert shelved.js("return document.activeElement.dataset.theme") == "T01"
