"""All that the server calls of the shop: its tables, its routes, its closers.

A slice of the shop is one line in each of the tuples below.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from server.kit.clock import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from server.cycles.api import Closer
    from server.insight.api import ShopQuarter

# every module that defines tables
TABLES: tuple[str, ...] = (
    "mall.settings.models",
    "mall.goods.models",
    "mall.funds.models",
    "mall.stock.models",
    "mall.overview.models",
    "mall.exchange_days.models",
    "mall.reservations.models",
    "mall.cards.models",
    "mall.redemptions.models",
    "mall.redemptions.consent_models",
    "mall.redemptions.settlement_models",
)
# every slice that has routes: its http module offers `blueprint`
ROUTED: tuple[str, ...] = (
    "mall.goods.http",
    "mall.stock.http",
    "mall.settings.http",
    "mall.funds.http",
    "mall.overview.http",
    "mall.exchange_days.http",
    "mall.reservations.http",
    "mall.redemptions.http",
    "mall.redemptions.settlement_http",
    "mall.cards.http",
)
# every slice that closes periods: its api offers `closers()`
# (a day is planned before it is stepped on, and what was not picked up goes back last)
CLOSING: tuple[str, ...] = (
    "mall.stock.api",
    "mall.overview.api",
    "mall.exchange_days.api",
    "mall.reservations.api",
)


def load_tables() -> None:
    """Import every module that defines tables."""
    for module in TABLES:
        import_module(module)


def register(api: Any) -> None:
    """The shop's routes, on flask-smorest's `api`."""
    for module in ROUTED:
        api.register_blueprint(import_module(module).blueprint, url_prefix="/api/v1")


def gauges() -> list[tuple[str, str, Any]]:
    """The shop's figures for `/metrics`: (name, help, how they are read)."""
    read = import_module("mall.overview.gauges").cover_by_level
    return [("jifen_shop_cover_villages", "Villages by cover of their points: enough, tight, short", read)]


def quarter(session: Session, village: str, since: datetime | None, until: datetime) -> ShopQuarter:
    """What the quarterly summary says of the shop: points taken by household, and the cover in a sentence."""
    from mall.overview.api import cover_of  # noqa: PLC0415
    from mall.redemptions.api import taken_by_household  # noqa: PLC0415
    from server.insight.api import ShopQuarter  # noqa: PLC0415

    cover = cover_of(session, village, local_date(until))
    return ShopQuarter(taken_by_household(session, village, since, until), cover.sentence)


def household_leaves(session: Session, household: str, now: datetime) -> None:
    """Before a household splits, merges, moves or ends: reservations go back, cards and proxies end."""
    from mall.cards.api import end_cards  # noqa: PLC0415 - tables are loaded late, by `load_tables`
    from mall.redemptions.api import end_proxies  # noqa: PLC0415
    from mall.reservations.api import release_household  # noqa: PLC0415

    release_household(session, household, now)
    end_cards(session, household, now)
    end_proxies(session, household, now)


def closers() -> list[Closer]:
    """The shop's closers, in the order in which they work at the same instant."""
    return [closer for module in CLOSING for closer in import_module(module).closers()]
