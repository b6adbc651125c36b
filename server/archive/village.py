"""One village taken elsewhere: exported as it is, loaded into another instance with its ledger and seals intact.

People who worked there come along: those at home in the village with their accounts, outsiders as names without one.
Sessions, invitations and whatever was on its way out stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, or_, select, text
from sqlalchemy.orm import Session

from server.archive import photos, rows, scope
from server.archive.backup import Instance, Progress, signed
from server.archive.columns import kinds
from server.archive.container import Reader, Row, Writer
from server.archive.manifest import Format, Kind, Manifest, TableFacts
from server.audit import api as audit
from server.cycles.api import is_demo
from server.kit.clock import iso
from server.kit.database import Base, micros
from server.kit.errors import Conflict, Invalid, NotFound
from server.ledger import api as ledger
from server.people.api import Division, Village

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CHUNK = 500


@dataclass
class Export:
    """An export on its way: what is written so far, and every id that was seen (people are found by them)."""

    session: Session
    writer: Writer
    village: str
    now: datetime
    facts: dict[str, TableFacts] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def table(self, table: Table, found: Iterable[Row]) -> None:
        """Write one table's rows."""
        count = self.writer.rows(table.name, self._watched(found))
        self.facts[table.name] = TableFacts(kinds(table), count)

    def _watched(self, found: Iterable[Row]) -> Iterator[Row]:
        for row in found:
            for value in row:
                if isinstance(value, str) and len(value) >= 36:
                    self.ids.update(_ID.findall(value))
            yield row

    def select(self, table: Table, condition: ColumnElement[bool]) -> Iterator[Row]:
        """Rows of a table by a condition that may name the village's parameters."""
        return rows.read(self.session, table, condition, scope.parameters(self.village))


def export(
    session: Session, writer: Writer, instance: Instance, village: str, progress: Progress
) -> Manifest:
    """Write the village as a snapshot sees it. Raises NotFound `village_unknown`."""
    found = session.get(Village, village)
    if found is None:
        raise NotFound("village_unknown", f"这里没有村 {village}，请核对 12 位村代码。")
    work = Export(session, writer, village, instance.now)
    wanted = [(table, scope.belonging(table)) for table in scope.tables()]
    for number, (table, condition) in enumerate(wanted, 1):
        if condition is not None:
            work.table(table, work.select(table, condition))
        progress(number, len(wanted))
    _decisions(work)
    _divisions(work)
    _people(work)
    hashes = "SELECT DISTINCT content_hash FROM photos WHERE blanked_at IS NULL AND village_code = :village"
    kept = session.scalars(text(hashes), {"village": village})
    missing = photos.put(writer, instance.photo_folder, list(kept))
    heads, demo = ledger.heads(session, village), is_demo(session)

    def make(files: int, members: str) -> Manifest:
        keys, made = instance.seal.fingerprints(), iso(instance.now)
        place = (village, found.name)
        return Manifest(
            Format.VILLAGE,
            instance.schema,
            made,
            demo,
            keys,
            work.facts,
            heads,
            files,
            members,
            missing,
            place,
        )

    return writer.close(make, lambda digest: signed(instance.seal, digest))


def _decisions(work: Export) -> None:
    """The steps of everything that the village has: a decision names its thing by id only."""
    table = Base.metadata.tables["decisions"]
    things = [
        select(parent.c.id).where(condition)
        for parent in scope.tables()
        if parent.name not in ("audit_log", "messages", "members", "photos")
        and list(parent.primary_key.columns.keys()) == ["id"]
        and (condition := scope.belonging(parent)) is not None
    ]
    work.table(table, work.select(table, or_(*(table.c.entity_id.in_(ids) for ids in things))))


def _divisions(work: Export) -> None:
    table, codes, code = Base.metadata.tables["divisions"], [], work.village
    while code is not None:
        codes.append(code)
        code = work.session.scalar(select(Division.parent).where(Division.code == code))
    place = table.c.keys().index("code")
    found = rows.read(work.session, table, table.c.code.in_(codes))
    work.table(
        table, sorted(found, key=lambda row: str(row[place]))
    )  # county, township, village: parents first


def _people(work: Export) -> None:
    """Everybody whom a row names, or who is at home in the village; and the roles they hold or held there."""
    table = Base.metadata.tables["persons"]
    own = [*work.select(table, table.c.home == scope.VILLAGE)]
    known = {str(row[0]) for row in own}
    for some in _chunks(sorted(work.ids - known)):
        own += [_without_account(table, row) for row in rows.read(work.session, table, table.c.id.in_(some))]
    everybody = [str(row[0]) for row in own]
    work.table(table, own)
    grants = Base.metadata.tables["grants"]
    grids = Base.metadata.tables["grids"]
    inside = or_(
        grants.c.scope == scope.VILLAGE,
        grants.c.scope.between(scope.FIRST, scope.LAST),
        grants.c.scope.in_(select(grids.c.id).where(grids.c.village_code == scope.VILLAGE)),
    )
    held = {str(row[0]): row for row in work.select(grants, inside)}
    for some in _chunks(sorted(work.ids)):  # the grants under which something was decided
        held |= {str(row[0]): row for row in rows.read(work.session, grants, grants.c.id.in_(some))}
    theirs = set(everybody)
    place = [name for name, _ in kinds(grants)].index("person_id")
    listed = [_ended(grants, row, known, work.now) for row in held.values() if row[place] in theirs]
    work.table(grants, listed)


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _without_account(table: Table, row: Row) -> Row:
    """Somebody from outside the village: the name that stands under a decision, and no way to sign in."""
    blank = {"household_code": None, "member_id": None, "username": None, "password_hash": None}
    return _with(table, row, {**blank, "persona": None, "disabled": 1})


