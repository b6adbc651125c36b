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


class Agreement(Base):
    """How many more messages of a template somebody agreed to get on WeChat (each tap allows one)."""

    __tablename__ = "wechat_agreements"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"),)

    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    template: Mapped[str] = mapped_column(String(40), primary_key=True)
    remaining: Mapped[int]
    agreed_at: Mapped[datetime]


class OutboxRow(Base):
    """One message on its way out of the instance. `key` makes the same message to the same person one row.

    A row is claimed (`sending`) before the request goes out; a claim that is never finished is not sent again,
    since nobody can know whether it arrived.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'refused', 'unknown', 'withheld')", name="status"
        ),
        Index("ix_outbox_status_next_try_at", "status", "next_try_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    message_id: Mapped[Id] = mapped_column(ForeignKey("messages.id"), index=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    template: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    code: Mapped[int | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Hold(Base):
    """While one is open, messages stay in the inbox and do not go out: after a restore, until all is caught
    up.
    """

    __tablename__ = "outbox_holds"

    id: Mapped[Id] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SharedToken(Base):
    """A service's access token, sealed, for all workers; whoever holds the lease gets the next one."""

    __tablename__ = "shared_tokens"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    token_sealed: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]


append_only(Message.__table__)  # type: ignore[arg-type]
