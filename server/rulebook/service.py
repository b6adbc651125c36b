"""Drafting and adopting a rulebook. A rulebook that no recorded meeting adopted has no effect (spec 01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.cycles.api import start_village
from server.kit.claim import claim_or_conflict
from server.kit.clock import local_date
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.ids import new_id
from server.people.api import Actor, Permission, Place, Village
from server.rulebook.findings import Finding, Level
from server.rulebook.items import Rulebook
from server.rulebook.models import RulebookRow
from server.rulebook.queries import first_adoption
from server.rulebook.validation import validate


class Status(StrEnum):
    """A rulebook is a draft until a meeting adopts it; an adopted one is only ever followed by another."""

    DRAFT = "draft"
    ADOPTED = "adopted"


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.ADOPTED}),
    Status.ADOPTED: frozenset(),
}


class MeetingKind(StrEnum):
    """Which meeting adopted it: 村民会议, 村民代表会议, 村委会会议."""

    VILLAGERS = "villagers"
    REPRESENTATIVES = "representatives"
    COMMITTEE = "committee"


@dataclass(frozen=True)
class Meeting:
    """The recorded meeting: day, kind, people present and their votes."""

    held_on: date
    kind: MeetingKind
    attended: int
    votes_for: int
    votes_against: int
    votes_abstained: int
    minutes_number: str = ""

    def to_document(self) -> dict[str, object]:
        """JSON-able, as the row keeps it and the API shows it."""
        return {
            "held_on": self.held_on.isoformat(),
            "kind": self.kind.value,
            "attended": self.attended,
            "for": self.votes_for,
            "against": self.votes_against,
            "abstained": self.votes_abstained,
            "minutes_number": self.minutes_number,
        }


def create_draft(
    session: Session, actor: Actor | None, village: str, rulebook: Rulebook, now: datetime
) -> tuple[RulebookRow, list[Finding]]:
    """Keep a draft; raises Invalid with a fault per error found. Warnings are handed back and may stand."""
    if actor is not None:  # None is the server's own command line
        actor.at(Permission.RULEBOOK_DRAFT, Place(village))
    if session.get(Village, village) is None:
        raise NotFound()
    findings = checked(rulebook)
    row = RulebookRow(
        id=new_id(),
        village_code=village,
        title=rulebook.title,
        document=rulebook.to_document(),
        status=Status.DRAFT.value,
        created_at=now,
        created_by=actor.person if actor else None,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "rulebook.draft", "rulebook", row.id, now, village, after={"title": row.title}
    )
    return row, findings


def checked(rulebook: Rulebook) -> list[Finding]:
    """The findings that may stand (warnings); raises Invalid when there are errors, the guard's included."""
    findings = validate(rulebook)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if errors:
        faults = [FieldFault(f"rulebook.{e.field}", f"{e.message}{e.remedy}") for e in errors]
        said = f"细则有 {len(errors)} 处不能采用，请按提示改正后再交。"
        raise Invalid("rulebook_invalid", said, faults)
    return findings


def adopt(
    session: Session, actor: Actor, key: str, meeting: Meeting, effective_on: date | None, now: datetime
) -> RulebookRow:
    """Record the meeting that adopted a draft; it takes effect on `effective_on` (default today).

    Raises Invalid when the meeting cannot have adopted it or the day lies in the past (nobody is judged by
    rules that could not be known), Conflict when it is adopted already.
    """
    row = session.get(RulebookRow, key)
    if row is None:
        raise NotFound()
    grant = actor.at(Permission.RULEBOOK_ADOPT, Place(row.village_code))
    today = local_date(now)
    effective_on = effective_on or today
    _check_meeting(meeting, effective_on, today)
    checked(Rulebook.from_document(row.document))  # the guard may know more than when the draft was made
    _lock_village(session, row.village_code)
    first = first_adoption(session, row.village_code) is None
    latest = _latest_version(session, row.village_code)
    claim_or_conflict(
        session,
        RulebookRow,
        key,
        Status.DRAFT,
        Status.ADOPTED,
        "这份细则已经采用过了。",
        version=latest + 1,
        effective_on=effective_on,
        adopted_at=now,
        adopted_by=actor.person,
        grant_id=grant.id,
        meeting=meeting.to_document(),
    )
    session.refresh(row)
    audit.decide(session, actor, "rulebook", key, Status.DRAFT, Status.ADOPTED, now, grant=grant)
    after = {"version": row.version, "effective_on": effective_on.isoformat(), "meeting": row.meeting}
    audit.record(session, actor, "rulebook.adopt", "rulebook", key, now, row.village_code, after=after)
    if first:
        start_village(session, row.village_code, effective_on)
    return row


def _check_meeting(meeting: Meeting, effective_on: date, today: date) -> None:
    faults = []
    if meeting.held_on > today:
        faults.append(FieldFault("held_on", "会议还没开，开完会再填。"))
    votes = meeting.votes_for + meeting.votes_against + meeting.votes_abstained
    if votes > meeting.attended:
        faults.append(FieldFault("attended", f"到会 {meeting.attended} 人，却有 {votes} 票，请核对。"))
    elif meeting.votes_for * 2 <= meeting.attended:
        faults.append(FieldFault("for", "赞成的没有超过到会人数的一半，这份细则没有通过。"))
    if effective_on < today:
        faults.append(FieldFault("effective_on", "生效日不能早于今天：没公布的规矩不能拿来评以前的事。"))
    if faults:
        raise Invalid("meeting_invalid", "会议情况对不上，请按提示改正。", faults)


def _lock_village(session: Session, village: str) -> None:
    """Two adoptions at once get two versions one after the other, not one number twice."""
    session.execute(update(Village).where(Village.code == village).values(name=Village.name))


def _latest_version(session: Session, village: str) -> int:
    latest = session.scalar(select(func.max(RulebookRow.version)).where(RulebookRow.village_code == village))
    return latest or 0


def draft_of(session: Session, actor: Actor, key: str) -> RulebookRow:
    """A rulebook of a village in which the actor drafts, adopted or not; raises NotFound."""
    row = session.get(RulebookRow, key)
    if row is None:
        raise NotFound()
    actor.at(Permission.RULEBOOK_DRAFT, Place(row.village_code))
    return row
