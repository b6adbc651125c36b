"""A village to close periods in, without the other slices."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from server.cycles.api import start_village
from server.kit.transaction import transaction
from server.people.api import Village
from server.people.models import Division

VILLAGE = "990101001001"


@pytest.fixture
def village(app: Flask) -> str:
    """A village that adopted its first rulebook on 2026-09-14."""
    with transaction() as session:
        session.add(Division(code=VILLAGE, parent=None, level="village", name="大槐树村"))
        session.flush()
        session.add(Village(code=VILLAGE, name="大槐树村"))
        session.flush()
        start_village(session, VILLAGE, date(2026, 9, 14))
    return VILLAGE
