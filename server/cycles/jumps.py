"""A clock that jumps: nothing is closed until it has stood the test of some minutes.

A wrong date can be put right; a month that was closed by it cannot. After three weeks of power cut a new process has
nothing to compare with, so it closes at once; a running one whose clock moves by more than an hour waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

JUMP = timedelta(hours=1)
WAIT_SECONDS = 900.0


@dataclass
class JumpGuard:
    """Compares the wall clock with one that only runs; `monotonic` gives seconds."""

    monotonic: Callable[[], float] = time.monotonic
    _wall: datetime | None = None
    _ran: float = 0.0
    _waits_until: float = float("-inf")

    def steady(self, now: datetime) -> bool:
        """Whether the clock has run steadily long enough for something to be closed by it."""
        ran = self.monotonic()
        if self._wall is not None and abs((now - self._wall) - timedelta(seconds=ran - self._ran)) > JUMP:
            self._waits_until = ran + WAIT_SECONDS
        self._wall, self._ran = now, ran
        return ran >= self._waits_until
