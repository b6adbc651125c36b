"""A household declines the programme, or public naming, by itself; and takes it back as freely.

Declining costs nothing: the account stays, what was earned can be spent, file and rights are untouched; new
records are refused from then on. Nothing here commits. Source: spec 01 (Fairness: voluntary).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.evidence import api as evidence
from server.kit.errors import Conflict, FieldFault, Invalid
from server.kit.ids import new_id
from server.messages.api import notify_household
from server.participation.models import HouseholdChoice
from server.people.api import Actor, Grant, Household, Permission
from server.people.household_api import household_for, keep_replaced, place_of, replaced

ACTIVE, DECLINED, ENDED = "active", "declined", "ended"


@dataclass(frozen=True)
class Choice:
    """What a household wants; None leaves it as it is. `photos`: the signed slip, where somebody else enters it."""

    takes_part: bool | None = None
    named: bool | None = None
    on_behalf: bool = False
    photos: Sequence[str] = ()


@dataclass(frozen=True)
class Standing:
    """How a household stands, and since when it does so by its own choice."""

    household: str
    takes_part: bool
    named: bool
    chosen_at: datetime | None


def standing(session: Session, actor: Actor, code: str) -> Standing:
    """For the household and the committee; raises NotFound."""
    return _standing(session, household_for(session, actor, Permission.HOUSEHOLD_CHOOSE, code))


def choose(session: Session, actor: Actor, code: str, choice: Choice, now: datetime) -> Standing:
    """Keep the choice and follow it; the same again changes nothing.

    Raises NotFound, Conflict `household_ended`, Invalid `nothing_to_change`, `on_behalf_needed`, `slip_missing`.
    """
    household = household_for(session, actor, Permission.HOUSEHOLD_CHOOSE, code)
    grant = _check(actor, household, choice)
    session.refresh(household, with_for_update=True)
    if household.status == ENDED:
        raise Conflict("household_ended", "这户已经销户，不能再改。")
    takes_part = household.status == ACTIVE if choice.takes_part is None else choice.takes_part
    named = household.named if choice.named is None else choice.named
    if (takes_part, named) == (household.status == ACTIVE, household.named):
        return _standing(session, household)
    row = HouseholdChoice(
        id=new_id(),
        household_code=code,
        takes_part=takes_part,
        named=named,
        on_behalf=choice.on_behalf,
        person_id=actor.person,
        grant_id=grant.id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    evidence.attach(session, list(choice.photos), actor, row.id, place_of(household), "household_choice")
    _follow(session, household, takes_part, named, now)
    after = {"takes_part": takes_part, "named": named, "on_behalf": choice.on_behalf}
    audit.record(session, actor, "household.choose", "household", code, now, code[:12], after=after)
    notify_household(session, code, "household_choice", _told(takes_part, named), now, {"choice": row.id})
    return _standing(session, household)


def _check(actor: Actor, household: Household, choice: Choice) -> Grant:
    if choice.takes_part is None and choice.named is None:
        raise Invalid("nothing_to_change", "没有要改的内容。", [FieldFault("", "至少选一项。")])
    own = actor.household == household.code
    if own == choice.on_behalf:
        said = "自己家的事不用代办。" if own else "代别的户登记，要写明是代办。"
        raise Invalid("on_behalf_needed", said, [FieldFault("on_behalf", said)])
    if choice.on_behalf and not choice.photos:
        fault = FieldFault("photos", "请附一张本人签字单的照片。")
        raise Invalid("slip_missing", "代别的户登记的，要附本人签字单的照片。", [fault])
    return actor.at(Permission.HOUSEHOLD_CHOOSE, place_of(household))


def _follow(session: Session, household: Household, takes_part: bool, named: bool, now: datetime) -> None:
    before = {"status": household.status, "named": household.named}
    values = {"status": ACTIVE if takes_part else DECLINED, "named": named}
    session.execute(
        update(Household)
        .where(Household.code == household.code)
        .values(**values, revision=Household.revision + 1)
        .execution_options(synchronize_session=False)
    )
    kept = {name: value for name, value in before.items() if values[name] != value}
    keep_replaced(session, [replaced(household.code, None, kept, now)])
    session.refresh(household)


def _told(takes_part: bool, named: bool) -> str:
    first = "您家参加积分。" if takes_part else "您家不参加积分，已有的积分照样能用，各项权利不受影响。"
    second = "公示时写脱敏的姓名。" if named else "公示和榜上不写您家的姓名。"
    return f"已按您家的意思登记：{first}{second}随时可以再改。"


def _standing(session: Session, household: Household) -> Standing:
    last = session.scalar(
        select(HouseholdChoice.made_at)
        .where(HouseholdChoice.household_code == household.code)
        .order_by(HouseholdChoice.id.desc())
        .limit(1)
    )
    return Standing(household.code, household.status == ACTIVE, household.named, last)
