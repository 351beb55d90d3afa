"""The files of a new study."""

from pathlib import Path

from pipeline.errors import ConfigError, Problem
from pipeline.store import private_folder, write_atomic

STUDY_YAML = """\
# What quotebank should read, and how. `quotebank check .` says what is wrong with it.
study: {slug}
title: "{title}"

sources:
  - id: survey
    kind: survey                     # survey | transcript | submission
    files: sources/survey*.csv       # CSV or XLSX; a pattern may match several exports of the same form
    columns:                         # headers as they stand in the export; leave out what it does not have
      respondent: ID
      name: Name
      email: Email
      organisation: Organisation
      role: Role
      group: Stakeholder group
      consent: "May we quote you?"
    questions:
      - id: frustration
        text: What gets in the way?  # as readers should see it
        columns: ["What gets in the way?"]

# Exact answers to the consent question and what each means. An answer that is not listed here holds its contributor
# for a person: attributable | role_only | non_attributable | do_not_quote
consent:
  version: 1
  wording:
    "Yes, you may name me": attributable
    "My role and organisation only": role_only
    "No, keep my remarks non-attributable": non_attributable

# Who will read the bank. It decides what is kept, generalised and masked: internal | public | strict
redaction:
  profile: public
"""

CONTRIBUTORS_CSV = "file,speaker,name,email,organisation,role,group,consent\n"

IGNORE = """\
# Nothing of a study belongs in version control except its configuration and decisions.
private/
runs/
sources/
contributors.csv
"""


def scaffold(folder: Path, export: Path | None = None) -> list[Path]:
    """Makes a study in `folder`; with `export`, from what that export looks like. Returns the files it wrote.

    Raises:
        ConfigError: there is a study already; nothing is overwritten.
        InputError: the export cannot be read.
    """
    if (folder / "study.yaml").exists():
        raise ConfigError(Problem(str(folder), "holds a study already", "choose another folder"))
    sources = folder / "sources"
    if export is not None:
        from pipeline.ingest import propose_study

        configuration = propose_study(export)
    else:
        slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in folder.resolve().name.lower()).strip("-")
        configuration = STUDY_YAML.format(slug=slug[:40] or "study", title=folder.resolve().name)
    private_folder(sources)
    private_folder(folder / "private")
    written = {
        folder / "study.yaml": configuration,
        folder / "contributors.csv": CONTRIBUTORS_CSV,
        folder / ".gitignore": IGNORE,
    }
    for path, content in written.items():
        if not path.exists():
            write_atomic(path, content.encode())
    if export is not None and not (sources / export.name).exists():
        write_atomic(sources / export.name, export.read_bytes())
    return list(written)
