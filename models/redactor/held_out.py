"""Writes the held-out strands as gold that `quotebank evaluate redaction` reads, and the court cases not trained on.

    .venv/bin/python models/redactor/held_out.py build/held_out.jsonl build/held_out_cases.jsonl

Thresholds were chosen on these strands; they compare variants of the stack and are no evidence of its performance.
"""

import json
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parent))
from corpus import HELD_OUT, unmark
from public import TAB_CASES, court_cases

ROOT = Path(__file__).parent.parent.parent


def rows():
    """A row a passage, as data/sample/gold.jsonl has them."""
    from pipeline.labels import kind

    for strand in HELD_OUT:
        people = yaml.safe_load((ROOT / "data" / "training" / f"{strand}.yaml").read_text("utf-8"))
        for p, person in enumerate(people):
            for n, passage in enumerate(person["passages"]):
                plain = unmark(strand, passage["text"])
                yield {
                    "passage_id": f"{strand}-{p}-{n}",
                    "document_id": f"{strand}-{p}",  # what one person says, as in a study
                    "contributor": {
                        "name": person["name"],
                        "email": person.get("email", ""),
                        "force_or_organisation": person.get("organisation", ""),
                        "role": person.get("role", ""),
                        "stakeholder_group": person.get("group", ""),
                    },
                    "text": plain.text,
                    "spans": [
                        {
                            "start": s.start,
                            "end": s.end,
                            "label": s.label,
                            "kind": kind(s.label),
                            "must": not s.optional,
                        }
                        for s in plain.spans
                    ],
                    "traps": [{"start": s.start, "end": s.end} for s in plain.traps],
                }


if __name__ == "__main__":
    lines = [json.dumps(row, ensure_ascii=False) for row in rows()]
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", "utf-8")
    if len(sys.argv) > 2:
        cases = court_cases(ROOT.parent / "shared" / "data" / "redaction-train" / "tab100.jsonl")[TAB_CASES:]
        Path(sys.argv[2]).write_text("".join(f"{json.dumps(case)}\n" for case in cases), "utf-8")
