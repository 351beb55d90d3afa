"""What each stage does with a run: reads its tables, calls its pure function, hands over the result.

The stages' own modules know nothing of runs, files or each other; this module is where they meet.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.errors import Problem, RefusedError
from pipeline.ids import text_hash
from pipeline.reasons import HELD
from pipeline.store import Output, Run, canonical_hash
from pipeline.study import Attribution, Study
from pipeline.tables import ALL_TABLES, CHANGES, CODINGS, EARLIER, SET_ASIDE, conform, records, set_aside_rows

if TYPE_CHECKING:
    from pipeline.codebook import State
    from pipeline.redaction import Person
    from pipeline.themes import Past

Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True)
class Work:
    """All that a stage may touch."""

    study: Study
    run: Run
    key: bytes
    progress: Progress
    previous: Run | None = None  # the study's last complete run, for themes that keep their identity

    @property
    def cache(self) -> Path:
        return self.study.root / "private" / "cache"


def ingest(work: Work) -> Output:
    from pipeline.ingest import read_sources

    found = read_sources(work.study, work.key, work.progress)
    return Output(
        {
            "files": found.files,
            "rows": found.rows,
            "contributors": found.contributors,
            "documents": found.documents,
            "segments": found.segments,
            "questions": found.questions,
            "set_aside": found.set_aside,
        }
    )


def consent(work: Work) -> Output:
    from pipeline.consent import decide

    attributions, set_aside = decide(work.run.read("contributors"), work.study)
    return Output({"attributions": attributions, "set_aside": set_aside})


def _people(work: Work) -> "list[Person]":
    """Everybody whose name the study knows."""
    from pipeline.redaction import Person

    attributions = work.run.read("attributions").set_index("contributor_id")["attribution"]
    people = [
        Person(
            contributor_id=row["contributor_id"],
            name=row["name"],
            email=row["email"],
            organisation=row["organisation"],
            role=row["role"],
            stakeholder_group=row["stakeholder_group"],
            other=tuple(line for line in row["other_identifiers"].split("\n") if line.strip()),
            attribution=Attribution(attributions[row["contributor_id"]]),
        )
        for row in records(work.run.read("contributors"))
    ]
    # A named interviewer promised nothing and asked for nothing; "Interviewer" alone is no name.
    interviewers = sorted({label for source in work.study.sources for label in source.interviewers if " " in label})
    return people + [Person(contributor_id=f"interviewer-{n}", name=name) for n, name in enumerate(interviewers)]


def redact(work: Work) -> Output:
    """Redacts every document; one that a recogniser failed on is held and leaves no text to the right of here."""
    from pipeline.redaction import Document, Redactor, Segment
    from pipeline.review.applying import apply_decisions
    from pipeline.review.decisions import read_decisions

    people = _people(work)
    texts = {row["document_id"]: row for row in records(work.run.read("documents"))}
    segments = work.run.read("segments")
    documents = [
        Document(
            str(document_id),
            tuple(
                Segment(row["segment_id"], texts[document_id]["text"][row["start"] : row["end"]], row["contributor_id"])
                for row in records(rows)
            ),
        )
        for document_id, rows in segments.groupby("document_id", sort=True)
    ]
    done = Redactor(work.study.redaction, people).redact(documents, lambda n: work.progress(n, len(documents)))
    done, reviews = apply_decisions(documents, done, read_decisions(work.study.root), work.key)
    by_segment = {row["segment_id"]: row for row in records(segments)}
    waves = {source.id: source.wave for source in work.study.sources}
    out_documents: list[dict[str, Any]] = []
    out_segments: list[dict[str, Any]] = []
    redactions: list[dict[str, Any]] = []
    held: dict[str, list[str]] = {}
    silent: list[str] = []  # segments of held documents
    for document in done:
        if document.held:
            held.setdefault(sorted(document.held)[0], []).append(document.document_id)
            silent += [segment.segment_id for segment in document.segments]
            continue
        text, n_redactions = "", 0
        for segment in document.segments:
            row = by_segment[segment.segment_id]
            text += "\n\n" if text else ""
            start = len(text)
            text += segment.text
            out_segments.append({**row, "start": start, "end": len(text), "review": segment.review})
            n_redactions += len(segment.spans)
            redactions += [
                {
                    "document_id": document.document_id,
                    "start": row["start"] + span.start,
                    "end": row["start"] + span.end,
                    **{name: getattr(span, name) for name in ("label", "kind", "score", "source", "placeholder")},
                }
                for span in segment.spans
            ]
        out_documents.append(
            {
                "document_id": document.document_id,
                "source_kind": texts[document.document_id]["source_kind"],
                "wave": waves[texts[document.document_id]["source_id"]],
                "text": text,
                "sha256": text_hash(text),
                "n_redactions": n_redactions,
            }
        )
    parts = [set_aside_rows("redact", "document", ids, f"{HELD}{reason}") for reason, ids in sorted(held.items())]
    parts += [set_aside_rows("redact", "segment", silent, "document_held")] if silent else []
    return Output(
        {
            "redacted_documents": _table("redacted_documents", out_documents),
            "redacted_segments": _table("redacted_segments", out_segments),
            "redactions": _table("redactions", redactions),
            "reviews": _table("reviews", reviews),
            "set_aside": conform(pd.concat(parts) if parts else SET_ASIDE.empty(), SET_ASIDE),
        },
        counts=dict(sorted(Counter(row["label"] for row in redactions).items())),
    )


def split(work: Work) -> Output:
    from pipeline.passages import split_passages

    read = work.run.read
    passages, set_aside = split_passages(
        read("redacted_documents"),
        read("redacted_segments"),
        read("attributions"),
        _questions(work),
        work.study.passages,
        work.key,
    )
    return Output({"passages": passages, "set_aside": set_aside})


def embed(work: Work) -> Output:
    from pipeline.embedding import embed as embed_passages

    passages = work.run.read("passages")
    vectors = embed_passages(passages, work.study.embedding, work.cache, lambda n: work.progress(n, len(passages)))
    return Output({}, arrays={"vectors": vectors})


def themes(work: Work) -> Output:
    from pipeline.beside import asked_of
    from pipeline.codebook import current_state, known_themes, unpacked
    from pipeline.disclosure import keyword_rule, quotable, roster_words
    from pipeline.registry import read_registry
    from pipeline.themes import find_themes

    study, read, passages = work.study, work.run.read, work.run.read("passages")
    made_with, attributions = _fitted_with(study), read("attributions")
    made = {theme: decided for theme, decided in current_state(study.root).themes.items() if decided.is_live}
    found = find_themes(
        passages,
        vectors(work),
        settings=study.themes,
        disclosure=keyword_rule(study.disclosure, attributions, passages),
        embedding=study.embedding,
        cache=work.cache,
        seed=study.seed,
        questions=asked_of(work.run),
        blocked=roster_words(read("contributors")),
        quotable=quotable(passages, attributions),
        past=_past(study.root, work.previous, made_with),
        taken=known_themes(study.root) | frozenset(read_registry(study.root)),
        awaited={theme: unpacked(decided.centroid) for theme, decided in made.items() if decided.centroid},
        called={theme: decided.title for theme, decided in made.items() if decided.title},
        progress=lambda n: work.progress(n, 100),
    )
    tables = {name: getattr(found, name) for name in ("themes", "ideas", "assignments")}
    tables["earlier"] = _earlier(work.previous)
    return Output(tables, arrays={"idea_vectors": found.vectors}, counts=found.counts, made_with=made_with)


def _fitted_with(study: Study) -> str:
    """What makes themes other ones: whoever changes it wants them found anew."""
    chosen = {"clusterer", "min_themes", "max_themes", "min_passages", "min_similarity"}
    settings = study.themes.model_dump(mode="json", include=chosen)
    if study.themes.per != "study":  # runs from before there was a choice stay as they are
        settings["per"] = study.themes.per
    return canonical_hash({**settings, "embedding": study.embedding.model, "seed": study.seed})


def _past(root: Path, last: Run | None, made_with: str) -> "Past | None":
    """What the last run found, and where people have put passages of it: later ones like them follow."""
    from pipeline.codebook import coded_assignments, current_state, located
    from pipeline.themes import Past

    if last is None:
        return None
    state = located(current_state(root), last.read("passages"))
    coded = coded_assignments(state, last.read("assignments"))
    one = coded[~coded["passage_id"].duplicated(keep=False) & (coded["source"] == "person") & (coded["theme_id"] != "")]
    ideas = last.read("ideas")
    ideas = ideas.assign(theme_id=ideas["theme_id"].map(state.unmade))
    refit = (last.entry("themes") or {}).get("made_with") != made_with
    return Past(last.read("themes"), ideas, refit, dict(zip(one["passage_id"], one["theme_id"], strict=True)))


def _earlier(last: Run | None) -> pd.DataFrame:
    """EARLIER: what the bank of the last run was made of, for changes to be told by, however often people decide."""
    from pipeline.drift import earlier_of

    if last is None or not last.has_table("passages"):
        return EARLIER.empty()
    is_coded = last.has_table("coded_assignments")
    return earlier_of(
        last.read("coded_themes" if is_coded else "themes"),
        last.read("ideas"),
        last.read("assignments"),
        last.read("codings") if is_coded else CODINGS.empty(),
        last.read("passages"),
        last.read("changes") if is_coded else CHANGES.empty(),
    )


def codebook(work: Work) -> Output:
    """People's decisions, and what their definitions and codings say of passages that nobody has decided about."""
    from pipeline.agreement.codings import read_codings
    from pipeline.beside import restated, sayable
    from pipeline.codebook import Codebook, apply_codebook, came_from, current_state, found_in, located, read_codebook
    from pipeline.deduction import codes_of, deduce, human_codings, unsure, with_codings
    from pipeline.drift import Decided, find_changes
    from pipeline.embedding import embed_texts
    from pipeline.encoder import encoder_for

    read, root = work.run.read, work.study.root
    passages, book = read("passages"), read_codebook(work.study.codebook_path) or Codebook()
    state = located(current_state(root), passages)
    _refuse_names(state, work)
    themes, ideas, settings = read("themes"), read("ideas"), work.study.for_coding
    encoder = encoder_for(settings)
    codings = deduce(
        codes_of(state, book, passages),
        human_codings(state, read_codings(root), passages),
        passages,
        ideas,
        lambda said: embed_texts(said, settings, work.cache, lambda done: work.progress(done, len(said)), encoder),
        found_in(state, themes),
    )
    found = with_codings(read("assignments"), codings)
    coded, assignments = apply_codebook(book, themes, found, passages, state)
    coded = restated(coded, assignments, themes, state, book, sayable(work.study, work.run))
    decided = Decided(passages, ideas, found, coded, assignments, state, came_from(root))
    changes = find_changes(decided, read("earlier"), work.study.themes.min_passages)
    tables = {"coded_themes": coded, "coded_assignments": assignments, "codings": codings, "changes": changes}
    return Output(tables, counts={"unsure": unsure(codings)["passage_id"].nunique()})


