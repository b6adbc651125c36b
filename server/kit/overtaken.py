"""Doing work anew when another transaction wrote the same id at the same moment.

Owns the savepoint and the number of tries. Only for work that begins by looking what is there already: the second
time it finds what the other one wrote, and gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.kit.errors import Conflict

_Answer = TypeVar("_Answer")
TRIES = 3


class Overtaken(Exception):
    """Somebody else was first with one of the rows; nothing of this try may stay."""


def looking_again(session: Session, work: Callable[[], _Answer]) -> _Answer:
    """The answer of `work`; a try that is overtaken leaves nothing behind.

    Raises Conflict `state_changed` when that happens time and again.
    """
    for _ in range(TRIES):
        try:
            with session.begin_nested():
                return work()
        except (Overtaken, IntegrityError):
            session.expire_all()
    raise Conflict("state_changed", "同样的内容正从别处传上来，请再传一次。")
