"""The demo villages adopt the shipped rulebook at a recorded meeting, on the first day of the story."""

from __future__ import annotations

from functools import cache

from server.demo.office import Office
from server.demo.people import Staff
from server.kit.clock import SetClock, local_date
from server.rulebook.api import Rulebook
from server.rulebook.document import shipped


@cache
def _shipped() -> Rulebook:
    return shipped()


def adopt_rulebook(office: Office, staff: Staff, clock: SetClock) -> Rulebook:
    """Draft and adopt the shipped rulebook; gives it back."""
    rulebook = _shipped()
    head = staff.committee[0]
    today = local_date(clock.now()).isoformat()
    draft = office.post(head, "/rulebooks", {"village": staff.village, "rulebook": rulebook.to_document()})
    meeting = {
        "held_on": today,
        "kind": "representatives",
        "attended": 41,
        "for": 38,
        "against": 1,
        "abstained": 2,
        "minutes_number": "村代〔2026〕3号",
    }
    office.post(head, f"/rulebooks/{draft['id']}/adoption", {**meeting, "effective_on": today})
    return rulebook
