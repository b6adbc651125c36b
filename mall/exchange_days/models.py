"""Tables of exchange days, their slots, and how far ahead each village has been planned."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mall.exchange_days.rules import DayState
from server.kit.database import Base, Id

_STATES = ", ".join(repr(state.value) for state in DayState)
_BY_RULE, _NOT_CANCELLED = text("by_rule"), text("status <> 'cancelled'")


class ExchangeDay(Base):
    """A day on which the shop redeems. `planned_on`: where the rule put it, `day`: where it is now.

    Two days of a village never share a date, save cancelled ones. `reason`: of the last move or cancelling;
    `ended_at`: when settled or cancelled. Its row is the lock of its life: whoever reserves or redeems holds
    it shared, whoever moves it exclusively.
    """

    __tablename__ = "exchange_days"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("opens_at < closes_at", name="hours"),
        Index(
            "uq_exchange_days_village_code_planned_on",
            "village_code",
            "planned_on",
            unique=True,
            sqlite_where=_BY_RULE,
            postgresql_where=_BY_RULE,
        ),
        Index(
            "uq_exchange_days_village_code_day",
            "village_code",
            "day",
            unique=True,
            sqlite_where=_NOT_CANCELLED,
            postgresql_where=_NOT_CANCELLED,
        ),
        Index("ix_exchange_days_status_day", "status", "day"),
        Index("ix_exchange_days_village_code_day", "village_code", "day", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    day: Mapped[date]
    planned_on: Mapped[date]
    by_rule: Mapped[bool]
    status: Mapped[str] = mapped_column(String(10))
    opens_at: Mapped[str] = mapped_column(String(5))
    closes_at: Mapped[str] = mapped_column(String(5))
    place: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ExchangeSlot(Base):
    """A span of an exchange day with a number of places; `taken` by open reservations."""

    __tablename__ = "exchange_slots"
    __table_args__ = (
        UniqueConstraint("exchange_day_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="hours"),
        CheckConstraint("taken >= 0 AND taken <= places", name="taken"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    exchange_day_id: Mapped[Id] = mapped_column(ForeignKey("exchange_days.id"))
    starts_at: Mapped[str] = mapped_column(String(5))
    ends_at: Mapped[str] = mapped_column(String(5))
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class ExchangePlan(Base):
    """How far ahead the days of a village are planned, and by which settings."""

    __tablename__ = "exchange_plans"

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), index=True)
    until: Mapped[date]
    settings_revision: Mapped[int]
    planned_at: Mapped[datetime]
