"""A file of grids into the instance: villages that are named, grids, and the households of each; all or
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.grids import create_grid, set_households
from server.grid.models import Grid
from server.people.api import Division, Household, Village
from server.transfer.api import GridReading, GridRow


def check(session: Session, reading: GridReading) -> None:
    """Add a fault for every village that cannot be made and every stretch in which there is no household."""
    codes: dict[str, set[str]] = {}
    named: dict[str, str] = {}
    for row in reading.rows:
        if row.village_name is not None:
            named.setdefault(row.village, row.village_name)
    for row in reading.rows:
        if session.get(Village, row.village) is None:
            _check_new_village(session, reading, row, named)
        if row.village not in codes:
            wanted = select(Household.code).where(Household.village_code == row.village)
            codes[row.village] = set(session.scalars(wanted))
        if row.codes and not codes[row.village].intersection(row.codes):
            reading.fault(row, "first", "no_households", "这一段里没有户", "核对户号，或先导入花名册")


def _check_new_village(session: Session, reading: GridReading, row: GridRow, named: dict[str, str]) -> None:
    if row.village not in named:
        reading.fault(row, "village", "no_village", "没有这个村", "核对村代码；要新建就填上村名")
    elif session.get(Division, row.village[:6] + "000000") is None:
        reading.fault(
            row, "village", "no_county", f"没有代码是 {row.village[:6]} 的县", "核对村代码的前 6 位"
        )
    elif session.get(Division, row.village[:9] + "000") is None and not _township_named(reading, row.village):
        reading.fault(row, "township_name", "no_township", "这个村的乡镇还没有", "填上乡镇的名称")


def _township_named(reading: GridReading, village: str) -> str | None:
    same = (row for row in reading.rows if row.village[:9] == village[:9])
    return next((row.township_name for row in same if row.township_name), None)


def new_villages(session: Session, reading: GridReading) -> list[tuple[str, str, str | None]]:
    """The villages that the file names and that are not there yet: code, name, name of the township."""
    found: dict[str, tuple[str, str, str | None]] = {}
    for row in reading.rows:
        if row.village_name is not None and session.get(Village, row.village) is None:
            township = _township_named(reading, row.village)
            found.setdefault(row.village, (row.village, row.village_name, township))
    return list(found.values())


def import_grids(session: Session, reading: GridReading, now: datetime) -> tuple[int, int]:
    """Make the grids and place the households; gives how many of each. The reading must have passed
    `check`.
    """
    stretches: dict[tuple[str, str], list[str]] = defaultdict(list)
    areas: dict[tuple[str, str], str] = {}
    for row in reading.rows:
        stretches[row.village, row.grid] += row.codes
        if row.area:
            areas[row.village, row.grid] = row.area
    made = placed = 0
    for (village, name), codes in stretches.items():
        grid = session.scalar(select(Grid).where(Grid.village_code == village, Grid.name == name))
        if grid is None:
            grid = create_grid(session, None, village, name, areas.get((village, name), ""), now)
            made += 1
        elif (village, name) in areas:
            grid.area = areas[village, name]
        if codes:
            there = set(session.scalars(select(Household.code).where(Household.village_code == village)))
            placed += set_households(
                session, None, grid, [code for code in codes if code in there], now
            ).households
    return made, placed
