"""Objections: made while a notice is public, holding their line until they are answered. Nothing here
commits.

The committee answers; after 7 days without an answer the township does. Who objected is known to those
who answer, never to the public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.evidence import api as evidence
from server.kit.clock import local_date
from server.kit.errors import Conflict, NotFound
from server.kit.exact import from_hundredths
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.messages.api import Note, notify_households, notify_persons
from server.people.api import COMMITTEE, Actor, Grant, Household, Permission, Place, Role, holders, visible
from server.settlement import ceilings, errors, notices, posting, tallies
from server.settlement.answering import answering_grant, step_aside
from server.settlement.decisions import decided, step
from server.settlement.models import Notice, NoticeCorrection, Objection, Tally, TallyLine
from server.settlement.months import month_from
from server.settlement.notices import UNANSWERED, day_words, month_words, signed
from server.settlement.rules import objection_due
from server.settlement.states import LineStatus, NoticeStatus, ObjectionStatus


@dataclass(frozen=True)
class Challenge:
    """What is objected to. `record` narrows it to one record of the line; `on_behalf`: entered for
    somebody.
    """

    household: str
    text: str
    record: str | None = None
    photos: Sequence[str] = ()
    on_behalf: bool = False


@dataclass(frozen=True)
class Answer:
    """What is answered. Upheld with `points`: the record gets these; upheld without: the record is
    rejected.
    """

    upheld: bool
    reason: str
    points: Decimal | None = None


def make(session: Session, actor: Actor, notice_id: str, what: Challenge, now: datetime) -> Objection:
    """Object to a line or a record on notice; the line is held until the answer.

    Raises NotFound, Conflict `notice_over`, `already_objected`, Invalid `household_unknown`,
    `record_not_on_line`, `on_behalf_only_by_committee`, `on_behalf_needed`, `slip_missing`.
    """
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise NotFound()
    grant = _may_object(actor, notice.village_code, what.on_behalf, what.photos)
    tally = tallies.lock(session, notice.tally_id)
    if notices.refreshed(session, notice).status != NoticeStatus.ACTIVE or now >= notice.ends_at:
        raise errors.notice_over()
    _check_target(session, tally, what)
    _check_first(session, actor, notice, what)
    row = Objection(
        id=new_id(),
        notice_id=notice.id,
        tally_id=tally.id,
        village_code=notice.village_code,
        household_code=what.household,
        record_id=what.record,
        text=what.text,
        on_behalf=what.on_behalf,
        person_id=actor.person,
        grant_id=grant.id,
        made_at=now,
        due_at=objection_due(now),
        status=ObjectionStatus.OPEN,
    )
    session.add(row)
    session.flush()
    place = Place(notice.village_code, household=what.household)
    evidence.attach(session, list(what.photos), actor, row.id, place, "objection")
    _hold(session, tally, what.household)
    notices.changed(session, notice.id)
    decided(session, actor, "objection", row.id, row.village_code, None, ObjectionStatus.OPEN, now, "", grant)
    _tell_of_objection(session, actor, notice, row, now)
    return row


def _may_object(actor: Actor, village: str, on_behalf: bool, photos: Sequence[str]) -> Grant:
    """Any villager of the village for oneself; a committee member on behalf of somebody, with the slip."""
    grants = [
        grant
        for grant in actor.grants_for(Permission.OBJECTION_MAKE)
        if grant.covers(Place(village)) or (len(grant.scope) == 16 and grant.scope.startswith(village))
    ]
    if not grants:
        actor.anywhere(Permission.OBJECTION_MAKE)
        raise NotFound()
    fitting = [grant for grant in grants if (grant.role in COMMITTEE) == on_behalf]
    if not fitting:
        raise errors.on_behalf_only_by_committee() if on_behalf else errors.on_behalf_needed()
    if on_behalf and not photos:
        raise errors.slip_missing()
    return fitting[0]


def _check_target(session: Session, tally: Tally, what: Challenge) -> None:
    household = session.get(Household, what.household)
    if household is None or household.village_code != tally.village_code:
        raise errors.not_a_line()
    if what.record is None:
        return
    behind = conduct.records_of_line(session, tally.village_code, month_from(tally.month), what.household)
    if what.record not in {record["id"] for record in behind}:
        raise errors.record_not_on_line()


def _check_first(session: Session, actor: Actor, notice: Notice, what: Challenge) -> None:
    same = select(Objection.id).where(
        Objection.notice_id == notice.id,
        Objection.household_code == what.household,
        Objection.person_id == actor.person,
        Objection.record_id.is_(None) if what.record is None else Objection.record_id == what.record,
        Objection.status.in_(UNANSWERED),
    )
    if not what.on_behalf and session.scalar(same.limit(1)) is not None:
        raise errors.already_objected()


def _hold(session: Session, tally: Tally, household: str) -> None:
    session.execute(
        update(TallyLine)
        .where(
            TallyLine.tally_id == tally.id,
            TallyLine.household_code == household,
            TallyLine.status == LineStatus.PENDING,
        )
        .values(status=LineStatus.HELD)
        .execution_options(synchronize_session=False)
    )


def _tell_of_objection(session: Session, actor: Actor, notice: Notice, row: Objection, now: datetime) -> None:
    month, number = month_words(notice.month), row.household_code[-4:]
    due = day_words(local_date(row.due_at))
    refs = {"objection": row.id, "notice": notice.id}
    text = f"{month}公示有新异议（{number} 号），请在 {due}前答复。"
    committee = holders(session, sorted(COMMITTEE), notice.village_code, now)
    notify_persons(session, [Note(one.person, "objection_made", text, refs) for one in committee], now)
    if actor.household != row.household_code:
        told = f"有人对您家 {month}的积分提出异议，答复之前这一行先不入账。"
        notify_households(session, [Note(row.household_code, "objection_made", told, refs)], now)


def answer(session: Session, actor: Actor, objection_id: str, what: Answer, now: datetime) -> Objection:
    """Answer an objection; the line is computed anew and free again when no other objection holds it.

    Raises NotFound, Conflict `objection_answered`, `objection_with_township`, `objection_with_committee`,
    `own_matter`, Invalid `points_without_record`.
    """
    found = session.get(Objection, objection_id)
    if found is None:
        raise NotFound()
    tally = tallies.lock(session, found.tally_id)
    session.refresh(found)
    grant = _may_answer(session, actor, found)
    if _logged_by(session, tally, found) == actor.person:
        raise errors.own_matter()
    opening = tally.is_opening and what.upheld
    if what.points is not None and (found.record_id is None or not what.upheld) and not opening:
        raise errors.points_without_record()
    target = ObjectionStatus.UPHELD if what.upheld else ObjectionStatus.DISMISSED
    step(
        session,
        Objection,
        "objection",
        found,
        target,
        now,
        actor,
        grant,
        found.village_code,
        what.reason,
        answered_by=actor.person,
        answered_grant=grant.id,
        answered_at=now,
        reason=what.reason,
    )
    if what.upheld:
        _correct(session, actor, grant, tally, found, what, now)
    if not _held_by_others(session, found):
        posting.release(session, tally, found.household_code, actor, grant, now)
    notices.changed(session, found.notice_id)
    session.refresh(found)
    _tell_of_answer(session, found, tally, now)
    return found


def _may_answer(session: Session, actor: Actor, objection: Objection) -> Grant:
    actor.at(Permission.OBJECTION_ANSWER, Place(objection.village_code))
    status = ObjectionStatus(objection.status)
    if status not in UNANSWERED:
        raise errors.objection_answered()
    township = status is ObjectionStatus.ESCALATED
    grant = answering_grant(actor, Permission.OBJECTION_ANSWER, objection.village_code, township)
    if grant is None:
        raise errors.with_township() if township else errors.still_with_committee()
    if actor.person == objection.person_id and not objection.on_behalf:
        raise errors.own_matter()
    step_aside(session, actor, objection.household_code)
    return grant


def _logged_by(session: Session, tally: Tally, objection: Objection) -> str | None:
    """Who logged the record objected to: nobody judges what they logged."""
    month = month_from(tally.month)
    behind = conduct.records_of_line(session, tally.village_code, month, objection.household_code)
    return next((record["logged_by"] for record in behind if record["id"] == objection.record_id), None)


def _correct(
    session: Session,
    actor: Actor,
    grant: Grant,
    tally: Tally,
    objection: Objection,
    what: Answer,
    now: datetime,
) -> None:
    """Amend or reject the record, compute its line anew, and note the correction on the notice."""
    before = _net(session, tally, objection.household_code)
    if objection.record_id is not None:
        verdict = conduct.Verdict.REJECT if what.points is None else conduct.Verdict.AMEND
        conduct.change_verdict(
            session, actor, objection.record_id, verdict, what.points, what.reason, now, grant
        )
        _recompute(session, tally, objection.household_code)
    elif tally.is_opening and what.points is not None:
        _bring_in_anew(session, tally, objection.household_code, what.points)
    session.add(
        NoticeCorrection(
            objection_id=objection.id,
            notice_id=objection.notice_id,
            household_code=objection.household_code,
            net_before=before,
            net_after=_net(session, tally, objection.household_code),
            at=now,
        )
    )
    session.flush()


def _bring_in_anew(session: Session, tally: Tally, household: str, points: Decimal) -> None:
    """An opening balance that was wrong: its balance becomes `points`; a score that came with it, too."""
    line = session.get_one(TallyLine, (tally.id, household), populate_existing=True)
    line.balance = max(points, Decimal("0.00"))
    if line.net != 0:
        line.added, line.deducted, line.net = line.balance, Decimal("0.00"), line.balance
    session.flush()


def _net(session: Session, tally: Tally, household: str) -> Decimal:
    net = session.scalar(
        select(TallyLine.net).where(TallyLine.tally_id == tally.id, TallyLine.household_code == household)
    )
    return Decimal("0.00") if net is None else net


def _recompute(session: Session, tally: Tally, household: str) -> None:
    sums = conduct.month_sums_select(tally.village_code, month_from(tally.month)).subquery()
    row = session.execute(select(sums).where(sums.c.household_code == household)).mappings().first()
    figures = dict(row or {"records": 0, "added": 0, "deducted": 0})
    figures["added"], cut = ceilings.after_cut(session, tally, int(figures["added"]))
    figures["net"] = figures["added"] + figures["deducted"]
    changed = session.execute(
        update(TallyLine)
        .where(
            TallyLine.tally_id == tally.id,
            TallyLine.household_code == household,
            TallyLine.status != LineStatus.POSTED,
        )
        .values(
            records=figures["records"],
            cut=None if cut is None else from_hundredths(cut),
            **{name: from_hundredths(int(figures[name])) for name in ("added", "deducted", "net")},
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("state_changed", errors.CHANGED)


def _held_by_others(session: Session, objection: Objection) -> bool:
    query = (
        select(func.count())
        .select_from(Objection)
        .where(
            Objection.notice_id == objection.notice_id,
            Objection.household_code == objection.household_code,
            Objection.status.in_(UNANSWERED),
        )
    )
    return bool(session.scalar(query))


def _tell_of_answer(session: Session, objection: Objection, tally: Tally, now: datetime) -> None:
    upheld = objection.status == ObjectionStatus.UPHELD
    month = month_words(tally.month)
    net = signed(_net(session, tally, objection.household_code))
    outcome = f"成立，{objection.household_code[-4:]} 号现为 {net} 分" if upheld else "不成立"
    refs = {"objection": objection.id, "notice": objection.notice_id}
    text = f"您对 {month}公示的异议已答复：{outcome}。理由：{objection.reason}"
    notify_persons(session, [Note(objection.person_id, "objection_answered", text, refs)], now)
    ending = f"成立，现为 {net} 分" if upheld else "不成立，分数不变"
    told = f"对您家 {month}积分的异议已答复：{ending}。"
    notify_households(session, [Note(objection.household_code, "objection_answered", told, refs)], now)


def escalate(session: Session, objection: Objection, now: datetime) -> None:
    """Unanswered for 7 days: it goes to the township."""
    step(
        session,
        Objection,
        "objection",
        objection,
        ObjectionStatus.ESCALATED,
        now,
        None,
        None,
        objection.village_code,
        "7 天没有答复",
    )
    refs = {"objection": objection.id, "notice": objection.notice_id}
    text = f"{objection.household_code[-4:]} 号的公示异议超过 7 天没有答复，转由乡镇答复。"
    officers = holders(session, [Role.TOWNSHIP_OFFICER], objection.village_code, now)
    notify_persons(session, [Note(one.person, "objection_escalated", text, refs) for one in officers], now)


def listed(
    session: Session,
    actor: Actor,
    narrowed: Mapping[str, str],
    cursor: str | None,
    limit: int,
) -> tuple[list[Objection], str | None]:
    """Objections inside the actor's scopes, newest first; `narrowed` to `village`, `notice`, `status`.

    A villager sees the own ones and those on the own household.
    """
    columns = {"village": Objection.village_code, "notice": Objection.notice_id, "status": Objection.status}
    chosen = [columns[name] == value for name, value in narrowed.items()]
    query = select(Objection).where(_readable(actor), *chosen)
    if cursor:
        query = query.where(Objection.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Objection.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def _readable(actor: Actor) -> ColumnElement[bool]:
    columns = {"village": Objection.village_code, "household": Objection.household_code}
    return or_(visible(actor, Permission.OBJECTION_READ, **columns), Objection.person_id == actor.person)


def may_know_person(actor: Actor, objection: Objection) -> bool:
    """Who objected is known to those who answer and oversee, and to the person; to nobody else."""
    grant = actor.grant_at(Permission.OBJECTION_READ, Place(objection.village_code))
    return objection.person_id == actor.person or grant is not None
