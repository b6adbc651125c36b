"""What a household is told of a redemption: the receipt as JSON and as a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mall.goods.api import Offer
from mall.redemptions.queries import Context, NewLine
from mall.redemptions.rules import Method, receipt_number
from mall.redemptions.wanted import Wanted
from server.kit.clock import SHANGHAI, iso
from server.kit.exact import text


@dataclass(frozen=True)
class Receipt:
    """One redemption as it was booked; points are its total and the balance after it."""

    wanted: Wanted
    found: Context
    keeper: str
    at: datetime
    now: datetime
    offline: bool
    points: Decimal
    balance: Decimal

    def body(self, lines: Sequence[NewLine], on_offer: Mapping[str, Offer], *, supplement: bool) -> str:
        """The first answer, kept as it is for every repeat and reprint."""
        wanted, consent = self.wanted, self.wanted.consent
        content = {
            "id": wanted.id,
            "number": receipt_number(wanted.id, self.at),
            "village": self.found.village,
            "household": wanted.household,
            "label": self.found.label or wanted.household[12:],
            "exchange_day": wanted.exchange_day,
            "day": self.found.day.isoformat(),
            "reservation": wanted.reservation,
            "redeemed_at": iso(self.at),
            "recorded_at": iso(self.now),
            "offline": self.offline,
            "supplement": supplement,
            "consent": {"method": consent.method.value, "reason": consent.reason, "proxy": consent.proxy},
            "lines": [_line(line, on_offer[line.goods]) for line in lines],
            "points": text(self.points),
            "balance_after": text(self.balance),
            "keeper": self.keeper,
        }
        return json.dumps(content, ensure_ascii=False)

    def message(self, lines: Sequence[NewLine], on_offer: Mapping[str, Offer]) -> str:
        """The receipt in a sentence; by statement with what to do if it was nobody of the family."""
        at = self.at.astimezone(SHANGHAI)
        goods = "、".join(f"{on_offer[line.goods].name}×{line.quantity}" for line in lines)
        told = (
            f"{at.month}月{at.day}日在积分超市换了 {goods}，用 {text(self.points)} 分，"
            f"还有 {text(self.balance)} 分。"
        )
        if self.wanted.consent.method is Method.STATEMENT:
            told += f"这次没有取货码和密码，由{self.keeper}说明代办（{self.wanted.consent.reason.strip()}）。"
            told += "如果不是您家来换的，请马上告诉村委会。"
        return told


def _line(line: NewLine, offer: Offer) -> dict[str, Any]:
    return {
        "goods": line.goods,
        "name": offer.name,
        "unit": offer.unit,
        "quantity": line.quantity,
        "points_price": text(line.points_price),
        "points": text(line.points_price * line.quantity),
        "reserved": line.reserved,
    }
