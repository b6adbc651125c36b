"""What a unit's standing result means for its people 与个人挂钩, and the contest of communities 竞位赛.

Performance and places are worked out when they are read, from the results that stand: an objection that is upheld
later changes them by itself, and a list that no longer fits its places says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from server.assessment.cell_faults import PERIOD
from server.assessment.exact import trimmed
from server.assessment.linking import Linking, contest_rules, linking_of, standings
from server.assessment.process import cycles, errors, packs, results, subjects
from server.assessment.process.decisions import noted
from server.assessment.process.linking_models import ContestPoints, LinkedPerson
from server.assessment.process.models import Cycle, ResultRow
from server.assessment.process.standing import Standing, managed
from server.kit.errors import FieldFault, Invalid, NotAllowed, NotFound
from server.people.api import Actor, Person


@dataclass(frozen=True)
class Linked:
    """One person of a unit as it is put."""

    code: str
    name: str
    person: str | None = None
    coefficient: str | None = None
    grade: str | None = None


@dataclass(frozen=True)
class Community:
    """One community's points of a period."""

    code: str
    name: str
    points: str


def put(
    session: Session, held: Standing, unit: str, people: Sequence[Linked], now: datetime
) -> dict[str, Any]:
    """Put the list of a unit's people, by those who run the cycle or who speak for the unit.

    Raises NotFound, NotAllowed `own_case`, Conflict `results_open`, Invalid `not_in_scheme`, `linked_wrong`,
    `places_exceeded`.
    """
    subjects.one(session, held.cycle.id, unit)
    if held.manages is None and unit not in held.own_codes:
        raise NotFound() if not held.sees_process else NotAllowed()
    if any(one.person == held.actor.person for one in people if one.person):
        raise errors.own_case()
    rules = _rules(session, held.cycle)
    cycle = cycles.alone(session, held.cycle.id)
    result = results.of_subject(session, cycle, unit) if cycle.round else None
    if result is None:
        raise errors.not_frozen()
    grade = str(result.grades[rules.grading])
    _check(session, rules, grade, people)
    session.execute(delete(LinkedPerson).where(LinkedPerson.cycle_id == cycle.id, LinkedPerson.unit == unit))
    shared = {"cycle_id": cycle.id, "unit": unit, "given_by": held.actor.person, "given_at": now}
    rows = [shared | _columns(one) for one in people]
    if rows:
        session.execute(insert(LinkedPerson), rows)
    noted(session, held.actor, cycle, "linked", "cycle", cycle.id, now, {"unit": unit, "people": len(people)})
    return _unit(rules, result, _people(session, cycle, [unit]).get(unit, []))


def _columns(one: Linked) -> dict[str, Any]:
    own = {"code": one.code, "name": one.name, "person_id": one.person}
    return own | {"coefficient": one.coefficient, "grade": one.grade}


def _rules(session: Session, cycle: Cycle) -> Linking:
    found = linking_of(packs.pack_of(session, cycle))
    if found is None:
        raise Invalid("not_in_scheme", "本方案的结果不与个人挂钩。")
    return found


def _check(session: Session, rules: Linking, unit_grade: str, people: Sequence[Linked]) -> None:
    given = {one.person for one in people if one.person}
    known = set(session.scalars(select(Person.id).where(Person.id.in_(given))))
    faults = [
        FieldFault(f"people.{place}.{name}", said)
        for place, one in enumerate(people)
        for name, said in _wrong(rules, one, {each.code for each in people[:place]}, known)
    ]
    if faults:
        raise Invalid("linked_wrong", "名单里有不对的，请改正。", faults)
    grades = [one.grade for one in people if one.grade]
    over = rules.too_many(unit_grade, len(people), grades)
    if over:
        whose = f"单位是{rules.titles[unit_grade]}（{unit_grade}）等"
        told = [
            FieldFault("people", f"{whose}，{name} 等最多 {places} 人，现有 {count} 人。")
            for name, (places, count) in over.items()
        ]
        raise Invalid("places_exceeded", "个人等级超出了单位等级给的比例。", told)


def _wrong(rules: Linking, one: Linked, before: set[str], known: set[str]) -> list[tuple[str, str]]:
    found = []
    if one.code in before:
        found.append(("code", "编号重复，一个人只写一行。"))
    if one.person and one.person not in known:
        found.append(("person", "没有这个账号，请先在人员里添加，或留空。"))
    if one.coefficient is None and one.grade is None:
        found.append(("coefficient", "写个人系数（直接挂钩）或个人等级（间接挂钩），至少一样。"))
    if one.grade is not None and one.grade not in rules.shares:
        found.append(("grade", f"等级写 {'、'.join(rules.shares)}。"))
    return found


def shown(session: Session, held: Standing) -> dict[str, Any]:
    """The linking of a cycle: all units for those who read the process, the own unit for who speaks for it."""
    rules = _rules(session, held.cycle)
    cycle = held.cycle
    query = select(ResultRow).where(ResultRow.cycle_id == cycle.id, ResultRow.round == cycle.round)
    if not held.sees_process:
        query = query.where(ResultRow.subject.in_(sorted(held.own_codes)))
    rows = session.scalars(query.order_by(ResultRow.place)).all()
    people = _people(session, cycle, [row.subject for row in rows])
    units = [_unit(rules, row, people.get(row.subject, [])) for row in rows]
    return {"words": rules.words, "grades": dict(rules.titles), "units": units}


