"""Tables of the inbox. A message goes to one household (every member sees it) or to one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id


class Message(Base):
    """One message; `refs` names what it is about, such as `{"record": id}`. Written once, never changed."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("(household_code IS NULL) <> (person_id IS NULL)", name="one_addressee"),
        Index("ix_messages_household_code_id", "household_code", "id"),
        Index("ix_messages_person_id_id", "person_id", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    household_code: Mapped[Code | None] = mapped_column(ForeignKey("households.code"))
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    refs: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]


class MessageRead(Base):
    """That one person has read one message."""

    __tablename__ = "message_reads"

    message_id: Mapped[Id] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    read_at: Mapped[datetime]


append_only(Message.__table__)  # type: ignore[arg-type]
