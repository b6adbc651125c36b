"""Photo files into and out of an archive, each held against its hash. A lost or damaged one is named, not hidden."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from server.archive.container import Reader, Writer, damaged
from server.evidence import api as evidence
from server.kit.errors import Unavailable

_NAME = re.compile(r"photos/([0-9a-f]{64})(\.small)?\.jpg")


def put(writer: Writer, folder: Path, hashes: Iterable[str]) -> tuple[str, ...]:
    """Add both files of each photo; gives the hashes of those that the disk has lost or changed."""
    missing = []
    for content_hash in hashes:
        found = [_file(folder, content_hash, suffix) for suffix in ("", ".small")]
        if found[0] is None or hashlib.sha256(found[0]).hexdigest() != content_hash:
            missing.append(content_hash)
            continue
        for suffix, content in zip(("", ".small"), found, strict=True):
            if content is not None:
                writer.content(f"photos/{content_hash}{suffix}.jpg", content)
    return tuple(missing)


def _file(folder: Path, content_hash: str, suffix: str) -> bytes | None:
    try:
        return evidence.path_of(folder, content_hash, suffix).read_bytes()
    except OSError:
        return None


def take(reader: Reader, folder: Path) -> int:
    """Put every photo of an archive in its place; gives how many files. Raises Unavailable when the disk is full."""
    names = reader.photos()
    for name in names:
        found = _NAME.fullmatch(name)
        if found is None:
            raise damaged(name)
        content_hash, suffix = found[1], found[2] or ""
        content = reader.content(name)
        if not suffix and hashlib.sha256(content).hexdigest() != content_hash:
            raise damaged(name)
        try:
            evidence.restore(folder, content_hash, suffix, content)
        except OSError:
            raise Unavailable("photo_not_stored", "照片存不下，请腾出磁盘空间再试。") from None
    return len(names)
