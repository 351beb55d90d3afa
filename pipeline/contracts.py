"""What a table may hold: its columns, their types and rules, and how a table is held to them.

A failed check names the table, the column, the rule and how many rows break it, never a value: these messages reach
Prefect's database.
"""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from pipeline.errors import QuotebankError


class Zone(StrEnum):
    """Where a table may lie on disk."""

    PRIVATE = "private"  # identities and original text: the study's private/ folder only
    WORKING = "working"  # redacted text and opaque ids


@dataclass(frozen=True)
class Column:
    """One column. `dtype` is one of str, int, float, bool; no column may hold a missing value.

    before: what all rows stand for in a table of a run made before there was this column, if they can be read at all.
    """

    name: str
    dtype: str = "str"
    unique: bool = False
    allowed: tuple[str, ...] | None = None
    filled: bool = False  # an empty string is refused
    low: float | None = None
    high: float | None = None
    before: str | int | None = None


@dataclass(frozen=True)
class TableSpec:
    """A table's name, zone, columns (in order) and the columns its rows are sorted by."""

    name: str
    zone: Zone
    columns: tuple[Column, ...]
    order: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        return pd.DataFrame({c.name: pd.Series([], dtype=_PANDAS[c.dtype]) for c in self.columns})


class ContractBroken(QuotebankError):
    """A stage handed over a table that is not what was agreed: a defect, never a user's mistake."""


_PANDAS = {"str": "str", "int": "int64", "float": "float64", "bool": "bool"}


def conform(rows: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """The same rows with the spec's columns, types and order of rows. Raises ContractBroken."""
    missing = [name for name in spec.names if name not in rows.columns]
    if missing:
        raise ContractBroken(f"table {spec.name} lacks column(s) {', '.join(missing)}")
    typed = rows[spec.names].copy()
    for column in spec.columns:
        if typed[column.name].isna().any():
            raise ContractBroken(f"table {spec.name}, column {column.name}: missing values")
        typed[column.name] = typed[column.name].astype(pd.api.types.pandas_dtype(_PANDAS[column.dtype]))
    return check(typed.sort_values(list(spec.order), kind="stable", ignore_index=True), spec)


def of_today(table: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """A table that an earlier version may have written, with the columns that came since."""
    new = {c.name: c.before for c in spec.columns if c.before is not None and c.name not in table.columns}
    return table.assign(**new)[spec.names] if new and set(spec.names) <= {*table.columns, *new} else table


def check(table: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """The table itself if every rule of the spec holds. Raises ContractBroken."""
    if list(table.columns) != spec.names:
        raise ContractBroken(f"table {spec.name} has other columns than its contract")
    for column in spec.columns:
        values = table[column.name]
        for rule, broken in _violations(values, column):
            if broken:
                raise ContractBroken(f"table {spec.name}, column {column.name}: {broken} row(s) break '{rule}'")
    return table


def _violations(values: pd.Series, column: Column) -> list[tuple[str, int]]:
    found = [("no missing values", int(values.isna().sum()))]
    if column.unique:
        found.append(("unique", int(values.duplicated().sum())))
    if column.filled:
        found.append(("not empty", int((values == "").sum())))
    if column.allowed is not None:
        found.append(("known value", int((~values.isin(column.allowed)).sum())))
    if column.low is not None:
        found.append((f"at least {column.low}", int((values < column.low).sum())))
    if column.high is not None:
        found.append((f"at most {column.high}", int((values > column.high).sum())))
    return found
