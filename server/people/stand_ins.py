"""Stand-ins: a role lent to a named person for up to 8 hours, or for a stated leave.

While it is lent the role rests with its holder, so that nobody counts twice; whatever the stand-in does is
done under the lent grant and shown as such. Nothing here commits. Source: spec 05 (People and permissions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, aliased

from server.audit import api as audit
from server.grid.api import Grid
from server.kit.errors import Conflict, FieldFault, Invalid, NotAllowed, NotFound
from server.kit.ids import is_id, new_id
from server.people.access import Actor, Permission, Role, division_prefix
from server.people.models import GrantRow, Person
from server.people.places import scope_of
from server.people.rules import giving_grant

HOURS = timedelta(hours=8)
LONGEST_LEAVE = timedelta(days=90)
NOT_LENT = frozenset({Role.VILLAGER, Role.ADMIN})


@dataclass(frozen=True)
class Lending:
    """Which grant is lent to whom, from when until when; `leave` says why, where it is longer than 8 hours."""

    grant: str
    person: str
    until: datetime
    since: datetime | None = None
    leave: str = ""


@dataclass(frozen=True)
class StandIn:
    """A lent role as the API shows it."""

    id: str
    grant: str
    role: str
    scope: str
    lender: str
    lender_name: str
    person: str
    name: str
    starts_at: datetime
    ends_at: datetime
    leave: str


def lend(session: Session, actor: Actor, what: Lending, now: datetime) -> StandIn:
    """Lend a role of one's own, or of somebody whose role one could give and end.

    Raises NotFound, Invalid `times_wrong`, `leave_missing`, `not_lent`, Conflict `lent_already`,
    `already_holds`, NotAllowed `own_grant`.
    """
    lent = _lendable(session, actor, what.grant, now)
    person = session.get(Person, what.person) if is_id(what.person) else None
    if person is None or person.disabled or not _near(person, lent, session):
        raise NotFound("person_unknown", "没有这个人，请核对。")
    if person.id in (lent.person_id, actor.person):
        raise NotAllowed("own_grant", "不能代自己，也不能把别人的职责交给自己，请另找一位。")
    since = max(what.since or now, now)
    _check_times(lent, since, what, now)
    _check_free(session, lent, person.id, since, what.until)
    row = GrantRow(
        id=new_id(),
        person_id=person.id,
        role=lent.role,
        scope=lent.scope,
        starts_at=since,
        ends_at=what.until,
        granted_by=actor.person,
        stands_in_for=lent.id,
        leave=what.leave,
    )
    session.add(row)
    _forget_grants(session, [person.id, lent.person_id])
    after = {"role": lent.role, "scope": lent.scope, "person": person.id, "grant": lent.id}
    audit.record(session, actor, "stand_in.lend", "grant", row.id, now, _village(session, lent), after=after)
    return shown(session, row.id)


def end(session: Session, actor: Actor, key: str, now: datetime) -> None:
    """The role goes back to its holder at once; one that is over stays as it is.

    By the holder, the stand-in, or whoever could end the role. Raises NotFound.
    """
    row = session.get(GrantRow, key, with_for_update=True) if is_id(key) else None
    if row is None or row.stands_in_for is None:
        raise NotFound()
    lent = session.get_one(GrantRow, row.stands_in_for)
    if actor.person not in (row.person_id, lent.person_id) and not _may_give(session, actor, lent):
        raise NotFound()
    if row.ends_at is not None and row.ends_at <= now:
        return
    row.ends_at = max(now, row.starts_at)
    session.flush()
    _forget_grants(session, [row.person_id, lent.person_id])
    audit.record(session, actor, "stand_in.end", "grant", row.id, now, _village(session, lent))


def listed(session: Session, actor: Actor, now: datetime, limit: int = 200) -> list[StandIn]:
    """Who stands in for whom, now and later: one's own, and those of the places whose roles one gives."""
    lender = aliased(GrantRow)
    mine = [GrantRow.person_id == actor.person, lender.person_id == actor.person]
    places: list[ColumnElement[bool]] = []
    for held in actor.grants_for(Permission.ROLES_GRANT):
        prefix = division_prefix(held.scope)
        grids = select(Grid.id).where(Grid.village_code.startswith(prefix))
        places += [GrantRow.scope.startswith(prefix), GrantRow.scope.in_(grids)]
    rows = session.scalars(
        select(GrantRow.id)
        .join(lender, lender.id == GrantRow.stands_in_for)
        .where(GrantRow.ends_at > now, or_(*mine, *places))
        .order_by(GrantRow.id)
        .limit(limit)
    ).all()
    return [shown(session, key) for key in rows]


