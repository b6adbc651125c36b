"""Publishing a resolved month, withdrawing it, taking it down. Nothing here commits.

The ledger is sealed before a notice is made and the notice carries the head: nothing that was posted
until then can be altered without it showing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.cycles.calendar import Month
from server.kit import exact
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.ledger import api as ledger
from server.messages.api import Note, notify_households, notify_persons
from server.people.api import Actor, Grant, Permission, Place, Village
from server.rulebook import api as rulebook
from server.settlement import errors, tallies, votes
from server.settlement.decisions import decided, step
from server.settlement.models import Notice, Objection, Tally, TallyLine
from server.settlement.months import month_from
from server.settlement.rules import alone, notice_days_fault
from server.settlement.states import NoticeStatus, ObjectionStatus, TallyStatus

UNANSWERED = (ObjectionStatus.OPEN, ObjectionStatus.ESCALATED)


def publish(session: Session, actor: Actor, tally_id: str, days: int | None, now: datetime) -> Notice:
    """Put a resolved tally on public notice for `days` days (the village's setting, or longer).

    Raises NotFound, Conflict `tally_not_resolved`, `publisher_alone`, Invalid `notice_days`.
    """
    found, grant = tallies.find(session, actor, Permission.NOTICE_PUBLISH, tally_id)
    tally = tallies.lock(session, found.id)
    if tally.status != TallyStatus.RESOLVED:
        raise errors.tally_not_resolved()
    village = session.get_one(Village, tally.village_code)
    chosen = village.notice_days if days is None else days
    if fault := notice_days_fault(chosen, village.notice_days):
        raise errors.notice_days(fault)
    if alone(actor.person, votes.resolvers(session, tally, now)):
        raise errors.publisher_alone()
    notice = Notice(
        id=new_id(),
        tally_id=tally.id,
        village_code=tally.village_code,
        month=tally.month,
        status=NoticeStatus.ACTIVE,
        version=1,
        published_by=actor.person,
        published_grant=grant.id,
        published_at=now,
        days=chosen,
        ends_at=now + timedelta(days=chosen),
        ledger_head=ledger.seal_village(session, tally.village_code, now),
        facts=_facts(session, tally, village, now),
    )
    session.add(notice)
    session.flush()
    tallies.move(session, tally, TallyStatus.ON_NOTICE, now, actor, grant, f"公示 {chosen} 天")
    place = notice.village_code
    decided(session, actor, "notice", notice.id, place, None, NoticeStatus.ACTIVE, now, "", grant)
    _tell_households(session, notice, now)
    return notice


def _facts(session: Session, tally: Tally, village: Village, now: datetime) -> dict[str, Any]:
    """What the notice says about itself: which days it covers, how it was resolved, how many take part."""
    month = month_from(tally.month)
    last = local_date(tally.cutoff_at - timedelta(seconds=0 if tally.is_opening else 1))
    return {
        "covers": [_first_day(session, tally, month, village).isoformat(), last.isoformat()],
        "households": len(conduct.participating_households(session, tally.village_code)),
        "resolved": _resolved(session, tally, now),
        "ceiling": _ceiling(tally),
    }


def _ceiling(tally: Tally) -> dict[str, Any] | None:
    """How a breach of the ceiling was settled, as everybody may read it."""
    if tally.ceiling is None:
        return None
    names = ("village", "household", "added", "households_over", "settled", "reason")
    return {name: tally.ceiling[name] for name in names}


def _first_day(session: Session, tally: Tally, month: Month, village: Village) -> date:
    """The day after the cut-off before; a village's first month begins with its first rulebook."""
    if tally.is_opening:
        return local_date(tally.cutoff_at)
    before = session.scalar(
        select(func.max(Tally.cutoff_at)).where(
            Tally.village_code == tally.village_code, Tally.month < tally.month, Tally.month % 100 != 0
        )
    )
    if before is not None:
        return local_date(before)
    adopted = rulebook.first_adoption(session, tally.village_code)
    first = month.first_day(village.cutoff_day)
    return max(first, adopted) if adopted else first


def _resolved(session: Session, tally: Tally, now: datetime) -> dict[str, Any]:
    members = len(votes.members(session, tally.village_code, now))
    minutes = votes.standing_minutes(session, tally)
    if minutes is not None and minutes.confirmed_by is not None:
        return {
            "by": "meeting",
            "on": minutes.held_on.isoformat(),
            "members": members,
            "for": minutes.votes_for,
            "minutes_number": minutes.minutes_number,
        }
    on = local_date(tally.resolved_at or now).isoformat()
    return {"by": "vote", "on": on, "members": members, "for": len(votes.votes_for(session, tally, now))}


def _tell_households(session: Session, notice: Notice, now: datetime) -> None:
    month = month_words(notice.month)
    until = local_date(notice.ends_at)
    rows = session.execute(
        select(TallyLine.household_code, TallyLine.net).where(TallyLine.tally_id == notice.tally_id)
    )
    notes = [
        Note(
            household,
            "notice_published",
            f"{month}积分开始公示，您家合计 {signed(net)} 分。有不同意见，请在 {day_words(until)}前提出。",
            {"notice": notice.id},
        )
        for household, net in rows
    ]
    notify_households(session, notes, now)


def find(session: Session, actor: Actor, permission: Permission, notice_id: str) -> tuple[Notice, Grant]:
    """The notice and the grant under which `actor` may act on it; raises NotFound."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise NotFound()
    return notice, actor.at(permission, Place(notice.village_code))


def refreshed(session: Session, notice: Notice) -> Notice:
    """The notice as it is now: read again after its tally was locked."""
    session.refresh(notice)
    return notice


def withdraw(session: Session, actor: Actor, notice_id: str, reason: str, now: datetime) -> Notice:
    """Withdraw a notice: the tally opens again, votes are void, unanswered objections lapse with it.

    Raises NotFound, Conflict `notice_not_active`.
    """
    notice, grant = find(session, actor, Permission.NOTICE_PUBLISH, notice_id)
    tally = tallies.lock(session, notice.tally_id)
    if refreshed(session, notice).status != NoticeStatus.ACTIVE:
        raise errors.notice_not_active()
    _tell_of_withdrawal(session, notice, reason, now)
    _lapse(session, notice, actor, grant, now)
    move(session, notice, NoticeStatus.WITHDRAWN, now, actor, grant, reason, reason=reason)
    tallies.open_again(session, tally, now, actor, grant, reason)
    return notice


def _tell_of_withdrawal(session: Session, notice: Notice, reason: str, now: datetime) -> None:
    text = f"{month_words(notice.month)}积分公示已撤回：{reason}。更正后会重新公示。"
    households = session.scalars(
        select(TallyLine.household_code).where(TallyLine.tally_id == notice.tally_id)
    )
    notes = [Note(code, "notice_withdrawn", text, {"notice": notice.id}) for code in households]
    notify_households(session, notes, now)


def _lapse(session: Session, notice: Notice, actor: Actor, grant: Grant, now: datetime) -> None:
    waiting = session.scalars(
        select(Objection).where(Objection.notice_id == notice.id, Objection.status.in_(UNANSWERED))
    ).all()
    for objection in waiting:
        step(
            session,
            Objection,
            "objection",
            objection,
            ObjectionStatus.LAPSED,
            now,
            actor,
            grant,
            notice.village_code,
            "公示已撤回",
        )
    text = "您提的异议所在的公示已撤回，这条异议不再单独答复；重新公示后仍可提出。"
    people = {objection.person_id for objection in waiting}
    notes = [Note(person, "objection_lapsed", text, {"notice": notice.id}) for person in sorted(people)]
    notify_persons(session, notes, now)


def move(
    session: Session,
    notice: Notice,
    target: NoticeStatus,
    now: datetime,
    actor: Actor | None,
    grant: Grant | None,
    why: str = "",
    **values: object,
) -> None:
    """Take the notice to `target` by compare-and-set, with its decision and a new version."""
    values["version"] = Notice.version + 1
    step(session, Notice, "notice", notice, target, now, actor, grant, notice.village_code, why, **values)


def changed(session: Session, notice_id: str) -> None:
    """Something on the notice changed: ready-made answers are old."""
    session.execute(
        update(Notice)
        .where(Notice.id == notice_id)
        .values(version=Notice.version + 1)
        .execution_options(synchronize_session=False)
    )


def month_words(month: int) -> str:
    """2026年11月; of opening balances 2026年初始."""
    return f"{month // 100}年{month % 100}月" if month % 100 else f"{month // 100}年初始"


def day_words(day: date) -> str:
    """11月25日."""
    return f"{day.month}月{day.day}日"


def signed(points: Any) -> str:
    """Points with their sign: +4.00, −1.50, 0.00."""
    text = exact.text(abs(points))
    return text if points == 0 else f"{'+' if points > 0 else '−'}{text}"
