"""Names proposed by a language model that runs on this machine; off unless study.yaml says where it listens.

It is told a theme's keywords and quotes that may be shown to any reader, and is not trusted: what it says must pass the
checks that our own names pass, word by word, or ours stays. Whatever it does wrong is counted by reason; nothing of
what it was told or said is kept in a message.
"""

import http.client
import json
import re
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Timer
from urllib.parse import urlsplit

import numpy as np

from pipeline.study import Namer
from pipeline.themes.choice import GENERIC, SAME_MEANING
from pipeline.themes.eligible import Rules
from pipeline.themes.labels import Naming, sentence_case
from pipeline.themes.phrases import is_mask
from pipeline.themes.usage import stem
from pipeline.themes.words import words

_MOST_WORDS = 6
_MOST_BYTES = 65_536  # of an answer; a name takes a few hundred
_QUOTES = 8  # a theme that it is told
_MOST_FAILURES = 3  # in a row, before it is asked no more
_PLAIN = re.compile(r"[^\W\d_]+(?:[ '’&-]+[^\W\d_]+)*")
_ASK = (
    "You name themes of a qualitative study for a printed report. Answer with one heading of two to five words and "
    "nothing else: a plain noun phrase, words that the quotes use, no names of people, places or organisations, no "
    "numbers."
)


@dataclass(frozen=True)
class Limits:
    """What a proposed name must obey, beside `Rules`.

    people: for each theme, how many contributors used each word, by its stem. encode: texts → unit vectors.
    """

    rules: Rules
    people: Mapping[int, Counter[str]]
    encode: Callable[[list[str]], np.ndarray]


class _Failed(Exception):
    """Carries a reason from a fixed list, never text."""


def name_by_endpoint(
    names: Mapping[int, Naming], quotes: Mapping[int, Sequence[str]], limits: Limits, settings: Namer
) -> tuple[dict[int, Naming], Counter[str]]:
    """The names with those that the endpoint gave and that passed all checks, and how often it failed for what reason.

    Reasons: unreachable, slow, status, too_large, not_json; of a name: empty, too_long, odd_characters, placeholder,
    blocked_word, question_echo, generic, unknown_word, taken. `not_asked` counts themes left out after three failures
    in a row, `proposed` names that were taken over.

    Args:
        names: our own, which stay wherever anything goes wrong.
        quotes: of each theme, as a reader may see them: of passages not held, of people who may be quoted.
        limits: what a name must obey.
        settings: where the endpoint listens.
    """
    result, reasons, failures = dict(names), Counter[str](), 0
    vectors = dict(zip(names, limits.encode([name.label for name in names.values()]), strict=True)) if names else {}
    for theme, name in names.items():
        if not quotes.get(theme):
            continue
        if failures >= _MOST_FAILURES:
            reasons["not_asked"] += 1
            continue
        try:
            answer = _asked(settings, quotes[theme][:_QUOTES], name.keywords)
            failures = 0
        except _Failed as failed:
            failures += 1
            reasons[str(failed)] += 1
            continue
        label = _tidied(answer)
        reason = refused(label, theme, limits) or _taken(label, theme, result, vectors, limits)
        reasons[reason or "proposed"] += 1
        if not reason:
            result[theme] = replace(name, label=sentence_case(label), label_source="endpoint", low_confidence=False)
            vectors[theme] = limits.encode([label])[0]
    return result, reasons


def refused(label: str, theme: int, limits: Limits) -> str:
    """Why a name may not be used, "" if it may."""
    if not label:
        return "empty"
    if "[" in label or "]" in label or any(is_mask(word) for word in label.split()):
        return "placeholder"
    if not _PLAIN.fullmatch(label):
        return "odd_characters"
    if len(label.split()) > _MOST_WORDS:
        return "too_long"
    rules, parts = limits.rules, _parts(label)
    if set(parts) & rules.blocked or {word.removesuffix("s") for word in parts} & rules.blocked:
        return "blocked_word"
    telling = [word for word in parts if not _is_function_word(word)]
    stems = {stem(word) for word in telling}
    if not stems - {stem(word) for word in GENERIC}:
        return "generic"
    if not stems - {stem(word) for word in GENERIC | rules.asked}:
        return "question_echo"
    people = limits.people.get(theme, Counter())
    return "unknown_word" if any(people[word] < max(1, rules.min_contributors) for word in stems) else ""


