"""Roles given and ended. Who may give what to whom is `rules.py`; here it is looked up, checked and kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.errors import Conflict, FieldFault, Invalid, NotAllowed, NotFound
from server.kit.ids import is_id
from server.people.access import Actor, Permission, Role
from server.people.models import GrantRow, Person
from server.people.persons import add_grant, person_for
from server.people.places import Scope, scope_of
from server.people.rules import SCOPES, Level, giving_grant

_LEVELS = {
    Level.COUNTY: "县",
    Level.TOWNSHIP: "乡镇",
    Level.VILLAGE: "村",
    Level.GRID: "网格",
    Level.HOUSEHOLD: "户",
}


@dataclass(frozen=True)
class NewGrant:
    """A role for a scope and a time; `starts_at` None is now, `ends_at` None is until it is ended."""

    person: str
    role: Role
    scope: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def give(session: Session, actor: Actor | None, new: NewGrant, now: datetime) -> GrantRow:
    """Give a role. The same role for the same scope again, still in force, is the grant that is there.

    Raises NotFound for a person or scope out of reach, NotAllowed `own_grant`, `role_above`; Invalid
    `scope_wrong`,
    `times_wrong`, `not_own_household`.
    """
    person = person_for(session, actor, Permission.ROLES_GRANT, new.person)
    scope = _reachable(session, actor, new)
    starts = new.starts_at or now
    if new.ends_at is not None and new.ends_at <= max(starts, now):
        raise Invalid("times_wrong", "结束时间要晚于开始时间和现在。", [FieldFault("to", "请改晚一些。")])
    if new.role is Role.VILLAGER:
        _settle(session, person, new.scope)
    same = session.scalar(
        select(GrantRow).where(
            GrantRow.person_id == person.id,
            GrantRow.role == new.role.value,
            GrantRow.scope == new.scope,
            GrantRow.starts_at <= starts,
            or_(GrantRow.ends_at.is_(None), GrantRow.ends_at == new.ends_at),
        )
    )
    if same is not None and same.ends_at == new.ends_at:
        return same
    row = add_grant(
        session, person, new.role, new.scope, (starts, new.ends_at), actor.person if actor else None
    )
    after = {"role": new.role.value, "scope": new.scope, "person": person.id}
    audit.record(session, actor, "grant.give", "grant", row.id, now, _village(scope), after=after)
    return row


def _reachable(session: Session, actor: Actor | None, new: NewGrant) -> Scope:
    """The scope, where the actor may give this role there."""
    scope = scope_of(session, new.scope)
    if scope is None:
        raise NotFound("scope_unknown", "没有这个地方，请核对 scope。")
    if scope.level not in SCOPES[new.role]:
        fits = "、".join(_LEVELS[level] for level in Level if level in SCOPES[new.role])
        raise Invalid(
            "scope_wrong", "这个角色不能给这样的范围。", [FieldFault("scope", f"请填{fits}的代码或编号。")]
        )
    if actor is None:
        return scope
    if actor.person == new.person:
        raise NotAllowed("own_grant", "不能给自己加角色，请上级办理。")
    actor.at(Permission.ROLES_GRANT, scope.place)
    if giving_grant(actor.grants, new.role, scope.place) is None:
        raise NotAllowed("role_above", "您的身份不能给出这个角色，请上级办理。")
    return scope


def _settle(session: Session, person: Person, household: str) -> None:
    """A villager belongs to the household of the grant."""
    if person.household_code is None:
        person.household_code = household
        session.flush()
    elif person.household_code != household:
        fault = FieldFault("scope", f"这个人是 {person.household_code} 户的。")
        raise Invalid("not_own_household", "村民角色只能给自己的户。", [fault])


def end(session: Session, actor: Actor | None, grant_id: str, now: datetime) -> None:
    """End a grant from now on; one that has ended stays as it is.

    Raises NotFound out of scope, NotAllowed `own_grant`, `role_above`, Conflict `last_admin`.
    """
    row = session.get(GrantRow, grant_id) if is_id(grant_id) else None
    scope = scope_of(session, row.scope) if row else None
    if row is None or scope is None:
        raise NotFound()
    if actor is not None:
        actor.at(Permission.ROLES_GRANT, scope.place)
        if actor.person == row.person_id:
            raise NotAllowed("own_grant", "不能收回自己的角色，请上级办理。")
        if giving_grant(actor.grants, Role(row.role), scope.place) is None:
            raise NotAllowed("role_above", "您的身份不能收回这个角色，请上级办理。")
    if row.ends_at is not None and row.ends_at <= now:
        return
    if row.role == Role.ADMIN.value and admins(session, now) <= {row.person_id}:
        raise Conflict("last_admin", "这是最后一位管理员，请先另设一位。")
    row.ends_at = now
    session.execute(
        update(Person).where(Person.id == row.person_id).values(grants_version=Person.grants_version + 1)
    )
    session.flush()
    after = {"role": row.role, "scope": row.scope, "person": row.person_id}
    audit.record(session, actor, "grant.end", "grant", row.id, now, _village(scope), after=after)


def admins(session: Session, now: datetime) -> set[str]:
    """The persons who are administrators now."""
    rows = select(GrantRow.person_id).where(
        GrantRow.role == Role.ADMIN.value, _in_force(now), GrantRow.starts_at <= now
    )
    return set(session.scalars(rows))


def any_admin(session: Session) -> bool:
    """Whether this instance was set up already."""
    return bool(session.scalar(select(func.count()).where(GrantRow.role == Role.ADMIN.value)))


def held_roles(session: Session, person: str, now: datetime) -> Iterable[Role]:
    """The roles of a person, in force or still to come."""
    rows = select(GrantRow.role).where(GrantRow.person_id == person, _in_force(now))
    return [Role(role) for role in session.scalars(rows)]


def _in_force(now: datetime):  # type: ignore[no-untyped-def]
    return or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > now)


def _village(scope: Scope) -> str | None:
    """The village for the audit log; of a county or township none."""
    return None if scope.place.division.endswith("000") else scope.place.division
