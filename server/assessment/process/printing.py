"""What a printout of a cycle is made from: results, steps, opinions, objections, proposals, rectification, tasks.

Reads; never writes. What somebody may not know of raises NotFound, what is not for them NotAllowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assessment.faults import Faulty
from server.assessment.outcome import Outcome
from server.assessment.paper.filing import MOST_FORMS, filing_pdf
from server.assessment.paper.head import Head
from server.assessment.paper.ranking import ranking_pdf
from server.assessment.paper.registration import Dossier, registration_pdf
from server.assessment.paper.task_sheet import task_sheet_pdf
from server.assessment.process import cycles, errors, explanations, packs, rules, sheets, subjects, tasks
from server.assessment.process.case_models import Opinion, Proposal, Rectification, ResultObjection
from server.assessment.process.models import Cycle, ResultRow, Step
from server.assessment.process.standing import Standing
from server.assessment.process.states import ProposalStatus
from server.kit import exact
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.people.api import Division

Rows = dict[str, list[dict[str, Any]]]


def ranking(session: Session, held: Standing, now: datetime) -> bytes:
    """The ranking, for those who read the process; raises NotAllowed, Conflict `results_incomplete`."""
    held.reading_process()
    return ranking_pdf(_outcome(session, held.cycle), _head(session, held, now), now)


def filing(session: Session, held: Standing, now: datetime) -> bytes:
    """The cycle's file, for those who read the process; raises NotAllowed, Conflict `results_open`."""
    held.reading_process()
    if not held.cycle.round:
        raise errors.not_frozen()
    outcome = _outcome(session, held.cycle)
    codes = [one.subject.id for one in outcome.results]
    forms = _dossiers(session, held.cycle, codes) if len(codes) <= MOST_FORMS else []
    names = {one.subject.id: one.subject.name for one in outcome.results}
    found = _proposals(session, held.cycle, None)
    decided = [row | {"name": names.get(code, row["unit"])} for code, rows in found.items() for row in rows]
    steps = [_plain(step, Step) for step in cycles.steps_of(session, [held.cycle.id])[held.cycle.id]]
    return filing_pdf(outcome, steps, decided, forms, _head(session, held, now), now)


def registration(session: Session, held: Standing, code: str, now: datetime) -> bytes:
    """The form of one subject, for the person and for those who read the process; raises NotFound, Conflict
    `results_open`.
    """
    subjects.one(session, held.cycle.id, code)
    if not held.sees_process and code not in held.own_codes:
        raise NotFound()
    if not held.cycle.round:
        raise errors.not_frozen()
    found = _dossiers(session, held.cycle, [code])
    if not found:
        raise NotFound()
    return registration_pdf(packs.pack_of(session, held.cycle), found[0], _head(session, held, now), now)


def task_list(session: Session, held: Standing, now: datetime) -> bytes:
    """The task list as far as somebody may know it."""
    pack = packs.pack_of(session, held.cycle)
    found = [
        (_plain(row, type(row)), [_plain(one, type(one)) for one in told])
        for row, told in tasks.listed(session, held)
    ]
    names = {one.code: one.name for one in subjects.every(session, held.cycle.id)}
    return task_sheet_pdf(found, rules.task_levels(pack), names, _head(session, held, now), now)


def _outcome(session: Session, cycle: Cycle) -> Outcome:
    try:
        return sheets.computed(session, cycle)[0]
    except Faulty as found:
        raise errors.incomplete(found) from None


def _head(session: Session, held: Standing, now: datetime) -> Head:
    cycle, pack = held.cycle, packs.pack_of(session, held.cycle)
    scheme, place = f"{pack.title}（第 {pack.version} 版）", session.get_one(Division, cycle.division).name
    since = cycle.frozen_at if cycle.round else None
    return Head(cycle.title, cycle.period, place, scheme, since, held.actor.name, local_date(now))


def _plain(row: Any, model: Any) -> dict[str, Any]:
    """The columns of a row."""
    return {column.key: getattr(row, column.key) for column in model.__table__.columns}


def _dossiers(session: Session, cycle: Cycle, codes: Sequence[str]) -> list[Dossier]:
    """The forms of some subjects, in the order of the results; as many statements for one as for all."""
    chosen = (ResultRow.cycle_id == cycle.id, ResultRow.round == cycle.round, ResultRow.subject.in_(codes))
    rows = session.scalars(select(ResultRow).where(*chosen).order_by(ResultRow.place)).all()
    trees = explanations.trees(session, cycle, packs.pack_of(session, cycle), rows)
    said, objected = _opinions(session, cycle, codes), _of(session, ResultObjection, cycle, codes)
    proposed, rectified = _proposals(session, cycle, codes), _of(session, Rectification, cycle, codes)
    sizes = _sizes(session, cycle)
    return [
        Dossier(
            row.subject,
            row.name,
            row.category,
            row.unit,
            exact.text(row.final),
            row.rank,
            sizes[row.category],
            row.grade,
            row.grades,
            row.flags,
            trees[row.subject],
            said.get(row.subject, []),
            objected.get(row.subject, []),
            proposed.get(row.subject, []),
            rectified.get(row.subject, []),
        )
        for row in rows
    ]


def _sizes(session: Session, cycle: Cycle) -> Mapping[str, int]:
    query = select(ResultRow.category, func.count()).where(
        ResultRow.cycle_id == cycle.id, ResultRow.round == cycle.round
    )
    return {category: count for category, count in session.execute(query.group_by(ResultRow.category))}  # noqa: C416


def _of(session: Session, model: Any, cycle: Cycle, codes: Sequence[str]) -> Rows:
    """Rows of a table by subject, the oldest first."""
    query = select(model).where(model.cycle_id == cycle.id, model.subject.in_(codes)).order_by(model.id)
    found: Rows = {}
    for row in session.scalars(query):
        found.setdefault(row.subject, []).append(_plain(row, model))
    return found


def _proposals(session: Session, cycle: Cycle, codes: Sequence[str] | None) -> Rows:
    """Proposals that did not lapse, by subject; all with `codes` None."""
    query = select(Proposal).where(
        Proposal.cycle_id == cycle.id, Proposal.status != ProposalStatus.LAPSED.value
    )
    if codes is not None:
        query = query.where(Proposal.subject.in_(codes))
    found: Rows = {}
    for row in session.scalars(query.order_by(Proposal.id)):
        found.setdefault(row.subject, []).append(_plain(row, Proposal))
    return found


def _opinions(session: Session, cycle: Cycle, codes: Sequence[str]) -> Rows:
    """What was said on each subject, with the step's title and the name of who said it."""
    query = (
        select(Opinion, Step.title)
        .join(Step, (Step.cycle_id == Opinion.cycle_id) & (Step.position == Opinion.position))
        .where(Opinion.cycle_id == cycle.id, Opinion.subject.in_(codes))
        .order_by(Opinion.position)
    )
    rows = session.execute(query).all()
    names = explanations.author_names(session, (opinion.person_id for opinion, _ in rows))
    found: Rows = {}
    for opinion, title in rows:
        told = _plain(opinion, Opinion) | {"step": title, "by": names.get(opinion.person_id, "")}
        found.setdefault(opinion.subject, []).append(told)
    return found
