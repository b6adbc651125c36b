"""What a verdict does to records, whoever reached it: state, points, month, decision on record, word to
the household.

Approving gives a record its month: that of its date of conduct, or where that is closed the first open
one; the date stays (spec 01).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct.models import Record
from server.conduct.panel import Verdict
from server.conduct.queries import month_number
from server.conduct.rules import RecordStatus
from server.cycles.calendar import Month
from server.messages import api as messages
from server.people.api import Actor, Grant
from server.rulebook.api import adopted_book
from server.settlement.months import Borders, borders, first_open_month

S = RecordStatus
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Ruling:
    """The verdict on one record that is with the panel; `meeting` where the committee reached it."""

    record: Record
    verdict: Verdict
    points: Decimal | None
    reason: str
    grant: Grant | None
    meeting: dict[str, Any] | None = None

    @property
    def target(self) -> RecordStatus:
        return S.REJECTED if self.verdict is Verdict.REJECT else S.APPROVED

    @property
    def counted(self) -> Decimal:
        """The points that the record has from now on."""
        return self.record.points if self.points is None else self.points


@dataclass
class _Months:
    """The month that an approved record joins, looked up once per village and month of conduct."""

    session: Session
    _borders: dict[str, Borders] = field(default_factory=dict)
    _found: dict[tuple[str, Month], Month] = field(default_factory=dict)

    def of(self, record: Record) -> Month:
        village = record.village_code
        if village not in self._borders:
            self._borders[village] = borders(self.session, village)
        own = self._borders[village].month_of(record.occurred_on)
        if (village, own) not in self._found:
            self._found[village, own] = first_open_month(self.session, village, own)
        return self._found[village, own]


def apply(session: Session, actor: Actor | None, rulings: Sequence[Ruling], now: datetime) -> None:
    """Decide records that are with the panel and locked by the caller; their households are told."""
    if not rulings:
        return
    months = _Months(session)
    rows = [
        {
            "key": ruling.record.id,
            "new_status": ruling.target.value,
            "new_points": ruling.counted,
            "new_month": month_number(months.of(ruling.record)) if ruling.target is S.APPROVED else None,
            "new_reason": ruling.reason,
            "new_decided_at": now,
            "new_meeting": ruling.meeting,
        }
        for ruling in rulings
    ]
    session.connection().execute(_APPLY, rows)
    _keep_decisions(session, actor, rulings, now)
    messages.notify_households(session, [_note(session, ruling, months) for ruling in rulings], now)
    for ruling in rulings:
        session.expire(ruling.record)


_APPLY = (
    update(Record.__table__)  # type: ignore[arg-type]
    .where(Record.__table__.c.id == bindparam("key"), Record.__table__.c.status == S.SUBMITTED.value)
    .values(
        status=bindparam("new_status"),
        points=bindparam("new_points"),
        month=bindparam("new_month"),
        reason=bindparam("new_reason"),
        decided_at=bindparam("new_decided_at"),
        meeting=bindparam("new_meeting"),
        to_meeting=False,
    )
)


def _keep_decisions(session: Session, actor: Actor | None, rulings: Sequence[Ruling], now: datetime) -> None:
    """One decision a record; those alike go in one statement."""
    alike: defaultdict[tuple[RecordStatus, str, Grant | None], list[str]] = defaultdict(list)
    for ruling in rulings:
        alike[ruling.target, ruling.reason, ruling.grant].append(ruling.record.id)
    for (target, reason, grant), keys in alike.items():
        audit.decide_many(session, actor, "record", keys, S.SUBMITTED, target, now, reason, grant)


def _note(session: Session, ruling: Ruling, months: _Months) -> messages.Note:
    record = ruling.record
    item = adopted_book(session, record.rulebook_id).by_code[record.item_code]
    about = f"{record.occurred_on.month}月{record.occurred_on.day}日的“{item.name}”"
    who = "村委会会议决定" if ruling.meeting else "评议小组评议"
    if ruling.verdict is Verdict.REJECT:
        said = f"{about}，{who}不予认定，不计分。理由：{ruling.reason}"
    else:
        said = f"{about}，{who}通过，记 {signed(ruling.counted)} 分，算进 {months.of(record)} 这个月。"
        if ruling.counted != record.points:
            said = f"{about}，{who}改为 {signed(ruling.counted)} 分（原 {signed(record.points)} 分），"
            said += f"算进 {months.of(record)} 这个月。理由：{ruling.reason}"
    return messages.Note(record.household_code, "record.verdict", said, {"record": record.id})


def signed(points: Decimal) -> str:
    """Points as messages write them: `+2.00`, `−1.50`."""
    return f"{MINUS if points < 0 else '+'}{abs(points)}"


def open_next_round(session: Session, keys: Sequence[str]) -> None:
    """The panel votes once more on records it did not agree on."""
    _change(session, keys, round=Record.round + 1)


def call_meeting(session: Session, keys: Sequence[str]) -> None:
    """Records that the panel cannot decide go to a recorded meeting of the committee."""
    _change(session, keys, to_meeting=True)


def _change(session: Session, keys: Sequence[str], **values: Any) -> None:
    if keys:
        session.execute(
            update(Record)
            .where(Record.id.in_(keys), Record.status == S.SUBMITTED.value)
            .values(**values)
            .execution_options(synchronize_session="fetch")
        )
