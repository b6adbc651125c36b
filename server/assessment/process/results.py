"""Results that stand: computed once from the cycle's sheet, stored with what explains them, read page by page.

A round is never changed. An objection that was upheld makes a new one; proposals of the old that nobody has
decided lapse with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.orm import Session

from server.assessment.engine import assess
from server.assessment.exact import fixed
from server.assessment.outcome import Assessed, Outcome
from server.assessment.output import result_dict, unit_dicts
from server.assessment.process import packs, rules, sheets
from server.assessment.process.case_models import Proposal
from server.assessment.process.decisions import noted
from server.assessment.process.models import Cycle, ResultRow, Round
from server.assessment.process.sheets import Loaded
from server.assessment.process.standing import Standing
from server.assessment.process.states import ProposalStatus
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.people.api import Actor

_CHUNK = 1000


def settle(session: Session, cycle: Cycle, actor: Actor | None, reason: str, now: datetime) -> Outcome:
    """Compute the cycle's sheet and let the results stand as a new round; raises Faulty."""
    pack = packs.pack_of(session, cycle)
    loaded = sheets.load(session, cycle, pack)
    outcome = assess(pack, loaded.sheet)
    number = cycle.round + 1
    session.add(
        Round(
            cycle_id=cycle.id,
            number=number,
            computed_at=now,
            entries_version=cycle.entries_version,
            entries=len(loaded.entries),
            units=unit_dicts(outcome),
            reason=reason,
        )
    )
    session.flush()
    rows = [
        _row(outcome, cycle.id, number, place, one, loaded) for place, one in enumerate(outcome.results, 1)
    ]
    for start in range(0, len(rows), _CHUNK):
        session.execute(insert(ResultRow), rows[start : start + _CHUNK])
    changed = {"round": number, "frozen_at": cycle.frozen_at or now}
    session.execute(update(Cycle).where(Cycle.id == cycle.id).values(**changed))
    session.refresh(cycle)
    _propose(session, cycle, outcome)
    noted(session, actor, cycle, "results.settled", "cycle", cycle.id, now, {"round": number})
    return outcome


def _row(
    outcome: Outcome, cycle_id: str, number: int, place: int, one: Assessed, loaded: Loaded
) -> dict[str, Any]:
    subject = one.subject
    told = result_dict(outcome.pack, one)
    return {
        "cycle_id": cycle_id,
        "round": number,
        "subject": subject.id,
        "place": place,
        "name": subject.name,
        "category": subject.category,
        "unit": subject.unit,
        "final": Decimal(fixed(one.final)),
        "rank": one.rank,
        "grade": one.grade,
        "grades": told["grades"],
        "flags": one.flags,
        "components": told["components"],
        "consequences": told["consequences"],
        "numbers": numbers_of(one, loaded),
    }


def _consequence(one: Any) -> dict[str, str]:
    return {"code": one.code, "title": one.title, "decided_by": one.decided_by}


def numbers_of(one: Assessed, loaded: Loaded) -> dict[str, Any]:
    """What an explanation needs beside the subject's own entries, exact: fractions as `top/bottom`."""
    first = sheets.FIRST_ROW
    return {
        "values": _exact(one.values),
        "by_period": {period: _exact(values) for period, values in one.by_period.items()},
        "places": {name: [str(rank), count] for name, (rank, count) in one.places.items()},
        "charged": [[unit, loaded.entries[entry.row - first].id] for unit, entry in one.charged],
        "ties": one.ties,
        "final": str(one.final),
    }


