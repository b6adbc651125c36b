"""Tables of grids and plates."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Code, Id

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which look alike on a wet door


def new_short_code() -> str:
    """Eight letters and digits to type in when the camera fails."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


class Grid(Base):
    """A grid 网格: 30–50 neighbouring households of one village."""

    __tablename__ = "grids"
    __table_args__ = (UniqueConstraint("village_code", "name"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    name: Mapped[str] = mapped_column(String(50))
    area: Mapped[str] = mapped_column(String(50), default="")


class Plate(Base):
    """A plate 门牌二维码: an opaque, revocable token; one in force per household."""

    __tablename__ = "plates"
    __table_args__ = (
        Index(
            "uq_plates_household_code_in_force",
            "household_code",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    # printed under the QR for when the camera fails; good only for those signed in who may see the household
    short_code: Mapped[str] = mapped_column(String(8), index=True, default=new_short_code)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"), index=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[Id | None]
    revoked_at: Mapped[datetime | None]
