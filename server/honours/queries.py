"""What the conditions are read off: the records and scores of a score year, household by household. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from server.conduct.api import Record, RecordStatus
from server.honours.models import Evaluation, Nomination
from server.honours.rules import Facts, MemberFacts
from server.kit.clock import local_date
from server.kit.exact import ZERO, from_hundredths
from server.ledger import api as ledger
from server.people.api import COMMITTEE, Holder, Household, Member, holders
from server.people.household_api import is_minor, masked_name
from server.rulebook.api import rulebook_on


@dataclass
class _Year:
    added: int = 0
    deducted: int = 0
    months: set[int] = field(default_factory=set)
    headings: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    vetoes: list[str | None] = field(default_factory=list)


def facts_of_year(session: Session, village: str, year: int) -> dict[str, Facts]:
    """The score year of every household of the village, by code. Three statements, whatever its size."""
    found: dict[str, _Year] = {}
    for house, month, heading, item, kind, member, count, added, deducted in _sums(session, village, year):
        own = found.setdefault(house, _Year())
        own.added += int(added)
        own.deducted += int(deducted)
        own.months.add(month)
        own.headings[heading] = own.headings.get(heading, 0) + int(added)
        own.items[item] = own.items.get(item, 0) + count
        if kind == "veto":
            own.vetoes.append(member)
    scores = ledger.scores_of_year(session, village, year)
    rows = session.execute(
        select(Household.code, Household.status)
        .where(Household.village_code == village, Household.status != "ended")
        .order_by(Household.code)
    )
    return {code: _facts(code, status, scores, found.get(code, _Year())) for code, status in rows}


def _facts(code: str, status: str, scores: Mapping[str, Decimal], own: _Year) -> Facts:
    return Facts(
        code,
        status == "active",
        scores.get(code, ZERO),
        from_hundredths(own.added),
        from_hundredths(own.deducted),
        len(own.months),
        {name: from_hundredths(sum_) for name, sum_ in own.headings.items()},
        own.items,
        tuple(own.vetoes),
    )


def _sums(session: Session, village: str, year: int) -> Any:
    points = type_coerce(Record.points, BigInteger)
    veto_member = case((Record.kind == "veto", Record.member_id), else_=None)
    keys = (
        Record.household_code, Record.month, Record.heading, Record.item_code, Record.kind, veto_member
    )  # fmt: skip
    return session.execute(
        select(
            *keys,
            func.count(),
            func.sum(case((points > 0, points), else_=0)),
            func.sum(case((points < 0, points), else_=0)),
        )
        .where(
            Record.village_code == village,
            Record.month.between(year * 100 + 1, year * 100 + 12),
            Record.status == RecordStatus.APPROVED.value,
        )
        .group_by(*keys)
    )


def members_of(session: Session, ids: list[str], day: date) -> dict[str, tuple[str, MemberFacts]]:
    """Members by id: the household, and what counts of them on `day`."""
    rows = session.scalars(select(Member).where(Member.id.in_(ids))) if ids else ()
    return {
        row.id: (
            row.household_code,
            MemberFacts(
                row.id,
                not is_minor(row.birth_date, day),
                row.departure is None,
                bool(row.party_member) or "党员" in row.political,
            ),
        )
        for row in rows
    }


def item_names(session: Session, village: str, now: datetime) -> dict[str, str]:
    """Item code → name in the rulebook in force."""
    adopted = rulebook_on(session, village, local_date(now))
    return {item.code: item.name for item in adopted.rulebook.items} if adopted else {}


def nominations(session: Session, evaluation: Evaluation) -> list[Nomination]:
    """All nominations of an evaluation, in the order in which they were made."""
    query = select(Nomination).where(Nomination.evaluation_id == evaluation.id)
    return list(session.scalars(query.order_by(Nomination.id)))


def shown_names(session: Session, rows: list[Nomination], day: date) -> dict[str, tuple[str, str]]:
    """Nomination → (head of the household, member or empty), desensitised. A minor who is head, and a household
    that declined public naming, is not named.
    """
    head = aliased(Member)
    found = session.execute(
        select(Nomination.id, Household.head, Household.named, Member.name, func.max(head.birth_date))
        .join(Household, Household.code == Nomination.household_code)
        .outerjoin(Member, Member.id == Nomination.member_id)
        .outerjoin(head, and_(head.household_code == Household.code, head.name == Household.head))
        .where(Nomination.id.in_([row.id for row in rows]))
        .group_by(Nomination.id, Household.head, Household.named, Member.name)
    )
    return {
        key: (
            "" if is_minor(born, day) or not named else masked_name(name),
            masked_name(member) if member and named else "",
        )
        for key, name, named, member, born in found
    }


def full_names(session: Session, row: Nomination) -> tuple[str, str]:
    """(head of the household, member or empty) as the roster has them: for the certificate only."""
    member = session.get(Member, row.member_id) if row.member_id else None
    return session.get_one(Household, row.household_code).head, member.name if member else ""


def committee(session: Session, village: str, now: datetime) -> list[Holder]:
    """The members of the committee at `now`."""
    return holders(session, sorted(COMMITTEE), village, now)