def _ended(table: Table, row: Row, own: set[str], now: datetime) -> Row:
    """A role of somebody from outside ends with the export: it is not to open anything elsewhere."""
    columns = [name for name, _ in kinds(table)]
    ends = row[columns.index("ends_at")]
    if row[columns.index("person_id")] in own or (isinstance(ends, int) and ends <= micros(now)):
        return row
    return _with(table, row, {"ends_at": micros(now)})


def _with(table: Table, row: Row, changes: dict[str, Any]) -> Row:
    return tuple(changes.get(name, value) for (name, _), value in zip(kinds(table), row, strict=True))


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows in, and the user names that were taken here already."""

    rows: int
    renamed: tuple[str, ...]


def load(session: Session, reader: Reader, instance: Instance, sealed: bool, progress: Progress) -> Loaded:
    """Insert a village that is not here yet, and verify it. Without `sealed` phone and id numbers stay out.

    Raises Conflict `village_known`, `load_refused`, Invalid `archive_other_schema`, `archive_is_demo`,
    `archive_damaged`.
    """
    manifest = reader.manifest
    village = _village_of(session, manifest, instance)
    rows.defer_references(session)
    taken = _names_taken(session, reader)
    order = [table.name for table in scope.tables() if table.name in manifest.tables]
    if set(order) != set(manifest.tables):
        raise Invalid("archive_damaged", "文件里有本程序没有的表，什么都没有改动。")
    count = 0
    for number, name in enumerate(order, 1):
        columns = manifest.tables[name].columns
        kept = _kept(name, columns, reader.rows(name), sealed, taken)
        given = rows.write(session, name, columns, kept, or_ignore=name in ("divisions", "persons"))
        if given != manifest.tables[name].rows:
            raise Invalid("archive_damaged", f"表 {name} 的行数和清单不符，什么都没有改动。")
        count += given
        progress(number, len(order))
    queue = "INSERT INTO audit_unsealed (audit_id) SELECT id FROM audit_log WHERE village_code = :village"
    session.execute(text(queue), {"village": village})
    _verify(session, manifest, village)
    after = {"made_at": manifest.made_at, "archive": reader.digest, "rows": count}
    audit.record(session, None, "village.load", "village", village, instance.now, village, None, after)
    return Loaded(count, tuple(sorted(taken)))


def _village_of(session: Session, manifest: Manifest, instance: Instance) -> str:
    if manifest.village is None:
        raise Invalid("archive_damaged", "文件没有说明是哪个村，什么都没有改动。")
    code, name = manifest.village
    if manifest.schema != instance.schema:
        detail = f"文件是 {manifest.schema} 版结构，这里是 {instance.schema} 版。"
        raise Invalid("archive_other_schema", detail + "请把两边升级到同一版，再导出一次。")
    if manifest.demo and not is_demo(session):
        raise Invalid("archive_is_demo", "这是演示数据，不能放进正式的实例。")
    if session.get(Village, code) is not None:
        raise Conflict("village_known", f"这里已经有{name}（{code}），不能再导入一次。")
    return code


def _names_taken(session: Session, reader: Reader) -> set[str]:
    """User names of the archive that somebody else has here."""
    columns = [name for name, _ in reader.manifest.tables["persons"].columns]
    key, name = columns.index("id"), columns.index("username")
    coming = {row[name]: row[key] for row in reader.rows("persons") if row[name]}
    persons, taken = Base.metadata.tables["persons"], set()
    for some in _chunks(sorted(coming)):
        found = session.execute(select(persons.c.username, persons.c.id).where(persons.c.username.in_(some)))
        taken |= {username for username, person in found if coming[username] != person}
    return taken


def _kept(
    name: str,
    columns: tuple[tuple[str, Kind], ...],
    found: Iterable[list[Any]],
    sealed: bool,
    taken: set[str],
) -> Iterator[list[Any]]:
    """Rows as they go in: a name that is taken needs a new invitation, what cannot be opened stays out."""
    names = [column for column, _ in columns]
    blank = [] if sealed else [n for n, column in enumerate(names) if column.endswith("_sealed")]
    for row in found:
        for n in blank:
            row[n] = None
        if name == "persons":
            row[names.index("persona")] = None
            if row[names.index("username")] in taken:
                row[names.index("username")] = row[names.index("password_hash")] = None
        yield row


def _verify(session: Session, manifest: Manifest, village: str) -> None:
    """The ledger is whole and ends with the seal it ended with; else nothing is kept."""
    differences = ledger.verify(session, village)
    if differences or ledger.heads(session, village) != manifest.heads:
        detail = f"台账核对有 {len(differences)} 处出入，什么都没有改动。请在原来的实例上运行 jifen ledger verify。"
        raise Conflict("load_refused", detail)
    if (
        session.scalar(
            select(func.count()).select_from(text("villages")).where(text("code = :c")), {"c": village}
        )
        != 1
    ):
        raise Invalid("archive_damaged", "文件里没有这个村的设置，什么都没有改动。")
