"""From the result to the certificate: the public notice, its end, the honours given. Nothing here commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.honours import errors
from server.honours.evaluations import find, honours_of, tell_village
from server.honours.minutes import minutes
from server.honours.models import Evaluation, HonourObjection, Nomination, NominationVote
from server.honours.rules import LONGEST_NOTICE, alone
from server.honours.states import EvaluationStatus, MinutesStatus, NominationStatus, ObjectionStatus
from server.honours.steps import step
from server.ledger import api as ledger
from server.messages.api import Note, notify_households
from server.people.api import Actor, Grant, Permission, Village
from server.rulebook.api import initials

UNANSWERED = (ObjectionStatus.OPEN, ObjectionStatus.ESCALATED)


def publish(session: Session, actor: Actor, key: str, days: int | None, now: datetime) -> Evaluation:
    """Put those chosen on public notice; the ledger is sealed first and the notice carries its head.

    Raises NotFound, Conflict `not_resolved`, `publisher_alone`, Invalid `notice_days`.
    """
    row, grant = find(session, actor, Permission.HONOUR_MANAGE, key, lock=True)
    if row.status != EvaluationStatus.RESOLVED:
        raise errors.not_resolved()
    least = session.get_one(Village, row.village_code).notice_days
    lasting = least if days is None else days
    if not least <= lasting <= LONGEST_NOTICE:
        raise errors.notice_days(least, LONGEST_NOTICE)
    if alone(actor.person, resolvers(session, row)):
        raise errors.publisher_alone()
    values = {"published_by": actor.person, "published_at": now, "days": lasting}
    values |= {"ends_at": now + timedelta(days=lasting)}
    values |= {"ledger_head": ledger.seal_village(session, row.village_code, now)}
    step(session, row, EvaluationStatus.ON_NOTICE, now, actor, grant, f"公示 {lasting} 天", **values)
    text = f"{row.year} 年度评比结果公示 {lasting} 天，有不同意见请在公示期内提出。"
    tell_village(session, row, "honours_published", text, now)
    return row


def resolvers(session: Session, row: Evaluation) -> set[str]:
    """The persons by whom the result came about."""
    held: Any = minutes(session, row, MinutesStatus.CONFIRMED)
    if held is not None:
        return {held.entered_by, held.confirmed_by}
    mine = select(Nomination.id).where(Nomination.evaluation_id == row.id)
    query = select(NominationVote.person_id).where(NominationVote.nomination_id.in_(mine))
    return set(session.scalars(query))


def end_notice(session: Session, row: Evaluation, now: datetime) -> None:
    """The notice is over: every honour without an open objection is given; the others wait for their answer."""
    step(session, row, EvaluationStatus.AWARDED, now, None, None, "公示期满", awarded_at=now)
    chosen = select(Nomination).where(
        Nomination.evaluation_id == row.id, Nomination.status == NominationStatus.CHOSEN
    )
    for one in session.scalars(chosen.order_by(Nomination.id)).all():
        award(session, row, one, now)


def award(
    session: Session,
    row: Evaluation,
    one: Nomination,
    now: datetime,
    actor: Actor | None = None,
    grant: Grant | None = None,
) -> bool:
    """Give the honour, unless an objection is unanswered; whether it was given. The certificate gets its number."""
    if session.scalar(
        select(HonourObjection.id)
        .where(HonourObjection.nomination_id == one.id, HonourObjection.status.in_(UNANSWERED))
        .limit(1)
    ):
        return False
    number = _number(session, row, one)
    target = NominationStatus.AWARDED
    step(session, one, target, now, actor, grant, "公示期满", certificate_number=number, awarded_at=now)
    name = honours_of(row)[one.honour_code].name
    text = f"祝贺！您家获得 {row.year} 年度“{name}”，证书编号 {number}。"
    refs = {"evaluation": row.id, "nomination": one.id}
    notify_households(session, [Note(one.household_code, "honour_awarded", text, refs)], now)
    return True


def _number(session: Session, row: Evaluation, one: Nomination) -> str:
    """DHS-990101001201-2026-ZM-003: counted within the honour of the year; the code keeps it apart from others."""
    given = session.scalar(
        select(func.count())
        .select_from(Nomination)
        .where(
            Nomination.evaluation_id == row.id,
            Nomination.honour_code == one.honour_code,
            Nomination.certificate_number.is_not(None),
        )
    )
    letters = initials(session.get_one(Village, row.village_code).name).upper()[:4]
    return f"{letters}-{row.village_code}-{row.year}-{one.honour_code}-{(given or 0) + 1:03d}"
