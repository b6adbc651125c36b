"""What households spent in a span of time: points taken, less points that came back. Reads only."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from mall.redemptions.models import GoodsReturn, Redemption


def taken_by_household(
    session: Session, village: str, since: datetime | None, until: datetime
) -> dict[str, int]:
    """Household → hundredths of points spent from `since` (None: ever) to `until`; a return counts when it came."""
    found: Counter[str] = Counter()
    first, last = f"{village}0000", f"{village}9999"
    for model, at, sign in ((Redemption, Redemption.redeemed_at, 1), (GoodsReturn, GoodsReturn.at, -1)):
        kind: Any = model
        query = select(kind.household_code, func.sum(type_coerce(kind.points, BigInteger))).where(
            kind.household_code.between(first, last), at < until
        )
        if since is not None:
            query = query.where(at >= since)
        for household, points in session.execute(query.group_by(kind.household_code)):
            found[household] += sign * int(points)
    return {household: points for household, points in found.items() if points}
