"""Tables of people and places. Phone and id numbers are sealed (see `sealing.py`), tokens kept as hashes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Code, Id


class Division(Base):
    """One node of the division tree: county, township or village, by its 12-digit statistical code."""

    __tablename__ = "divisions"
    __table_args__ = (CheckConstraint("level IN ('county', 'township', 'village')", name="level"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"), index=True)
    level: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))


class Village(Base):
    """A village that runs the programme, with its settings (spec 01: cut-off, panel, vote, notice)."""

    __tablename__ = "villages"
    __table_args__ = (
        CheckConstraint("cutoff_day BETWEEN 1 AND 28", name="cutoff_day"),
        CheckConstraint("notice_days >= 7", name="notice_days"),
        CheckConstraint("review_quorum >= 2", name="review_quorum"),
        CheckConstraint("ranking IN ('off', 'own', 'first_ten', 'all')", name="ranking"),
    )

    code: Mapped[str] = mapped_column(ForeignKey("divisions.code"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    cutoff_day: Mapped[int] = mapped_column(default=12)
    panel_days: Mapped[int] = mapped_column(default=3)
    vote_days: Mapped[int] = mapped_column(default=3)
    notice_days: Mapped[int] = mapped_column(default=7)
    takedown_days: Mapped[int] = mapped_column(default=30)
    review_quorum: Mapped[int] = mapped_column(default=2)
    reply_days: Mapped[int] = mapped_column(default=3)
    ranking: Mapped[str] = mapped_column(String(16), default="off")
    names_on_poster: Mapped[bool] = mapped_column(default=False)
    id_numbers_kept: Mapped[bool] = mapped_column(default=False)
    # points that a month may add, in all and per household; NULL: no ceiling
    ceiling_village: Mapped[Decimal | None]
    ceiling_household: Mapped[Decimal | None]
    # whether points of a year lapse at the end of the next one
    expiry: Mapped[str] = mapped_column(String(20), default="never", server_default="never")
    revision: Mapped[int] = mapped_column(default=1)


class Household(Base):
    """A household 户: owns points; the 16-digit code is village code + serial, never reused."""

    __tablename__ = "households"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'declined', 'ended')", name="status"),
        Index("ix_households_village_code_grid_id", "village_code", "grid_id"),
    )

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    grid_id: Mapped[str | None] = mapped_column(ForeignKey("grids.id"))
    # what a neighbour calls it; from team and door, or from the head where the roster knows no door
    label: Mapped[str] = mapped_column(String(130), default="")
    team: Mapped[str] = mapped_column(String(60), default="")
    door: Mapped[str] = mapped_column(String(60), default="")
    head: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(32), default="general")
    flags: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(16), default="active")
    # false: the household does not want to be named in public, not even desensitised
    named: Mapped[bool] = mapped_column(default=True, server_default=true())
    longitude: Mapped[str | None] = mapped_column(String(16))
    latitude: Mapped[str | None] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Member(Base):
    """A person of a household, as the roster has it; one who died or moved out stays, with `departure`."""

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("sex IN ('', 'male', 'female')", name="sex"),
        CheckConstraint("departure IS NULL OR departure IN ('deceased', 'moved_out')", name="departure"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    kinship: Mapped[str] = mapped_column(String(20), default="")
    sex: Mapped[str] = mapped_column(String(8), default="")
    birth_date: Mapped[date | None]
    birth_precision: Mapped[str] = mapped_column(String(8), default="day")
    phone_sealed: Mapped[str | None]
    id_number_sealed: Mapped[str | None]
    political: Mapped[str] = mapped_column(String(20), default="")
    party_member: Mapped[bool | None]
    flags: Mapped[list[Any]] = mapped_column(default=list)
    departure: Mapped[str | None] = mapped_column(String(16))
    # when the roster first had, and no longer had, the person; NULL: from the beginning, or before this was kept
    added_at: Mapped[datetime | None]
    departed_at: Mapped[datetime | None]


class HouseholdPast(Base):
    """What a change of a household (or of one member) replaced: these columns held these values until then."""

    __tablename__ = "household_pasts"
    __table_args__ = (Index("ix_household_pasts_household_code_until", "household_code", "until"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    member_id: Mapped[Id | None] = mapped_column(ForeignKey("members.id"))
    until: Mapped[datetime]
    before: Mapped[dict[str, Any]]


class Relation(Base):
    """Two households that are relatives 亲属: a panel member steps aside. Kept once, smaller code first."""

    __tablename__ = "relations"

    household_a: Mapped[Code] = mapped_column(ForeignKey("households.code"), primary_key=True)
    household_b: Mapped[Code] = mapped_column(ForeignKey("households.code"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(20), default="")


class Person(Base):
    """Somebody who may sign in. Holds no personal data beyond the name; the roster has the rest."""

    __tablename__ = "persons"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    # the division the person belongs to: a village, or a township or county for those who work there
    home: Mapped[str] = mapped_column(String(12), index=True)
    household_code: Mapped[Code | None] = mapped_column(ForeignKey("households.code"), index=True)
    member_id: Mapped[Id | None] = mapped_column(ForeignKey("members.id"))
    username: Mapped[str | None] = mapped_column(String(50), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # set by `jifen admin reset`: the password opens one session and is gone
    password_once: Mapped[bool] = mapped_column(default=False)
    persona: Mapped[str | None] = mapped_column(String(40), unique=True)
    grants_version: Mapped[int] = mapped_column(default=1)
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class GrantRow(Base):
    """One role of one person for a scope and a time; ended, never deleted.

    `stands_in_for` is the grant that is lent: while this one is in force, that one rests. `leave` says why.
    """

    __tablename__ = "grants"

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    scope: Mapped[str] = mapped_column(String(36), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    granted_by: Mapped[Id | None]
    stands_in_for: Mapped[Id | None] = mapped_column(index=True)
    leave: Mapped[str] = mapped_column(Text, default="", server_default="")


class Invitation(Base):
    """A one-time invitation to open an account."""

    __tablename__ = "invitations"

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[Id | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Base):
    """One signed-in device: opaque tokens as hashes, so that sessions can be listed and revoked."""

    __tablename__ = "sessions"

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), index=True)
    access_hash: Mapped[str] = mapped_column(String(64), unique=True)
    access_until: Mapped[datetime]
    refresh_hash: Mapped[str] = mapped_column(String(64), unique=True)
    refresh_until: Mapped[datetime]
    previous_refresh_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInFailure(Base):
    """Failed sign-ins per account name and address: counted in the database, since there are several
    processes.
    """

    __tablename__ = "sign_in_failures"
    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Totp(Base):
    """The second factor of one person: a sealed secret; `last_step` is the last half-minute that was used, so
    that no code opens two sessions.
    """

    __tablename__ = "totp"

    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    secret_sealed: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class WechatAccount(Base):
    """Who somebody is on WeChat, for this mini-program. Made when an invitation is used there."""

    __tablename__ = "wechat_accounts"

    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    open_id: Mapped[str] = mapped_column(String(64), unique=True)
    bound_at: Mapped[datetime]
