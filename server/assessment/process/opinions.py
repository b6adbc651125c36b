"""What is said on each subject in a step: the own assessment, the review, the meeting's vote one by one, the
confirmation of the notice, the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from server.assessment.process import cycles, errors, rules, subjects, workflow
from server.assessment.process.case_models import Opinion
from server.assessment.process.decisions import noted
from server.assessment.process.models import Step
from server.assessment.process.standing import Standing, standing
from server.kit.errors import FieldFault, Invalid, NotAllowed, NotFound
from server.kit.paging import decode_cursor, page
from server.kit.upsert import insert_for
from server.people.api import Actor

_BY_SUBJECT = frozenset({"self_assessment", "notice"})


@dataclass(frozen=True)
class Said:
    """One opinion: verdict, words, and the count of hands where a meeting voted."""

    verdict: str
    text: str = ""
    votes: tuple[int, int, int] | None = None


def say(session: Session, actor: Actor, cycle_id: str, code: str, said: Said, now: datetime) -> Opinion:
    """Say something on a subject in the step that is open; again replaces what was said before.

    The person (or who speaks for the unit) states the own assessment and confirms the notice; everything else
    is for those who act in the step, on others. Raises NotFound, NotAllowed, Conflict `step_not_open`,
    Invalid `opinion_wrong`.
    """
    held = standing(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    subject = subjects.one(session, cycle_id, code)
    if not subjects.knows(held, subject):
        raise NotFound()
    step = workflow.open_step(session, cycle, frozenset(rules.VERDICTS))
    _check_person(held, step, code)
    _check_words(step, said)
    votes = said.votes or (None, None, None)
    row = {"cycle_id": cycle_id, "position": step.position, "subject": code, "verdict": said.verdict}
    row |= {"text": said.text, "person_id": actor.person, "at": now}
    row |= dict(zip(("votes_for", "votes_against", "votes_abstained"), votes, strict=True))
    statement = insert_for(session, Opinion).values(row)
    replaced = {key: statement.excluded[key] for key in row if key not in ("cycle_id", "position", "subject")}
    keys = ["cycle_id", "position", "subject"]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced))
    after = {"subject": code, "verdict": said.verdict, "votes": list(votes)}
    noted(session, actor, cycle, f"opinion.{step.step}", "step", step.id, now, after)
    found = session.get_one(Opinion, (cycle_id, step.position, code), populate_existing=True)
    return found


def _check_person(held: Standing, step: Step, code: str) -> None:
    own = code in held.own_codes
    if step.step in _BY_SUBJECT:
        if not own and not (step.step == "self_assessment" and held.manages is not None):
            raise NotAllowed()
    elif own:
        raise errors.own_case()
    elif not held.acts(step.role):
        raise NotAllowed()


def _check_words(step: Step, said: Said) -> None:
    allowed = rules.VERDICTS[step.step]
    faults = []
    if said.verdict not in allowed:
        faults.append(FieldFault("verdict", f"这一步可以是：{'、'.join(allowed)}。"))
    if step.step == "meeting_vote" and said.votes is None:
        faults.append(FieldFault("votes_for", "请填写赞成、反对、弃权的票数。"))
    if said.verdict == "returned" and not said.text:
        faults.append(FieldFault("text", "退回要写明理由。"))
    if step.step == "meeting_vote" and said.votes and sum(said.votes) == 0:
        faults.append(FieldFault("votes_for", "没有人表决，请核对票数。"))
    if faults:
        raise Invalid("opinion_wrong", "这样填不行，请改正。", faults)


def listed(
    session: Session, held: Standing, cursor: str | None, limit: int
) -> tuple[list[Opinion], str | None]:
    """What was said, by step and subject: all for those who read the process, else about oneself and by
    oneself.
    """
    query = select(Opinion).where(Opinion.cycle_id == held.cycle.id)
    if not held.sees_process:
        own = Opinion.subject.in_(sorted(held.own_codes))
        query = query.where(own | (Opinion.person_id == held.actor.person))
    if cursor:
        query = query.where(tuple_(Opinion.position, Opinion.subject) > decode_cursor(cursor, int, str))
    rows = session.scalars(query.order_by(Opinion.position, Opinion.subject).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.position, row.subject))
