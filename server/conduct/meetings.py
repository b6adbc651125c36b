"""Decisions of a recorded committee meeting: on veto items, and where the panel cannot agree or is too
few.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct import panel, verdicts
from server.conduct.errors import not_under_review
from server.conduct.models import Record
from server.conduct.queries import locked
from server.conduct.reviews import Bench, Opinion, check_amendment, item_of
from server.conduct.rules import RecordStatus
from server.conduct.verdicts import Ruling
from server.kit.clock import local_date
from server.kit.errors import Conflict, FieldFault, Invalid, NotAllowed, NotFound
from server.people.api import COMMITTEE, Actor, Permission, Place, holders
from server.rulebook.api import ItemKind

SMALLEST_MEETING = 2


@dataclass(frozen=True)
class Minutes:
    """What the minutes say: their number, the day, who was there (ids of members), and the votes."""

    minutes_number: str
    held_on: date
    attended: tuple[str, ...]
    votes_for: int
    votes_against: int
    votes_abstained: int

    def to_document(self) -> dict[str, Any]:
        """JSON-able, as the record keeps it."""
        return {
            "minutes_number": self.minutes_number,
            "held_on": self.held_on.isoformat(),
            "attended": list(self.attended),
            "for": self.votes_for,
            "against": self.votes_against,
            "abstained": self.votes_abstained,
        }


def decide(
    session: Session, actor: Actor, key: str, minutes: Minutes, opinion: Opinion, now: datetime
) -> None:
    """Enter what a meeting decided on a record that is not the panel's to decide.

    Whoever enters it neither logged the record nor is of the household or a relative. Raises Conflict
    while it is the
    panel's turn or the household may still reply, Invalid where the minutes do not carry the decision.
    """
    opinion.check()
    record = locked(session, key)
    if record is None:
        raise NotFound()
    grant = actor.at(
        Permission.MEETING_DECIDE, Place(record.village_code, record.grid_id, record.household_code)
    )
    bench = Bench(session, actor, now)
    aside = bench.recusal(record)
    if aside is not None:
        raise NotAllowed("must_recuse", aside.value)
    if record.status != RecordStatus.SUBMITTED.value:
        raise not_under_review()
    _check_turn(bench, record, now)
    _check_minutes(session, record, minutes, now)
    if opinion.points is not None:
        check_amendment(item_of(session, record), record.points, opinion.points)
    ruling = Ruling(record, opinion.verdict, opinion.points, opinion.reason, grant, minutes.to_document())
    verdicts.apply(session, actor, [ruling], now)
    after = {"minutes": minutes.minutes_number, "verdict": opinion.verdict.value}
    audit.record(session, actor, "record.meeting", "record", key, now, grant.scope[:12], after=after)


def _check_turn(bench: Bench, record: Record, now: datetime) -> None:
    kind = ItemKind(record.kind)
    too_few = bench.eligible(record) < panel.SMALLEST_QUORUM
    if kind is not ItemKind.VETO and not record.to_meeting and not too_few:
        raise Conflict("panels_turn", "这条先由评议小组评议，评不出结果再开会定。")
    if panel.waits_for_reply(kind, record.reply_until, record.replied_at is not None, now):
        raise Conflict("reply_pending", "这一户还在说明期内，等他们说明或期满后再定。")


def _check_minutes(session: Session, record: Record, minutes: Minutes, now: datetime) -> None:
    members = {holder.person for holder in holders(session, COMMITTEE, record.village_code, now)}
    attended = set(minutes.attended)
    votes = minutes.votes_for + minutes.votes_against + minutes.votes_abstained
    faults = []
    if minutes.held_on > local_date(now):
        faults.append(FieldFault("held_on", "会议还没开，开完会再录。"))
    if minutes.held_on < local_date(record.logged_at):
        faults.append(FieldFault("held_on", "会议早于这条记录，请核对日期。"))
    if len(attended) != len(minutes.attended) or attended - members:
        faults.append(FieldFault("attended", "到会人员要是本村村委会成员，每人只写一次。"))
    elif len(attended) < SMALLEST_MEETING:
        faults.append(FieldFault("attended", "一个人不能开会决定，至少两人到会。"))
    if votes > len(attended):
        faults.append(FieldFault("for", f"到会 {len(attended)} 人，却有 {votes} 票，请核对。"))
    elif minutes.votes_for * 2 <= len(attended):
        faults.append(FieldFault("for", "赞成的没有超过到会人数的一半，这个决定没有通过。"))
    if faults:
        raise Invalid("minutes_invalid", "会议记录对不上，请按提示改正。", faults)
