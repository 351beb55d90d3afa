"""The corpus of coded answers, and its split by codebook."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.coding import Code

# Whole codebooks, so that no question, code or turn of phrase is on both sides. Nothing is trained on them.
HELD_OUT = frozenset(
    """01_04_fire_rollout 01_09_social_work_sharing 02_04_what_stops_innovation 02_09_supplier_relations
    03_03_head_teachers 04_07_patient_transport 05_08_health_record 06_06_construction_mistakes
    07_05_unions_automation 08_05_custody_wishes 08_11_buying_for_police 09_03_nurses_leaving
    09_10_telephone_triage_calltakers 10_06_airline_helpdesk 10_12_streaming_cancel 11_02_spreadsheets_dashboards
    11_09_field_engineers_app 12_05_pay_grading 12_13_lorry_drivers_depots 13_04_school_lunch
    13_11_drink_and_gambling 14_02_cycle_lane_for_against 14_14_experts_public_technology
    15_05_driving_tests 17_13_commercial_skills_gaps 19_09_unpaid_carers 20_03_social_work_fix_first 22_09_online_game
    24_08_asking_for_help 26_05_mobile_officers 28_07_school_mixed 30_06_probation_holding_back""".split()
)


@dataclass(frozen=True)
class Codebook:
    """Codes, and answers with the ids of all codes each was given, the main one first."""

    name: str
    codes: tuple[Code, ...]
    answers: tuple[str, ...]
    given: tuple[tuple[str, ...], ...]


def read(folder: Path) -> tuple[list[Codebook], list[Codebook]]:
    """(to train on, held out), in the order of their names."""
    found = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    return [b for b in found if b.name not in HELD_OUT], [b for b in found if b.name in HELD_OUT]


def _read(path: Path) -> Codebook:
    """Raises ValueError where an answer has a code that is not among the codes."""
    content = yaml.safe_load(path.read_text("utf-8"))
    codes = tuple(
        Code(name, code["label"], code.get("definition", ""), exclude=code.get("exclude", ""))
        for name, code in content["codes"].items()
    )
    lines = [line.split(" | ", 1) for line in content["answers"].strip().splitlines()]
    given = tuple(tuple(name.strip() for name in names.split(",")) for names, _ in lines)
    unknown = {name for names in given for name in names} - {code.theme_id for code in codes}
    if unknown:
        raise ValueError(f"{path.name}: no codes: {sorted(unknown)}")
    return Codebook(path.stem, codes, tuple(text.strip() for _, text in lines), given)
