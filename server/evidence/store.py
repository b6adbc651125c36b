"""Photos on disk: by content hash, in two levels of folders, written whole or not at all.

A file is safe on the disk before its row is committed: the other way round a row could lack its picture.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from server.evidence.pictures import Picture
from server.kit.errors import Unavailable
from server.kit.ids import new_token


def folder_in(data: Path) -> Path:
    """Where an instance with this data directory keeps its photos."""
    return data / "photos"


def keep(folder: Path, picture: Picture) -> None:
    """Write both files; raises Unavailable when the disk does not take them."""
    try:
        for name, content in (("", picture.content), (".small", picture.thumbnail)):
            _write(path_of(folder, picture.content_hash, name), content)
    except OSError:
        raise Unavailable("photo_not_stored", "照片暂时存不下，请稍后再传。") from None


def read(folder: Path, content_hash: str, small: bool) -> bytes:
    """One of the two files; raises Unavailable when the disk has lost or changed it."""
    try:
        content = path_of(folder, content_hash, ".small" if small else "").read_bytes()
    except OSError:
        raise _lost() from None
    if not small and hashlib.sha256(content).hexdigest() != content_hash:
        raise _lost()
    return content


def _lost() -> Unavailable:
    return Unavailable("photo_lost", "照片文件读不出来，请告诉管理员。")


def path_of(folder: Path, content_hash: str, suffix: str = "") -> Path:
    """Where a picture lies."""
    return folder / content_hash[:2] / content_hash[2:4] / f"{content_hash}{suffix}.jpg"


def restore(folder: Path, content_hash: str, suffix: str, content: bytes) -> None:
    """Put a file of an archive in its place; the caller has checked it. Raises OSError."""
    _write(path_of(folder, content_hash, suffix), content)


def written_since(folder: Path, content_hash: str, instant: float) -> bool:
    """Whether the picture was put there after `instant` (seconds since 1970 by the machine's clock)."""
    path = path_of(folder, content_hash)
    return path.exists() and path.stat().st_mtime > instant


def remove(folder: Path, content_hash: str) -> None:
    """Take both files away; gone already is fine. Raises OSError."""
    for suffix in ("", ".small"):
        path_of(folder, content_hash, suffix).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Atomic and durable: a temporary file, synchronised, renamed, and the folder synchronised."""
    if path.exists():
        os.utime(path)  # it is needed again: who removes old files looks at this
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{new_token(9)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open folders; its rename is durable with the journal
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
