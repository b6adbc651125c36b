"""A redemption as the counter sends it, and what makes two of them the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mall.idempotency import content_hash
from mall.redemptions.consent import Consent
from mall.reservations.api import Wish


@dataclass(frozen=True)
class Wanted:
    """A redemption as the counter sends it. Without lines all of the reservation is handed out."""

    id: str
    household: str
    exchange_day: str
    consent: Consent
    lines: tuple[Wish, ...] = ()
    reservation: str | None = None
    redeemed_at: datetime | None = None

    @property
    def content(self) -> str:
        """Codes and PINs are left out: what is kept must not help to guess them."""
        consent = self.consent
        return content_hash(
            {
                "household": self.household,
                "exchange_day": self.exchange_day,
                "reservation": self.reservation,
                "lines": sorted([line.goods, line.quantity] for line in self.lines),
                "redeemed_at": self.redeemed_at,
                "consent": [consent.method, consent.reason, consent.photo, consent.proxy],
            }
        )
