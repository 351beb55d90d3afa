"""A language model on this machine that proposes names: it is never trusted, and never stops a run."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from pipeline.study import Namer
from pipeline.themes.eligible import Rules
from pipeline.themes.endpoint import Limits, name_by_endpoint, people_by_stem, refused
from pipeline.themes.labels import Naming
from tests.fakes import HashEncoder

NAMES = {0: Naming("Passwords", ("reset",), True), 1: Naming("Radio signal", ("hill",), False)}
QUOTES = {0: ["I reset my passwords every week"], 1: ["The radio signal drops"]}
PEOPLE = {
    0: Counter({"reset": 5, "password": 5, "expir": 4, "olavsen": 9, "jon": 9, "rare": 2, "week": 4}),
    1: Counter({"radio": 5}),
}
ENCODER = HashEncoder()


def limits(asked: frozenset[str] = frozenset()) -> Limits:
    def encode(texts: list[str]) -> np.ndarray:
        vectors = ENCODER.encode(texts)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return Limits(Rules(frozenset({"olavsen", "jones"}), asked, 3, Counter()), PEOPLE, encode)


Reply = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(reply: Reply) -> Iterator[tuple[Namer, list[Any]]]:
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            reply(self)

        def log_message(self, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Namer(url=f"http://127.0.0.1:{server.server_port}/v1", model="m", timeout_seconds=0.5), heard
    finally:
        server.shutdown()
        server.server_close()


def sends(body: bytes, status: int = 200, **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            handler.wfile.write(body)
        except OSError:  # hung up on
            return

    return reply


def says(label: str) -> Reply:
    return sends(json.dumps({"choices": [{"message": {"content": label}}]}).encode())


def ask(reply: Reply, quotes: dict[int, list[str]] | None = None) -> tuple[dict[int, Naming], Counter[str], list[Any]]:
    with serving(reply) as (settings, heard):
        names, reasons = name_by_endpoint(NAMES, quotes or {0: QUOTES[0]}, limits(), settings)
    return names, reasons, heard


def test_a_good_name_is_taken_over_and_says_where_it_is_from() -> None:
    names, reasons, heard = ask(says('"resetting passwords."\n\nBecause they say so.'))
    assert names[0] == Naming("Resetting passwords", ("reset",), False, "endpoint")
    assert names[1] == NAMES[1]
    assert reasons == {"proposed": 1}
    assert heard[0][0] == "/v1/chat/completions"
    assert QUOTES[0][0] in heard[0][1]["messages"][1]["content"]


def test_nothing_is_told_of_a_theme_without_quotes_that_may_be_shown() -> None:
    _, reasons, heard = ask(says("Resetting passwords"), {1: []})
    assert heard == []
    assert not reasons


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Olavsen passwords", "blocked_word"),
        ("OLAVSEN's passwords", "blocked_word"),
        ("Jones passwords", "blocked_word"),
        ("Passwords of [person]", "placeholder"),
        ("Xxxx passwords", "placeholder"),
        ("Forgotten passwords", "unknown_word"),
        ("Rare passwords", "unknown_word"),
        ("Resetting and resetting passwords again and again", "too_long"),
        ("Passwords; 1234", "odd_characters"),
        ("Passwords\u202e", "odd_characters"),
        ("Things", "generic"),
        ("radio signal", "unknown_word"),
        ("  \n", "empty"),
    ],
)
def test_a_name_that_breaks_a_rule_is_dropped_and_ours_stays(label: str, reason: str) -> None:
    names, reasons, _ = ask(says(label))
    assert names == NAMES
    assert reasons == {reason: 1}


def test_an_echo_of_the_question_and_a_name_of_another_theme_are_dropped() -> None:
    assert refused("Reset passwords", 0, limits(frozenset({"reset", "password"}))) == "question_echo"
    same = {**NAMES, 1: Naming("Expired passwords", (), False)}
    with serving(says("Expired passwords")) as (settings, _):
        names, reasons = name_by_endpoint(same, {0: QUOTES[0]}, limits(), settings)
    assert names == same
    assert reasons == {"taken": 1}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (sends(b"oh dear", 500), "status"),
        (sends(b"<html>not json"), "not_json"),
        (sends(b'{"choices": []}'), "not_json"),
        (sends(b'{"choices": [{"message": {"content": 7}}]}'), "not_json"),
        (sends(b"[" * 60_000), "not_json"),
        (sends(b"a" * 2_000_000), "too_large"),
        (lambda handler: handler.connection.close(), "unreachable"),
    ],
)
def test_whatever_the_endpoint_does_wrong_is_counted(reply: Reply, reason: str) -> None:
    names, reasons, _ = ask(reply)
    assert names == NAMES
    assert reasons == {reason: 1}


def test_no_more_is_read_than_a_name_can_take() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            try:
                handler.wfile.write(b"a" * 65_536)
            except OSError:  # hung up on
                return

    assert ask(endless)[1] == {"too_large": 1}


def test_no_redirect_is_followed() -> None:
    with serving(says("Resetting passwords")) as (elsewhere, heard):
        names, reasons, _ = ask(sends(b"", 307, Location=elsewhere.url + "/chat/completions"))
    assert heard == []
    assert names == NAMES
    assert reasons == {"status": 1}


def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert ask(says("Resetting passwords"))[1] == {"proposed": 1}


def test_a_slow_answer_is_not_waited_for_nor_one_that_trickles() -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(30):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    for reply in (lambda handler: time.sleep(1.0), trickle):
        started = time.perf_counter()
        with serving(reply) as (settings, _):
            names, reasons = name_by_endpoint(NAMES, {0: QUOTES[0]}, limits(), settings)
            took = time.perf_counter() - started
        assert names == NAMES
        assert reasons == {"slow": 1}
        assert took < 2.5


def test_after_three_failures_in_a_row_it_is_asked_no_more() -> None:
    names = {theme: Naming(f"Name {theme}", (), False) for theme in range(5)}
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings = Namer(url=f"http://localhost:{unused.getsockname()[1]}/v1", model="m")
        found, reasons = name_by_endpoint(names, {theme: ["a quote"] for theme in names}, limits(), settings)
    assert found == names
    assert reasons == {"unreachable": 3, "not_asked": 2}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1", "http://10.0.0.1/v1", "ftp://127.0.0.1/v1", "http://127.0.0.1.example.org/v1",
        "http://localhost.example.org", "http://name@127.0.0.1/", "http://127.0.0.1:80/v1?key=1", "127.0.0.1:8080",
        "http://127.0.0.1:99999/v1", "http://[::ffff:8.8.8.8]/", "http://0.0.0.0:80/", "http://2130706433/",
    ],
)  # fmt: skip
def test_an_address_beyond_this_machine_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="must be"):
        Namer(url=url, model="m")


def test_addresses_of_this_machine_are_accepted() -> None:
    for url in ("http://127.0.0.1:8080/v1", "http://localhost:1234", "https://[::1]:8443/v1"):
        assert Namer(url=url, model="m").url == url


def test_people_are_counted_once_for_each_word_and_theme() -> None:
    texts = ["resetting passwords", "Password reset", "passwords again", "radio"]
    people = people_by_stem(texts, np.array([0, 0, 0, -1]), ["a", "a", "b", "c"])
    assert people[0]["password"] == 2
    assert people[0]["reset"] == 1
    assert -1 not in people
