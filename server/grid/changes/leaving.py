"""Who must let go of a household before it splits, merges, moves or ends: parts that stand beside the server (the
shop) register here when the program is put together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

LetGo = Callable[[Session, str, datetime], None]
_registered: dict[str, LetGo] = {}


def register(name: str, let_go: LetGo) -> None:
    """`let_go(session, household, now)` is called in the change's transaction; the same name again replaces it."""
    _registered[name] = let_go


def let_go(session: Session, household: str, now: datetime) -> None:
    """Everybody lets go."""
    for one in _registered.values():
        one(session, household, now)
