"""Turns the written sample study (written/*.yaml, marked by hand) into the files a study really gets.

    python data/sample/build.py [FOLDER]

Writes sources/ (a Microsoft Forms workbook, a Google Forms CSV, three interviews, two submissions), contributors.csv
and gold.jsonl (the hand marks, with offsets). The marks are `[[LABEL:text]]` for what must go, `[[LABEL?:text]]` for
what may, `[[TRAP:text]]` for what must stay. Everything is fictional; see README.md beside this file.
"""

import csv
import io
import json
import random
import re
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer

HERE = Path(__file__).parent
MARK = re.compile(r"\[\[([A-Z_]+)(\??):(.*?)\]\]", re.DOTALL)
DIRECT = set(
    "PERSON EMAIL PHONE NATIONAL_ID OFFICER_NUMBER REFERENCE_NUMBER VEHICLE POSTCODE ADDRESS HANDLE URL".split()
)
QUESTIONS = {
    "works": "What works well about the technology you use or supply, and why?",
    "hinders": "What gets in the way?",
    "change": "If you could change one thing about how policing buys, builds or uses technology, what would it be?",
}
CONSENT_QUESTION = "May we associate you with your remarks?"
CONSENT = {
    "attributable": "Yes, you may name me",
    "role_only": "You may give my role and organisation, but not my name",
    "non_attributable": "No, my remarks must be non-attributable",
    "missing": "",
    "conflicting": "Yes, you may name me;No, my remarks must be non-attributable",
}
FIXED = datetime(2026, 9, 14, 8, 0)


def unmark(marked: str) -> tuple[str, list[dict[str, Any]], list[dict[str, int]]]:
    """The plain text, its spans and its traps."""
    text, spans, traps, end = "", [], [], 0
    for mark in MARK.finditer(marked):
        text += marked[end : mark.start()]
        label, optional, words = mark.groups()
        place = {"start": len(text), "end": len(text) + len(words)}
        if label == "TRAP":
            traps.append(place)
        else:
            kind = "direct" if label in DIRECT else "quasi"
            spans.append({**place, "label": label, "kind": kind, "must": not optional})
        text += words
        end = mark.end()
    return text + marked[end:], spans, traps


def plain(marked: Any) -> str:
    return unmark(str(marked or ""))[0].strip()


def consent_wording(code: str) -> str:
    return code.removeprefix("odd:") if code.startswith("odd:") else CONSENT[code]


def read(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / "written" / f"{name}.yaml").read_text("utf-8"))


# ── surveys ─────────────────────────────────────────────────────────────────────────────────────────────────────


def respondents() -> list[dict[str, Any]]:
    """All survey respondents, in the order in which they happened to answer."""
    people = [p for name in ("officers_a", "officers_b", "staff", "suppliers", "stakeholders") for p in read(name)]
    random.Random(20260914).shuffle(people)
    return people


def write_forms_workbook(path: Path, people: list[dict[str, Any]]) -> None:
    """Microsoft Forms: one sheet, one header row, several choices joined and closed by a semicolon."""
    header = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Last modified time",
        "Which force do you work for?",
    ]
    header += ["What is your role?", "Are you a police officer or a member of police staff?", *QUESTIONS.values()]
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": FIXED})
    sheet = book.add_worksheet("Form1")
    sheet.write_row(0, 0, [*header, CONSENT_QUESTION])
    for row, person in enumerate(people, start=1):
        start = FIXED + timedelta(minutes=37 * row)
        wording = consent_wording(person["consent"])
        cells = [str(row), f"{start:%Y-%m-%d %H:%M}", f"{start + timedelta(minutes=9):%Y-%m-%d %H:%M}", person["email"]]
        cells += [person["name"], "", person["organisation"], person["role"], person["group"]]
        cells += [plain(person[q]) for q in QUESTIONS] + [
            wording + ";" if wording in CONSENT.values() and wording else wording
        ]
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, str(cell or ""))
    book.close()


def write_google_csv(path: Path, people: list[dict[str, Any]]) -> None:
    header = ["Timestamp", "Email Address", "Your name", "Your organisation", "Your role", "Which best describes you?"]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
        table.writerow([*header, *QUESTIONS.values(), CONSENT_QUESTION])
        for row, person in enumerate(people, start=1):
            start = FIXED + timedelta(minutes=53 * row)
            cells = [f"{start:%d/%m/%Y %H:%M:%S}", person["email"], person["name"], person["organisation"]]
            cells += [person["role"], person["group"], *(plain(person[q]) for q in QUESTIONS)]
            table.writerow([*(cell or "" for cell in cells), consent_wording(person["consent"])])


# ── interviews and submissions ──────────────────────────────────────────────────────────────────────────────────


def speaker_names(interview: dict[str, Any]) -> dict[str, str]:
    names = {"interviewer": interview["interviewer"], "contributor": interview["name"]}
    return {**names, "contributor2": interview.get("second", {}).get("name", "")}