def shown(session: Session, key: str) -> StandIn:
    """One lent role with the names of both."""
    row, lent, person, lender = _rows(session, [key])[0]
    return StandIn(
        row.id,
        lent.id,
        row.role,
        row.scope,
        lender.id,
        lender.name,
        person.id,
        person.name,
        row.starts_at,
        row.ends_at,
        row.leave,
    )


def _rows(session: Session, keys: Sequence[str]) -> list[Any]:
    lent, lender = aliased(GrantRow), aliased(Person)
    query = (
        select(GrantRow, lent, Person, lender)
        .join(lent, lent.id == GrantRow.stands_in_for)
        .join(Person, Person.id == GrantRow.person_id)
        .join(lender, lender.id == lent.person_id)
        .where(GrantRow.id.in_(keys))
    )
    return list(session.execute(query.execution_options(populate_existing=True)).all())


def _lendable(session: Session, actor: Actor, key: str, now: datetime) -> GrantRow:
    """The grant, held fast, where the actor holds it or could give it."""
    row = session.get(GrantRow, key, with_for_update=True) if is_id(key) else None
    if row is None or (row.person_id != actor.person and not _may_give(session, actor, row)):
        raise NotFound()
    if row.stands_in_for is not None or Role(row.role) in NOT_LENT:
        raise Invalid(
            "not_lent",
            "这个角色不能请人代：代来的、村民和管理员都不行。",
            [FieldFault("grant", "请选别的。")],
        )
    if row.ends_at is not None and row.ends_at <= now:
        raise Invalid("not_lent", "这个角色已经结束，不能请人代。", [FieldFault("grant", "请选别的。")])
    return row


def _may_give(session: Session, actor: Actor, row: GrantRow) -> bool:
    scope = scope_of(session, row.scope)
    return scope is not None and giving_grant(actor.grants, Role(row.role), scope.place) is not None


def _near(person: Person, lent: GrantRow, session: Session) -> bool:
    """Of the same village, or of the township or county above it."""
    scope = scope_of(session, lent.scope)
    division = scope.place.division if scope else ""
    return division.startswith(division_prefix(person.home)) or person.home.startswith(
        division_prefix(division)
    )


def _check_times(lent: GrantRow, since: datetime, what: Lending, now: datetime) -> None:
    late = lent.ends_at is not None and what.until > lent.ends_at
    if what.until <= since or what.until - since > LONGEST_LEAVE or late or since > now + LONGEST_LEAVE:
        fault = FieldFault("to", "要晚于开始，最多 90 天，也不能晚于这个角色本身的结束。")
        raise Invalid("times_wrong", "代的时间不对。", [fault])
    if what.until - since > HOURS and not what.leave:
        fault = FieldFault("leave", "如 请假住院、外出培训。")
        raise Invalid("leave_missing", "超过 8 小时要写明为什么离开。", [fault])


def _check_free(session: Session, lent: GrantRow, person: str, since: datetime, until: datetime) -> None:
    overlapping = (GrantRow.starts_at < until, or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > since))
    taken = select(GrantRow.id).where(GrantRow.stands_in_for == lent.id, *overlapping)
    if session.scalar(taken.limit(1)) is not None:
        raise Conflict("lent_already", "这段时间已经请了别人代，请先收回。")
    same = select(GrantRow.id).where(
        GrantRow.person_id == person,
        GrantRow.role == lent.role,
        GrantRow.scope == lent.scope,
        *overlapping,
    )
    if session.scalar(same.limit(1)) is not None:
        raise Conflict("already_holds", "这个人自己就有这个角色，一个人不能算两票，请另找一位。")


def _forget_grants(session: Session, persons: Sequence[str]) -> None:
    """What is cached of these persons' grants ends."""
    session.flush()
    session.execute(
        update(Person)
        .where(Person.id.in_(persons))
        .values(grants_version=Person.grants_version + 1)
        .execution_options(synchronize_session=False)
    )


def _village(session: Session, row: GrantRow) -> str | None:
    scope = scope_of(session, row.scope)
    if scope is None or scope.place.division.endswith("000"):
        return None
    return scope.place.division