def _refuse_names(state: "State", work: Work) -> None:
    """What people call a theme is printed beside its quotes. Raises RefusedError where it names a contributor."""
    from pipeline.labels import DIRECT
    from pipeline.redaction.roster import Roster
    from pipeline.redaction.shadow import make_shadow

    roster = Roster(_people(work))
    for theme, decided in sorted(state.themes.items()):
        said = make_shadow(f"{decided.label}\n{decided.description}").text if decided.is_live else ""
        if any(found.label in DIRECT and found.score == 1.0 for found in roster.find(said, [])):
            what = "a contributor's name or number is in its label or its description"
            raise RefusedError(Problem(f"theme {theme}", what, "say it otherwise: quotebank codebook rename, define"))


def quotes(work: Work) -> Output:
    from pipeline.codebook import current_state, located
    from pipeline.disclosure import attribution_lines, shown_groups
    from pipeline.embedding import embed_texts
    from pipeline.quotes import choose_quotes

    passages, attributions = work.run.read("passages"), work.run.read("attributions")
    groups = shown_groups(attributions, passages, work.study.disclosure)
    chosen, set_aside = choose_quotes(
        passages,
        vectors(work),
        work.run.read("coded_themes"),
        work.run.read("coded_assignments"),
        attributions,
        attribution_lines(attributions, groups),
        groups,
        work.study.quotes,
        lambda texts: embed_texts(texts, work.study.embedding, work.cache),
        located(current_state(work.study.root), passages).pinned_quotes,
    )
    return Output({"quotes": chosen, "set_aside": set_aside})


