"""The table of choices; each is kept, none is changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id


class HouseholdChoice(Base):
    """What a household chose, by whom, and whether the committee entered it with the signed slip."""

    __tablename__ = "household_choices"
    __table_args__ = (Index("ix_household_choices_household_code_id", "household_code", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    takes_part: Mapped[bool]
    named: Mapped[bool]
    on_behalf: Mapped[bool]
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    made_at: Mapped[datetime]


append_only(HouseholdChoice.__table__)  # type: ignore[arg-type]
