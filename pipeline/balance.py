"""Nothing is lost silently: ids in = ids out + ids set aside, for every stage."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from pipeline.store import Output
from pipeline.tables import ContractBroken, records

FILES = "files for people"  # what a stage writes besides tables and arrays


@dataclass(frozen=True)
class Balance:
    """What must add up: `unit`s of table.column before and after the stage.

    `after` may also be the name of an array, which has no ids but a row for each, or FILES. Where what is set aside
    stays in the table (the roster still needs held people's names), `where` says which rows count as out.
    """

    unit: str
    before: tuple[str, str]
    after: tuple[str, str] | str
    where: tuple[str, object] | None = None


def weigh(stage: str, balance: Balance, ids_in: Set[str], output: Output) -> dict[str, Any]:
    """Counts in, out and set aside. Raises ContractBroken if an id was lost, or came from nowhere."""
    set_aside = output.tables.get("set_aside")
    aside = set() if set_aside is None else set(set_aside.loc[set_aside["what"] == balance.unit, "id"])
    if isinstance(balance.after, str) and balance.after != FILES:
        n_out = len((output.arrays or {})[balance.after])
        adds_up = n_out + len(aside) == len(ids_in)
    else:
        ids_out = _ids_out(output, balance)
        n_out = len(ids_out)
        adds_up = ids_in == ids_out | aside and not ids_out & aside
    if not adds_up:
        said = f"{len(ids_in)} {balance.unit}s in, {n_out} out, {len(aside)} set aside"
        raise ContractBroken(f"stage {stage} does not add up: {said}")
    return {"unit": balance.unit, "in": len(ids_in), "out": n_out, "set_aside": len(aside)}


def _ids_out(output: Output, balance: Balance) -> set[str]:
    if isinstance(balance.after, str):
        return set(output.written)
    table, column = balance.after
    rows = output.tables[table]
    if balance.where:
        rows = rows[rows[balance.where[0]] == balance.where[1]]
    return set(rows[column])


def reasons(output: Output) -> dict[str, dict[str, int]]:
    """Unit → reason → how many were set aside for it."""
    set_aside = output.tables.get("set_aside")
    found: dict[str, dict[str, int]] = {}
    if set_aside is not None:
        for row in records(set_aside.groupby(["what", "reason"]).size().reset_index(name="n")):
            found.setdefault(row["what"], {})[row["reason"]] = int(row["n"])
    return found
