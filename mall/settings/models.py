"""The table of a shop's settings. A village without a row has the defaults of `rules.ShopSettings`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base


class MallSettings(Base):
    """What a village decides about its shop; meanings and units in `rules.ShopSettings`."""

    __tablename__ = "mall_settings"
    __table_args__ = (
        CheckConstraint("reference_rate > 0", name="reference_rate"),
        CheckConstraint("return_days >= 0", name="return_days"),
        CheckConstraint("pickup_days >= 0", name="pickup_days"),
        CheckConstraint("offline_limit >= 0", name="offline_limit"),
        CheckConstraint("expiry_warning_days >= 0", name="expiry_warning_days"),
    )

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    reference_rate: Mapped[Decimal]
    return_days: Mapped[int]
    pickup_days: Mapped[int]
    offline_limit: Mapped[Decimal]
    statement_photo_required: Mapped[bool]
    exchange_rule: Mapped[dict[str, Any]]
    opens_at: Mapped[str] = mapped_column(String(5))
    closes_at: Mapped[str] = mapped_column(String(5))
    place: Mapped[str] = mapped_column(String(100))
    expiry_warning_days: Mapped[int]
    revision: Mapped[int]
