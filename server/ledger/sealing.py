"""Sealing: each village's new entries become links of a hash chain. A closer calls, and every notice.

No request waits for the chain: posting only queues. Never commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.kit.database import micros
from server.kit.sql import instant_in, instant_out
from server.ledger import errors, seal_queries
from server.ledger.canonical import genesis, link

WAIT = timedelta(seconds=60)


def head(session: Session, village: str) -> str:
    """The hash of the village's last seal: 64 hexadecimal digits; an empty chain has one too."""
    found = seal_queries.head(session, village)
    return genesis(village) if found is None else found[1]


def heads(session: Session, village: str | None = None) -> dict[str, tuple[int, str]]:
    """Number and hash of the last seal of one village or of all, as far as they have begun."""
    rows = seal_queries.heads(session)
    return {code: (number, hash_) for code, number, hash_ in rows if village in (None, code)}


def next_number(session: Session, village: str) -> int:
    """The number of the village's next seal."""
    found = seal_queries.head(session, village)
    return 1 if found is None else found[0] + 1


def seal_village(session: Session, village: str, now: datetime) -> str:
    """Seal every entry of the village that has no seal, oldest first: the new head."""
    found = seal_queries.locked_head(session, village)
    if found is None:
        seal_queries.new_head(session, village, genesis(village))
        found = seal_queries.locked_head(session, village) or (0, genesis(village))
    known, previous = found
    waiting = seal_queries.unsealed(session, village)
    if not waiting:
        return previous
    seals: list[tuple[Any, ...]] = []
    stamp, at = micros(now), instant_in(session, now)
    for number, (entry, digest) in enumerate(waiting, known + 1):
        hash_ = link(previous, (village, number, entry, digest, stamp))
        seals.append((village, number, entry, hash_, previous, at))
        previous = hash_
    if not seal_queries.append_seals(session, village, known, seals, known + len(seals), previous):
        raise errors.state_changed()
    return previous


def due_for_sealing(session: Session) -> list[tuple[datetime, str, int]]:
    """(due instant, village, number of the next seal) of villages with entries to seal, earliest first."""
    waiting = seal_queries.oldest_unsealed(session)
    return sorted((instant_out(at) + WAIT, village, number + 1) for village, number, at in waiting)
