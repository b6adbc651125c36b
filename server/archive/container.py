"""The file itself: a zip with one JSON line per row, the photos by hash, a list of checksums, a manifest, a mark.

    tables/NAME.jsonl   photos/HASH.jpg   photos/HASH.small.jpg   members.jsonl   manifest.json   manifest.mark

The manifest holds the hash of `members.jsonl`, which holds those of all the others; `manifest.mark` is a keyed hash of
the manifest. A file appears under its name only when it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from server.archive.manifest import Format, Manifest, foreign, parse
from server.kit.errors import Invalid

MANIFEST, MARK, MEMBERS = "manifest.json", "manifest.mark", "members.jsonl"
_BLOCK = 1 << 20
Row = tuple[int | str | None, ...]


class Writer:
    """Writes members and remembers their checksums."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: list[tuple[str, str, int]] = []

    @property
    def files(self) -> int:
        """How many members were written."""
        return len(self._members)

    def rows(self, table: str, rows: Iterable[Row]) -> int:
        """One table; gives how many rows it has."""
        count = 0
        with self._member(f"tables/{table}.jsonl", packed=True) as write:
            for row in rows:
                write(
                    (json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=repr) + "\n").encode()
                )
                count += 1
        return count

    def content(self, name: str, content: bytes) -> None:
        """One file, as it is."""
        with self._member(name, packed=False) as write:
            write(content)

    def close(self, make: Callable[[int, str], Manifest], mark: Callable[[str], str]) -> Manifest:
        """Add checksums, manifest and mark; `make(files, hash of the checksums)` gives the manifest."""
        listed = "".join(json.dumps(member) + "\n" for member in self._members).encode()
        self._archive.writestr(MEMBERS, listed)
        manifest = make(self.files, hashlib.sha256(listed).hexdigest())
        content = manifest.to_json()
        self._archive.writestr(MANIFEST, content)
        self._archive.writestr(MARK, mark(hashlib.sha256(content).hexdigest()))
        return manifest

    @contextmanager
    def _member(self, name: str, packed: bool) -> Iterator[Callable[[bytes], None]]:
        # an open by name packs as the archive does, one by ZipInfo stores as it is (photos are packed already)
        target = name if packed else zipfile.ZipInfo(name)
        digest, size = hashlib.sha256(), 0
        with self._archive.open(target, "w", force_zip64=True) as file:

            def write(content: bytes) -> None:
                nonlocal size
                file.write(content)
                digest.update(content)
                size += len(content)

            yield write
        self._members.append((name, digest.hexdigest(), size))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive at `path`, for its owner only; on any failure nothing is left behind."""
    part = path.with_name(path.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """Reads an archive, holding every member against its checksum."""

    def __init__(self, archive: zipfile.ZipFile, wanted: Format) -> None:
        self._archive = archive
        content = self._small(MANIFEST)
        self.manifest = parse(content, wanted)
        self.mark = self._small(MARK).decode("ascii", "replace")
        self.digest = hashlib.sha256(content).hexdigest()
        listed = self._small(MEMBERS, 1 << 30)
        if hashlib.sha256(listed).hexdigest() != self.manifest.members:
            raise damaged(MEMBERS)
        members = (json.loads(line) for line in listed.splitlines())
        self._members = {str(name): (str(digest), int(size)) for name, digest, size in members}

    def _small(self, name: str, most: int = 1 << 26) -> bytes:
        try:
            with self._archive.open(name) as file:
                return file.read(most)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError):
            raise foreign() from None

    @property
    def size(self) -> int:
        """How many bytes the archive holds, unpacked."""
        return sum(size for _, size in self._members.values())

    def photos(self) -> list[str]:
        """The names of the photo files."""
        return [name for name in self._members if name.startswith("photos/")]

    def check(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Read every member once; raises Invalid `archive_damaged` naming the first that is not as it was written."""
        for number, name in enumerate(self._members, 1):
            with self._open(name) as file:
                self._digest(name, file, lambda _block: None)
            if progress is not None:
                progress(number, len(self._members))

    def content(self, name: str) -> bytes:
        """One file."""
        blocks: list[bytes] = []
        with self._open(name) as file:
            self._digest(name, file, blocks.append)
        return b"".join(blocks)

    def rows(self, table: str) -> Iterator[list[Any]]:
        """The rows of one table. They were held against their checksum by `check`."""
        name = f"tables/{table}.jsonl"
        with self._open(name) as file:
            for line in file:
                yield json.loads(line)

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(name) as file:
                yield file
        except (KeyError, zipfile.BadZipFile, EOFError):
            raise damaged(name) from None

    def _digest(self, name: str, file: IO[bytes], take: Callable[[bytes], None]) -> None:
        wanted, most = self._members[name]
        digest, size = hashlib.sha256(), 0
        while size <= most and (block := file.read(_BLOCK)):
            digest.update(block)
            size += len(block)
            take(block)
        if (digest.hexdigest(), size) != (wanted, most):
            raise damaged(name)


@contextmanager
def reading(path: Path, wanted: Format) -> Iterator[Reader]:
    """The archive at `path`; raises Invalid when it is not one, is damaged, or is of the other kind."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        raise foreign() from None
    with archive:
        yield Reader(archive, wanted)


def damaged(name: str) -> Invalid:
    """A member is not what its checksum says."""
    return Invalid("archive_damaged", f"文件损坏（{name} 对不上校验值），什么都没有改动。请换一份备份。")
