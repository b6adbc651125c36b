"""A tally: found, locked, frozen, opened again, with its lines. Everything is set-based; nothing here
commits.

While a tally is not frozen its lines are computed from the records, so that the panel's last verdicts
still count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import RowMapping, delete, insert, literal, select, tuple_, update
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.exact import from_hundredths
from server.ledger import api as ledger
from server.people.api import Actor, Grant, Permission, Place, Village, visible
from server.rulebook import api as rulebook
from server.settlement import ceilings
from server.settlement.decisions import step
from server.settlement.models import Resolution, Tally, TallyLine
from server.settlement.months import month_from
from server.settlement.states import LineStatus, ResolutionStatus, TallyStatus

# household, records, added, deducted, net, status, ledger entry, cut, balance
Row = tuple[str, int, Decimal, Decimal, Decimal, str | None, str | None, Decimal | None, Decimal | None]


@dataclass(frozen=True)
class LineView:
    """One household's month. Points; `balance_change` is smaller than the score's where the balance ran
    out. `cut`: what a ceiling took from `added`.
    """

    household: str
    records: int
    added: Decimal
    deducted: Decimal
    score_change: Decimal
    balance_change: Decimal
    status: LineStatus
    entry: str | None
    cut: Decimal | None = None


def find(session: Session, actor: Actor, permission: Permission, tally_id: str) -> tuple[Tally, Grant]:
    """The tally and the grant under which `actor` may act on it; raises NotFound."""
    tally = session.get(Tally, tally_id)
    if tally is None:
        raise NotFound()
    return tally, actor.at(permission, Place(tally.village_code))


def lock(session: Session, tally_id: str) -> Tally:
    """The tally as it is now, held until the transaction ends: taken before anything else of its month is
    touched.
    """
    query = select(Tally).where(Tally.id == tally_id).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def listed(
    session: Session,
    actor: Actor,
    village: str | None,
    month: int | None,
    after: tuple[int, str] | None,
    limit: int,
) -> list[Tally]:
    """The tallies inside the actor's scopes, newest last, from behind `after` (month, id) on."""
    query = select(Tally).where(visible(actor, Permission.TALLY_READ, village=Tally.village_code))
    if village is not None:
        query = query.where(Tally.village_code == village)
    if month is not None:
        query = query.where(Tally.month == month)
    if after is not None:
        query = query.where(tuple_(Tally.month, Tally.id) > tuple_(*after))
    return list(session.scalars(query.order_by(Tally.month, Tally.id).limit(limit)))


def move(
    session: Session,
    tally: Tally,
    target: TallyStatus,
    now: datetime,
    actor: Actor | None,
    grant: Grant | None,
    reason: str = "",
    **values: object,
) -> None:
    """Take the tally to `target` by compare-and-set, with its decision; Conflict when somebody else was
    first.
    """
    place = tally.village_code
    step(session, Tally, "tally", tally, target, now, actor, grant, place, reason, **values)


def freeze(session: Session, tally: Tally, now: datetime) -> bool:
    """Keep the lines as they are now; from here on newly approved records join a later month. False when
    frozen.
    """
    frozen = session.execute(
        update(Tally)
        .where(Tally.id == tally.id, Tally.frozen_at.is_(None), Tally.status == TallyStatus.OPEN)
        .values(frozen_at=now)
        .execution_options(synchronize_session=False)
    )
    if frozen.rowcount != 1:  # type: ignore[attr-defined]
        return False
    sums = conduct.month_sums_select(tally.village_code, month_from(tally.month)).subquery()
    lines = select(
        literal(tally.id),
        sums.c.household_code,
        literal(tally.village_code),
        sums.c.records,
        sums.c.added,
        sums.c.deducted,
        sums.c.net,
        literal(LineStatus.PENDING.value),
    )
    columns = (
        "tally_id",
        "household_code",
        "village_code",
        "records",
        "added",
        "deducted",
        "net",
        "status",
    )
    session.execute(insert(TallyLine).from_select(columns, lines))
    session.refresh(tally)
    ceilings.note_breach(session, tally)
    return True


