"""Villages: made under a county that is there, and their settings.

Settings are read when a period is closed; a new cut-off day also moves what is planned (`cycles.move_cutoff`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound, Stale
from server.kit.paging import decode_cursor, page
from server.kit.upsert import insert_for
from server.people.access import Actor, Permission, Place
from server.people.divisions import county_code, township_code
from server.people.models import Division, Household, Member, Village
from server.people.rules import Level, level_of_division

SETTINGS = (
    "name",
    "cutoff_day",
    "panel_days",
    "vote_days",
    "notice_days",
    "takedown_days",
    "review_quorum",
    "reply_days",
    "ranking",
    "names_on_poster",
    "id_numbers_kept",
    "ceiling_village",
    "ceiling_household",
    "expiry",
)


def create_village(
    session: Session, actor: Actor | None, code: str, name: str, township_name: str | None, now: datetime
) -> Village:
    """A village with default settings; its township is made too when `township_name` is given.

    `actor` None is the server's own command line. Raises Invalid `not_a_village`, `no_county`, `no_township`;
    Conflict `village_exists`; NotFound outside the actor's scope.
    """
    if actor is not None:
        actor.at(Permission.PLACES_MANAGE, Place(code))
    if level_of_division(code) is not Level.VILLAGE:
        fault = FieldFault("code", "村代码 12 位，末三位不是 000。")
        raise Invalid("not_a_village", "这不是村的代码。", [fault])
    _need_township(session, code, township_name)
    node = {"code": code, "name": name, "level": Level.VILLAGE.value, "parent": township_code(code)}
    session.execute(insert_for(session, Division).values(node).on_conflict_do_nothing())
    made = session.execute(insert_for(session, Village).values(code=code, name=name).on_conflict_do_nothing())
    if made.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("village_exists", "这个村已经建过了。")
    session.execute(update(Division).where(Division.code == code).values(name=name))
    audit.record(session, actor, "village.create", "village", code, now, village=code, after={"name": name})
    return session.execute(select(Village).where(Village.code == code)).scalar_one()


def _need_township(session: Session, village: str, name: str | None) -> None:
    code = township_code(village)
    if session.get(Division, code) is not None:
        return
    county = county_code(village)
    if session.get(Division, county) is None:
        fault = FieldFault("code", f"没有代码是 {county[:6]} 的县，请核对前 6 位。")
        raise Invalid("no_county", "村代码里的县还没有。", [fault])
    if not name:
        fault = FieldFault("township_name", f"乡镇 {code[:9]} 还没有，请填它的名称。")
        raise Invalid("no_township", "村所在的乡镇还没有。", [fault])
    row = {"code": code, "name": name, "level": Level.TOWNSHIP.value, "parent": county}
    session.execute(insert_for(session, Division).values(row).on_conflict_do_nothing())


def village_for(session: Session, actor: Actor | None, permission: Permission, code: str) -> Village:
    """The village, for somebody who holds `permission` there; NotFound otherwise."""
    if actor is not None:
        actor.at(permission, Place(code))
    village = session.get(Village, code) if re.fullmatch("[0-9]{12}", code) else None
    if village is None:
        raise NotFound()
    return village


def list_villages(
    session: Session, condition: Any, cursor: str | None, limit: int
) -> tuple[list[tuple[Village, str]], str | None]:
    """Villages under a condition with the names of their townships, by code."""
    query = (
        select(Village, Division.name).join(Division, Division.code == _parent_of_village()).where(condition)
    )
    if cursor:
        query = query.where(Village.code > decode_cursor(cursor, str)[0])
    rows = [(v, name) for v, name in session.execute(query.order_by(Village.code).limit(limit + 1))]
    return page(rows, limit, lambda row: (row[0].code,))


def _parent_of_village() -> Any:
    node = Division.__table__.alias("node")
    return select(node.c.parent).where(node.c.code == Village.code).scalar_subquery()


def settings_of(village: Village) -> dict[str, Any]:
    """The settings as the API shows them."""
    return {"code": village.code, **{name: getattr(village, name) for name in SETTINGS}}


def change_settings(
    session: Session,
    actor: Actor | None,
    code: str,
    changes: Mapping[str, Any],
    revision: int | None,
    now: datetime,
) -> Village:
    """Change settings; `revision` is the one the person saw (None: whatever it is). Raises Stale, NotFound.

    Where id numbers are no longer kept, those that were are removed at once.
    """
    village = village_for(session, actor, Permission.SETTINGS_MANAGE, code)
    before = {name: getattr(village, name) for name in changes}
    if revision is not None and revision != village.revision:
        raise Stale()
    changed = session.execute(
        update(Village)
        .where(Village.code == code, Village.revision == village.revision)
        .values(**changes, revision=Village.revision + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale()
    if "name" in changes:
        session.execute(update(Division).where(Division.code == code).values(name=changes["name"]))
    if changes.get("id_numbers_kept") is False:
        forget_id_numbers(session, code)
    audit.record(
        session, actor, "village.settings", "village", code, now, code, _plain(before), _plain(changes)
    )
    session.refresh(village)
    return village


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as the audit log keeps them: points as text."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in settings.items()}


def forget_id_numbers(session: Session, village: str) -> None:
    """Remove every id number of a village."""
    inside = select(Household.code).where(Household.village_code == village)
    session.execute(
        update(Member)
        .where(Member.household_code.in_(inside), Member.id_number_sealed.is_not(None))
        .values(id_number_sealed=None)
        .execution_options(synchronize_session=False)
    )


def lock_village(session: Session, code: str) -> None:
    """Hold the village's row until the end of the transaction: serials are given and rosters merged one at
    a time.
    """
    session.execute(update(Village).where(Village.code == code).values(name=Village.name))
