"""What the committee may still do with an approved record: send it back, change its verdict, reverse it.

Settlement calls these while it holds the month's tally; whether the month allows it is settlement's to know.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct.models import Record
from server.conduct.panel import Verdict
from server.conduct.queries import locked
from server.conduct.reviews import check_amendment, item_of
from server.conduct.rules import RecordStatus
from server.conduct.verdicts import signed
from server.kit.claim import claim_or_conflict
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.ids import new_id
from server.messages import api as messages
from server.people.api import Actor, Grant
from server.rulebook.api import ItemKind

S = RecordStatus
CHANGED = "这条记录的状态刚刚变了，请刷新后再看。"


def send_back(
    session: Session, actor: Actor, record_id: str, reason: str, now: datetime, grant: Grant | None = None
) -> None:
    """The committee returns an approved record to the panel, which begins anew. Raises Conflict, NotFound."""
    record = _record(session, record_id)
    values = {
        "month": None,
        "decided_at": None,
        "meeting": None,
        "reason": "",
        "round": record.round + 1,
        "first_round": record.round + 1,
        "to_meeting": record.kind == ItemKind.VETO.value,
    }
    _move(session, actor, record, S.SUBMITTED, reason, now, grant, **values)
    _tell(session, record, f"村委会请评议小组再评一次。理由：{reason}", now)


def change_verdict(
    session: Session,
    actor: Actor,
    record_id: str,
    verdict: Verdict,
    points: Decimal | None,
    reason: str,
    now: datetime,
    grant: Grant | None = None,
) -> None:
    """An upheld objection amends an approved record to `points`, or rejects it; its month stays known from
    the tally.

    Raises Invalid for points the item does not allow or a verdict that changes nothing, Conflict, NotFound.
    """
    record = _record(session, record_id)
    if verdict is Verdict.REJECT:
        _move(session, actor, record, S.REJECTED, reason, now, grant, month=None, reason=reason)
        _tell(session, record, f"异议成立，不再计分。理由：{reason}", now)
        return
    if verdict is not Verdict.AMEND or points is None:
        raise Invalid("points_missing", "请写新的分数。", [FieldFault("points", "请写新的分数。")])
    before = record.points
    check_amendment(item_of(session, record), before, points)
    _move(session, actor, record, S.APPROVED, reason, now, grant, points=points, reason=reason)
    _tell(
        session, record, f"异议成立，改为 {signed(points)} 分（原 {signed(before)} 分）。理由：{reason}", now
    )


def reverse_record(
    session: Session, actor: Actor, record_id: str, reason: str, now: datetime, grant: Grant | None = None
) -> None:
    """A posted record that an appeal overturned: the ledger has its reversal, the record says so."""
    record = _record(session, record_id)
    _move(session, actor, record, S.REVERSED, reason, now, grant, reason=reason)
    _tell(session, record, f"申诉成立，原来入账的分已冲回。理由：{reason}", now)


def replace_record(
    session: Session,
    actor: Actor,
    record_id: str,
    points: Decimal,
    reason: str,
    now: datetime,
    grant: Grant | None = None,
) -> str:
    """An appeal that changes a posted record's points: the record is reversed, a copy with the new points
    stands in its month instead. Gives the copy's id.

    Raises Invalid for points that the item does not allow, Conflict, NotFound.
    """
    record = _record(session, record_id)
    check_amendment(item_of(session, record), record.points, points)
    columns = {column.name: getattr(record, column.name) for column in Record.__table__.columns}
    key = new_id()
    own = {"id": key, "points": points, "reason": reason, "decided_at": now}
    reverse_record(session, actor, record_id, reason, now, grant)
    session.execute(insert(Record), [{**columns, **own}])
    audit.decide(session, actor, "record", key, S.REVERSED, S.APPROVED, now, f"申诉改分：{reason}", grant)
    return key


def _record(session: Session, record_id: str) -> Record:
    record = locked(session, record_id)
    if record is None:
        raise NotFound()
    return record


def _move(
    session: Session,
    actor: Actor,
    record: Record,
    target: RecordStatus,
    reason: str,
    now: datetime,
    grant: Grant | None,
    /,
    **values: Any,
) -> None:
    claim_or_conflict(session, Record, record.id, S.APPROVED, target, CHANGED, **values)
    audit.decide(session, actor, "record", record.id, S.APPROVED, target, now, reason, grant)
    after = {"status": target.value, "points": str(values.get("points", record.points))}
    before = {"status": S.APPROVED.value, "points": str(record.points)}
    audit.record(
        session, actor, "record.correct", "record", record.id, now, record.village_code, before, after
    )
    session.expire(record)


def _tell(session: Session, record: Record, what: str, now: datetime) -> None:
    item = item_of(session, record)
    said = f"{record.occurred_on.month}月{record.occurred_on.day}日的“{item.name}”：{what}"
    messages.notify_household(
        session, record.household_code, "record.corrected", said, now, {"record": record.id}
    )
