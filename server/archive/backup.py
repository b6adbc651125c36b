"""A backup of the whole instance, made while it works, and its restore into an empty one.

One snapshot of the database for all tables; photos after it, since a file is on disk before its row is committed. The
restored instance holds back outgoing messages until it has caught up, so that nobody is told anything twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from server.archive import photos, rows, scope
from server.archive.columns import kinds
from server.archive.container import Reader, Writer
from server.archive.manifest import Format, Manifest, TableFacts
from server.audit import api as audit
from server.cycles.api import is_demo
from server.evidence import api as evidence
from server.kit.clock import iso
from server.kit.errors import Conflict, Invalid
from server.kit.ids import new_id
from server.ledger import api as ledger
from server.messages import api as messages
from server.people.api import Division, Seal

# what only means something to the processes that run now
FLEETING = frozenset({"scheduler_leases", "rate_counts", "shared_tokens"})
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Instance:
    """What an archive needs of an instance beside its database."""

    data: Path
    seal: Seal
    schema: str
    now: datetime

    @property
    def photo_folder(self) -> Path:
        return evidence.folder_in(self.data)


def back_up(session: Session, writer: Writer, instance: Instance, progress: Progress) -> Manifest:
    """Write everything that a snapshot sees; gives the manifest, which names photos that the disk has lost."""
    facts: dict[str, TableFacts] = {}
    wanted = [table for table in scope.tables() if table.name not in FLEETING]
    for number, table in enumerate(wanted, 1):
        count = writer.rows(table.name, rows.read(session, table))
        facts[table.name] = TableFacts(kinds(table), count)
        progress(number, len(wanted))
    missing = photos.put(writer, instance.photo_folder, kept_photos(session))
    heads, demo = ledger.heads(session), is_demo(session)

    def make(files: int, members: str) -> Manifest:
        keys = instance.seal.fingerprints()
        schema, made = instance.schema, iso(instance.now)
        return Manifest(Format.BACKUP, schema, made, demo, keys, facts, heads, files, members, missing)

    return writer.close(make, lambda digest: signed(instance.seal, digest))


def kept_photos(session: Session) -> list[str]:
    """The content hashes of all photos that are kept."""
    query = "SELECT DISTINCT content_hash FROM photos WHERE blanked_at IS NULL ORDER BY 1"
    return list(session.scalars(text(query)))


def signed(seal: Seal, digest: str) -> str:
    """The mark of a manifest: only a holder of the key can make it."""
    return seal.marks("archive", digest)[0]


def require_empty(session: Session) -> None:
    """Raises Conflict `instance_not_empty` where there is anything already."""
    if session.scalar(select(exists().where(Division.code.is_not(None)))):
        message = "这里已经有数据，恢复只能放进空的实例。请换一个 --data 目录或新的数据库。"
        raise Conflict("instance_not_empty", message)


def require_keys(manifest: Manifest, seal: Seal, remedy: str) -> None:
    """Raises Invalid `key_missing` when phone and id numbers of the archive could not be opened here."""
    if not set(manifest.keys) <= set(seal.fingerprints()):
        raise Invalid("key_missing", f"这里的密钥打不开文件里的手机号和证件号。{remedy}")


def fill(session: Session, reader: Reader, progress: Progress) -> None:
    """Insert every table. Raises Invalid `archive_damaged` when a count differs."""
    rows.defer_references(session)
    known = [table.name for table in scope.tables()]
    order = [name for name in known if name in reader.manifest.tables]
    order += [name for name in reader.manifest.tables if name not in known]
    for number, name in enumerate(order, 1):
        facts = reader.manifest.tables[name]
        count = rows.write(session, name, facts.columns, reader.rows(name))
        if count != facts.rows:
            raise Invalid(
                "archive_damaged", f"表 {name} 应有 {facts.rows} 行，读到 {count} 行。什么都没有改动。"
            )
        progress(number, len(order))


def settle(session: Session, manifest: Manifest, now: datetime) -> int:
    """After the rows: hold back messages, note the restore; gives how many messages are held back."""
    held = messages.hold(session, "restore", now)
    after = {"made_at": manifest.made_at, "schema": manifest.schema, "held_back": held}
    audit.record(session, None, "instance.restore", "instance", new_id(), now, None, None, after)
    return held


def differences(session: Session, manifest: Manifest, counts: bool = True) -> list[str]:
    """What is not as the archive says: row counts (unless migrated since), ledger heads, anything that
    `ledger verify` finds.
    """
    found = []
    for name, facts in manifest.tables.items() if counts else ():
        if name in ADDED_TO:
            continue
        count = session.scalar(select(func.count()).select_from(text(name)))
        if count != facts.rows:
            found.append(f"表 {name}：{facts.rows} 行 → {count} 行")
    if ledger.heads(session) != manifest.heads:
        found.append("封签链头和备份时不一样")
    found += [f"台账：{one.kind} {one.village} {one.subject}" for one in ledger.verify(session)]
    return found


# a restore itself adds to these
ADDED_TO = frozenset({"audit_log", "audit_unsealed", "outbox_holds"})
