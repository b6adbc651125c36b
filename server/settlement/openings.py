"""Opening balances from an older system or paper cards: one entry per household, resolved and put on notice
like a month. Never commits.

They stand in a tally of their own, numbered yyyy00 before the months of their score year: it is voted on,
published, objected to and posted as every other. It waits for no month and no month waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound
from server.kit.exact import ZERO
from server.kit.ids import new_id
from server.people.api import Actor, Household, Permission, Place, Village
from server.settlement import tallies
from server.settlement.decisions import decided
from server.settlement.models import ScoreYear, Tally, TallyLine, TallyVote
from server.settlement.states import LineStatus, TallyStatus


@dataclass(frozen=True)
class OpeningBalance:
    """What one household brings along, in points; `place` is where the line stands, for faults."""

    household: str
    balance: Decimal
    score: Decimal
    place: str = ""


def bring_in(
    session: Session, actor: Actor | None, village: str, lines: Sequence[OpeningBalance], now: datetime
) -> Tally:
    """Keep the lines as the village's opening tally, for the committee to resolve; until somebody voted they
    may be brought in again. `actor` None is the server's command line.

    Raises NotFound, Conflict `village_not_started`, `opening_settled`, Invalid `opening_invalid`.
    """
    grant = actor.at(Permission.OPENING_IMPORT, Place(village)) if actor is not None else None
    found = session.get(Village, village)
    if found is None:
        raise NotFound()
    year = session.scalar(select(func.max(ScoreYear.year)).where(ScoreYear.village_code == village))
    if year is None:
        raise Conflict("village_not_started", "本村还没有通过积分细则，先通过细则再登记初始积分。")
    faults = check(session, village, lines)
    if faults:
        raise Invalid("opening_invalid", "初始积分表有不对的地方，什么都没有写入。", faults)
    tally = _tally(session, found, year * 100, now)
    session.execute(delete(TallyLine).where(TallyLine.tally_id == tally.id))
    session.execute(insert(TallyLine), [_row(tally, line) for line in lines])
    said = f"{len(lines)} 户初始积分"
    decided(session, actor, "tally", tally.id, village, None, TallyStatus.OPEN, now, said, grant)
    after = {"households": len(lines), "month": tally.month}
    audit.record(session, actor, "opening.import", "tally", tally.id, now, village, after=after)
    return tally


def check(session: Session, village: str, lines: Sequence[OpeningBalance]) -> list[FieldFault]:
    """What is wrong with the lines, each at its place."""
    known = set(session.scalars(select(Household.code).where(Household.village_code == village)))
    seen: set[str] = set()
    faults = []
    for index, line in enumerate(lines):
        place = line.place or f"lines.{index}"
        if line.household not in known:
            faults.append(FieldFault(f"{place}.household", f"本村没有户编号 {line.household}，请核对。"))
        if line.household in seen:
            faults.append(FieldFault(f"{place}.household", f"户 {line.household} 写了两次，留一行。"))
        if line.balance < ZERO:
            faults.append(FieldFault(f"{place}.balance", "可兑换积分不能小于 0。"))
        seen.add(line.household)
    return faults


def _tally(session: Session, village: Village, month: int, now: datetime) -> Tally:
    query = select(Tally).where(Tally.village_code == village.code, Tally.month == month).with_for_update()
    tally = session.scalar(query)
    if tally is None:
        tally = Tally(
            id=new_id(),
            village_code=village.code,
            month=month,
            cutoff_at=now,
            freeze_due=now,
            vote_due=now + timedelta(days=village.vote_days),
            status=TallyStatus.OPEN,
            frozen_at=now,
        )
        session.add(tally)
        session.flush()
        return tally
    voted = select(TallyVote.person_id).where(TallyVote.tally_id == tally.id, TallyVote.round == tally.round)
    if tally.status != TallyStatus.OPEN or session.scalar(voted.limit(1)) is not None:
        raise Conflict("opening_settled", "初始积分已经在表决或公示，要改请先撤回公示。")
    tallies.void_minutes(session, tally)
    return tally


def _row(tally: Tally, line: OpeningBalance) -> dict[str, object]:
    return {
        "tally_id": tally.id,
        "household_code": line.household,
        "village_code": tally.village_code,
        "records": 0,
        "added": max(line.score, ZERO),
        "deducted": min(line.score, ZERO),
        "net": line.score,
        "balance": line.balance,
        "status": LineStatus.PENDING,
    }
