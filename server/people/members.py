"""Members of a household's file, one at a time: listed, added, changed. Nobody is deleted; who left has a departure.

Phone numbers are sealed, shown masked unless a purpose is stated (`household_file`). Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.clock import local_date
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound
from server.kit.ids import is_id
from server.people.access import Actor, Permission
from server.people.household_file import member_shown, read_file
from server.people.households import Making, household_for, member_row
from server.people.models import Household, Member
from server.people.pasts import keep_before
from server.people.sealing import Seal
from server.transfer.api import MemberFlag, RosterMember, Sex

_SEALED = {"phone": "phone_sealed"}


def listed(
    session: Session, actor: Actor, code: str, seal: Seal, purpose: str | None, now: datetime
) -> list[dict[str, Any]]:
    """The members as `actor` may see them; the look is noted as that at the whole file. Raises NotFound."""
    members: list[dict[str, Any]] = read_file(session, actor, code, seal, purpose, now)["members"]
    return members


def add(
    session: Session, actor: Actor, code: str, values: Mapping[str, Any], seal: Seal, now: datetime
) -> dict[str, Any]:
    """One member more. Raises NotFound, Conflict `household_ended`, `member_exists`, Invalid `birth_date`."""
    household = _changeable(session, actor, code)
    _check_birth(values.get("birth_date"), now)
    same = select(Member.id).where(
        Member.household_code == code,
        Member.name == values["name"],
        Member.birth_date == values.get("birth_date"),
        Member.departure.is_(None),
    )
    if session.scalar(same.limit(1)) is not None:
        raise Conflict("member_exists", "这个人已经在这一户的名册里了。")
    sex = Sex(values["sex"]) if values.get("sex") else None
    person = RosterMember(
        row=0,
        name=values["name"],
        kinship=values.get("kinship"),
        sex=sex,
        birth_date=values.get("birth_date"),
        phone=values.get("phone"),
        political=values.get("political"),
        party_member=values.get("party_member"),
        flags=frozenset(MemberFlag(flag) for flag in values.get("flags", ())),
    )
    making = Making(household.village_code, {}, seal, False, now, actor.person)
    row = member_row(code, person, making)
    session.execute(insert(Member), [row])
    _touched(session, actor, household, "member.add", row["id"], sorted(values), now)
    return _one(session, row["id"], seal, now)


def change(
    session: Session,
    actor: Actor,
    code: str,
    key: str,
    changes: Mapping[str, Any],
    seal: Seal,
    now: datetime,
) -> dict[str, Any]:
    """Change a member, or note that somebody left or died; what stood before is kept.

    Raises NotFound, Conflict `household_ended`, Invalid `birth_date`, `nothing_to_change`.
    """
    household = _changeable(session, actor, code)
    member = session.get(Member, key) if is_id(key) else None
    if member is None or member.household_code != code:
        raise NotFound()
    if not changes:
        raise Invalid("nothing_to_change", "没有要改的内容。", [FieldFault("", "至少写一项。")])
    _check_birth(changes.get("birth_date"), now)
    values: dict[str, Any] = {name: value for name, value in changes.items() if name not in _SEALED}
    if "phone" in changes:
        values["phone_sealed"] = seal.close(changes["phone"])
    if "birth_date" in changes:
        values["birth_precision"] = "day"
    if "departure" in changes:
        values["departed_at"] = now if changes["departure"] else None
    keep_before(session, Member, [{"id": key, **values}], now)
    session.execute(
        update(Member).where(Member.id == key).values(**values).execution_options(synchronize_session=False)
    )
    _touched(session, actor, household, "member.change", key, sorted(changes), now)
    return _one(session, key, seal, now)


def _changeable(session: Session, actor: Actor, code: str) -> Household:
    household = household_for(session, actor, Permission.HOUSEHOLD_MANAGE, code)
    if household.status == "ended":
        raise Conflict("household_ended", "这户已经销户，不能再改。")
    return household


def _check_birth(born: date | None, now: datetime) -> None:
    if born is not None and not date(1880, 1, 1) <= born <= local_date(now):
        raise Invalid(
            "birth_date", "出生日期不对。", [FieldFault("birth_date", "请核对年份，不能晚于今天。")]
        )


def _touched(
    session: Session,
    actor: Actor,
    household: Household,
    action: str,
    member: str,
    fields: list[str],
    now: datetime,
) -> None:
    """The audit log notes which fields changed, not what they hold."""
    session.execute(
        update(Household)
        .where(Household.code == household.code)
        .values(revision=Household.revision + 1)
        .execution_options(synchronize_session=False)
    )
    after = {"household": household.code, "fields": fields}
    audit.record(session, actor, action, "member", member, now, household.village_code, after=after)


def _one(session: Session, key: str, seal: Seal, now: datetime) -> dict[str, Any]:
    row = session.scalars(
        select(Member).where(Member.id == key).execution_options(populate_existing=True)
    ).one()
    return member_shown(row, seal, keeps=True, open_phones=False, now=now)
