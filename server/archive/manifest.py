"""What an archive says of itself: format and version, schema, tables with columns and counts, ledger heads.

Pure. A reader of version N reads every version up to N; the tables of an older schema are loaded as they were and
migrated afterwards.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from server.kit.errors import Invalid

VERSION = 1


class Format(StrEnum):
    """The two kinds of archive."""

    BACKUP = "jifen-backup"
    VILLAGE = "jifen-village"


COMMANDS = {Format.BACKUP: "jifen restore", Format.VILLAGE: "jifen load"}


class Kind(StrEnum):
    """How the values of a column stand in an archive: as integers, texts or null on either database.

    `instant`: microseconds since 1970; `flag`: 0 or 1; `day`: `2026-11-22`; `document`: JSON as text.
    """

    PLAIN = "plain"
    INSTANT = "instant"
    FLAG = "flag"
    DAY = "day"
    DOCUMENT = "document"


@dataclass(frozen=True)
class TableFacts:
    """One table of an archive: its columns with their kinds, in the order of each row, and how many rows."""

    columns: tuple[tuple[str, Kind], ...]
    rows: int


@dataclass(frozen=True)
class Manifest:
    """The facts of an archive. `keys`: marks of the keys that seal its phone and id numbers."""

    format: Format
    schema: str
    made_at: str
    demo: bool
    keys: tuple[str, ...]
    tables: dict[str, TableFacts]
    heads: dict[str, tuple[int, str]]
    files: int
    members: str
    missing: tuple[str, ...] = ()
    village: tuple[str, str] | None = None
    version: int = VERSION
    program: str = field(default="jifen")

    def to_json(self) -> bytes:
        """The manifest as it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def parse(content: bytes, wanted: Format) -> Manifest:
    """Read a manifest; raises Invalid `archive_foreign`, `archive_newer` or `archive_other_kind`."""
    try:
        raw: dict[str, Any] = json.loads(content)
        version, format_ = int(raw["version"]), Format(raw["format"])
    except (ValueError, KeyError, TypeError):
        raise foreign() from None
    if version > VERSION:
        raise Invalid("archive_newer", "这个文件是更新的程序做的，请先升级本机的程序。")
    if format_ is not wanted:
        raise Invalid("archive_other_kind", f"这个文件要用 {COMMANDS[format_]} 打开。")
    try:
        return Manifest(
            format=format_,
            schema=str(raw["schema"]),
            made_at=str(raw["made_at"]),
            demo=bool(raw["demo"]),
            keys=tuple(raw["keys"]),
            tables={name: _table(facts) for name, facts in raw["tables"].items()},
            heads={village: (int(number), str(hash_)) for village, (number, hash_) in raw["heads"].items()},
            files=int(raw["files"]),
            members=str(raw["members"]),
            missing=tuple(raw["missing"]),
            village=tuple(raw["village"]) if raw["village"] else None,
            version=version,
            program=str(raw["program"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise foreign() from None


def _table(raw: Any) -> TableFacts:
    return TableFacts(tuple((str(name), Kind(kind)) for name, kind in raw["columns"]), int(raw["rows"]))


def foreign() -> Invalid:
    """The file is not one of ours, or it is broken."""
    return Invalid("archive_foreign", "这个文件不是 jifen 的备份或村档案，或者已经损坏。请换一个文件。")
