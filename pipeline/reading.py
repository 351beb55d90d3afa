"""What a run says about itself in plain numbers: for methods.md, the terminal and notebooks. Never text or names."""

from importlib.metadata import version
from typing import Any

from pipeline.models import ModelName, model_facts
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
    from pipeline.redaction.policy import described, policies

    attributions = run.read("attributions")
    counts = attributions.loc[attributions["quotable"], "attribution"].value_counts()
    stages = [
        {"stage": name, **balance, "reasons": entry["set_aside"].get(balance["unit"], {})}
        for name, entry in sorted(run.manifest["stages"].items(), key=lambda item: item[1]["position"])
        if name != "draft"  # an earlier draft of the same run says nothing about this one
        for balance in entry["balances"]
    ]
    names: tuple[ModelName, ...] = ("spacy", "redactor", "encoder")
    return {
        "stages": stages,
        "attribution": {
            **{name: int(counts.get(name, 0)) for name in ("attributable", "role_only", "non_attributable")},
            "held": int((~attributions["quotable"]).sum()),
        },
        "redactions": dict((run.entry("redact") or {}).get("counts", {})),
        "treatments": described(policies(study.redaction)),
        "models": [model_facts(name, study) for name in names],
        "settings": study.model_dump(
            mode="json",
            include={
                "redaction": {"profile", "policy", "model", "minimum_score"},
                **dict.fromkeys(("passages", "embedding", "themes", "quotes", "disclosure", "seed"), True),
            },
        ),
        "consent_version": study.consent.version,
        "software": {name: version(name) for name in ("quotebank", "presidio-analyzer", "spacy", "bertopic")},
        "limits": list(LIMITS),
    }
