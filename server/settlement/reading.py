"""Who may read a notice beyond its public part: the village itself, and those who work for it or oversee it.

A notice that was taken down or withdrawn is an archive for those entitled; villagers see the ones that
are public.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.api import Grid
from server.kit import exact
from server.kit.errors import NotFound
from server.people.api import Actor, Permission, Place
from server.settlement import content
from server.settlement.content import Content, NamedLine
from server.settlement.models import Notice
from server.settlement.public import PUBLIC_STATES, as_json


def notice_for(session: Session, actor: Actor, notice_id: str) -> tuple[Notice, Content, list[NamedLine]]:
    """The notice as its village sees it; raises NotFound outside the village."""
    notice = session.get(Notice, notice_id)
    if notice is None or not of_village(session, actor, notice.village_code):
        raise NotFound()
    entitled = actor.grant_at(Permission.TALLY_READ, Place(notice.village_code)) is not None
    if notice.status not in PUBLIC_STATES and not entitled:
        raise NotFound()
    found = content.read(session, notice)
    return notice, found, content.named_lines(session, found)


def of_village(session: Session, actor: Actor, village: str) -> bool:
    """Whether a scope of the actor contains the village or lies in it (a household, a grid)."""
    grants = actor.grants_for(Permission.NOTICE_READ)
    if any(g.covers(Place(village)) or (len(g.scope) == 16 and g.scope.startswith(village)) for g in grants):
        return True
    inside = [grant.scope for grant in grants if len(grant.scope) == 36]
    query = select(Grid.id).where(Grid.id.in_(inside), Grid.village_code == village)
    return bool(inside) and session.scalar(query.limit(1)) is not None


def village_json(notice: Notice, found: Content, lines: list[NamedLine]) -> dict[str, Any]:
    """The notice by the names of the API, with names and headings in its lines."""
    return {
        **as_json(found),
        "tally": notice.tally_id,
        "reason": notice.reason,
        "lines": [_line_json(line) for line in lines],
    }


def _line_json(named: NamedLine) -> dict[str, Any]:
    return {
        "household": named.line.household,
        "number": named.line.number,
        "name": named.name,
        "records": named.line.records,
        "added": exact.text(named.added),
        "deducted": exact.text(named.deducted),
        "score_change": exact.text(named.line.net),
        "status": named.line.status.value,
        "headings": _sums(named.headings),
        "details": _sums(named.details),
    }


def _sums(sums: dict[str, Any]) -> list[dict[str, str]]:
    return [{"name": name, "points": exact.text(points)} for name, points in sums.items()]
