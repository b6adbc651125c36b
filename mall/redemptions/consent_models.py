"""Tables of consent: pick-up codes, wrong codes per household, proxies. Codes are kept as keyed hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Code, Id


class PickupCode(Base):
    """A code on a member's phone: for its household (and reservation, if named), short-lived, used once."""

    __tablename__ = "pickup_codes"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="life"),
        CheckConstraint("(used_at IS NULL) = (redemption_id IS NULL)", name="used_whole"),
        Index("ix_pickup_codes_household_code_created_at", "household_code", "created_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    reservation_id: Mapped[Id | None] = mapped_column(ForeignKey("reservations.id"))
    code_hash: Mapped[str] = mapped_column(String(64), index=True)
    asked_by: Mapped[Id]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    redemption_id: Mapped[Id | None]


class WrongCodes(Base):
    """How many wrong codes were tried for a household since the last pause."""

    __tablename__ = "wrong_pickup_codes"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class Proxy(Base):
    """Somebody whom a household names to collect for it 代领人; signs for what is handed out."""

    __tablename__ = "household_proxies"
    __table_args__ = (Index("ix_household_proxies_household_code", "household_code", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    name: Mapped[str] = mapped_column(String(60))
    named_by: Mapped[Id]
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