def _exact(values: dict[str, Fraction]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _propose(session: Session, cycle: Cycle, outcome: Outcome) -> None:
    """The new round's proposals; of the one before only those already decided stay.

    A person for whom the same was decided already is not proposed a second time.
    """
    waiting = select(Proposal).where(
        Proposal.cycle_id == cycle.id, Proposal.status == ProposalStatus.PROPOSED.value
    )
    session.execute(
        update(Proposal)
        .where(Proposal.id.in_(waiting.with_only_columns(Proposal.id)))
        .values(status=ProposalStatus.LAPSED.value)
        .execution_options(synchronize_session=False)
    )
    decided = set(
        session.execute(
            select(Proposal.subject, Proposal.unit, Proposal.code).where(
                Proposal.cycle_id == cycle.id,
                Proposal.status.in_([ProposalStatus.APPROVED.value, ProposalStatus.DECLINED.value]),
            )
        )
    )
    rows = [
        row for row in _proposals(cycle, outcome) if (row["subject"], row["unit"], row["code"]) not in decided
    ]
    for start in range(0, len(rows), _CHUNK):
        session.execute(insert(Proposal), rows[start : start + _CHUNK])


def _proposals(cycle: Cycle, outcome: Outcome) -> list[dict[str, Any]]:
    shared = {"cycle_id": cycle.id, "round": cycle.round, "status": ProposalStatus.PROPOSED.value}
    shared |= {"reason": "", "document_number": ""}
    found = []
    for one in outcome.results:
        place = {"subject": one.subject.id, "unit": one.subject.unit}
        for each in one.consequences:
            told = _consequence(each) | {"deadline_days": each.deadline_days}
            found.append({"id": new_id(), **shared, **place, **told})
    for unit in outcome.units:
        for rule in unit.consequences:
            place = {"subject": "", "unit": unit.unit}
            found.append({"id": new_id(), **shared, **place, **_consequence(rule), "deadline_days": None})
    return found


def listed(
    session: Session, held: Standing, cursor: str | None, limit: int
) -> tuple[list[ResultRow], str | None]:
    """The standing results that somebody may see, in order of category, rank, id."""
    cycle = held.cycle
    query = select(ResultRow).where(
        ResultRow.cycle_id == cycle.id, ResultRow.round == cycle.round, _seen(session, held)
    )
    if cursor:
        query = query.where(ResultRow.place > decode_cursor(cursor, int)[0])
    rows = session.scalars(query.order_by(ResultRow.place).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.place,))


def _seen(session: Session, held: Standing) -> ColumnElement[bool]:
    """Those who run, read or oversee see all; the assessed as far as the scheme shows it; raters the results
    of those assigned to them.
    """
    if held.sees_process:
        return ResultRow.cycle_id == held.cycle.id
    levels = rules.seeing(packs.pack_of(session, held.cycle))
    found: list[ColumnElement[bool]] = [ResultRow.subject.in_(sorted(held.own_codes))]
    if held.subjects and rules.Seeing.EVERYONE in levels:
        return ResultRow.cycle_id == held.cycle.id
    if rules.Seeing.CATEGORY in levels:
        found.append(ResultRow.category.in_(sorted({one.category for one in held.subjects})))
    if rules.Seeing.UNIT in levels:
        found += [_same_unit(one.code, one.category, one.unit) for one in held.subjects]
    for duty in held.duties:
        if duty.role != rules.OVERSEER:
            found.append(_of_duty(duty.category, duty.unit))
    return or_(*found)


def _same_unit(code: str, category: str, unit: str) -> ColumnElement[bool]:
    if unit:
        return or_(ResultRow.unit == unit, ResultRow.subject == unit)
    own_people = ResultRow.unit == code
    peers = (ResultRow.unit == "") & (ResultRow.category == category)
    return or_(own_people, peers)


def _of_duty(category: str, unit: str) -> ColumnElement[bool]:
    condition = ResultRow.round > 0
    if category:
        condition = condition & (ResultRow.category == category)
    if unit:
        condition = condition & or_(ResultRow.unit == unit, ResultRow.subject == unit)
    return condition


def of_subject(session: Session, cycle: Cycle, code: str) -> ResultRow | None:
    """One subject's standing result."""
    return session.get(ResultRow, (cycle.id, cycle.round, code))


def round_of(session: Session, cycle: Cycle) -> Round | None:
    """The round that stands."""
    return session.get(Round, (cycle.id, cycle.round))


def rounds(session: Session, cycle: Cycle) -> Sequence[Round]:
    """All rounds, the first first."""
    query = select(Round).where(Round.cycle_id == cycle.id).order_by(Round.number)
    return session.scalars(query).all()
