"""The shop's cover for `/metrics`: how many villages can keep what their points promise."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.goods.api import GoodsStock
from mall.overview.queries import cover_of
from mall.overview.rules import Level
from server.kit.clock import local_date


def cover_by_level(session: Session, now: datetime) -> list[tuple[dict[str, str], float]]:
    """Villages with goods, by the level of their cover."""
    villages = session.scalars(select(GoodsStock.village_code).distinct()).all()
    levels = Counter(cover_of(session, village, local_date(now)).level for village in villages)
    return [({"level": level.value}, float(levels[level])) for level in Level]
