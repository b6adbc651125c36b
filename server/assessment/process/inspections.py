"""Random draws for inspection: seeded by the program, kept for good, repeatable by anybody from what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.exact import trimmed
from server.assessment.inspection import draw as drawn_from
from server.assessment.process import cycles, errors, packs, rules, subjects
from server.assessment.process.case_models import Draw, Finding
from server.assessment.process.decisions import noted
from server.assessment.process.standing import Standing, managed, standing
from server.kit.errors import FieldFault, Invalid, NotAllowed, NotFound
from server.kit.ids import new_id, new_token
from server.people.api import Actor


def draw(session: Session, actor: Actor, cycle_id: str, share: Fraction | None, now: datetime) -> Draw:
    """Draw subjects within each category; the seed is the program's, so that nobody can choose the outcome,
    and every draw stays on record, so that nobody can draw until it suits.

    Where the scheme has units and persons, or units of persons, units are drawn. Raises NotFound, Conflict.
    """
    managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    pack = packs.pack_of(session, cycle)
    chosen = rules.inspection_share(pack) if share is None else share
    groups: dict[str, set[str]] = {}
    for one in subjects.every(session, cycle_id):
        groups.setdefault(one.category, set()).add(one.unit or one.code)
    if not groups:
        raise errors.cycle_not("还没有考核对象，没有可抽的。")
    lists = {name: sorted(members) for name, members in sorted(groups.items())}
    seed = new_token(18)
    row = Draw(
        id=new_id(),
        cycle_id=cycle.id,
        seed=seed,
        share=trimmed(chosen),
        groups=lists,
        drawn=drawn_from(seed, lists, Fraction(trimmed(chosen))),
        drawn_by=actor.person,
        drawn_at=now,
    )
    session.add(row)
    session.flush()
    noted(session, actor, cycle, "draw", "draw", row.id, now, {"seed": seed, "share": row.share})
    return row


def repeated(row: Draw) -> bool:
    """Whether the kept seed and lists give the kept outcome again."""
    return drawn_from(row.seed, row.groups, Fraction(row.share)) == row.drawn


def find(session: Session, actor: Actor, draw_id: str, code: str, text: str, now: datetime) -> Finding:
    """What was found at somebody who was drawn, told by those who run the cycle, oversee or check it."""
    row = session.get(Draw, draw_id)
    if row is None:
        raise NotFound()
    held = standing(session, actor, row.cycle_id)
    if not held.sees_process:
        raise NotFound()
    if held.manages is None and not held.oversees:
        raise NotAllowed()
    if code in held.own_codes:
        raise errors.own_case()
    if not any(code in members for members in row.drawn.values()):
        raise Invalid("not_drawn", "这次没有抽到它。", [FieldFault("subject", "请从抽到的名单里选。")])
    cycle = cycles.changeable(session, row.cycle_id)
    finding = Finding(id=new_id(), draw_id=row.id, subject=code, text=text, person_id=actor.person, at=now)
    session.add(finding)
    session.flush()
    noted(session, actor, cycle, "finding", "draw", row.id, now, {"subject": code})
    return finding


def listed(session: Session, held: Standing) -> list[tuple[Draw, Sequence[Finding]]]:
    """Every draw with its findings, newest first; for those who read the process."""
    held.reading_process()
    query = select(Draw).where(Draw.cycle_id == held.cycle.id).order_by(Draw.id.desc())
    rows = session.scalars(query).all()
    found: dict[str, list[Finding]] = {row.id: [] for row in rows}
    for one in session.scalars(select(Finding).where(Finding.draw_id.in_(found)).order_by(Finding.id)):
        found[one.draw_id].append(one)
    return [(row, found[row.id]) for row in rows]
