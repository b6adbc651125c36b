"""What a notice says, read once from the database: the same for the public JSON, the page and the poster.

`public` content holds household numbers and totals. Names (desensitised, none of minors) and sums by
heading are read by `named_lines`, for those who may see them. Neither ever holds free text about a
household.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.cycles.calendar import Month
from server.kit.clock import local_date
from server.kit.exact import points
from server.people.api import Division, Household, Member
from server.rulebook import api as rulebook
from server.settlement.models import Notice, NoticeCorrection, TallyLine
from server.settlement.months import month_from
from server.settlement.rules import shown_name
from server.settlement.states import LineStatus, NoticeStatus

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class NoticeLine:
    """One household in public: its code, number in the village, total of the month, whether it is held."""

    household: str
    records: int
    net: Decimal
    status: LineStatus

    @property
    def number(self) -> str:
        return self.household[-4:]


@dataclass(frozen=True)
class Correction:
    """What an upheld objection changed."""

    household: str
    at: datetime
    before: Decimal
    after: Decimal

    @property
    def number(self) -> str:
        return self.household[-4:]


@dataclass(frozen=True)
class Content:
    """A notice as everybody may read it. A withdrawn one has no lines."""

    id: str
    tally: str
    village: str
    village_name: str
    place_name: str
    month: Month
    status: NoticeStatus
    published_at: datetime
    ends_at: datetime
    days: int
    covers: tuple[date, date]
    resolved: dict[str, Any]
    ceiling: dict[str, Any] | None
    households: int
    lines: tuple[NoticeLine, ...]
    corrections: tuple[Correction, ...]
    added: Decimal
    deducted: Decimal
    ledger_head: str
    version: int

    @property
    def is_opening(self) -> bool:
        """Whether these are opening balances instead of a month."""
        return self.month.number == 0

    @property
    def net(self) -> Decimal:
        return self.added + self.deducted

    @property
    def records(self) -> int:
        return sum(line.records for line in self.lines)

    @property
    def held(self) -> tuple[NoticeLine, ...]:
        return tuple(line for line in self.lines if line.status is LineStatus.HELD)


@dataclass(frozen=True)
class NamedLine:
    """One household as its neighbours see it. `headings`: heading → points; `details`: item → points."""

    line: NoticeLine
    name: str
    added: Decimal
    deducted: Decimal
    headings: dict[str, Decimal]
    details: dict[str, Decimal]


def read(session: Session, notice: Notice) -> Content:
    """The notice's public content."""
    shown = notice.status in (NoticeStatus.ACTIVE, NoticeStatus.ENDED, NoticeStatus.TAKEN_DOWN)
    rows = _rows(session, notice) if shown else []
    names = _place_names(session, notice.village_code)
    first, last = (date.fromisoformat(day) for day in notice.facts["covers"])
    return Content(
        id=notice.id,
        tally=notice.tally_id,
        village=notice.village_code,
        village_name=names[-1],
        place_name="".join(names),
        month=month_from(notice.month),
        status=NoticeStatus(notice.status),
        published_at=notice.published_at,
        ends_at=notice.ends_at,
        days=notice.days,
        covers=(first, last),
        resolved=notice.facts["resolved"],
        ceiling=notice.facts.get("ceiling"),
        households=notice.facts["households"],
        lines=tuple(NoticeLine(row[0], row[1], row[4], LineStatus(row[5])) for row in rows),
        corrections=_corrections(session, notice) if shown else (),
        added=sum((row[2] for row in rows), ZERO),
        deducted=sum((row[3] for row in rows), ZERO),
        ledger_head=notice.ledger_head,
        version=notice.version,
    )


def _rows(session: Session, notice: Notice) -> list[tuple[str, int, Decimal, Decimal, Decimal, str]]:
    query = select(
        TallyLine.household_code,
        TallyLine.records,
        TallyLine.added,
        TallyLine.deducted,
        TallyLine.net,
        TallyLine.status,
    ).where(TallyLine.tally_id == notice.tally_id)
    return list(session.execute(query.order_by(TallyLine.household_code)))


def _corrections(session: Session, notice: Notice) -> tuple[Correction, ...]:
    rows = session.execute(
        select(
            NoticeCorrection.household_code,
            NoticeCorrection.at,
            NoticeCorrection.net_before,
            NoticeCorrection.net_after,
        )
        .where(NoticeCorrection.notice_id == notice.id)
        .order_by(NoticeCorrection.at, NoticeCorrection.objection_id)
    )
    return tuple(Correction(*row) for row in rows)


def _place_names(session: Session, village: str) -> list[str]:
    """The names of county, township and village, as far as the division tree has them."""
    codes = [village[:6] + "000000", village[:9] + "000", village]
    found = {row.code: row.name for row in session.scalars(select(Division).where(Division.code.in_(codes)))}
    return [found[code] for code in codes if code in found] or [village]


def named_lines(session: Session, content: Content) -> list[NamedLine]:
    """The lines with desensitised names and sums by heading; items that the rulebook shows in detail by
    name.
    """
    names = _names(session, content)
    sums: dict[str, tuple[dict[str, Decimal], dict[str, Decimal]]] = {}
    for record in conduct.records_of_line(session, content.village, content.month):
        headings, details = sums.setdefault(record["household"], ({}, {}))
        amount = points(record["points"])
        headings[record["heading"]] = headings.get(record["heading"], ZERO) + amount
        if _in_detail(session, content.village, record):
            details[record["name"]] = details.get(record["name"], ZERO) + amount
    frozen = {row[0]: row for row in _line_sums(session, content.tally)}
    return [
        NamedLine(
            line,
            names.get(line.household, ""),
            frozen[line.household][1],
            frozen[line.household][2],
            *sums.get(line.household, ({}, {})),
        )
        for line in content.lines
    ]


def _line_sums(session: Session, tally: str) -> list[tuple[str, Decimal, Decimal]]:
    query = select(TallyLine.household_code, TallyLine.added, TallyLine.deducted)
    return list(session.execute(query.where(TallyLine.tally_id == tally)))


def _in_detail(session: Session, village: str, record: dict[str, Any]) -> bool:
    adopted = rulebook.rulebook_on(session, village, date.fromisoformat(record["occurred_on"]))
    item = adopted.by_code.get(record["item"]) if adopted else None
    return item is not None and item.notice_detail is rulebook.NoticeDetail.DETAIL


def _names(session: Session, content: Content) -> dict[str, str]:
    """Desensitised names of the heads; a minor, or a household that declined public naming, is not named."""
    day = local_date(content.published_at)
    head = and_(Member.household_code == Household.code, Member.name == Household.head)
    rows = session.execute(
        select(Household.code, Household.head, Member.birth_date)
        .outerjoin(Member, head)
        .where(Household.code.in_([line.household for line in content.lines]), Household.named)
    )
    return {code: shown_name(name, birth_date, day) for code, name, birth_date in rows}
