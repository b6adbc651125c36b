"""The cast with its first score year, posted or still running."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import Cast, build
from tests.honoured import Year, post_year
from tests.settled import Months


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


@pytest.fixture
def months(cast: Cast) -> Months:
    found = Months(cast)
    found.go(minutes=1)
    return found


@pytest.fixture
def year(months: Months) -> Year:
    """2026 is posted, nominations are open. zhao, qian and li have a good year; vetoes stand against wu and against
    a member of zhou.
    """
    for household in ("zhao", "qian", "li"):
        for _ in range(4):
            months.approved(household, "4.00")
    months.approved("wu", "12.00")
    months.vetoed("wu")
    months.vetoed("zhou", member="zhou")
    asks_less(months)
    post_year(months)
    return Year(months)


def asks_less(months: Months) -> None:
    """The village asks less of a 星级文明户 than the shipped example, since its first year has three months."""
    body = {
        "village": months.village, "code": "XJ", "name": "星级文明户", "subject": "household", "most": 2,
        "citation": "您家一年到头让人放心",
        "conditions": [{"kind": "score_at_least", "points": "105.00"}],
    }  # fmt: skip
    answer = months.cast.as_("head_chen").post("/honours", body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
