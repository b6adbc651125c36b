"""Complaints made, passed up and answered. Who may answer is said by the tier; nobody answers about oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.complaints.models import Complaint
from server.complaints.rules import ANSWERS, About, ComplaintStatus, Tier, due, first_tier, tier_above
from server.conduct.api import Record
from server.cycles.api import Closer, Due, NotDue, Skip
from server.evidence import api as evidence
from server.kit.claim import claim_or_conflict
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.messages.api import Note, notify_person, notify_persons
from server.people.api import (
    COMMITTEE,
    Actor,
    Grant,
    GrantRow,
    Household,
    Permission,
    Person,
    Place,
    Role,
    Village,
    holders,
    visible,
)

ESCALATION = "complaints.escalation"
_UNANSWERED = (
    select(Complaint.village_code, Complaint.id, Complaint.tier, Complaint.due_at)
    .where(
        Complaint.status == ComplaintStatus.OPEN,
        Complaint.due_at <= bindparam("now"),
        Complaint.tier != Tier.COUNTY,
    )
    .order_by(Complaint.due_at, Complaint.id)
)
CHANGED = "这条意见刚刚有人处理过，请刷新。"
_OVERSEES = frozenset({Role.SUPERVISOR})


@dataclass(frozen=True)
class NewComplaint:
    """What somebody complains about. A person is named by id, by a record that the person logged, or by a
    role in the village; `household` with `on_behalf` is for whom it is entered.
    """

    about: About
    text: str
    village: str | None = None
    person: str | None = None
    record: str | None = None
    role: Role | None = None
    photos: Sequence[str] = ()
    on_behalf: bool = False
    household: str | None = None


def make(session: Session, actor: Actor, new: NewComplaint, now: datetime) -> Complaint:
    """Keep a complaint and tell the tier that answers.

    Raises NotFound, Invalid `village_needed`, `whom`, `slip_missing`, `on_behalf_only_by_committee`.
    """
    village = _village(session, actor, new)
    _check_on_behalf(session, actor, new, village)
    against, roles = _against(session, actor, new, village, now)
    tier = first_tier(new.about, roles)
    row = Complaint(
        id=new_id(),
        village_code=village,
        about=new.about,
        against=against,
        against_role=new.role,
        text=new.text,
        on_behalf=new.on_behalf,
        household_code=new.household if new.on_behalf else actor.household,
        person_id=actor.person,
        made_at=now,
        tier=tier,
        due_at=due(now),
        status=ComplaintStatus.OPEN,
    )
    session.add(row)
    session.flush()
    evidence.attach(session, list(new.photos), actor, row.id, Place(village), "complaint")
    audit.decide(session, actor, "complaint", row.id, "", ComplaintStatus.OPEN, now, tier)
    audit.record(session, actor, "complaint.make", "complaint", row.id, now, village, after={"tier": tier})
    _tell(session, row, "有一条新的意见，请在七天内答复。", now)
    return row


def _village(session: Session, actor: Actor, new: NewComplaint) -> str:
    """The village concerned: the one stated, or one's own."""
    home = actor.household[:12] if actor.household else session.get_one(Person, actor.person).home
    village = new.village or home
    if session.get(Village, village) is None:
        if new.village is None:
            fault = FieldFault("village", "请写是哪个村的事。")
            raise Invalid("village_needed", "请写是哪个村的事。", [fault])
        raise NotFound()
    if village != home and not any(grant.covers(Place(village)) for grant in actor.grants):
        raise NotFound()
    return village


def _check_on_behalf(session: Session, actor: Actor, new: NewComplaint, village: str) -> None:
    if not new.on_behalf:
        return
    if not any(grant.role in COMMITTEE and grant.covers(Place(village)) for grant in actor.grants):
        fault = FieldFault("on_behalf", "代别人提意见，由村委会委员登记。")
        raise Invalid("on_behalf_only_by_committee", "只有村委会委员能代人登记。", [fault])
    household = session.get(Household, new.household) if new.household else None
    if household is None or household.village_code != village:
        raise Invalid("whom", "请写是替哪一户登记的。", [FieldFault("household", "请核对户编号。")])
    if not new.photos:
        fault = FieldFault("photos", "请附一张本人签字单的照片。")
        raise Invalid("slip_missing", "代别人提出的，要附本人签字单的照片。", [fault])


def _against(
    session: Session, actor: Actor, new: NewComplaint, village: str, now: datetime
) -> tuple[str | None, list[Role]]:
    """The person complained about and the roles that the tier is read off."""
    if new.about is not About.PERSON:
        return None, []
    person = new.person
    if new.record is not None:
        record = session.get(Record, new.record)
        mine = record is not None and record.household_code == (new.household or actor.household)
        if record is None or record.village_code != village or not mine:
            raise NotFound()
        person = record.logged_by
    if person is None:
        if new.role is None:
            fault = FieldFault("person", "请写是谁，或者哪个职务，或者哪条记录。")
            raise Invalid("whom", "请写对谁有意见。", [fault])
        return None, [new.role]
    found = session.get(Person, person)
    if found is None or found.home not in (village, village[:9] + "000", village[:6] + "000000"):
        raise NotFound()
    rows = session.scalars(select(GrantRow).where(GrantRow.person_id == person, GrantRow.starts_at <= now))
    held = [Role(row.role) for row in rows if row.ends_at is None or row.ends_at > now]
    return person, held + ([new.role] if new.role else [])


