"""The closers of all slices, in the order in which they work when several are due at the same instant."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from server.cycles.engine import Closer

# every slice that closes periods: its api offers `closers()`
SLICES = (
    "server.conduct.api",
    "server.settlement.api",
    "server.complaints.api",
    "server.insight.quarters.closing",
    "server.honours.api",
    "server.ledger.api",
    "server.grid.closing",
    "server.assessment.api",
    "mall.api",
    "server.evidence.closing",
    "server.upkeep.closing",
    "server.audit.closing",
)


# what else is rung, after the closers: each offers `ring(app)`
RUNG = ("server.messages.sending",)


@functools.cache
def bells() -> tuple[Callable[[Flask], Any], ...]:
    """What is to be rung beside the closers."""
    return tuple(import_module(name).ring for name in RUNG)


@functools.cache
def closers() -> tuple[Closer, ...]:
    """All closers; the first one wins a tie."""
    return tuple(closer for name in SLICES for closer in import_module(name).closers())
