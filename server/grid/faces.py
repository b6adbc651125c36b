"""What stands on the plates of a village: addresses and places put together for the printer. No names of
people.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.models import Grid, Plate
from server.paper.api import PlateFace
from server.people.api import Division, Household


def address(public_url: str, token: str) -> str:
    """What the QR on a plate says."""
    return f"{public_url}/h/{token}"


def grouped(short_code: str) -> str:
    """`GNDA67XQ` as it is printed: `GNDA-67XQ`."""
    return f"{short_code[:4]}-{short_code[4:]}"


def faces_of(
    session: Session, village: str, public_url: str, grid: str | None = None, household: str | None = None
) -> Sequence[PlateFace]:
    """The plates in force of a village (or of one grid or household), by household number."""
    query = (
        select(Plate.token, Plate.short_code, Household.code, Household.team, Household.door, Grid.name)
        .join(Household, Household.code == Plate.household_code)
        .outerjoin(Grid, Grid.id == Household.grid_id)
        .where(Household.village_code == village, Household.status != "ended", Plate.revoked_at.is_(None))
    )
    if grid is not None:
        query = query.where(Household.grid_id == grid)
    if household is not None:
        query = query.where(Household.code == household)
    name, above = _names(session, village)
    return [
        PlateFace(
            url=address(public_url, token),
            household_number=code[12:],
            village=name,
            grid=grid_name or "",
            place=above,
            door=" ".join(part for part in (team, door) if part),
            code=grouped(short),
        )
        for token, short, code, team, door, grid_name in session.execute(query.order_by(Household.code))
    ]


def _names(session: Session, village: str) -> tuple[str, str]:
    """The village's name, and the names of county and township above it."""
    names: list[str] = []
    node = session.get(Division, village)
    while node is not None:
        names.append(node.name)
        node = session.get(Division, node.parent) if node.parent else None
    return (names[0] if names else "", " ".join(reversed(names[1:])))