def _tell(session: Session, row: Complaint, text: str, now: datetime) -> None:
    answering = holders(session, sorted(ANSWERS[Tier(row.tier)]), row.village_code, now)
    notes = [
        Note(one.person, "complaint", text, {"complaint": row.id})
        for one in answering
        if one.person != row.against
    ]
    notify_persons(session, notes, now)


def answer(session: Session, actor: Actor, key: str, text: str, now: datetime) -> Complaint:
    """Answer a complaint; whoever made it is told. Raises NotFound, Conflict `complaint_answered`,
    `complaint_tier`, `own_matter`.
    """
    row = session.scalar(select(Complaint).where(Complaint.id == key).with_for_update())
    if row is None or actor.person == row.against:
        raise NotFound()
    actor.at(Permission.COMPLAINT_ANSWER, Place(row.village_code))
    if not _sees(actor, row):
        raise NotFound()
    if row.status != ComplaintStatus.OPEN:
        raise Conflict("complaint_answered", "这条意见已经答复过了。")
    grant = _answering(actor, row)
    if grant is None:
        raise Conflict("complaint_tier", "这条意见现在不由您这一级答复。")
    if actor.person == row.person_id and not row.on_behalf:
        raise Conflict("own_matter", "这是您自己提的，请另一位来答复。")
    by = {"answer": text, "answered_by": actor.person, "answered_grant": grant.id, "answered_at": now}
    claim_or_conflict(session, Complaint, key, ComplaintStatus.OPEN, ComplaintStatus.ANSWERED, CHANGED, **by)
    audit.decide(session, actor, "complaint", key, row.status, ComplaintStatus.ANSWERED, now, text, grant)
    audit.record(session, actor, "complaint.answer", "complaint", key, now, row.village_code)
    notify_person(
        session, row.person_id, "complaint_answered", f"您提的意见有答复了：{text}", now, {"complaint": key}
    )
    session.refresh(row)
    return row


def _answering(actor: Actor, row: Complaint) -> Grant | None:
    roles, place = ANSWERS[Tier(row.tier)], Place(row.village_code)
    return next((g for g in actor.grants if g.role in roles and g.covers(place)), None)


def _tiers_seen(role: Role) -> list[Tier]:
    """A tier sees what is its own and what lies below it; the supervisors what the village answers."""
    if role in COMMITTEE or role in _OVERSEES:
        return [Tier.VILLAGE]
    return [Tier.VILLAGE, Tier.TOWNSHIP] if role is Role.TOWNSHIP_OFFICER else list(Tier)


def _sees(actor: Actor, row: Complaint) -> bool:
    place = Place(row.village_code)
    return any(
        grant.covers(place) and row.tier in _tiers_seen(grant.role)
        for grant in actor.grants_for(Permission.COMPLAINT_ANSWER)
    )


def listed(
    session: Session, actor: Actor, village: str | None, status: str | None, cursor: str | None, limit: int
) -> tuple[list[Complaint], str | None]:
    """One's own complaints and those that one answers or oversees, newest first; never those about oneself."""
    query = select(Complaint).where(or_(Complaint.person_id == actor.person, _readable(actor)))
    if village is not None:
        query = query.where(Complaint.village_code == village)
    if status is not None:
        query = query.where(Complaint.status == status)
    if cursor:
        query = query.where(Complaint.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Complaint.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def _readable(actor: Actor) -> ColumnElement[bool]:
    inside: list[ColumnElement[bool]] = []
    for grant in actor.grants_for(Permission.COMPLAINT_READ):
        alone = Actor(actor.person, actor.name, actor.household, (grant,))
        scope = visible(alone, Permission.COMPLAINT_READ, village=Complaint.village_code)
        inside.append(and_(scope, Complaint.tier.in_(_tiers_seen(grant.role))))
    not_about_me: Any = or_(Complaint.against.is_(None), Complaint.against != actor.person)
    return and_(or_(*inside), not_about_me) if inside else Complaint.id.is_(None)


def may_know_person(actor: Actor, row: Complaint) -> bool:
    """Who complained is known to the person and to those whose turn it is to answer."""
    return row.person_id == actor.person or _answering(actor, row) is not None


def closers() -> list[Closer]:
    """Passes up what waited a week."""
    return [Closer(ESCALATION, _next_due, _escalate)]


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_UNANSWERED, {"now": now})
    found = (Due(village, f"{key}/{tier}", at) for village, key, tier, at in rows)
    return next((one for one in found if (one.village, one.period) not in skip), None)


def _escalate(session: Session, one: Due, now: datetime) -> None:
    key, _, tier = one.period.partition("/")
    row = session.scalar(select(Complaint).where(Complaint.id == key).with_for_update())
    above = tier_above(Tier(tier))
    if row is None or row.tier != tier or row.status != ComplaintStatus.OPEN or above is None:
        raise NotDue
    row.tier, row.due_at = above, due(now)
    session.flush()
    said = f"{tier} → {above}：七天没有答复"
    audit.decide(session, None, "complaint", key, ComplaintStatus.OPEN, ComplaintStatus.OPEN, now, said)
    _tell(session, row, "有一条意见下一级七天没有答复，转来由您这一级答复。", now)
    text = "您提的意见七天没有答复，已经转到上一级。"
    notify_person(session, row.person_id, "complaint_escalated", text, now, {"complaint": key})
