"""The minutes of a meeting that voted: entered by one member, confirmed by a second. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.honours import errors
from server.honours.evaluations import find, standing
from server.honours.models import Evaluation, EvaluationMinutes
from server.honours.rules import Count
from server.honours.states import EvaluationStatus, MinutesStatus
from server.honours.steps import decided, step
from server.honours.voting import decide
from server.kit.clock import local_date
from server.kit.errors import FieldFault
from server.kit.exact import ZERO
from server.kit.ids import new_id
from server.people.api import Actor, Permission

MEETINGS = ("villagers", "representatives", "committee")


@dataclass(frozen=True)
class Meeting:
    """The minutes of a meeting that voted; `results`: nomination → (for, against, abstained)."""

    number: str
    held_on: date
    kind: str
    attended: int
    results: Mapping[str, tuple[int, int, int]]


def enter_minutes(
    session: Session, actor: Actor, key: str, what: Meeting, now: datetime
) -> EvaluationMinutes:
    """Enter the minutes of a meeting that voted; a second member confirms them.

    Raises NotFound, Conflict `not_voting`, Invalid `minutes_invalid` with a fault per field.
    """
    row, grant = find(session, actor, Permission.HONOUR_MANAGE, key, lock=True)
    if row.status != EvaluationStatus.VOTING:
        raise errors.not_voting()
    faults = _faults(session, row, what, local_date(now))
    if faults:
        raise errors.minutes_wrong(faults)
    before = minutes(session, row, MinutesStatus.ENTERED)
    if before is not None:
        step(session, before, MinutesStatus.REPLACED, now, actor, grant)
    entered = EvaluationMinutes(
        id=new_id(),
        evaluation_id=row.id,
        village_code=row.village_code,
        status=MinutesStatus.ENTERED,
        minutes_number=what.number,
        held_on=what.held_on,
        kind=what.kind,
        attended=what.attended,
        results=[
            {"nomination": one, "for": votes[0], "against": votes[1], "abstained": votes[2]}
            for one, votes in sorted(what.results.items())
        ],
        entered_by=actor.person,
        entered_at=now,
    )
    session.add(entered)
    session.flush()
    decided(session, actor, entered, None, MinutesStatus.ENTERED, now, "", grant)
    return entered


def _faults(session: Session, row: Evaluation, what: Meeting, today: date) -> list[FieldFault]:
    wanted = {one.id for one in standing(session, row)}
    faults = []
    begun = local_date(row.voting_at) if row.voting_at else today
    if not begun <= what.held_on <= today:
        faults.append(FieldFault("held_on", "开会要在提名截止以后，也不能在将来。"))
    if what.attended < 2:
        faults.append(FieldFault("attended", "到会至少 2 人。"))
    if set(what.results) != wanted:
        faults.append(FieldFault("results", "每项还没有定的提名都要写一行票数，也只写这些。"))
    for number, votes in enumerate(what.results.values()):
        if sum(votes) > what.attended or min(votes) < 0:
            faults.append(FieldFault(f"results.{number}", f"票数加起来不能超过到会的 {what.attended} 人。"))
    return faults


def minutes(session: Session, row: Evaluation, status: MinutesStatus) -> EvaluationMinutes | None:
    """The minutes of an evaluation in this state, the latest."""
    mine = (EvaluationMinutes.evaluation_id == row.id, EvaluationMinutes.status == status)
    query = select(EvaluationMinutes).where(*mine).order_by(EvaluationMinutes.id.desc())
    return session.scalar(query.limit(1))


def confirm_minutes(session: Session, actor: Actor, key: str, now: datetime) -> Evaluation:
    """A second member confirms the minutes: the nominations are decided by the meeting's votes.

    Raises NotFound, Conflict `not_voting`, `minutes_missing`, `same_person`, `honour_tie`.
    """
    row, grant = find(session, actor, Permission.HONOUR_MANAGE, key, lock=True)
    if row.status != EvaluationStatus.VOTING:
        raise errors.not_voting()
    own = minutes(session, row, MinutesStatus.ENTERED)
    if own is None:
        raise errors.minutes_missing()
    if own.entered_by == actor.person:
        raise errors.same_person()
    scores = {one.id: one.score for one in standing(session, row)}
    counted = [
        Count(
            one["nomination"], one["for"], one["against"], one["abstained"], own.attended,
            scores[one["nomination"]] or ZERO,
        )
        for one in own.results if one["nomination"] in scores
    ]  # fmt: skip
    if len(counted) != len(scores):
        raise errors.minutes_missing()
    confirmed = MinutesStatus.CONFIRMED
    step(session, own, confirmed, now, actor, grant, confirmed_by=actor.person, confirmed_at=now)
    decide(session, row, counted, now, actor, grant, f"会议纪要 {own.minutes_number}")
    return row
