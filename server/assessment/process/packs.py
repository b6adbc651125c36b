"""The packs of cycles: stored with the cycle by their content, read back as they were then.

A shipped pack may change with the program and a county may edit its own: what a cycle was begun with stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.faults import Fault, Faulty
from server.assessment.pack_reader import load_pack, pack_text, read_pack, shipped_packs
from server.assessment.pack_view import pack_view
from server.assessment.process import errors
from server.assessment.process.models import Cycle, StoredPack
from server.assessment.scheme import Pack
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.upsert import insert_for

Changes = Mapping[str, str | Fraction]


def listed() -> list[dict[str, Any]]:
    """The shipped packs in short."""
    return [_summary(load_pack(name)) for name in shipped_packs()]


def _summary(pack: Pack) -> dict[str, Any]:
    view = pack_view(pack)
    keys = ("id", "title", "version", "categories", "counts", "parameters")
    return {key: view[key] for key in keys} | {"cycle": pack.process.get("cycle", "year")}


def view_of(name: str) -> dict[str, Any]:
    """A shipped pack whole: tree, steps, parameters, process; raises NotFound."""
    return pack_view(shipped(name))


def shipped(name: str) -> Pack:
    """A shipped pack; raises NotFound: a name from outside is never taken for a path."""
    if name not in shipped_packs():
        raise NotFound("pack_unknown", "没有这个考核方案，请从方案列表里选。")
    return load_pack(name)


def category_of(pack: Pack, code: str | None) -> str | None:
    """The code of a category of the pack, or None for none; raises Invalid `category_unknown`."""
    if code is not None and code not in pack.categories:
        known = "、".join(pack.categories)
        fault = FieldFault("category", f"本方案的类别有：{known}。")
        raise Invalid("category_unknown", "方案里没有这个类别。", [fault])
    return code


def store(session: Session, name: str | None, text: str | None, now: datetime) -> StoredPack:
    """The row of a shipped pack (by name) or of a county's own (by text), made where it is not there yet.

    Raises Invalid `pack_unusable` with the lines and remedies of everything that is wrong.
    """
    try:
        if text is None:
            if name not in shipped_packs():
                known = "、".join(shipped_packs())
                raise Faulty([Fault("pack_not_found", "没有这个方案", f"自带的有：{known}", column="pack")])
            text = pack_text(name or "")
        pack = read_pack(text)
    except Faulty as found:
        raise errors.pack_unusable(found) from None
    digest = hashlib.sha256(text.encode()).hexdigest()
    row: dict[str, Any] = {"digest": digest, "pack": pack.id, "version": pack.version, "title": pack.title}
    row |= {"text": text, "stored_at": now}
    session.execute(insert_for(session, StoredPack).values(row).on_conflict_do_nothing())
    return session.get_one(StoredPack, digest)


def pack_of(session: Session, cycle: Cycle, changes: Changes | None = None) -> Pack:
    """The cycle's pack with its parameters, and with `changes` on top; raises Invalid for unknown ones."""
    wanted = {**cycle.parameters, **(changes or {})}
    return read_with(_text(session, cycle.digest), cycle.digest, wanted)


def _text(session: Session, digest: str) -> str:
    if digest not in _texts:
        if len(_texts) > 64:
            _texts.clear()
        found = session.scalar(select(StoredPack.text).where(StoredPack.digest == digest))
        if found is None:
            raise NotFound()
        _texts[digest] = found
    return _texts[digest]


_texts: dict[str, str] = {}


def read_with(text: str, digest: str, changes: Changes) -> Pack:
    """A pack's text with parameters changed; raises Invalid `pack_unusable`."""
    try:
        return _read(digest, text, tuple(sorted(changes.items())))
    except Faulty as found:
        raise errors.pack_unusable(found) from None


@lru_cache(maxsize=64)
def _read(_digest: str, text: str, changes: tuple[tuple[str, str | Fraction], ...]) -> Pack:
    return read_pack(text, dict(changes))
