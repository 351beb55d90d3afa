"""Writes the held-out strands as gold that `quotebank evaluate redaction` reads.

    .venv/bin/python models/redactor/held_out.py build/held_out.jsonl

Thresholds were chosen on these strands; they compare variants of the stack and are no evidence of its performance.
"""

import json
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parent))
from corpus import HELD_OUT, MARK, unmark

ROOT = Path(__file__).parent.parent.parent


def rows():
    """A row a passage, as data/sample/gold.jsonl has them."""
    from pipeline.labels import kind

    for strand in HELD_OUT:
        people = yaml.safe_load((ROOT / "data" / "training" / f"{strand}.yaml").read_text("utf-8"))
        for p, person in enumerate(people):
            for n, passage in enumerate(person["passages"]):
                marked = passage["text"]
                plain = unmark(strand, marked)
                traps = unmark(strand, MARK.sub(_only_traps, marked)).spans
                yield {
                    "passage_id": f"{strand}-{p}-{n}",
                    "document_id": f"{strand}-{p}-{n}",
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
                    "traps": [{"start": s.start, "end": s.end} for s in traps],
                }


def _only_traps(mark) -> str:
    return f"[[PERSON:{mark[3]}]]" if mark[1] == "TRAP" else mark[3]


if __name__ == "__main__":
    lines = [json.dumps(row, ensure_ascii=False) for row in rows()]
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", "utf-8")
