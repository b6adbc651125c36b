"""Appeals against what was posted: answered by the committee, after 7 days by the township. Never commits.

Nothing changes in place. Upheld, the entry is reversed and, where due, a new one posted; both point at the
first. What the household spent since is neither clawed back nor given twice: the new entry makes up only for
what the reversal took from the balance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.cycles.calendar import Month
from server.evidence import api as evidence
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.exact import ZERO, points
from server.kit.ids import is_id, new_id
from server.kit.paging import decode_cursor, page
from server.kit.upsert import insert_for
from server.ledger import api as ledger
from server.messages.api import Note, notify_households, notify_persons
from server.people.api import COMMITTEE, Actor, Grant, Permission, Place, Role, holders, visible
from server.settlement import errors, tallies
from server.settlement.answering import answering_grant, making_grant, step_aside
from server.settlement.decisions import decided, step
from server.settlement.models import Appeal, Tally
from server.settlement.notices import day_words, signed
from server.settlement.rules import objection_due
from server.settlement.states import AppealStatus

APPEALABLE = frozenset(
    {
        ledger.Cause.MONTH,
        ledger.Cause.HELD_LINE,
        ledger.Cause.OPENING_BALANCE,
        ledger.Cause.CORRECTION,
    }
)
UNANSWERED = (AppealStatus.OPEN, AppealStatus.ESCALATED)


@dataclass(frozen=True)
class Claim:
    """What is appealed against. `record` narrows it to one record behind the entry."""

    text: str
    record: str | None = None
    photos: Sequence[str] = ()
    on_behalf: bool = False


@dataclass(frozen=True)
class Answer:
    """What is answered. Upheld with `points`: the record's new points, or without a record the entry's new
    total; upheld without: the record no longer counts, or the whole entry is taken back.
    """

    upheld: bool
    reason: str
    points: Decimal | None = None


def make(session: Session, actor: Actor, entry_id: str, what: Claim, now: datetime) -> Appeal:
    """Appeal against a posted entry of the own household, or on behalf of one with a photo of its slip.

    Raises NotFound, Conflict `not_appealable`, `entry_reversed`, `already_appealed`, Invalid
    `on_behalf_only_by_committee`, `on_behalf_needed`, `slip_missing`, `record_not_on_line`.
    """
    if not is_id(entry_id):
        raise NotFound()
    entry = ledger.entry(session, entry_id)
    grant = _may_appeal(actor, entry, what)
    if entry.cause not in APPEALABLE:
        raise errors.not_appealable()
    if ledger.pointers(session, [entry.id])[1].get(entry.id) is not None:
        raise errors.entry_reversed()
    if what.record is not None:
        _record_behind(session, entry, what.record)
    values = {
        "id": new_id(),
        "entry_id": entry.id,
        "village_code": entry.village,
        "household_code": entry.household,
        "record_id": what.record,
        "text": what.text,
        "on_behalf": what.on_behalf,
        "person_id": actor.person,
        "grant_id": grant.id,
        "made_at": now,
        "due_at": objection_due(now),
        "status": AppealStatus.OPEN,
    }
    made = session.execute(insert_for(session, Appeal).values(values).on_conflict_do_nothing())
    if made.rowcount != 1:  # type: ignore[attr-defined]
        raise errors.already_appealed()
    row = session.get_one(Appeal, values["id"])
    place = Place(entry.village, household=entry.household)
    evidence.attach(session, list(what.photos), actor, row.id, place, "appeal")
    decided(session, actor, "appeal", row.id, entry.village, None, AppealStatus.OPEN, now, "", grant)
    _tell_committee(session, row, now)
    return row


def _may_appeal(actor: Actor, entry: ledger.Entry, what: Claim) -> Grant:
    place = Place(entry.village, household=entry.household)
    actor.at(Permission.APPEAL_MAKE, place)
    grant = making_grant(actor, Permission.APPEAL_MAKE, place, what.on_behalf)
    if grant is None:
        raise errors.on_behalf_only_by_committee() if what.on_behalf else errors.on_behalf_needed()
    if what.on_behalf and not what.photos:
        raise errors.slip_missing()
    return grant


def _record_behind(session: Session, entry: ledger.Entry, record: str) -> dict[str, Any]:
    """The record, which must be one of those that the entry's line counted."""
    if "month" in entry.refs:
        month = Month.parse(str(entry.refs["month"]))
        for one in conduct.records_of_line(session, entry.village, month, entry.household):
            if one["id"] == record:
                return one
    raise errors.record_not_on_line()


def _tell_committee(session: Session, row: Appeal, now: datetime) -> None:
    due, refs = day_words(local_date(row.due_at)), {"appeal": row.id, "entry": row.entry_id}
    text = f"{row.household_code[-4:]} 号对已入账的积分提出申诉，请在 {due}前答复。"
    committee = holders(session, sorted(COMMITTEE), row.village_code, now)
    notify_persons(session, [Note(one.person, "appeal_made", text, refs) for one in committee], now)


