"""Reading what the overview is made of: values, demand, the donation book. Writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mall.funds.api import Donor, DonorKind, FundEntry, FundKind, fund_left, public_name
from mall.goods.api import Goods, GoodsStock, Offer, goods_of
from mall.overview.models import CoverDay
from mall.overview.rules import Cover, Shelf
from mall.settings.api import settings_of
from mall.stock.api import Kind, StockMovement
from server.kit.clock import local_date
from server.kit.exact import ZERO
from server.ledger.api import LedgerAccount

LONGEST_PAST = timedelta(days=400)  # three exchange days of a shop that redeems every quarter


def cover_of(session: Session, village: str, today: date) -> Cover:
    """The cover of a village as it stands. Expired goods are worth nothing, debts of households no points."""
    usable = _stock(session, village)
    value = sum(
        (offer.cost_yuan * (usable[offer.id].on_hand - usable[offer.id].expired))
        for offer in goods_of(session, village, today)
    )
    rate = settings_of(session, village).reference_rate
    return Cover(value or ZERO, fund_left(session, village), unspent(session, village), rate)


def cover_days(session: Session, village: str, weeks: int) -> list[CoverDay]:
    """What the cover was on the last Mondays, oldest first."""
    query = select(CoverDay).where(CoverDay.village_code == village)
    return list(reversed(session.scalars(query.order_by(CoverDay.day.desc()).limit(weeks)).all()))


def unspent(session: Session, village: str) -> Decimal:
    """All points of a village's households that can still be spent, those that are reserved included."""
    spendable = func.sum(LedgerAccount.balance).filter(LedgerAccount.balance > ZERO)
    sums = select(spendable, func.sum(LedgerAccount.reserved)).where(LedgerAccount.village_code == village)
    balance, reserved = session.execute(sums).one()
    return (balance or ZERO) + (reserved or ZERO)


def _stock(session: Session, village: str) -> dict[str, GoodsStock]:
    rows = session.scalars(select(GoodsStock).where(GoodsStock.village_code == village))
    return {row.goods_id: row for row in rows}


def shelves(session: Session, village: str, now: datetime) -> list[tuple[Offer, Shelf]]:
    """The goods on the shelf with their demand of the past and what is there now."""
    stock = _stock(session, village)
    levels = dict(
        session.execute(select(Goods.id, Goods.low_level).where(Goods.village_code == village)).all()
    )
    past = _redeemed(session, village, now)
    return [
        (
            offer,
            Shelf(
                offer.id,
                offer.points_price,
                offer.cost_yuan,
                stock[offer.id].on_hand - stock[offer.id].expired,
                stock[offer.id].held,
                levels[offer.id],
                past[offer.id],
            ),
        )
        for offer in goods_of(session, village, local_date(now))
        if offer.on_shelf
    ]


def _redeemed(session: Session, village: str, now: datetime) -> dict[str, Counter[date]]:
    """Units handed out by goods and local day."""
    rows = session.execute(
        select(StockMovement.goods_id, StockMovement.at, StockMovement.quantity).where(
            StockMovement.village_code == village,
            StockMovement.at > now - LONGEST_PAST,
            StockMovement.kind == Kind.REDEEMED.value,
        )
    )
    found: dict[str, Counter[date]] = defaultdict(Counter)
    for goods, at, quantity in rows:
        found[goods][local_date(at)] -= quantity
    return found


@dataclass(frozen=True)
class Given:
    """One donation as the public sees it: cash (`amount` in yuan) or goods (units)."""

    on: date
    donor: str
    amount: Decimal | None
    goods: str | None
    quantity: int | None
    unit: str | None


@dataclass(frozen=True)
class Bought:
    """One purchase as the public sees it; `cost` in yuan, None where it was not entered."""

    on: date
    goods: str
    quantity: int
    unit: str
    cost: Decimal | None


@dataclass(frozen=True)
class DonationBook:
    """What was given, what was bought, what is left, in yuan. The lists hold the latest, the sums all."""

    village: str
    donations: list[Given]
    purchases: list[Bought]
    donated: Decimal
    village_money: Decimal
    spent: Decimal
    left: Decimal


def donation_book(session: Session, village: str, limit: int) -> DonationBook:
    """The donation book of a village, without anything that a stranger may not know."""
    given = [*_cash(session, village, limit), *_goods(session, village, limit)]
    sums = dict(
        session.execute(
            select(FundEntry.kind, func.sum(FundEntry.amount))
            .where(FundEntry.village_code == village)
            .group_by(FundEntry.kind)
        ).all()
    )
    return DonationBook(
        village,
        sorted(given, key=lambda one: one.on, reverse=True)[:limit],
        _bought(session, village, limit),
        sums.get(FundKind.DONATION.value) or ZERO,
        sums.get(FundKind.VILLAGE_MONEY.value) or ZERO,
        -(sums.get(FundKind.PURCHASE.value) or ZERO),
        sum(sums.values(), ZERO),
    )


def _cash(session: Session, village: str, limit: int) -> list[Given]:
    rows = session.execute(
        select(FundEntry.at, FundEntry.amount, Donor.name, Donor.kind, Donor.named)
        .join(Donor, Donor.id == FundEntry.donor_id)
        .where(FundEntry.village_code == village, FundEntry.kind == FundKind.DONATION.value)
        .order_by(FundEntry.at.desc(), FundEntry.id.desc())
        .limit(limit)
    )
    return [
        Given(local_date(at), public_name(name, DonorKind(kind), named), amount, None, None, None)
        for at, amount, name, kind, named in rows
    ]


def _goods(session: Session, village: str, limit: int) -> list[Given]:
    rows = session.execute(
        select(
            StockMovement.at,
            Goods.name,
            StockMovement.quantity,
            Goods.unit,
            Donor.name,
            Donor.kind,
            Donor.named,
        )
        .join(Goods, Goods.id == StockMovement.goods_id)
        .outerjoin(Donor, Donor.id == StockMovement.donor_id)
        .where(StockMovement.village_code == village, StockMovement.kind == Kind.DONATED.value)
        .order_by(StockMovement.at.desc(), StockMovement.id.desc())
        .limit(limit)
    )
    return [
        Given(local_date(at), _shown(donor, kind, named), None, goods, quantity, unit)
        for at, goods, quantity, unit, donor, kind, named in rows
    ]


def _shown(name: str | None, kind: str | None, named: bool | None) -> str:
    return public_name(name or "", DonorKind(kind or DonorKind.PERSON), bool(name and named))


def _bought(session: Session, village: str, limit: int) -> list[Bought]:
    rows = session.execute(
        select(StockMovement.at, Goods.name, StockMovement.quantity, Goods.unit, StockMovement.cost)
        .join(Goods, Goods.id == StockMovement.goods_id)
        .where(StockMovement.village_code == village, StockMovement.kind == Kind.BOUGHT.value)
        .order_by(StockMovement.at.desc(), StockMovement.id.desc())
        .limit(limit)
    )
    return [Bought(local_date(at), goods, quantity, unit, cost) for at, goods, quantity, unit, cost in rows]