def draft(work: Work) -> Output:
    from pipeline.disclosure import shown_groups
    from pipeline.outputs import assemble_bank, write_bank
    from pipeline.reading import facts

    read = work.run.read
    quoted, passages, attributions = read("quotes"), read("passages"), read("attributions")
    bank = assemble_bank(
        title=work.study.title,
        status="DRAFT",
        run_id=work.run.run_id,
        themes=read("coded_themes"),
        assignments=read("coded_assignments"),
        quotes=quoted,
        passages=passages,
        shown_groups=shown_groups(attributions, passages, work.study.disclosure),
        questions={q: _questions(work)[q] for q in work.study.questions() if q in _questions(work)},
        facts=facts(work.study, work.run),
    )
    written = tuple(quote.quote_id for theme in bank.themes for quote in theme.quotes)

    def write(folder: Path) -> None:
        write_bank(folder, bank)
        if (page := _changes_page(work)) is not None:
            (folder / "changes.md").write_bytes(page)

    return Output({}, write_files=write, written=written)


def _changes_page(work: Work) -> bytes | None:
    """What changed since the run before; None for a first run, and where nothing did.

    Examples are passages that could be quoted.
    """
    from pipeline.comparison import foreignness
    from pipeline.disclosure import quotable
    from pipeline.outputs.changes import changes_bytes, has_news

    read = work.run.read
    changes, passages, attributions = read("changes"), read("passages"), read("attributions")
    counts = (work.run.entry("themes") or {}).get("counts", {})
    if not has_news(changes, counts):
        return None
    shown = passages[quotable(passages, attributions)]
    labels = {row["theme_id"]: _titled(row) for name in ("themes", "coded_themes") for row in records(read(name))}
    texts, foreign = dict(zip(shown["passage_id"], shown["text"], strict=True)), foreignness(read("ideas"))
    return changes_bytes(changes, labels, texts, counts, foreign.words if foreign else "")


def _titled(theme: dict[str, Any]) -> str:
    """A theme's label, with its question where it has one and does not say so."""
    label, question = theme["label"], theme["question_id"]
    return label if not question or label.endswith(f"{question})") else f"{label} – {question}"


def vectors(work: Work) -> np.ndarray:
    """float32 (n_passages, dim); row i belongs to row i of the passages table."""
    return work.run.read_array("embed", "vectors")


def _questions(work: Work) -> dict[str, str]:
    table = work.run.read("questions")
    return dict(zip(table["question_id"], table["text"], strict=True))


def _table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else ALL_TABLES[name].empty()