def answer(session: Session, actor: Actor, appeal_id: str, what: Answer, now: datetime) -> Appeal:
    """Answer an appeal; upheld, its entries are posted in the same transaction.

    Raises NotFound, Conflict `appeal_answered`, `appeal_with_township`, `appeal_with_committee`,
    `own_matter`, `entry_reversed`, Invalid `points_without_uphold`, `points_not_allowed`.
    """
    row = session.scalar(
        select(Appeal)
        .where(Appeal.id == appeal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    grant = _may_answer(session, actor, row)
    if what.points is not None and not what.upheld:
        raise errors.points_without_uphold()
    effect = _uphold(session, actor, grant, row, what, now) if what.upheld else {}
    target = AppealStatus.UPHELD if what.upheld else AppealStatus.DISMISSED
    by = {"answered_by": actor.person, "answered_grant": grant.id, "answered_at": now}
    place = row.village_code
    values = {"reason": what.reason, "points": what.points, **by, **effect}
    step(session, Appeal, "appeal", row, target, now, actor, grant, place, what.reason, **values)
    _tell_household(session, row, now)
    return row


def _may_answer(session: Session, actor: Actor, row: Appeal) -> Grant:
    actor.at(Permission.APPEAL_ANSWER, Place(row.village_code))
    if row.status not in UNANSWERED:
        raise errors.appeal_answered()
    township = row.status == AppealStatus.ESCALATED
    grant = answering_grant(actor, Permission.APPEAL_ANSWER, row.village_code, township)
    if grant is None:
        raise errors.appeal_with_township() if township else errors.appeal_with_committee()
    if actor.person == row.person_id and not row.on_behalf:
        raise errors.own_matter()
    step_aside(session, actor, row.household_code)
    if row.record_id is not None and actor.person in conduct.had_a_hand(session, row.record_id):
        raise errors.own_matter()
    return grant


def _uphold(
    session: Session, actor: Actor, grant: Grant, row: Appeal, what: Answer, now: datetime
) -> dict[str, Any]:
    """Reverse the entry, post the new one, say so on the record; what the appeal's row keeps of it."""
    first = ledger.entry(session, row.entry_id)
    record = None if row.record_id is None else _record_behind(session, first, row.record_id)
    refs: dict[str, Any] = {"appeal": row.id}
    refs |= {name: first.refs[name] for name in ("tally", "month") if name in first.refs}
    reversal = ledger.reverse(session, first.id, f"appeal:{row.id}", refs, now)
    effect: dict[str, Any] = {"reversal_id": reversal.id}
    total = what.points
    if record is not None:
        total = first.amount("score") - points(record["points"]) + (what.points or ZERO)
        refs["record"] = record["id"]
        effect |= _change_record(session, actor, grant, record["id"], what, now)
    if total is not None:
        effect["new_entry_id"] = _post_anew(session, first, reversal, total, refs, row, now)
    return effect


def _change_record(
    session: Session, actor: Actor, grant: Grant, record: str, what: Answer, now: datetime
) -> dict[str, Any]:
    if what.points is None:
        conduct.reverse_record(session, actor, record, what.reason, now, grant)
        return {}
    copy = conduct.replace_record(session, actor, record, what.points, what.reason, now, grant)
    return {"new_record_id": copy}


def _post_anew(
    session: Session,
    first: ledger.Entry,
    reversal: ledger.Entry,
    total: Decimal,
    refs: Mapping[str, Any],
    row: Appeal,
    now: datetime,
) -> str:
    """The new entry: its score is the new total, its balance lacks what the reversal could not take."""
    spent = first.amount("balance") + reversal.amount("balance")
    apart = first.cause == ledger.Cause.OPENING_BALANCE  # an old card may bring one of the two only
    score = ZERO if apart and first.amount("score") == ZERO else total
    balance = ZERO if apart and first.amount("balance") == ZERO else total - spent
    tally = session.get(Tally, str(refs["tally"])) if "tally" in refs else None
    new = ledger.correct(
        session,
        row.village_code,
        row.household_code,
        score,
        first.score_year or 0,
        f"appeal:{row.id}:new",
        ledger.Cause.CORRECTION,
        refs,
        now,
        reverses=first.id,
        negative_balance=tally is not None and tallies.carries_negative(session, tally),
        balance=balance,
    )
    return new.id


def _tell_household(session: Session, row: Appeal, now: datetime) -> None:
    said = f"不成立。理由：{row.reason}"
    if row.status == AppealStatus.UPHELD:
        new = f"，改为 {signed(row.points)} 分" if row.points is not None else ""
        said = f"成立{new}，原来入账的已冲回、重新入账。理由：{row.reason}"
    text = f"您家对已入账积分的申诉{said}"
    refs = {"appeal": row.id, "entry": row.entry_id}
    notify_households(session, [Note(row.household_code, "appeal_answered", text, refs)], now)


def escalate(session: Session, row: Appeal, now: datetime) -> None:
    """After 7 days without an answer the township answers."""
    place = row.village_code
    step(session, Appeal, "appeal", row, AppealStatus.ESCALATED, now, None, None, place, "7 天没有答复")
    text = f"{row.household_code[-4:]} 号的申诉超过 7 天没有答复，转由乡镇答复。"
    officers = holders(session, [Role.TOWNSHIP_OFFICER], place, now)
    refs = {"appeal": row.id, "entry": row.entry_id}
    notify_persons(session, [Note(one.person, "appeal_escalated", text, refs) for one in officers], now)
    session.execute(update(Appeal).where(Appeal.id == row.id).values(due_at=objection_due(now)))


def listed(
    session: Session, actor: Actor, narrowed: Mapping[str, str], cursor: str | None, limit: int
) -> tuple[list[Appeal], str | None]:
    """Appeals inside the actor's scopes, newest first; `narrowed` to `village`, `household`, `status`."""
    columns = {"village": Appeal.village_code, "household": Appeal.household_code, "status": Appeal.status}
    chosen = [columns[name] == value for name, value in narrowed.items()]
    query = select(Appeal).where(_readable(actor), *chosen)
    if cursor:
        query = query.where(Appeal.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Appeal.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def _readable(actor: Actor) -> ColumnElement[bool]:
    columns = {"village": Appeal.village_code, "household": Appeal.household_code}
    return or_(visible(actor, Permission.APPEAL_READ, **columns), Appeal.person_id == actor.person)
