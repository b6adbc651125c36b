"""Anonymous appraisal by one-time codes: scan, score, gone.

A code is shown once, when it is printed, and kept as a hash; using it removes the hash and leaves a sheet with
a random id and nothing else. No person, time, address, session or audit row is written with a sheet, and the
request is not bound to a sign-in. Means are told only when the appraisal is closed, and from five answers on:
before that, the difference between two looks would be somebody's sheet.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from server.assessment.cell_faults import Wrong, bounds, not_a_number, out_of_range
from server.assessment.exact import parse_decimal, trimmed
from server.assessment.process import cycles, errors, packs, rules, subjects, workflow
from server.assessment.process.appraisal_models import Appraisal, AppraisalCode, AppraisalSheet
from server.assessment.process.decisions import begun, noted
from server.assessment.process.decisions import step as move
from server.assessment.process.models import AssessedSubject, Cycle, EntryRow
from server.assessment.process.standing import Standing, managed
from server.assessment.process.states import AppraisalStatus, CycleStatus
from server.assessment.scheme import Indicator, Pack
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.ids import new_id
from server.people.api import Actor

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nobody takes a 0 for an O
CODE_LENGTH = 20  # 100 bits
MOST_CODES = 5000
GROUPS = 4


def begin(
    session: Session, actor: Actor, cycle_id: str, indicator: str, audience: str, days: int, now: datetime
) -> Appraisal:
    """Begin an appraisal of the cycle's subjects on one indicator; raises Invalid `indicator_wrong`, Conflict
    `results_stand`, `cycle_not_ready`.
    """
    managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    if cycle.frozen_at is not None:
        raise errors.frozen()
    if cycle.status != CycleStatus.RUNNING:
        raise errors.cycle_not("周期还没有开始，先开始再发测评。")
    found = packs.pack_of(session, cycle).indicators.get(indicator)
    if found is None or not found.entry or found.direction != "score" or found.rater_codes:
        fault = FieldFault("indicator", "要选一项直接打分、不分评分人的指标。")
        raise Invalid("indicator_wrong", "这项指标不能作匿名测评。", [fault])
    row = Appraisal(
        id=new_id(),
        cycle_id=cycle.id,
        indicator=indicator,
        title=found.title,
        audience=audience,
        status=AppraisalStatus.OPEN,
        codes=0,
        created_by=actor.person,
        opened_at=now,
        closes_at=rules.due_at(now, days),
    )
    session.add(row)
    session.flush()
    begun(session, actor, cycle, "appraisal", row.id, AppraisalStatus.OPEN, now)
    return row


def issue_codes(session: Session, actor: Actor, appraisal_id: str, count: int, now: datetime) -> list[str]:
    """New codes, shown this once, in random order; to be handed out as they come, without a list of who got
    which. Raises NotFound, Conflict `appraisal_closed`, Invalid `too_many_codes`.
    """
    row = session.get(Appraisal, appraisal_id)
    if row is None:
        raise NotFound()
    managed(session, actor, row.cycle_id)
    cycle = cycles.changeable(session, row.cycle_id)
    if row.status != AppraisalStatus.OPEN:
        raise errors.appraisal_closed()
    if row.codes + count > MOST_CODES:
        raise Invalid(
            "too_many_codes", f"一次测评最多 {MOST_CODES} 个码。", [FieldFault("count", "请填少一些。")]
        )
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(count)]
    rows = [{"code_hash": _hash(code), "appraisal_id": row.id} for code in codes]
    session.execute(insert(AppraisalCode), sorted(rows, key=lambda one: one["code_hash"]))
    session.execute(update(Appraisal).where(Appraisal.id == row.id).values(codes=Appraisal.codes + count))
    noted(session, actor, cycle, "appraisal.codes", "appraisal", row.id, now, {"codes": count})
    return [_grouped(code) for code in codes]


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _grouped(code: str) -> str:
    step = CODE_LENGTH // GROUPS
    return "-".join(code[start : start + step] for start in range(0, CODE_LENGTH, step))


def _plain(text: str) -> str:
    """A code as people type it: any case, with or without dashes, O and I read as they look."""
    return text.upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))


def form(session: Session, code: str, now: datetime) -> tuple[Appraisal, Indicator, list[AssessedSubject]]:
    """What a code opens: the appraisal, its indicator, whom to score. NotFound for one that is unknown, used
    or too late: nobody learns which.
    """
    row = session.scalar(
        select(Appraisal)
        .join(AppraisalCode, AppraisalCode.appraisal_id == Appraisal.id)
        .where(AppraisalCode.code_hash == _hash(_plain(code)))
    )
    if row is None or row.status != AppraisalStatus.OPEN or row.closes_at <= now:
        raise NotFound("code_unknown", "这个码不能用：可能打错了、已经用过，或者测评已经结束。")
    cycle = session.get_one(Cycle, row.cycle_id)
    indicator = packs.pack_of(session, cycle).indicators[row.indicator]
    return row, indicator, _bound(session, cycle, indicator)


def _bound(session: Session, cycle: Cycle, indicator: Indicator) -> list[AssessedSubject]:
    return [one for one in subjects.every(session, cycle.id) if one.category in indicator.categories]


def hand_in(session: Session, code: str, scores: Mapping[str, str], now: datetime) -> None:
    """Burn the code and keep the sheet; raises NotFound, Invalid `sheet_faulty`."""
    row, indicator, people = form(session, code, now)
    faults = [
        FieldFault(f"scores.{key}", f"{wrong.reason}。{wrong.remedy}。")
        for key, text in scores.items()
        if (wrong := _wrong(indicator, {one.code for one in people}, key, text))
    ]
    if not scores:
        faults.append(FieldFault("scores", f"至少给一个对象打分（{bounds(indicator)}）。"))
    if faults:
        raise Invalid("sheet_faulty", "有的分数不对，请改正后再交；码还没有用掉。", faults)
    burnt = session.execute(delete(AppraisalCode).where(AppraisalCode.code_hash == _hash(_plain(code))))
    if burnt.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound("code_unknown", "这个码不能用：可能打错了、已经用过，或者测评已经结束。")
    _keep(session, row.id, [{key: scores[key] for key in sorted(scores)}])


def _keep(session: Session, appraisal_id: str, sheets: list[dict[str, str]]) -> None:
    rows = [{"id": str(uuid.uuid4()), "appraisal_id": appraisal_id, "scores": one} for one in sheets]
    if rows:
        session.execute(insert(AppraisalSheet), sorted(rows, key=lambda one: str(one["id"])))


def _wrong(indicator: Indicator, known: set[str], key: str, text: str) -> Wrong | None:
    if key not in known:
        return Wrong("subject_unknown", "测评表里没有这个对象", "请刷新后重新打分")
    value = parse_decimal(text)
    return not_a_number(text) if value is None else out_of_range(indicator, value)


def close(session: Session, actor: Actor, appraisal_id: str, now: datetime) -> Appraisal:
    """End an appraisal before its time and count it; raises NotFound, Conflict `state_changed`."""
    row = session.get(Appraisal, appraisal_id)
    if row is None:
        raise NotFound()
    managed(session, actor, row.cycle_id)
    return count(session, row, actor, now)


def count(session: Session, row: Appraisal, actor: Actor | None, now: datetime) -> Appraisal:
    """Close an appraisal: unused codes go, the sheets are laid out anew in random order, each subject with
    enough answers gets its mean as an entry.
    """
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    move(session, cycle, "appraisal", row, AppraisalStatus.CLOSED, now, actor, closed_at=now)
    session.execute(delete(AppraisalCode).where(AppraisalCode.appraisal_id == row.id))
    sheets = _sheets(session, row.id)
    session.execute(delete(AppraisalSheet).where(AppraisalSheet.appraisal_id == row.id))
    _keep(session, row.id, sheets)
    if cycle.frozen_at is None:
        _enter(session, cycle, row, now)
        workflow.entries_changed(session, cycle, actor, now)
    return row


def _sheets(session: Session, appraisal_id: str) -> list[dict[str, str]]:
    query = select(AppraisalSheet.scores).where(AppraisalSheet.appraisal_id == appraisal_id)
    return list(session.scalars(query))


def means(session: Session, row: Appraisal, pack: Pack) -> dict[str, tuple[int, Fraction | None]]:
    """Subject → (answers, mean or None below the least number of answers); empty while it is open."""
    if row.status != AppraisalStatus.CLOSED:
        return {}
    _, shown_from = rules.appraisal_rules(pack)
    scores: dict[str, list[Fraction]] = {}
    for sheet in _sheets(session, row.id):
        for key, text in sheet.items():
            scores.setdefault(key, []).append(Fraction(text))
    return {key: (len(some), rules.appraisal_mean(some, shown_from)) for key, some in sorted(scores.items())}


def _enter(session: Session, cycle: Cycle, row: Appraisal, now: datetime) -> None:
    """The means as entries by nobody; an entry that is there already for the same is left standing."""
    pack = packs.pack_of(session, cycle)
    there = set(
        session.scalars(
            select(EntryRow.subject).where(
                EntryRow.cycle_id == cycle.id,
                EntryRow.indicator == row.indicator,
                EntryRow.withdrawn_at.is_(None),
            )
        )
    )
    rater = row.title if pack.indicators[row.indicator].raters == "occasion" else ""
    period = cycle.period if pack.periods == "mean" else ""
    rows = [
        {
            "id": new_id(),
            "cycle_id": cycle.id,
            "subject": key,
            "indicator": row.indicator,
            "rater": rater,
            "value": trimmed(mean),
            "kind": "",
            "note": f"匿名测评 {answers} 份的平均",
            "period": period,
            "source": "appraisal",
            "entered_at": now,
            "withdrawn_reason": "",
        }
        for key, (answers, mean) in means(session, row, pack).items()
        if mean is not None and key not in there
    ]
    if rows:
        session.execute(insert(EntryRow), rows)
        cycles.touch(session, cycle)


def listed(session: Session, held: Standing) -> list[tuple[Appraisal, int]]:
    """The appraisals of a cycle with how many sheets came in; raises NotAllowed for who has only a part."""
    held.reading_process()
    came = (
        select(func.count())
        .where(AppraisalSheet.appraisal_id == Appraisal.id)
        .correlate(Appraisal)
        .scalar_subquery()
    )
    query = select(Appraisal, came).where(Appraisal.cycle_id == held.cycle.id).order_by(Appraisal.id)
    return [(row, number) for row, number in session.execute(query)]
