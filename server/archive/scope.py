"""Which rows belong to a village: by the village in a column, by the household, or by a row they hang on.

A new table finds its place by its columns. One that has none of these must be named in `ELSEWHERE` or `APART`; a guard
test says so.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import BindParameter, ColumnElement, String, Table, bindparam, or_, select

from server.kit.database import Base

VILLAGE: BindParameter[str] = bindparam("village", type_=String())
FIRST: BindParameter[str] = bindparam("first_household", type_=String())
LAST: BindParameter[str] = bindparam("last_household", type_=String())

# tables that belong to the instance, not to a village, or that hold what must not travel
ELSEWHERE = frozenset(
    {
        "audit_checkpoints",
        "audit_head",
        "audit_seals",
        "audit_unsealed",
        "demo_clock",
        "idempotency_keys",
        "invitations",
        "outbox",
        "outbox_holds",
        "rate_counts",
        "scheduler_leases",
        "sessions",
        "shared_tokens",
        "sign_in_failures",
        "totp",
        "wechat_accounts",
        "wechat_agreements",
    }
)
# tables whose rows are picked by hand (see `village.py`)
APART = frozenset({"decisions", "divisions", "grants", "persons"})


def tables() -> list[Table]:
    """Every table of the program, those referred to before those that refer."""
    return list(Base.metadata.sorted_tables)


def belonging(table: Table) -> ColumnElement[bool] | None:
    """The condition under which a row belongs to the village `:village`; None where no rule fits."""
    return None if stays(table.name) or table.name in APART else _condition(table.name)


def stays(name: str) -> bool:
    """Whether a table stays with its instance. Assessments belong to those who assess, a township or a county."""
    return name in ELSEWHERE or name.startswith("assessment_")


@cache
def _condition(name: str) -> ColumnElement[bool] | None:
    table = Base.metadata.tables[name]
    if name == "villages":
        return table.c.code == VILLAGE
    if name == "relations":
        return table.c.household_a.between(FIRST, LAST) & table.c.household_b.between(FIRST, LAST)
    if "village_code" in table.c:
        return table.c.village_code == VILLAGE
    if name == "messages":
        persons = Base.metadata.tables["persons"]
        mine = select(persons.c.id).where(persons.c.home == VILLAGE)
        return or_(table.c.household_code.between(FIRST, LAST), table.c.person_id.in_(mine))
    if "household_code" in table.c:
        return table.c.household_code.between(FIRST, LAST)
    return _by_parent(table)


def _by_parent(table: Table) -> ColumnElement[bool] | None:
    for column in table.columns:
        for reference in column.foreign_keys:
            parent = reference.column.table
            if parent is table or stays(parent.name) or parent.name in APART:
                continue
            above = _condition(parent.name)
            if above is not None:
                return column.in_(select(reference.column).where(above))
    return None


def parameters(village: str) -> dict[str, str]:
    """The values of the conditions' parameters."""
    return {"village": village, "first_household": f"{village}0000", "last_household": f"{village}9999"}
