"""How large an acceptance run is, and which seed it draws from.

Small by default, in full with JIFEN_SOAK=1. JIFEN_SEED replays a run; without it a small run always draws the
same, a soak draws anew.
"""

from __future__ import annotations

import os
import random

SOAK = os.environ.get("JIFEN_SOAK") == "1"


def size(small: int, full: int, name: str = "") -> int:
    """`small`, or `full` in a soak; the environment variable `name` overrides both."""
    return int(os.environ.get(name) or (full if SOAK else small))


def seed() -> int:
    """The run's seed; printed, so that a failing run shows how to replay it."""
    given = os.environ.get("JIFEN_SEED")
    chosen = int(given) if given else random.SystemRandom().randrange(10**6) if SOAK else 1
    print(f"JIFEN_SEED={chosen} replays what this run drew")
    return chosen
