"""A roster file as households and faults: the one function that importer, API and terminal call.

Owns the order of the steps. No database: what exists already is compared in `plan.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from os import PathLike

from server.transfer.columns import file_fault
from server.transfer.faults import Fault
from server.transfer.roster.blocks import group_rows
from server.transfer.roster.columns import MEANINGS
from server.transfer.roster.findings import Findings
from server.transfer.roster.households import HouseholdReader, usual_village
from server.transfer.roster.members import MemberReader
from server.transfer.roster.model import (
    Observation,
    ReadColumn,
    RosterHousehold,
    RosterReading,
    Understood,
)
from server.transfer.roster.rows import SortedRows, sort_rows, village_in
from server.transfer.roster.values import looks_like_code
from server.transfer.table import Table, column_letter
from server.transfer.workbook import open_table

Progress = Callable[[int, int], None]
_STEPS = 1000  # progress is told in thousandths: three fifths for opening the file, two for understanding it
_OPENED = 600


def read_roster(
    source: str | PathLike[str] | bytes,
    village_code: str,
    today: date,
    progress: Progress | None = None,
    *,
    filename: str | None = None,
    village_name: str | None = None,
) -> RosterReading:
    """Read a roster (.xlsx or .csv) of the village `village_code` (12 digits) as of `today`.

    `progress(done, total)` counts thousandths. `village_name`, when given, is compared with the name in the
    title.
    Raises UnreadableFile when the file itself is refused; whatever is wrong inside is in `faults`.
    """

    def opened(done: int, total: int) -> None:
        if progress is not None:
            progress(_OPENED * done // max(total, 1), _STEPS)

    table = open_table(source, filename, opened)
    reading = understand(table, village_code, today, progress, village_name)
    if progress is not None:
        progress(_STEPS, _STEPS)
    return reading


def understand(
    table: Table,
    village_code: str,
    today: date,
    progress: Progress | None = None,
    village_name: str | None = None,
) -> RosterReading:
    """As `read_roster`, for a table already open."""
    found = sort_rows(table)
    findings = Findings(faults=found.faults)
    own_codes = _has_own_codes(found, findings)
    wrong = _other_villages_file(found, village_code) if own_codes else None
    if wrong is not None or found.faults:
        faults = (*found.faults, *((wrong,) if wrong else ()))
        return RosterReading(village_code, _understood(found, findings, (), village_name), (), faults)
    reader = HouseholdReader(
        village_code, MemberReader(today, findings), findings, own_codes, usual_village(found.people)
    )
    households = _read_blocks(found, findings, reader, progress)
    _note_rows(found, findings, households, own_codes)
    return RosterReading(
        village_code,
        _understood(found, findings, households, village_name),
        households,
        findings.ordered_faults(tuple(found.headers)),
        tuple(reader.left_out),
    )


def _read_blocks(
    found: SortedRows, findings: Findings, reader: HouseholdReader, progress: Progress | None
) -> tuple[RosterHousehold, ...]:
    if not any(row.places.keys() & {"code", "door", "head", "kinship"} for row in found.people[:1]):
        findings.faults.append(
            file_fault(
                "no_household", "看不出谁和谁是一户：没有户编号、门牌、户主或与户主关系", "补上其中一列"
            )
        )
        return ()
    blocks = group_rows(found.people, findings)
    households = []
    for index, block in enumerate(blocks):
        household = reader.read(block)
        if household is not None:
            households.append(household)
        if progress is not None and (index % 50 == 0 or index + 1 == len(blocks)):
            progress(_OPENED + (_STEPS - _OPENED) * (index + 1) // len(blocks), _STEPS)
    return tuple(households)


def _has_own_codes(found: SortedRows, findings: Findings) -> bool:
    """Whether the column taken for 户编号 holds our 16-digit codes; a village's own numbers only group
    rows."""
    filled = [row for row in found.people if row.text("code")]
    if not filled:
        return False
    if 2 * sum(looks_like_code(row.cells["code"]) for row in filled) >= len(filled):
        return True
    first = filled[0]
    findings.note(
        "foreign_number", first.sheet, first.number, title=first.header.titles[first.places["code"]]
    )
    return False


def _other_villages_file(found: SortedRows, village_code: str) -> Fault | None:
    """One fault instead of hundreds when most household codes are of one other village."""
    prefixes = Counter(
        text[:12]
        for row in found.people
        if re.fullmatch(r"[0-9]{16}", text := row.text("code").replace(" ", ""))
    )
    if not prefixes:
        return None
    prefix, count = prefixes.most_common(1)[0]
    if prefix == village_code or 2 * count <= prefixes.total():
        return None
    return file_fault(
        "other_village_file",
        f"名册里的户编号属于村 {prefix}，不是要导入的村 {village_code}",
        f"选择村 {prefix} 再导入，或换正确的名册",
    )


def _note_rows(
    found: SortedRows, findings: Findings, households: tuple[RosterHousehold, ...], own_codes: bool
) -> None:
    for sheet, number in found.hidden:
        findings.note("hidden_rows", sheet, number)
    for sheet, number in found.head_only:
        findings.note("head_only", sheet, number)
    for household in households:
        if household.code is None:
            findings.note("no_code", household.sheet, household.row)
        if household.door is None and not any(
            f.code == "no_door" and f.row == household.row for f in found.faults
        ):
            findings.note("no_door", household.sheet, household.row)


def _understood(
    found: SortedRows, findings: Findings, households: tuple[RosterHousehold, ...], village_name: str | None
) -> Understood:
    title = max(found.lead, key=len, default=None)
    named = usual_village(found.people) or (village_in(title) if title else None)
    read, ignored = _columns(found)
    observations = [*findings.observations(), *_compared(found, households)]
    if named and village_name and not (named in village_name or village_name in named):
        observations.insert(
            0, Observation("other_village_name", f"名册写的是“{named}”，要导入的是“{village_name}”，请核对")
        )
    return Understood(
        sheets=tuple(found.headers),
        header_rows=tuple(header.row for header in found.headers.values()),
        title=title,
        village_name=named,
        columns=read,
        ignored=ignored,
        blank_rows=tuple(found.blank),
        other_rows=tuple(found.other),
        example_rows=tuple(found.examples),
        totals=tuple(found.totals),
        merged_households=found.merged_households,
        remarks=findings.remark_uses(),
        observations=tuple(observations),
        rows=len(found.people),
    )


def _columns(found: SortedRows) -> tuple[tuple[ReadColumn, ...], tuple[ReadColumn, ...]]:
    read, ignored = [], []
    for sheet, header in found.headers.items():
        for index, title in header.titles.items():
            column = header.columns.get(index)
            letter = column_letter(index)
            if column is None:
                ignored.append(ReadColumn(sheet, letter, title, None, ""))
            else:
                read.append(ReadColumn(sheet, letter, title, column.field, MEANINGS[column.field]))
    return tuple(read), tuple(ignored)


def _compared(found: SortedRows, households: tuple[RosterHousehold, ...]) -> list[Observation]:
    """Whether the roster's own totals are what was read: the quickest proof that nothing was lost."""
    people = sum(len(household.members) + len(household.departed) for household in households)
    made = []
    for totals in found.totals:
        if totals.households is None and totals.people is None:
            continue
        said = " ".join(
            f"{number} {unit}"
            for number, unit in ((totals.households, "户"), (totals.people, "人"))
            if number is not None
        )
        same = totals.households in (None, len(households)) and totals.people in (None, people)
        read = f"{len(households)} 户 {people} 人（含已去世、迁出的）"
        text = (
            f"合计行写的是 {said}，与读到的一致" if same else f"合计行写的是 {said}，读到的是 {read}，请核对"
        )
        made.append(
            Observation("totals_agree" if same else "totals_differ", text, totals.sheet, (totals.row,))
        )
    return made