def write_interview(path: Path, interview: dict[str, Any]) -> None:
    names = speaker_names(interview)
    turns = [(names[turn["speaker"]], plain(turn["text"]).replace("\n", " ")) for turn in interview["turns"]]
    if interview["format"] == "docx":
        document = Document()
        for name, text in turns:
            document.add_paragraph(f"{name}: {text}")
        save_docx(document, path)
    elif interview["format"] == "vtt":
        lines, clock = ["WEBVTT", ""], 4.0
        for number, (name, text) in enumerate(turns):
            seconds = max(2.0, len(text) / 15)
            lines += [f"{number}-0", f"{stamp(clock)} --> {stamp(clock + seconds)}", f"<v {name}>{text}</v>", ""]
            clock += seconds + 0.4
        path.write_text("\n".join(lines), "utf-8", newline="\n")
    else:
        path.write_text("\n\n".join(f"{name}: {text}" for name, text in turns) + "\n", "utf-8", newline="\n")


def stamp(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{round((seconds - whole) * 1000) % 1000:03}"


def write_submission(path: Path, submission: dict[str, Any]) -> None:
    (write_docx if submission["format"] == "docx" else write_pdf)(path, submission["blocks"])


def write_docx(path: Path, blocks: list[dict[str, Any]]) -> None:
    document = Document()
    for block in blocks:
        if block["kind"] == "heading":
            document.add_heading(plain(block["text"]), level=2)
        elif block["kind"] == "list":
            for item in block["items"]:
                document.add_paragraph(plain(item), style="List Bullet")
        elif block["kind"] == "table":
            table = document.add_table(rows=0, cols=len(block["rows"][0]))
            for row in block["rows"]:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = plain(text)
        else:
            document.add_paragraph(plain(block["text"]))
    save_docx(document, path)


def save_docx(document: Any, path: Path) -> None:
    """Saved with fixed dates and no author, so that building again gives the same bytes."""
    properties = document.core_properties
    properties.author, properties.comments, properties.title = "", "", ""
    properties.created = properties.modified = FIXED
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(
                zipfile.ZipInfo(member.filename, (2026, 9, 14, 8, 0, 0)), source.read(member), zipfile.ZIP_DEFLATED
            )
    path.write_bytes(fixed.getvalue())


def write_pdf(path: Path, blocks: list[dict[str, Any]]) -> None:
    styles, flow = getSampleStyleSheet(), []
    for block in blocks:
        if block["kind"] == "list":
            items = [ListItem(Paragraph(escape(plain(item)), styles["BodyText"])) for item in block["items"]]
            flow.append(ListFlowable(items, bulletType="bullet"))
        else:
            style = styles["Heading2" if block["kind"] == "heading" else "BodyText"]
            flow.append(Paragraph(escape(plain(block["text"])).replace("\n", "<br/>"), style))
        flow.append(Spacer(1, 6))
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1, title="", author="").build(flow)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ── gold ────────────────────────────────────────────────────────────────────────────────────────────────────────

FIELDS = {
    "name": "name",
    "email": "email",
    "force_or_organisation": "organisation",
    "role": "role",
    "stakeholder_group": "group",
}


def gold_row(
    passage_id: str, document_id: str, kind: str, question: str, marked: Any, who: dict[str, Any]
) -> dict[str, Any]:
    text, spans, traps = unmark(str(marked or "").strip())
    contributor = {ours: str(who.get(field) or "") for ours, field in FIELDS.items()}
    row = {"passage_id": passage_id, "document_id": document_id, "source_type": kind, "question": question}
    return {
        **row,
        "contributor": contributor,
        "consent": who.get("consent", ""),
        "text": text,
        "spans": spans,
        "traps": traps,
    }


def gold() -> list[dict[str, Any]]:
    rows = [
        gold_row(f"{person['id']}-{q}", person["id"], "survey", wording, person[q], person)
        for person in sorted(respondents(), key=lambda p: p["id"])
        for q, wording in QUESTIONS.items()
        if plain(person[q])
    ]
    for interview in read("interviews"):
        for n, turn in enumerate(interview["turns"], start=1):
            who = interview["second"] if turn["speaker"] == "contributor2" else interview
            kind = "interviewer" if turn["speaker"] == "interviewer" else "interview"
            marked = str(turn["text"]).strip().replace("\n", " ")
            rows.append(gold_row(f"{interview['id']}-{n:02}", interview["id"], kind, "", marked, who))
    for submission in read("submissions"):
        pieces = [
            piece
            for block in submission["blocks"]
            for piece in block.get("items") or [c for row in block.get("rows", []) for c in row] or [block["text"]]
        ]
        for n, piece in enumerate(pieces, start=1):
            rows.append(gold_row(f"{submission['id']}-{n:02}", submission["id"], "submission", "", piece, submission))
    return rows


def main(folder: Path = HERE) -> None:
    sources = folder / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    people = respondents()
    inside = [p for p in people if p["group"] in ("Police officer", "Police staff")]
    write_forms_workbook(sources / "officers_and_staff.xlsx", inside)
    write_google_csv(sources / "partners.csv", [p for p in people if p not in inside])
    header = ["file", "speaker", "name", "email", "organisation", "role", "group", "consent"]
    with (folder / "contributors.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        for item in [*read("interviews"), *read("submissions")]:
            for who in [item, item["second"]] if "second" in item else [item]:
                speaker = who["name"] if "turns" in item else ""
                cells = [f"sources/{item['file']}", speaker, *(str(who.get(f) or "") for f in header[2:7])]
                table.writerow([*cells, consent_wording(who["consent"])])
    for interview in read("interviews"):
        write_interview(sources / interview["file"], interview)
    for submission in read("submissions"):
        write_submission(sources / submission["file"], submission)
    lines = [json.dumps(row, ensure_ascii=False) for row in gold()]
    (folder / "gold.jsonl").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
