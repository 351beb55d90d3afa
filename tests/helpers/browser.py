"""Chromium, driven as a reader uses it, for tests of pages that are opened from disk."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,1000",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (Path("/usr/bin"), Path("/usr/local/bin"), Path("/usr/lib/chromium"), Path("/snap/bin"))


def installed(*names: str) -> str | None:
    found = [shutil.which(name) for name in names] + [str(p / n) for p in PLACES for n in names if (p / n).is_file()]
    return next((path for path in found if path), None)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    binary, driver = installed(*BROWSERS), installed("chromedriver")
    if not binary or not driver:
        pytest.skip("no Chromium with chromedriver is installed, so the page was not opened in a browser")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(executable_path=driver))
    yield opened
    opened.quit()


class Page:
    """The page as its reader uses it."""

    def __init__(self, browser: Any, file: Path) -> None:
        self.browser, self.url = browser, file.as_uri()

    def open(self, fragment: str = "") -> "Page":
        self.browser.get("about:blank")
        for kind in ("browser", "performance"):
            self.browser.get_log(kind)
        self.browser.get(self.url + fragment)
        return self

    def js(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def find(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def search(self, words: str) -> None:
        self.find("#words").clear()
        self.find("#words").send_keys(words)

    def choose(self, field: str, label: str) -> None:
        from selenium.webdriver.support.ui import Select

        Select(self.find(f"#{field}")).select_by_visible_text(label)

    def shown(self) -> list[str]:
        """Ids of the quotes a reader can see."""
        return self.js(
            "return [...document.querySelectorAll('figure.quote')].filter(q => q.checkVisibility())"
            ".map(q => q.querySelector('.id').textContent)"
        )

    def marks(self) -> list[str]:
        return self.js("return [...document.querySelectorAll('mark')].map(m => m.textContent)")

    @property
    def count(self) -> str:
        return self.find("#count").text

    @property
    def fragment(self) -> str:
        return self.js("return decodeURIComponent(location.hash.replaceAll('+', ' '))")

    def wait(self, condition: Any) -> None:
        end = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < end, "waited five seconds"
            time.sleep(0.02)

    def errors(self) -> list[str]:
        return [
            entry["message"] for entry in self.browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")
        ]

    def network(self, event: str) -> list[dict[str, Any]]:
        messages = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [message["params"] for message in messages if message["method"] == f"Network.{event}"]

    def requests(self) -> list[str]:
        return [event["request"]["url"] for event in self.network("requestWillBeSent")]

    def blocked(self) -> list[str]:
        return [event.get("blockedReason", "") for event in self.network("loadingFailed")]
