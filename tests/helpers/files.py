"""Files that a person edits."""

from pathlib import Path


def edit(path: Path, old: str, new: str) -> None:
    """Puts `new` in the first place of `old`, which has to be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
