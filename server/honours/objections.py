"""Objections to honours on notice: one that is right takes the honour away before it is given. Nothing commits here.

The committee answers in seven days, then the township. Who objected is known to those who answer, never to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.evidence import api as evidence
from server.honours import errors, queries
from server.honours.awarding import UNANSWERED, award
from server.honours.evaluations import honours_of, locked
from server.honours.models import Evaluation, HonourObjection, Nomination
from server.honours.places import recused
from server.honours.rules import OBJECTION_DAYS
from server.honours.states import EvaluationStatus, NominationStatus, ObjectionStatus
from server.honours.steps import decided, step
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.messages.api import Note, notify_households, notify_person, notify_persons
from server.people.api import COMMITTEE, Actor, Grant, Permission, Place, Role, holders, visible


@dataclass(frozen=True)
class Challenge:
    """What somebody says against an honour; `on_behalf`: entered for somebody, with the signed slip."""

    text: str
    photos: Sequence[str] = ()
    on_behalf: bool = False


def make(session: Session, actor: Actor, key: str, what: Challenge, now: datetime) -> HonourObjection:
    """Object to an honour on notice; it is not given before the answer.

    Raises NotFound, Conflict `not_on_notice`, `not_chosen`, `already_objected`, Invalid `on_behalf_needed`, …
    """
    one = session.get(Nomination, key)
    if one is None:
        raise NotFound()
    grant = _may_object(actor, one.village_code, what)
    row = locked(session, one.evaluation_id)
    session.refresh(one)
    if row.status != EvaluationStatus.ON_NOTICE or row.ends_at is None or now >= row.ends_at:
        raise errors.not_on_notice()
    if one.status != NominationStatus.CHOSEN:
        raise errors.not_chosen()
    _check_first(session, actor, one, what)
    due = now + timedelta(days=OBJECTION_DAYS)
    made = HonourObjection(
        id=new_id(),
        nomination_id=one.id,
        evaluation_id=row.id,
        village_code=one.village_code,
        household_code=one.household_code,
        text=what.text,
        on_behalf=what.on_behalf,
        person_id=actor.person,
        grant_id=grant.id,
        made_at=now,
        due_at=due,
        status=ObjectionStatus.OPEN,
    )
    session.add(made)
    session.flush()
    evidence.attach(session, list(what.photos), actor, made.id, Place(one.village_code), "honour_objection")
    decided(session, actor, made, None, ObjectionStatus.OPEN, now, "", grant)
    day = local_date(due)
    text = f"年度评比公示有新异议（{one.household_code[-4:]} 号），请在 {day.month}月{day.day}日前答复。"
    people = queries.committee(session, one.village_code, now)
    refs = {"honour_objection": made.id}
    notify_persons(session, [Note(p.person, "honour_objection", text, refs) for p in people], now)
    return made


def _may_object(actor: Actor, village: str, what: Challenge) -> Grant:
    """Any villager of the village for oneself; the committee on behalf of somebody, with the slip."""
    grants = [
        grant
        for grant in actor.grants_for(Permission.OBJECTION_MAKE)
        if grant.covers(Place(village)) or (len(grant.scope) == 16 and grant.scope.startswith(village))
    ]
    if not grants:
        actor.anywhere(Permission.OBJECTION_MAKE)
        raise NotFound()
    fitting = [grant for grant in grants if (grant.role in COMMITTEE) == what.on_behalf]
    if not fitting:
        raise errors.on_behalf_only_by_committee() if what.on_behalf else errors.on_behalf_needed()
    if what.on_behalf and not what.photos:
        raise errors.slip_missing()
    return fitting[0]


def _check_first(session: Session, actor: Actor, one: Nomination, what: Challenge) -> None:
    same = select(HonourObjection.id).where(
        HonourObjection.nomination_id == one.id,
        HonourObjection.person_id == actor.person,
        HonourObjection.status.in_(UNANSWERED),
    )
    if not what.on_behalf and session.scalar(same.limit(1)) is not None:
        raise errors.already_objected()


def answer(
    session: Session, actor: Actor, key: str, upheld: bool, reason: str, now: datetime
) -> HonourObjection:
    """Answer: upheld, the honour is taken back with the reason; dismissed, it is given once nothing else is open.

    Raises NotFound, Conflict `already_answered`, `objection_with_township`, `objection_with_village`, `own_matter`.
    """
    made = session.get(HonourObjection, key)
    if made is None:
        raise NotFound()
    actor.at(Permission.OBJECTION_ANSWER, Place(made.village_code))
    row = locked(session, made.evaluation_id)
    session.refresh(made)
    if made.status not in UNANSWERED:
        raise errors.answered()
    grant = _answering(actor, made)
    if recused(session, actor.household, made.household_code) or actor.person == made.person_id:
        raise errors.own_matter()
    target = ObjectionStatus.UPHELD if upheld else ObjectionStatus.DISMISSED
    by = {"reason": reason, "answered_by": actor.person, "answered_at": now}
    step(session, made, target, now, actor, grant, reason, **by)
    _take_effect(session, row, made, upheld, now, actor, grant)
    word = "成立，荣誉不再授予" if upheld else "不成立"
    refs = {"honour_objection": made.id}
    text = f"您对年度评比的异议已答复：{word}。理由：{reason}"
    notify_person(session, made.person_id, "honour_objection_answered", text, now, refs)
    return made


def _answering(actor: Actor, made: HonourObjection) -> Grant:
    township = made.status == ObjectionStatus.ESCALATED
    for grant in actor.grants_for(Permission.OBJECTION_ANSWER):
        if grant.covers(Place(made.village_code)) and (grant.role is Role.TOWNSHIP_OFFICER) == township:
            return grant
    raise errors.with_township() if township else errors.not_yet_township()


def _take_effect(
    session: Session,
    row: Evaluation,
    made: HonourObjection,
    upheld: bool,
    now: datetime,
    actor: Actor,
    grant: Grant,
) -> None:
    one = session.get_one(Nomination, made.nomination_id, populate_existing=True)
    if one.status != NominationStatus.CHOSEN:
        return
    if upheld:
        step(session, one, NominationStatus.REVOKED, now, actor, grant, made.reason, why=made.reason)
        name = honours_of(row)[one.honour_code].name
        text = f"对您家“{name}”的异议成立，这项荣誉不再授予。理由：{made.reason}"
        notify_households(
            session, [Note(one.household_code, "honour_revoked", text, {"evaluation": row.id})], now
        )
    elif row.status == EvaluationStatus.AWARDED:
        award(session, row, one, now, actor, grant)


def escalate(session: Session, made: HonourObjection, now: datetime) -> None:
    """Unanswered for seven days: it goes to the township."""
    step(session, made, ObjectionStatus.ESCALATED, now, said="7 天没有答复")
    text = f"{made.household_code[-4:]} 号的年度评比异议超过 7 天没有答复，转由乡镇答复。"
    officers = holders(session, [Role.TOWNSHIP_OFFICER], made.village_code, now)
    refs = {"honour_objection": made.id}
    notify_persons(session, [Note(one.person, "objection_escalated", text, refs) for one in officers], now)


def listed(
    session: Session, actor: Actor, evaluation: str | None, cursor: str | None, limit: int
) -> tuple[list[HonourObjection], str | None]:
    """Objections inside the actor's scopes and the own ones, newest first."""
    query = select(HonourObjection).where(_readable(actor))
    if evaluation is not None:
        query = query.where(HonourObjection.evaluation_id == evaluation)
    if cursor:
        query = query.where(HonourObjection.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(HonourObjection.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def _readable(actor: Actor) -> ColumnElement[bool]:
    columns = {"village": HonourObjection.village_code, "household": HonourObjection.household_code}
    mine = HonourObjection.person_id == actor.person
    return or_(visible(actor, Permission.OBJECTION_READ, **columns), mine)


def may_know_person(actor: Actor, row: HonourObjection) -> bool:
    """Who objected is known to those who answer and oversee, and to the person."""
    grant = actor.grant_at(Permission.OBJECTION_READ, Place(row.village_code))
    return row.person_id == actor.person or grant is not None
