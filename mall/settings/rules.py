"""A shop's settings as a value, with the defaults of a village that has decided nothing yet. Pure.

Figures marked illustrative stand in no source document: a village sets its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

MONTHLY_ON_THE_FIRST: Mapping[str, Any] = MappingProxyType({"kind": "monthly", "day": 1})


@dataclass(frozen=True)
class ShopSettings:
    """What a village decides about its shop.

    `reference_rate`: yuan per point, for the cover (illustrative: 1.00). `return_days`: days after a
    redemption in which goods may come back (illustrative: 7). `pickup_days`: days after the exchange day
    until what was reserved and not picked up goes back (illustrative: 3). `offline_limit`: points a
    household may redeem while the counter has no line (illustrative: 50). `exchange_rule`:
    `{"kind": "monthly", "day": 1..28}` (source 004: the 1st of each month),
    `{"kind": "quarterly", "day": 1..28}` (county rule; first month of each quarter) or
    `{"kind": "weekday", "weekday": 1..7}` (ISO, Monday is 1). Hours are local, `HH:MM`.
    """

    reference_rate: Decimal = Decimal("1.00")
    return_days: int = 7
    pickup_days: int = 3
    offline_limit: Decimal = Decimal("50.00")
    statement_photo_required: bool = False
    exchange_rule: Mapping[str, Any] = field(default_factory=lambda: MONTHLY_ON_THE_FIRST)
    opens_at: str = "08:30"
    closes_at: str = "16:30"
    place: str = ""
    expiry_warning_days: int = 30
    revision: int = 0
