"""Recommendation lists: advice to people who decide, of members who consented, and of nobody else.

The purposes are a closed list (army, party, cadre selection): nothing that law or contract gives a household can be
asked for here. A list is drawn up by one member of the committee and issued by a second. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.evidence import api as evidence
from server.honours import errors, queries
from server.honours.models import Consent, RecommendationEntry, RecommendationList
from server.honours.places import speaking
from server.honours.rules import Subject, barred_by_veto
from server.honours.states import ConsentStatus, ListStatus
from server.honours.steps import decided, step
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Grant, Member, Permission, Place, Village, visible
from server.people.household_api import masked_name

PURPOSES = {"army": "参军", "party": "入党", "cadre": "村（社区）干部选拔"}
ADVICE = (
    "本名单只供有权决定的人参考，不作为决定的依据；不上名单不影响任何人依法依规享有的权利和待遇。"
    "名单上的人都是本人同意推荐的，随时可以撤回。"
)


@dataclass(frozen=True)
class Named:
    """One person of a list as it is shown: the full name only where `full`."""

    household: str
    member: str
    name: str
    score: Decimal


def give(
    session: Session, actor: Actor, household: str, member: str, purpose: str,
    on_behalf: bool, photos: Sequence[str], now: datetime,
) -> Consent:  # fmt: skip
    """A household says that a member may be recommended. Raises NotFound, Conflict `consent_exists`, Invalid."""
    place = Place(household[:12], household=household)
    grant = speaking(actor, Permission.HONOUR_SPEAK, place, on_behalf, photos)
    known = queries.members_of(session, [member], local_date(now)).get(member)
    if known is None or known[0] != household or not known[1].present:
        raise errors.member_unknown()
    if not known[1].grown_up:
        raise errors.minor()
    same = (Consent.member_id == member, Consent.purpose == purpose, Consent.status == ConsentStatus.GIVEN)
    if session.scalar(select(Consent.id).where(*same)) is not None:
        raise errors.consent_exists()
    row = Consent(
        id=new_id(),
        village_code=household[:12],
        household_code=household,
        member_id=member,
        purpose=purpose,
        status=ConsentStatus.GIVEN,
        on_behalf=on_behalf,
        given_by=actor.person,
        grant_id=grant.id,
        given_at=now,
    )
    session.add(row)
    session.flush()
    evidence.attach(session, list(photos), actor, row.id, place, "consent")
    decided(session, actor, row, None, ConsentStatus.GIVEN, now, purpose, grant)
    return row


def take_back(session: Session, actor: Actor, key: str, now: datetime) -> Consent:
    """Take a consent back, at any time and without a reason; lists no longer show the person.

    Raises NotFound, Conflict `consent_withdrawn`.
    """
    row = session.get(Consent, key)
    if row is None:
        raise NotFound()
    grant = actor.at(Permission.HONOUR_SPEAK, Place(row.village_code, household=row.household_code))
    if row.status != ConsentStatus.GIVEN:
        raise errors.consent_withdrawn()
    by = {"withdrawn_by": actor.person, "withdrawn_at": now}
    step(session, row, ConsentStatus.WITHDRAWN, now, actor, grant, "", **by)
    return row


def consents(
    session: Session, actor: Actor, village: str | None, household: str | None, cursor: str | None, limit: int
) -> tuple[list[tuple[Consent, str]], str | None]:
    """Consents inside the actor's scopes with the member's desensitised name, newest first."""
    columns = {"village": Consent.village_code, "household": Consent.household_code}
    narrowed: list[ColumnElement[bool]] = [visible(actor, Permission.HONOUR_SPEAK, **columns)]
    narrowed += [Consent.village_code == village] if village else []
    narrowed += [Consent.household_code == household] if household else []
    narrowed += [Consent.id < decode_cursor(cursor, str)[0]] if cursor else []
    query = select(Consent, Member.name).join(Member, Member.id == Consent.member_id).where(*narrowed)
    rows = session.execute(query.order_by(Consent.id.desc()).limit(limit + 1)).all()
    shown, following = page(rows, limit, lambda row: (row[0].id,))
    return [(row, masked_name(name)) for row, name in shown], following


def draw_up(
    session: Session, actor: Actor, village: str, year: int, purpose: str, least: Decimal, now: datetime
) -> RecommendationList:
    """A draft: members who consented, whose household reaches the score and whom no veto bars.

    Raises NotFound, Conflict `list_exists`, `list_empty`.
    """
    grant = actor.at(Permission.RECOMMENDATION_MANAGE, Place(village))
    # locked: two members of the committee must not draw up the same list at once
    if session.get(Village, village, with_for_update=True) is None:
        raise NotFound()
    same = select(RecommendationList.id).where(
        RecommendationList.village_code == village,
        RecommendationList.year == year,
        RecommendationList.purpose == purpose,
        RecommendationList.status != ListStatus.WITHDRAWN,
    )
    if session.scalar(same) is not None:
        raise errors.list_exists()
    found = _eligible(session, village, year, purpose, least, now)
    if not found:
        raise errors.list_empty()
    row = RecommendationList(
        id=new_id(), village_code=village, year=year, purpose=purpose, least_score=least,
        status=ListStatus.DRAFT, made_by=actor.person, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(RecommendationEntry(list_id=row.id, consent_id=key, score=score) for key, score in found)
    session.flush()
    decided(session, actor, row, None, ListStatus.DRAFT, now, purpose, grant)
    return row


def _eligible(
    session: Session, village: str, year: int, purpose: str, least: Decimal, now: datetime
) -> list[tuple[str, Decimal]]:
    given = session.scalars(
        select(Consent)
        .where(
            Consent.village_code == village,
            Consent.purpose == purpose,
            Consent.status == ConsentStatus.GIVEN,
        )
        .order_by(Consent.household_code, Consent.id)
    ).all()
    facts = queries.facts_of_year(session, village, year)
    members = queries.members_of(session, [one.member_id for one in given], local_date(now))
    found = []
    for one in given:
        own, known = facts.get(one.household_code), members[one.member_id][1]
        if own is None or not own.taking_part or not (known.grown_up and known.present):
            continue
        if own.score >= least and not barred_by_veto(Subject.MEMBER, own, one.member_id):
            found.append((one.id, own.score))
    return found


def find(
    session: Session, actor: Actor, key: str, permission: Permission = Permission.RECOMMENDATION_MANAGE
) -> tuple[RecommendationList, Grant]:
    """The list and the grant under which `actor` may act on it; raises NotFound."""
    row = session.get(RecommendationList, key)
    if row is None:
        raise NotFound()
    return row, actor.at(permission, Place(row.village_code))


def issue(session: Session, actor: Actor, key: str, now: datetime) -> RecommendationList:
    """A second member issues the draft. Raises NotFound, Conflict `list_not_draft`, `same_person`."""
    row, grant = find(session, actor, key)
    if row.status != ListStatus.DRAFT:
        raise errors.list_not_draft()
    if row.made_by == actor.person:
        raise errors.same_person()
    step(session, row, ListStatus.ISSUED, now, actor, grant, "", issued_by=actor.person, issued_at=now)
    return row


def withdraw(session: Session, actor: Actor, key: str, reason: str, now: datetime) -> RecommendationList:
    """Take a list back with the reason. Raises NotFound, Conflict `list_withdrawn`."""
    row, grant = find(session, actor, key)
    if row.status == ListStatus.WITHDRAWN:
        raise errors.list_withdrawn()
    step(session, row, ListStatus.WITHDRAWN, now, actor, grant, reason, reason=reason)
    return row


def listed(
    session: Session, actor: Actor, village: str | None, cursor: str | None, limit: int
) -> tuple[list[RecommendationList], str | None]:
    """The lists in reach, newest first; those above the village see issued ones only."""
    mine = visible(actor, Permission.RECOMMENDATION_MANAGE, village=RecommendationList.village_code)
    above = visible(actor, Permission.RECOMMENDATION_READ, village=RecommendationList.village_code)
    issued = RecommendationList.status == ListStatus.ISSUED
    query = select(RecommendationList).where(or_(mine, above & issued))
    if village:
        query = query.where(RecommendationList.village_code == village)
    if cursor:
        query = query.where(RecommendationList.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(RecommendationList.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def readable(session: Session, actor: Actor, key: str) -> RecommendationList:
    """A list for the committee, and once issued for those above; raises NotFound."""
    row, _ = find(session, actor, key, Permission.RECOMMENDATION_READ)
    manages = actor.grant_at(Permission.RECOMMENDATION_MANAGE, Place(row.village_code)) is not None
    if row.status != ListStatus.ISSUED and not manages:
        raise NotFound()
    return row


def people(session: Session, row: RecommendationList, full: bool) -> tuple[list[Named], int]:
    """The people of a list by household (no order of merit), and how many took their consent back since."""
    rows = session.execute(
        select(Consent, Member.name, RecommendationEntry.score)
        .join(Consent, Consent.id == RecommendationEntry.consent_id)
        .join(Member, Member.id == Consent.member_id)
        .where(RecommendationEntry.list_id == row.id)
        .order_by(Consent.household_code, Member.id)
    ).all()
    standing = [
        Named(consent.household_code, consent.member_id, name if full else masked_name(name), score)
        for consent, name, score in rows
        if consent.status == ConsentStatus.GIVEN
    ]
    return standing, len(rows) - len(standing)