def open_again(
    session: Session, tally: Tally, now: datetime, actor: Actor, grant: Grant, reason: str
) -> None:
    """Back to open: lines computed anew, votes and minutes void, the panel's days begin again where they
    are over.
    """
    village = session.get_one(Village, tally.village_code)
    fresh: dict[str, object] = {}
    if not tally.is_opening:  # what was brought in stands until it is brought in again
        session.execute(delete(TallyLine).where(TallyLine.tally_id == tally.id))
        fresh = {"frozen_at": None, "ceiling": None}
    void_minutes(session, tally)
    move(
        session,
        tally,
        TallyStatus.OPEN,
        now,
        actor,
        grant,
        reason,
        **fresh,
        resolved_at=None,
        round=Tally.round + 1,
        freeze_due=max(tally.freeze_due, now + timedelta(days=village.panel_days)),
        vote_due=max(tally.vote_due, now + timedelta(days=village.panel_days + village.vote_days)),
    )


def void_minutes(session: Session, tally: Tally) -> None:
    """Minutes of a round that begins anew have no effect."""
    session.execute(
        update(Resolution)
        .where(
            Resolution.tally_id == tally.id,
            Resolution.status.in_([ResolutionStatus.ENTERED, ResolutionStatus.CONFIRMED]),
        )
        .values(status=ResolutionStatus.VOID)
        .execution_options(synchronize_session=False)
    )


def lines(session: Session, tally: Tally) -> list[LineView]:
    """The lines by household code: as frozen, or as the records have it now."""
    if tally.frozen_at is None:
        sums = session.execute(
            conduct.month_sums_select(tally.village_code, month_from(tally.month))
        ).mappings()
        rows = [_live(row) for row in sums]
    else:
        query = select(
            TallyLine.household_code,
            TallyLine.records,
            TallyLine.added,
            TallyLine.deducted,
            TallyLine.net,
            TallyLine.status,
            TallyLine.entry_id,
            TallyLine.cut,
            TallyLine.balance,
        ).where(TallyLine.tally_id == tally.id)
        rows = list(session.execute(query))
    changes = _balance_changes(session, tally, [row for row in rows if row[4] < 0 and row[8] is None])
    return [_view(row, changes) for row in sorted(rows, key=lambda row: row[0])]


def _live(row: RowMapping) -> Row:
    added, deducted, net = (from_hundredths(int(row[name])) for name in ("added", "deducted", "net"))
    return row["household_code"], row["records"], added, deducted, net, None, None, None, None


def _view(row: Row, changes: Mapping[str, Decimal]) -> LineView:
    household, records, added, deducted, net, status, entry, cut, balance = row
    state = LineStatus(status) if status else LineStatus.PENDING
    change = changes.get(household, net) if balance is None else balance
    return LineView(household, records, added, deducted, net, change, state, entry, cut)


def _balance_changes(session: Session, tally: Tally, deductions: Sequence[Row]) -> dict[str, Decimal]:
    """What deductions take from the balance: as posted, or as it would be now; at most what is there."""
    entries = {row[6]: row[0] for row in deductions if row[6] is not None}
    posted = {entries[key]: change for key, change in ledger.balance_changes(session, list(entries)).items()}
    waiting = [row[0] for row in deductions if row[6] is None]
    if not waiting or carries_negative(session, tally):
        return posted
    account = ledger.LedgerAccount
    balances = session.execute(
        select(account.household_code, account.balance).where(account.household_code.in_(waiting))
    )
    there = {household: max(balance, Decimal(0)) for household, balance in balances}
    nets = {row[0]: row[4] for row in deductions}
    losable = {household: there.get(household, Decimal(0)) for household in waiting}
    return posted | {household: max(nets[household], -most) for household, most in losable.items()}


def carries_negative(session: Session, tally: Tally) -> bool:
    """Whether the rulebook in force at the month's end lets a balance go below zero."""
    day = local_date(tally.cutoff_at - timedelta(seconds=1))
    adopted = rulebook.rulebook_on(session, tally.village_code, day)
    return adopted is not None and adopted.rulebook.negative_balance
