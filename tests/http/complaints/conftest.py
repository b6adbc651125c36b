"""The cast with a running month, at its first morning."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import Cast, build
from tests.settled import Months


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


@pytest.fixture
def months(cast: Cast) -> Months:
    """Base points are given; the month 2026-10 runs until 12 October."""
    found = Months(cast)
    found.go(minutes=1)
    return found
