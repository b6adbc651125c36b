"""The cast with somebody who assesses."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.assessed import Assessments
from tests.cast import build


@pytest.fixture
def assess(app: Flask, clock: SetClock) -> Assessments:
    return Assessments(build(app, clock))
