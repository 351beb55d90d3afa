"""One person is one contributor, however many sources they answered in.

Otherwise they would count twice wherever a number protects people, and what they said about consent in one place would
not bind in the other.
"""

import pandas as pd

from pipeline.ids import opaque_id
from pipeline.tables import records

_DESCRIBED = ("name", "email", "organisation", "role", "stakeholder_group")


def one_row_a_person(
    contributors: pd.DataFrame, segments: pd.DataFrame, key: bytes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """CONTRIBUTORS and SEGMENTS with people of one e-mail address and name, in several sources, made one contributor.

    Their consent wordings are put together, and everything that differs between their rows stays on the roster as a
    further identifier. An address that goes with several names is a shared mailbox: nobody is merged.
    """
    people: dict[str, list[dict[str, object]]] = {}
    for row in sorted(records(contributors), key=lambda row: (row["source_id"], row["contributor_id"])):
        if row["email"].strip():
            people.setdefault(row["email"].strip().casefold(), []).append(row)
    merged: dict[str, dict[str, object]] = {}
    same = {address: rows for address, rows in people.items() if len(rows) > 1 and _is_one_person(rows)}
    for address, rows in same.items():
        person = _merge(rows, opaque_id(key, "person", address))
        merged |= {str(row["contributor_id"]): person for row in rows}
    kept = [merged.get(row["contributor_id"], row) for row in records(contributors)]
    distinct = {str(row["contributor_id"]): row for row in kept}
    ids = [str(merged[one]["contributor_id"]) if one in merged else one for one in segments["contributor_id"].tolist()]
    return pd.DataFrame(list(distinct.values()), columns=contributors.columns), segments.assign(contributor_id=ids)


def _is_one_person(rows: list[dict[str, object]]) -> bool:
    names = {" ".join(str(row["name"]).casefold().split()) for row in rows} - {""}
    return len(names) <= 1


def _merge(rows: list[dict[str, object]], contributor_id: str) -> dict[str, object]:
    found = {field: [str(row[field]) for row in rows if str(row[field]).strip()] for field in _DESCRIBED}
    described = {field: values[0] if values else "" for field, values in found.items()}
    further = [value for values in found.values() for value in values[1:]]
    listed = [line for row in rows for line in str(row["other_identifiers"]).split("\n")]
    identifiers = [value for value in dict.fromkeys([*listed, *further]) if value and value not in described.values()]
    return {
        "contributor_id": contributor_id,
        "source_id": "\n".join(dict.fromkeys(str(row["source_id"]) for row in rows)),
        **described,
        "other_identifiers": "\n".join(identifiers),
        "consent_wording": "\n".join(str(row["consent_wording"]) for row in rows),
        "wave": min(int(str(row["wave"])) for row in rows),
    }
