"""What other slices may import of reservations. Models are exported for joins in reading statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mall.reservations.ending import release_day, release_household, tell_day
from mall.reservations.errors import (
    day_closed,
    ended,
    goods_unknown,
    id_reused,
    insufficient_stock,
    missing,
    off_shelf,
    repeated_goods,
)
from mall.reservations.models import Reservation, ReservationLine
from mall.reservations.queries import Ended, as_day, end, lines_of, taken
from mall.reservations.reading import reservations_of
from mall.reservations.rules import Priced, ReservationState, Wish, repeated, total
from mall.reservations.schemas import LineAnswer, ReservationAnswer, WishBody
from mall.reservations.service import check_limits, line_shown, offered

if TYPE_CHECKING:
    from server.cycles.api import Closer


def closers() -> list[Closer]:
    """The closers of this slice. Imported late: they know exchange days, which know us."""
    from mall.reservations.closing import closer  # noqa: PLC0415

    return [closer()]


__all__ = [
    "Ended",
    "LineAnswer",
    "Priced",
    "Reservation",
    "ReservationAnswer",
    "ReservationLine",
    "ReservationState",
    "Wish",
    "WishBody",
    "as_day",
    "check_limits",
    "closers",
    "day_closed",
    "end",
    "ended",
    "goods_unknown",
    "id_reused",
    "insufficient_stock",
    "line_shown",
    "lines_of",
    "missing",
    "off_shelf",
    "offered",
    "release_day",
    "release_household",
    "repeated",
    "repeated_goods",
    "reservations_of",
    "taken",
    "tell_day",
    "total",
]
