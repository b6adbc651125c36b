"""The notice as a poster for the wall: from the same content as the page, with the same ledger head."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy.orm import Session

from server.kit.clock import local_date
from server.paper.api import NoticePoster, PosterLine, PosterTotals, poster_pdf
from server.people.api import Actor, Village
from server.settlement import content, wording
from server.settlement.content import Content, NamedLine
from server.settlement.reading import notice_for
from server.settlement.states import LineStatus

MARK = "※"
ZERO = Decimal("0.00")


def poster(
    session: Session,
    actor: Actor,
    notice_id: str,
    paper: Literal["A4", "A3"],
    public_url: str,
    now: datetime,
) -> bytes:
    """The poster as PDF; names and headings only where the village decided so. Raises NotFound."""
    notice, found, named = notice_for(session, actor, notice_id)
    village = session.get_one(Village, notice.village_code)
    full = village.names_on_poster
    headings = tuple(sorted({name for line in named for name in line.headings})) if full else ()
    lines = [
        _named(line, headings) if full else PosterLine(line.line.number, line.line.net, mark=_mark(line.line))
        for line in named
    ]
    return poster_pdf(_sheet(found, tuple(lines), headings, f"{public_url}/notices/{found.id}", now), paper)


def _named(named: NamedLine, headings: tuple[str, ...]) -> PosterLine:
    return PosterLine(
        named.line.number,
        named.line.net,
        name=named.name,
        by_heading=tuple(named.headings.get(heading, ZERO) for heading in headings),
        mark=_mark(named.line),
    )


def _mark(line: content.NoticeLine) -> str:
    return MARK if line.status is LineStatus.HELD else ""


def _sheet(
    found: Content, lines: tuple[PosterLine, ...], headings: tuple[str, ...], url: str, now: datetime
) -> NoticePoster:
    without = found.households - len(found.lines)
    return NoticePoster(
        village=found.village_name,
        issuer=f"{found.place_name}村民委员会",
        month_title=_spaced(found),
        covers=found.covers,
        published_on=local_date(found.published_at),
        ends_on=local_date(found.ends_at),
        posted_on=local_date(now),
        url=url,
        ledger_head=found.ledger_head,
        lines=lines,
        totals=PosterTotals(
            found.households, len(found.lines), found.records, found.added, found.deducted, found.net
        ),
        how_to_object=wording.how_to_object(found),
        how_counted=f"{wording.how_resolved(found)}。{wording.ceiling(found)}"
        f"没有记录的 {max(without, 0)} 户不列入，积分不变。",
        headings=headings,
        remarks=_remarks(found),
        signatures=("负责人：", "监督小组："),
    )


def _spaced(found: Content) -> str:
    """2026 年 11 月, or 2026 年初始."""
    month = found.month
    return f"{month.year} 年 {month.number} 月" if month.number else f"{month.year} 年初始"


def _remarks(found: Content) -> tuple[str, ...]:
    corrections = [f"更正 {wording.correction(one)}" for one in found.corrections]
    return (*corrections, *(f"{MARK} {wording.held(line.number)}" for line in found.held))
