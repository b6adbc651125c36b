"""The monthly ceilings, of points added per household and in the whole village: how a breach is settled.

The committee cuts proportionally, floored to 0.01, or states a reason; either stands on tally and notice.
Votes count only after that, and settling it again makes them void. Never commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from server.kit import exact
from server.kit.exact import from_hundredths, to_hundredths
from server.people.api import Actor, Permission, Village
from server.settlement import errors, tallies
from server.settlement.models import Tally, TallyLine, TallyVote
from server.settlement.rules import cut_points
from server.settlement.states import TallyStatus


@dataclass(frozen=True)
class Settling:
    """How the committee settles a breach: a cut, or a reason for none."""

    cut: bool
    reason: str = ""


def note_breach(session: Session, tally: Tally) -> None:
    """After freezing: keep on the tally what exceeds the village's ceilings; nothing where nothing does."""
    village = session.get_one(Village, tally.village_code)
    each, whole = village.ceiling_household, village.ceiling_village
    if each is None and whole is None:
        return
    total, over = session.execute(
        select(
            func.coalesce(func.sum(TallyLine.added), Decimal("0.00")),
            func.count().filter(TallyLine.added > (each if each is not None else exact.LARGEST)),
        ).where(TallyLine.tally_id == tally.id)
    ).one()
    if not over and (whole is None or total <= whole):
        return
    _keep(
        session,
        tally,
        {
            "village": None if whole is None else exact.text(whole),
            "household": None if each is None else exact.text(each),
            "added": exact.text(total),
            "households_over": over,
            "settled": None,
            "reason": "",
        },
    )


def unsettled(tally: Tally) -> bool:
    """Whether the month breaches a ceiling and nobody has settled it."""
    return tally.ceiling is not None and tally.ceiling["settled"] is None


def settle(session: Session, actor: Actor, tally_id: str, how: Settling, now: datetime) -> Tally:
    """Settle a breach by a cut or a reason; votes and minutes of the round are void.

    Raises NotFound, Conflict `tally_not_open`, Invalid `no_ceiling`, `ceiling_choice`.
    """
    found, grant = tallies.find(session, actor, Permission.TALLY_RESOLVE, tally_id)
    tally = tallies.lock(session, found.id)
    if tally.status != TallyStatus.OPEN:
        raise errors.tally_not_open()
    tallies.freeze(session, tally, now)
    if tally.ceiling is None:
        raise errors.no_ceiling()
    if how.cut == bool(how.reason):
        raise errors.ceiling_choice()
    kept = {**tally.ceiling, "settled": "cut" if how.cut else "reason", "reason": how.reason}
    kept |= {"by": actor.person}
    _restore(session, tally)
    if how.cut:
        kept |= _cut(session, tally)
    _keep(session, tally, kept)
    said = "按月度上限等比例削减" if how.cut else f"超过月度上限不削减：{how.reason}"
    votes = select(TallyVote.person_id).where(TallyVote.tally_id == tally.id, TallyVote.round == tally.round)
    fresh = {"round": Tally.round + 1} if session.scalar(votes.limit(1)) else {}
    tallies.void_minutes(session, tally)
    tallies.move(session, tally, TallyStatus.OPEN, now, actor, grant, said, **fresh)
    return tally


def _keep(session: Session, tally: Tally, ceiling: Mapping[str, Any]) -> None:
    session.execute(
        update(Tally)
        .where(Tally.id == tally.id)
        .values(ceiling=dict(ceiling))
        .execution_options(synchronize_session=False)
    )
    session.refresh(tally)


def _restore(session: Session, tally: Tally) -> None:
    """The lines as the records have them, whatever was cut before."""
    session.execute(
        update(TallyLine)
        .where(TallyLine.tally_id == tally.id, TallyLine.cut.is_not(None))
        .values(added=TallyLine.added + TallyLine.cut, net=TallyLine.net + TallyLine.cut, cut=None)
        .execution_options(synchronize_session=False)
    )


def _cut(session: Session, tally: Tally) -> dict[str, int]:
    """Cut the lines to the ceilings noted when they were frozen, whatever the setting says meanwhile; gives the
    village's factor in hundredths, kept for lines that change later.
    """
    noted = tally.ceiling or {}
    rows = session.execute(
        select(TallyLine.household_code, TallyLine.added).where(TallyLine.tally_id == tally.id)
    )
    added = {code: to_hundredths(points) for code, points in rows}
    each, whole = (
        None if noted.get(name) is None else to_hundredths(Decimal(noted[name]))
        for name in ("household", "village")
    )
    capped = sum(min(points, each) if each is not None else points for points in added.values())
    factor = (whole, capped) if whole is not None and capped > whole else (1, 1)
    table = TallyLine.__table__
    changes = [
        {"of_household": code, "less": from_hundredths(points - cut_points(points, each, factor))}
        for code, points in added.items()
        if cut_points(points, each, factor) != points
    ]
    if changes:
        statement = (
            update(table)  # type: ignore[arg-type]
            .where(table.c.tally_id == tally.id, table.c.household_code == bindparam("of_household"))
            .values(
                added=table.c.added - bindparam("less", type_=table.c.added.type),
                net=table.c.net - bindparam("less", type_=table.c.added.type),
                cut=bindparam("less", type_=table.c.added.type),
            )
        )
        session.connection().execute(statement, changes)
        session.expire_all()
    return {"numerator": factor[0], "denominator": factor[1]}


def after_cut(session: Session, tally: Tally, added: int) -> tuple[int, int | None]:
    """(points added, points cut) in hundredths of one line whose records changed after the cut."""
    kept = tally.ceiling
    if kept is None or kept["settled"] != "cut":
        return added, None
    each = to_hundredths(Decimal(kept["household"])) if kept["household"] is not None else None
    left = cut_points(added, each, (kept["numerator"], kept["denominator"]))
    return left, added - left or None
