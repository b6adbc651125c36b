"""What a shop beside the server says of a quarter. It registers here when the program is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class ShopQuarter:
    """Points taken by household (hundredths, returns taken off), and the cover at the end in one sentence."""

    redeemed: Mapping[str, int] = field(default_factory=dict)
    cover: str = ""


Read = Callable[[Session, str, datetime | None, datetime], ShopQuarter]
_registered: dict[str, Read] = {}


def register(name: str, read: Read) -> None:
    """`read(session, village, since, until)` is asked for each summary; the same name again replaces it."""
    _registered[name] = read


def of_quarter(session: Session, village: str, since: datetime | None, until: datetime) -> ShopQuarter:
    """What the shop says; nothing where there is none."""
    for read in _registered.values():
        return read(session, village, since, until)
    return ShopQuarter()
