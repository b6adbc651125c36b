"""The table of events. Each step is a decision row; what was reported is never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.grid.events.rules import WAITING, EventStatus
from server.kit.database import Base, Code, Id

_STATES = ", ".join(repr(state.value) for state in EventStatus)
_LISTED = ", ".join(repr(state.value) for state in sorted(WAITING))
# asked in these very words: with bound values neither planner would know that a partial index answers
IS_WAITING, IS_HANDLED = text(f"status IN ({_LISTED})"), text("status = 'handled'")


class Event(Base):
    """Something reported to the net. `household_code`: for whom it was reported (they check the handling);
    `about_household`: where a grid worker found it. `due_at`: when it goes one tier up; `check_due`: until when
    the reporter may say that it is not done.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("tier BETWEEN 1 AND 6", name="tier"),
        CheckConstraint("round BETWEEN 1 AND 2", name="round"),
        CheckConstraint("rating IS NULL OR (rating BETWEEN 1 AND 5 AND status = 'closed')", name="rating"),
        CheckConstraint("(status IN ('handled', 'closed')) = (handled_at IS NOT NULL)", name="handled"),
        Index("ix_events_village_code_id", "village_code", "id"),
        Index("ix_events_grid_id_id", "grid_id", "id"),
        Index("ix_events_household_code_id", "household_code", "id"),
        Index("ix_events_reported_by_id", "reported_by", "id"),
        Index("ix_events_assigned_to_id", "assigned_to", "id"),
        Index("ix_events_village_code_reported_at", "village_code", "reported_at"),
        Index("ix_events_due_at", "due_at", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
        Index("ix_events_check_due", "check_due", sqlite_where=IS_HANDLED, postgresql_where=IS_HANDLED),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    grid_id: Mapped[Id | None] = mapped_column(ForeignKey("grids.id"))
    household_code: Mapped[Code | None] = mapped_column(ForeignKey("households.code"))
    about_household: Mapped[Code | None] = mapped_column(ForeignKey("households.code"))
    type: Mapped[str] = mapped_column(String(30))
    urgency: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(100))
    duties: Mapped[list[Any]]
    on_behalf: Mapped[bool]
    reported_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    reported_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(12))
    tier: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None]
    assigned_to: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    handled_by: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    handled_at: Mapped[datetime | None]
    check_due: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    rating: Mapped[int | None]
