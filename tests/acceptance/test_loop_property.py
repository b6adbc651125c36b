"""The whole loop in any order against a village kept on paper: balances, scores, sums and states exact.

400 deeds; a soak does 10,000 (JIFEN_LOOP_STEPS=500000 on demand), in walks from autumn into the next year. A
walk that goes wrong is made shorter before it is shown.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.ledger import api as ledger
from tests.acceptance.half_done import broken
from tests.acceptance.loop import Deed, Fresh, Loop, replay, shortened, walk
from tests.acceptance.size import seed, size
from tests.conftest import emptied, let_go

STEPS = size(400, 10_000, "JIFEN_LOOP_STEPS")
WALK = 500
SHORTEN_SECONDS = size(30, 300)
START = datetime(2026, 10, 19, 1, 0, tzinfo=UTC)  # the first month is November's, the year turns on the way
# an appeal makes two sentences untrue: the line keeps what was voted on, the ledger has the correction; and the
# record with the new points is a copy that nobody logged
APPEALED = {"a frozen line is the sum of its records", "a record was noted once"}


@pytest.fixture
def fresh(app: Flask) -> Fresh:
    """Makes a new village on an emptied database."""

    @contextmanager
    def make() -> Iterator[Loop]:
        let_go()
        emptied(app)
        clock = SetClock(START)
        app.extensions["jifen_clock"] = clock
        yield Loop(app, clock)

    return make


@pytest.mark.timeout(6 * 3600)
def test_program_and_paper_agree(fresh: Fresh) -> None:
    drawn = seed()
    done: Counter[str] = Counter()
    for number, first in enumerate(range(0, STEPS, WALK)):
        deeds: list[Deed] = []
        with fresh() as loop:
            wrong = walked(loop, min(WALK, STEPS - first), random.Random(f"{drawn}-{number}"), deeds)
            until, sheets = loop.clock.now(), loop.paper.sheets
        months = {month: sheet.status for month, sheet in sheets.items()}
        print(f"walk {number}: {len(deeds)} deeds tried, until {until:%Y-%m-%d}, {months}")
        if wrong is not None:
            pytest.fail(told(wrong, deeds, fresh))
        done.update(name for name, _ in deeds)
        done["months posted"] += list(months.values()).count("posted")
    print(dict(done))
    assert done["months posted"] >= STEPS // WALK, "no walk comes to an end of its months"


def walked(loop: Loop, steps: int, pick: random.Random, deeds: list[Deed]) -> str | None:
    """What goes wrong on a walk, whose deeds are noted; None when program and paper agree to the end."""
    try:
        for deed in walk(loop, steps, pick):
            deeds.append(deed)
    except Exception as error:
        return f"{deeds[-1]}: {type(error).__name__}: {error}"
    with transaction(writes=False) as session:
        differences = ledger.verify(session)
    untrue = {sentence: rows for sentence, rows in broken().items() if sentence not in APPEALED}
    return f"{differences} {untrue}" if differences or untrue else None


def told(wrong: str, deeds: list[Deed], fresh: Fresh) -> str:
    """What went wrong, and a shorter list of deeds that shows it."""
    until = time.monotonic() + SHORTEN_SECONDS
    fewer = shortened(deeds, fresh, lambda: time.monotonic() > until)
    with fresh() as loop:
        again = replay(loop, fewer)
    return f"{wrong}\nshortened from {len(deeds)} to {len(fewer)} deeds: {again}\n{fewer}"
