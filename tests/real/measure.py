"""Runs the real studies through the whole pipeline and prints their row of BENCHMARKS.md: numbers only, no text.

.venv/bin/python -m tests.real.measure [STUDY ...]
"""

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pipeline.store import Run
from tests.helpers import guard

STUDIES = Path(__file__).parent / "studies"
NAMES = sorted(path.name for path in STUDIES.iterdir() if path.is_dir())


def place(name: str, folder: Path) -> Path:
    """A copy of a study's configuration in `folder` that still finds its sources."""
    root = Path(
        shutil.copytree(
            STUDIES / name, folder / name, ignore=shutil.ignore_patterns("runs", "private", "codebook.yaml")
        )
    )
    path = root / "study.yaml"
    here = os.path.relpath((STUDIES / name / "../../../../../shared").resolve(), root.resolve())
    path.write_text(path.read_text("utf-8").replace("../../../../../shared", here), "utf-8")
    return root


def measure(name: str, folder: Path) -> dict[str, Any]:
    """One whole run in a fresh folder, by the command a person would type."""
    root = place(name, folder)
    started = time.monotonic()
    ran = guard.run("run", str(root), "--json", home=folder / "home", timeout=900)
    seconds = time.monotonic() - started
    if ran.code:
        raise SystemExit(f"{name}: exit {ran.code}\n{ran.err}")
    summary, run = json.loads(ran.out), Run.open(root)
    assignments = run.read("coded_assignments")
    return {
        "study": name,
        "answers": len(run.read("segments").query("speaker == 'contributor'")),
        "people": run.read("passages")["contributor_id"].nunique(),
        "passages": len(assignments),
        "themes": len(run.read("coded_themes")),
        "unassigned": f"{(assignments['theme_id'] == '').mean():.1%}",
        "quotes": len(run.read("quotes")),
        "seconds": round(seconds),
        "peak MB": summary["peak_mb"],
        "connections": len(ran.connections),
    }


def main(names: list[str]) -> None:
    rows = []
    for name in names or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure(name, Path(folder)))
        sys.stderr.write(f"{rows[-1]}\n")
    sys.stdout.write("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]) + "\n")
    for row in rows:
        sys.stdout.write("| " + " | ".join(str(value) for value in row.values()) + " |\n")


if __name__ == "__main__":
    main(sys.argv[1:])
