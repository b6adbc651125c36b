"""The table of facts in a household's file. Content is written once; it is blanked when its time is over."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Code, Id


class Fact(Base):
    """One dated entry: what was so from `since` on, known from `recorded_at` on.

    `ended`: the state of this kind is over from `since` on. `corrects`: the entry that this one replaces;
    with `void` nothing takes its place. `carried_from`: the same fact in the household that a member left.
    `keep_until` is set for an event at once, for a state when it is over; then `blanked_at` and the hash stays.
    """

    __tablename__ = "household_facts"
    __table_args__ = (
        CheckConstraint("NOT void OR corrects IS NOT NULL", name="void"),
        Index("ix_household_facts_household_code_recorded_at", "household_code", "recorded_at", "id"),
        Index(
            "uq_household_facts_corrects",
            "corrects",
            unique=True,
            sqlite_where=text("corrects IS NOT NULL"),
            postgresql_where=text("corrects IS NOT NULL"),
        ),
        Index(
            "ix_household_facts_keep_until",
            "keep_until",
            "village_code",
            sqlite_where=text("blanked_at IS NULL"),
            postgresql_where=text("blanked_at IS NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    member_id: Mapped[Id | None] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str] = mapped_column(String(30))
    value: Mapped[str] = mapped_column(String(100), default="")
    since: Mapped[date]
    ended: Mapped[bool] = mapped_column(default=False)
    corrects: Mapped[Id | None] = mapped_column(ForeignKey("household_facts.id"))
    void: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    visit_id: Mapped[Id | None]
    carried_from: Mapped[Id | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    content_hash: Mapped[str] = mapped_column(String(64))
    keep_until: Mapped[datetime | None]
    blanked_at: Mapped[datetime | None]
