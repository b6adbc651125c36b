"""Grid work of a demo village, played through the API: rounds with facts, events from report to rating.

Cheap on purpose: a phone's queue twice a month (every Friday of the last month), a handful of events a month. Draws
from a stream of its own, so that the rest of the story stays what it is.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from server.demo.grid_story import EVENTS, LATELY, STORIES, TRIED_AGAIN, Told
from server.demo.office import Office
from server.demo.people import Staff
from server.grid.vocabulary import About, fact_kinds, urgencies
from server.kit.clock import SHANGHAI, local_midnight
from server.kit.ids import new_id

SYNC_DAYS = (11, 23)
LIVELY = timedelta(days=31)
FRIDAY = 4
ROUND_DONE = 23  # by this day of the month a worker who was not away has been everywhere
AWAY_SHARE = 0.12  # grids in which a worker was away and some doors stayed unvisited, of all months
MISSED_THEN = 3
LONGEST_BACK = 11  # days between two queues of a phone, within what the program takes in
EVENT_A_DAY = 0.045
DUTIES = ("sanitation", "safety", "elders_children", "insurance", "fire_flood")
WAITS = (1, 1, 2, 2, 4, 9)
CONTENT_SHARE = 0.9
RATED_SHARE = 0.7
RATINGS = (3, 4, 4, 5, 5)


@dataclass(frozen=True)
class Handling:
    """An event on its way: when somebody gets to it, and who."""

    on: date
    event: str
    told: Told
    household: str
    by_leader: bool


@dataclass
class GridWork:
    """The net of one village at work. `members`: of each household the one whom facts are about."""

    office: Office
    staff: Staff
    grid_of: Mapping[str, str]
    members: Mapping[str, str]
    as_of: date
    rng: random.Random
    _seen: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    _left_out: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    _queue: list[Handling] = field(default_factory=list)
    _stories: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    _month: tuple[int, int] = (-1, 0)

    def __post_init__(self) -> None:
        for number, household in enumerate(self.staff.villagers):
            self._stories[household] = list(STORIES[number % len(STORIES)])

    def live(self, day: date) -> None:
        """What the net does on the evening of `day`."""
        if day.month != self._month[1]:
            self._month = (self._month[0] + 1, day.month)
        lively = self.as_of - day <= LIVELY
        if day.weekday() == FRIDAY if lively else day.day in SYNC_DAYS:
            for grid, worker in self.staff.worker.items():
                self._bring_in(grid, worker, day)
        if self.rng.random() < EVENT_A_DAY:
            told = self.rng.choice(EVENTS)
            self._report(day, told, self.rng.choice(list(self.staff.villagers)), self.rng.choice(WAITS))
        for late in LATELY:
            if self.as_of - day == timedelta(days=late.days_before):
                household = list(self.staff.villagers)[late.villager]
                self._report(day, EVENTS[late.event], household, late.handled_after)
        self._handle(day)

    # ---- rounds --------------------------------------------------------------------------

    def _bring_in(self, grid: str, worker: str, day: date) -> None:
        """What a worker's phone has since it was last here: the doors in their order, as far as the month is."""
        homes = [code for code, own in self.grid_of.items() if own == grid]
        seen = self._seen.setdefault((grid, day.month), set())
        if (grid, day.month) not in self._left_out:
            self._left_out[grid, day.month] = self._not_reached(homes)
        left_out = self._left_out[grid, day.month]
        reached = homes[: round(len(homes) * min(1, day.day / ROUND_DONE))]
        doors = [code for code in reached if code not in seen and code not in left_out]
        if not doors:
            return
        seen.update(doors)
        visits = [self._visit(code, self._walked_on(day)) for code in doors]
        self.office.post(worker, "/visits/batch", {"visits": visits})

    def _not_reached(self, homes: Sequence[str]) -> set[str]:
        """Doors that stay unvisited in a month because the worker was ill or on leave."""
        away = self.rng.random() < AWAY_SHARE
        return set(self.rng.sample(list(homes), MISSED_THEN)) if away else set()

    def _walked_on(self, day: date) -> date:
        return day - timedelta(days=self.rng.randrange(min(day.day, LONGEST_BACK)))

    def _visit(self, household: str, day: date) -> dict[str, Any]:
        at = local_midnight(day) + timedelta(hours=self.rng.randint(9, 17))
        found = {"id": new_id(), "household": household, "device_time": at.astimezone(SHANGHAI).isoformat()}
        facts = [self._fact(household, kind, value) for kind, value in self._news(household)]
        return found | {"duties": [self.rng.choice(DUTIES)], "facts": facts}

    def _news(self, household: str) -> list[tuple[str, str]]:
        """What has changed at a door since the last visit."""
        story = self._stories.get(household, [])
        due = [(kind, value) for month, kind, value in story if month <= self._month[0]]
        self._stories[household] = story[len(due) :]
        return due

    def _fact(self, household: str, kind: str, value: str) -> dict[str, Any]:
        about = {"member": self.members[household]} if fact_kinds()[kind].about is About.MEMBER else {}
        return {"id": new_id(), "kind": kind, "value": value} | about

    # ---- events --------------------------------------------------------------------------

    def _report(self, day: date, told: Told, household: str, wait: int | None) -> None:
        body = {"id": new_id(), "type": told.type, "urgency": told.urgency, "text": told.said}
        event = self.office.post(self.staff.villagers[household], "/events", body)["id"]
        if wait is not None:
            late = timedelta(days=wait) > urgencies()[told.urgency].limit
            self._queue.append(Handling(day + timedelta(days=wait), event, told, household, late))

    def _handle(self, day: date) -> None:
        """Handled by the grid's worker, or by its leader once the time was over; then the household looks at it."""
        ready = [one for one in self._queue if one.on <= day]
        self._queue = [one for one in self._queue if one.on > day]
        for one in ready:
            grid = self.grid_of[one.household]
            by = (self.staff.leader if one.by_leader else self.staff.worker)[grid]
            path = f"/events/{one.event}/transition"
            villager = self.staff.villagers[one.household]
            self.office.post(by, path, {"to": "handled", "reason": one.told.done})
            if self.as_of - day < timedelta(days=4):
                continue  # left for the visitor to look at
            if self.rng.random() > CONTENT_SHARE:
                self.office.post(villager, path, {"to": "reopened", "reason": TRIED_AGAIN[0]})
                self.office.post(by, path, {"to": "handled", "reason": TRIED_AGAIN[1]})
            if self.rng.random() < RATED_SHARE:
                self.office.post(villager, path, {"to": "closed", "rating": self.rng.choice(RATINGS)})
