"""What a run says about itself in plain numbers: for methods.md, the terminal and notebooks. Never text or names."""

from importlib.metadata import version
from typing import Any

from pipeline.frames import study_frames
from pipeline.models import ModelName, model_facts
from pipeline.reasons import ENDPOINT
from pipeline.store import Run
from pipeline.study import Study

LIMITS = (
    "Redaction finds most identifying details and misses some; a person must read every quote before it is published.",
    "What only a colleague would recognise, such as a turn of phrase or a known incident, cannot be found by rules.",
    "Themes are found by a machine from the wording of passages; labels are working titles until a person agrees.",
    "Counts describe those who answered, not everybody who could have.",
)


def facts(study: Study, run: Run) -> dict[str, Any]:
    """Numbers, models and settings of a run up to its quotes, as methods.md shows them."""
    from pipeline.disclosure import keyword_rule
    from pipeline.redaction.policy import described, policies

    attributions = run.read("attributions")
    counts = attributions.loc[attributions["quotable"], "attribution"].value_counts()
    stages = [
        {"stage": name, **balance, "reasons": entry["set_aside"].get(balance["unit"], {})}
        for name, entry in sorted(run.manifest["stages"].items(), key=lambda item: item[1]["position"])
        if name != "draft"  # an earlier draft of the same run says nothing about this one
        for balance in entry["balances"]
    ]
    coded = study.for_coding.model != study.embedding.model and not run.read("codings").empty
    names: tuple[ModelName, ...] = ("spacy", "redactor", "encoder", *(("coder",) if coded else ()))
    return {
        "stages": stages,
        "attribution": {
            **{name: int(counts.get(name, 0)) for name in ("attributable", "role_only", "non_attributable")},
            "held": int((~attributions["quotable"]).sum()),
        },
        "keyword_people": keyword_rule(study.disclosure, attributions, run.read("passages")).min_keyword_contributors,
        "saturation": saturation_facts(study, run),
        "agreement": agreement_facts(run),
        "redactions": dict((run.entry("redact") or {}).get("counts", {})),
        "endpoint": endpoint_facts(run),
        "treatments": described(policies(study.redaction)),
        "models": [model_facts(name, study) for name in names],
        "settings": study.model_dump(
            mode="json",
            include={
                "redaction": {"profile", "policy", "model", "minimum_score"},
                **dict.fromkeys(("passages", "embedding", "coding", "themes", "quotes", "disclosure", "seed"), True),
            },
        ),
        "consent_version": study.consent.version,
        "software": {name: version(name) for name in ("quotebank", "presidio-analyzer", "spacy", "bertopic")},
        "limits": list(LIMITS),
    }


def saturation_facts(study: Study, run: Run) -> dict[str, Any]:
    """How many themes fewer people would have mentioned.

    Returns:
        reading, a sentence; curve [(people, themes, new with the last of them)], empty where too few may be told of.
    """
    from pipeline.comparison import saturation

    found = saturation(study_frames(run), study.disclosure.min_group, study.disclosure.min_cell, seed=study.seed)
    asked = sorted({max(1, round(found.people * part)) for part in (0.05, 0.1, 0.25, 0.5, 1)})
    curve = found.curve[found.curve["people"].isin(asked)]
    columns = (curve[name].tolist() for name in ("people", "themes", "new"))
    return {"reading": found.reading, "curve": list(zip(*columns, strict=True))}


def endpoint_facts(run: Run) -> dict[str, int]:
    """What came of the names that a language model on this machine was asked for, counted by reason; see `reasons`."""
    counts = (run.entry("themes") or {}).get("counts", {})
    return {key.removeprefix(ENDPOINT): n for key, n in counts.items() if key.startswith(ENDPOINT)}


def agreement_facts(run: Run) -> dict[str, Any]:
    """What people's blind codings show so far, in numbers; nothing where nobody has coded.

    Returns:
        coded, by_two (passages), pairs [(one, other, same, kappa)], alpha, precision and recall; each figure is
        (value, low, high, n), its value None where there is too little to say.
    """
    from pipeline.agreement.codings import read_codings
    from pipeline.agreement.report import report
    from pipeline.codebook import current_state

    codings = read_codings(run.root)
    if not codings.in_force:
        return {}
    found = report(codings, run.read("passages"), run.read("coded_assignments"), current_state(run.root).target)

    def figure(of: Any) -> tuple[float | None, float | None, float | None, int]:
        return of.value, of.low, of.high, of.n

    return {
        "coded": found.coded,
        "by_two": found.coded_by_two,
        "pairs": [(pair.one, pair.other, figure(pair.same), figure(pair.kappa)) for pair in found.people],
        "alpha": figure(found.alpha_masi),
        "precision": figure(found.overall.precision),
        "recall": figure(found.overall.recall),
    }
