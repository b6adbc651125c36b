"""A rulebook adopted on whatever day the test's clock shows: production servers run on the machine's clock."""

from __future__ import annotations

from dataclasses import replace

from server.kit.clock import local_date
from server.kit.transaction import transaction
from server.rulebook.service import adopt, create_draft
from tests.cast import ADOPTED, Cast


def adopt_today(cast: Cast, village: str, by: str = "head_chen") -> None:
    """Draft and adopt the cast's rulebook in a village, by a meeting held today."""
    now = cast.clock.now()
    with transaction() as session:
        actor = cast.actor(session, by)
        row, _ = create_draft(session, actor, village, cast.rulebook, now)
        adopt(session, actor, row.id, replace(ADOPTED, held_on=local_date(now)), None, now)
