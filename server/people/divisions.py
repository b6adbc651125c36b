"""The division tree: counties and townships by statistical code, imported in bulk, and read level by level.

Villages hang in the tree too, but are made in `villages.py`, since a village brings its settings with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.paging import decode_cursor, page
from server.kit.upsert import insert_for
from server.people.models import Division
from server.people.rules import Level

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Node:
    """A county (no parent) or township, by its 12-digit code."""

    code: str
    name: str
    level: Level
    parent: str | None


@dataclass(frozen=True)
class Stored:
    """What an import of divisions did."""

    added: int
    renamed: int
    unchanged: int


def county_code(code: str) -> str:
    """The 12-digit code of the county that `code` (6 to 12 digits) lies in."""
    return code[:6] + "000000"


def township_code(code: str) -> str:
    """The 12-digit code of the township that `code` (9 to 12 digits) lies in."""
    return code[:9] + "000"


def existing(session: Session, level: Level, within: str = "") -> dict[str, str]:
    """Codes and names of a level, below a code prefix."""
    query = select(Division.code, Division.name).where(
        Division.level == level.value, Division.code.startswith(within)
    )
    return {row.code: row.name for row in session.execute(query)}


def store(session: Session, nodes: Sequence[Node]) -> Stored:
    """Insert the nodes or rename those that are there, parents first, in a few statements."""
    before: dict[str, str] = {}
    for level in (Level.COUNTY, Level.TOWNSHIP):
        before |= existing(session, level)
    changed = [node for node in nodes if before.get(node.code) != node.name]
    for level in (Level.COUNTY, Level.TOWNSHIP):
        _upsert(session, (node for node in changed if node.level is level))
    renamed = sum(node.code in before for node in changed)
    return Stored(len(changed) - renamed, renamed, len(nodes) - len(changed))


def _upsert(session: Session, nodes: Iterable[Node]) -> None:
    rows = [{"code": n.code, "name": n.name, "level": n.level.value, "parent": n.parent} for n in nodes]
    statement = insert_for(session, Division)
    statement = statement.on_conflict_do_update(
        index_elements=["code"], set_={"name": statement.excluded.name}
    )
    for start in range(0, len(rows), _CHUNK):
        session.execute(statement, rows[start : start + _CHUNK])


def children(
    session: Session, parent: str | None, cursor: str | None, limit: int
) -> tuple[list[Division], str | None]:
    """The divisions directly below `parent` (None: the counties), by code. The tree is public knowledge."""
    below = Division.parent.is_(None) if parent is None else Division.parent == parent
    query = select(Division).where(below)
    if cursor:
        query = query.where(Division.code > decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Division.code).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.code,))