def own(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """What the results of units mean for oneself, in every cycle, the newest first."""
    query = (
        select(LinkedPerson, Cycle)
        .join(Cycle, Cycle.id == LinkedPerson.cycle_id)
        .where(LinkedPerson.person_id == actor.person, Cycle.round > 0)
        .order_by(Cycle.id.desc(), LinkedPerson.unit)
    )
    found = []
    for person, cycle in session.execute(query).all():
        result = results.of_subject(session, cycle, person.unit)
        if result is not None:
            rules = _rules(session, cycle)
            about = {"cycle": cycle.id, "title": cycle.title, "period": cycle.period, "words": rules.words}
            found.append(about | _head(rules, result) | _person(rules, result, person))
    return found


def _people(session: Session, cycle: Cycle, units: Sequence[str]) -> dict[str, list[LinkedPerson]]:
    query = select(LinkedPerson).where(LinkedPerson.cycle_id == cycle.id, LinkedPerson.unit.in_(units))
    found: dict[str, list[LinkedPerson]] = {}
    for one in session.scalars(query.order_by(LinkedPerson.code)):
        found.setdefault(one.unit, []).append(one)
    return found


def _head(rules: Linking, result: ResultRow) -> dict[str, Any]:
    grade = str(result.grades[rules.grading])
    told = {"unit": result.subject, "unit_name": result.name, "unit_grade": grade}
    return told | {"unit_coefficient": trimmed(rules.coefficients[grade])}


def _unit(rules: Linking, result: ResultRow, people: Sequence[LinkedPerson]) -> dict[str, Any]:
    grade = str(result.grades[rules.grading])
    over = rules.too_many(grade, len(people), [one.grade for one in people if one.grade])
    told = _head(rules, result) | {"places": rules.places(grade, len(people))}
    told["over"] = {name: count - places for name, (places, count) in over.items()}
    return told | {"people": [_person(rules, result, one) for one in people]}


def _person(rules: Linking, result: ResultRow, one: LinkedPerson) -> dict[str, Any]:
    told = {"code": one.code, "name": one.name, "coefficient": one.coefficient, "grade": one.grade}
    if one.coefficient is None:
        return told | {"performance": None}
    grade = str(result.grades[rules.grading])
    return told | {"performance": trimmed(rules.performance(grade, Fraction(one.coefficient)))}


def put_contest(
    session: Session, actor: Actor, cycle_id: str, period: str, told: Sequence[Community], now: datetime
) -> dict[str, Any]:
    """Put the points of all communities for one period; again replaces them. Raises NotFound, Invalid."""
    held = managed(session, actor, cycle_id)
    _contest(session, held.cycle)
    cycle = cycles.alone(session, cycle_id)
    codes = [one.code for one in told]
    faults = [
        FieldFault(f"communities.{place}.code", "编号重复，一个社区只写一行。")
        for place, code in enumerate(codes)
        if code in codes[:place]
    ]
    if not PERIOD.fullmatch(period):
        faults.append(FieldFault("period", "年 2026、半年 2026H1、季 2026Q3、月 2026-07、周 2026-W31。"))
    if faults:
        raise Invalid("contest_wrong", "竞位赛的积分有不对的，请改正。", faults)
    chosen = (ContestPoints.cycle_id == cycle_id, ContestPoints.period == period)
    session.execute(delete(ContestPoints).where(*chosen))
    shared = {"cycle_id": cycle_id, "period": period, "given_by": actor.person, "given_at": now}
    rows = [shared | {"code": one.code, "name": one.name, "points": one.points} for one in told]
    if rows:
        session.execute(insert(ContestPoints), rows)
    noted(
        session, actor, cycle, "contest", "cycle", cycle.id, now, {"period": period, "communities": len(rows)}
    )
    return contest(session, held)


def _contest(session: Session, cycle: Cycle) -> tuple[str, int, Fraction]:
    found = contest_rules(packs.pack_of(session, cycle))
    if found is None:
        raise Invalid("not_in_scheme", "本方案没有竞位赛。")
    return found


def contest(session: Session, held: Standing) -> dict[str, Any]:
    """The contest so far, for everybody with a part in the cycle: it is a contest in the open."""
    words, first, extra = _contest(session, held.cycle)
    query = select(ContestPoints).where(ContestPoints.cycle_id == held.cycle.id)
    names: dict[str, str] = {}
    points: dict[str, dict[str, Fraction]] = {}
    for row in session.scalars(query.order_by(ContestPoints.period, ContestPoints.code)):
        names[row.code] = row.name
        points.setdefault(row.code, {})[row.period] = Fraction(row.points)
    found = standings({code: told.values() for code, told in points.items()}, first, extra)
    communities = [
        {"code": one.code, "name": names[one.code], "points": trimmed(one.points), "rank": one.rank}
        | {"extra": trimmed(one.extra), "out_of_honours": one.out, "periods": _texts(points[one.code])}
        for one in found
    ]
    return {"words": words, "first": first, "extra": trimmed(extra), "communities": communities}


def _texts(told: Mapping[str, Fraction]) -> dict[str, str]:
    return {period: trimmed(value) for period, value in told.items()}
