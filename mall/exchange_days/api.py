"""What other slices may import of exchange days. The models are exported for joins in reading statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mall.exchange_days.models import ExchangeDay, ExchangeSlot
from mall.exchange_days.queries import day_for
from mall.exchange_days.rules import DayState, pickup_ends

if TYPE_CHECKING:
    from server.cycles.api import Closer


def closers() -> list[Closer]:
    """The closers of this slice. Imported late: a cancelled day releases reservations, which know days."""
    from mall.exchange_days.closing import closers as own  # noqa: PLC0415

    return own()


__all__ = ["DayState", "ExchangeDay", "ExchangeSlot", "closers", "day_for", "pickup_ends"]