def people_by_stem(texts: Sequence[str], labels: np.ndarray, contributors: Sequence[str]) -> dict[int, Counter[str]]:
    """For each theme, how many distinct contributors used each word, by its stem.

    Args:
        texts: without placeholders.
        labels: theme of each, -1 for none.
        contributors: of each.
    """
    said = {
        (int(theme), stem(part), who)
        for text, theme, who in zip(texts, labels, contributors, strict=True)
        if theme >= 0
        for word in words(text)
        for part in _parts(word)
    }
    people: dict[int, Counter[str]] = {}
    for theme, word, _ in said:
        people.setdefault(theme, Counter())[word] += 1
    return people


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _is_function_word(word: str) -> bool:
    from spacy.lang.en.stop_words import STOP_WORDS

    return word in STOP_WORDS


def _taken(
    label: str, theme: int, names: Mapping[int, Naming], vectors: Mapping[int, np.ndarray], limits: Limits
) -> str:
    others = [other for other in names if other != theme]
    if any(names[other].label.casefold() == label.casefold() for other in others):
        return "taken"
    vector = limits.encode([label])[0]
    return "taken" if any(float(vectors[other] @ vector) >= SAME_MEANING for other in others) else ""


def _tidied(answer: str) -> str:
    """The first line, without the quotation marks and the full stop that models like to add."""
    lines = answer.strip().splitlines() or [""]
    return " ".join(lines[0].strip().strip("\"'“”‘’`*.").split())


# ── over the wire ───────────────────────────────────────────────────────────────────────────────────────────────


def _asked(settings: Namer, quotes: Sequence[str], keywords: Sequence[str]) -> str:
    """The endpoint's answer. Raises _Failed."""
    told = "\n".join(
        [f"Keywords: {', '.join(keywords)}", "Quotes:", *(f"- {' '.join(quote.split())}" for quote in quotes)]
    )
    messages = [{"role": "system", "content": _ASK}, {"role": "user", "content": told}]
    body = {
        "model": settings.model,
        "messages": messages,
        "temperature": 0,
        "seed": 7,
        "max_tokens": 24,
        "stream": False,
    }
    answer = _posted(settings, json.dumps(body).encode())
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise _Failed("not_json") from None
    if not isinstance(content, str):
        raise _Failed("not_json")
    return content


def _posted(settings: Namer, body: bytes) -> bytes:
    """What the endpoint answers, in time and within limits. No redirect is followed and no proxy is used.

    The time limit holds for all of it: a timer shuts the connection, so that no trickle of bytes can stretch it.
    """
    url = urlsplit(settings.url)
    host = "127.0.0.1" if url.hostname == "localhost" else url.hostname or ""
    connection = (
        http.client.HTTPSConnection(
            host, url.port, timeout=settings.timeout_seconds, context=ssl.create_default_context()
        )
        if url.scheme == "https"
        else http.client.HTTPConnection(host, url.port, timeout=settings.timeout_seconds)
    )
    late: list[bool] = []
    timer = None
    try:
        connection.connect()
        wire = connection.sock

        def shut() -> None:
            late.append(True)
            try:
                wire.shutdown(socket.SHUT_RDWR)
            except OSError:  # closed already
                return

        timer = Timer(settings.timeout_seconds, shut)
        timer.daemon = True
        timer.start()
        path = f"{url.path.rstrip('/')}/chat/completions"
        connection.request("POST", path, body, {"Content-Type": "application/json", "Connection": "close"})
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise _Failed("status")
        answer = response.read(_MOST_BYTES + 1)
    except TimeoutError:
        raise _Failed("slow") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise _Failed("slow" if late else "unreachable") from None
    finally:
        if timer is not None:
            timer.cancel()
        connection.close()
    if late:
        raise _Failed("slow")
    if len(answer) > _MOST_BYTES:
        raise _Failed("too_large")
    return answer
