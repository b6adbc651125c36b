"""Nominations: made by the village's own people, taken back by the household, the nominator or the committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.honours import errors, queries
from server.honours.evaluations import honours_of, locked
from server.honours.models import Evaluation, Nomination
from server.honours.places import of_village
from server.honours.rules import Honour, Subject
from server.honours.states import EvaluationStatus, NominationStatus
from server.honours.steps import decided, step
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.messages.api import Note, notify_households
from server.people.api import Actor, Household, Permission, Place

OPEN = (NominationStatus.PROPOSED, NominationStatus.CHOSEN)


@dataclass(frozen=True)
class Nominee:
    """Who is nominated for which honour, and why."""

    honour: str
    household: str
    member: str | None
    reason: str


def nominate(session: Session, actor: Actor, key: str, who: Nominee, now: datetime) -> Nomination:
    """Nominate a household or a member; the household is told and may decline.

    Raises NotFound, Conflict `not_nominating`, `already_nominated`, Invalid `honour_unknown`,
    `household_unknown`, `household_not_taking_part`, `member_needed`, `member_not_wanted`, `member_unknown`,
    `minor_not_named`.
    """
    found = session.get(Evaluation, key)
    if found is None:
        raise NotFound()
    grant = of_village(session, actor, Permission.HONOUR_NOMINATE, found.village_code)
    row = locked(session, key)
    if row.status != EvaluationStatus.NOMINATING:
        raise errors.not_nominating()
    honour = honours_of(row).get(who.honour)
    if honour is None:
        raise errors.honour_unknown()
    _check_nominee(session, row, honour, who, now)
    one = Nomination(
        id=new_id(),
        evaluation_id=row.id,
        village_code=row.village_code,
        honour_code=honour.code,
        household_code=who.household,
        member_id=who.member,
        nominee=who.member or who.household,
        reason=who.reason,
        nominated_by=actor.person,
        grant_id=grant.id,
        nominated_at=now,
        status=NominationStatus.PROPOSED,
    )
    session.add(one)
    session.flush()
    decided(session, actor, one, None, NominationStatus.PROPOSED, now, "", grant)
    if actor.household != who.household:
        text = f"有人提名您家参评 {row.year} 年度“{honour.name}”。不愿参评可以撤回，对您家没有影响。"
        refs = {"evaluation": row.id, "nomination": one.id}
        notify_households(session, [Note(who.household, "honour_nominated", text, refs)], now)
    return one


def _check_nominee(session: Session, row: Evaluation, honour: Honour, who: Nominee, now: datetime) -> None:
    household = session.get(Household, who.household)
    if household is None or household.village_code != row.village_code:
        raise errors.household_unknown()
    if household.status != "active":
        raise errors.household_not_taking_part()
    if honour.subject is Subject.HOUSEHOLD:
        if who.member is not None:
            raise errors.member_not_wanted()
    else:
        _check_member(session, who, now)
    same = select(Nomination.id).where(
        Nomination.evaluation_id == row.id,
        Nomination.honour_code == honour.code,
        Nomination.nominee == (who.member or who.household),
        Nomination.status != NominationStatus.WITHDRAWN,
    )
    if session.scalar(same.limit(1)) is not None:
        raise errors.already_nominated()


def _check_member(session: Session, who: Nominee, now: datetime) -> None:
    if who.member is None:
        raise errors.member_needed()
    known = queries.members_of(session, [who.member], local_date(now)).get(who.member)
    if known is None or known[0] != who.household or not known[1].present:
        raise errors.member_unknown()
    if not known[1].grown_up:
        raise errors.minor()


def withdraw(session: Session, actor: Actor, key: str, reason: str, now: datetime) -> Nomination:
    """The household declines, or the committee takes a nomination back. Also one chosen may be declined until it is
    given. Raises NotFound, Conflict `withdrawal_late`.
    """
    one = session.get(Nomination, key)
    if one is None:
        raise NotFound()
    place = Place(one.village_code, household=one.household_code)
    grant = actor.at(Permission.HONOUR_SPEAK, place)
    locked(session, one.evaluation_id)
    session.refresh(one)
    if one.status not in OPEN:
        raise errors.withdrawal_late()
    if one.status == NominationStatus.CHOSEN and actor.household != one.household_code:
        raise errors.withdrawal_late()
    step(session, one, NominationStatus.WITHDRAWN, now, actor, grant, reason, why=reason)
    if actor.household != one.household_code:
        text = f"您家的一项年度评比提名已撤回：{reason}。"
        refs = {"nomination": one.id}
        notify_households(session, [Note(one.household_code, "honour_withdrawn", text, refs)], now)
    return one
