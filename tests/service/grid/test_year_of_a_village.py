"""A village's year of visits and events, the program beside a naive model: coverage, escalations, events the same.

Workers fall ill, go on leave and are replaced; phones come in late; events wait, are handled, checked, reopened. The
small run plays three months of 60 households and 3 workers, a soak the year of 400 households and 10 workers.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from server.cycles.api import run_due
from server.grid.events import reporting, service
from server.grid.events.models import Event
from server.grid.events.reporting import NewEvent
from server.grid.events.rules import EventStatus
from server.grid.events.service import Step
from server.grid.models import Grid
from server.grid.visits.service import NewVisit, log_visits
from server.kit.clock import SetClock, local_date, local_midnight
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.access import Actor, Grant, Role
from server.people.models import GrantRow, Household, Person
from tests.acceptance.size import seed, size
from tests.cast import COUNTY, TOWNSHIP, VILLAGE, Cast, build

HOUSEHOLDS, WORKERS, DAYS = size(60, 400), size(3, 10), size(95, 366)
BEGIN = date(2026, 10, 1)
HOURS = {"urgent": 24, "soon": 72, "normal": 168}


@dataclass
class Waiting:
    """An event as the model knows it: nothing but its clock."""

    tier: int
    due: datetime | None
    hours: int
    status: str = "reported"
    round: int = 1
    check: datetime | None = None


@dataclass
class Model:
    """Visits as sets of days, the months as the calendar has them, tiers that somebody holds."""

    grid_of: dict[str, str]
    days: dict[str, set[date]] = field(default_factory=dict)
    told: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    events: dict[str, Waiting] = field(default_factory=dict)

    def visited(self, household: str, year: int, month: int) -> bool:
        return any((day.year, day.month) == (year, month) for day in self.days.get(household, ()))

    def close_month(self, last: date, in_time: dict[str, set[date]], held: set[int]) -> None:
        """What the month's end says: households, missed, and the tier that hears of it."""
        before = (last.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        for grid in sorted(set(self.grid_of.values())):
            homes = [code for code, own in self.grid_of.items() if own == grid]
            missed = [
                code
                for code in homes
                if not any((d.year, d.month) == (last.year, last.month) for d in in_time.get(code, ()))
            ]
            tier = 0
            if missed:
                start = self.told.get((grid, before), (0, 0, 0))[2] or 1
                above = [one for one in sorted(held) if one > start]
                tier = above[0] if above else min(start + 1, 6)
            self.told[grid, last.strftime("%Y-%m")] = (len(homes), len(missed), tier)

    def tick(self, now: datetime, held: set[int]) -> None:
        """Everything whose time came until now, each at its own instant."""
        for event in self.events.values():
            while (
                event.status in ("reported", "assigned", "escalated", "reopened")
                and event.due
                and event.due <= now
            ):
                above = [tier for tier in sorted(held) if tier > event.tier]
                if not above:
                    event.due = None
                    continue
                event.tier, event.status = above[0], "escalated"
                event.due += timedelta(hours=event.hours)
            if event.status == "handled" and event.check and event.check <= now:
                event.status, event.check = "closed", None


class Year:
    """The program's village and the model's, day by day."""

    def __init__(self, app: Flask, clock: SetClock, rng: random.Random) -> None:
        self.app, self.clock, self.rng = app, clock, rng
        clock.move_to(local_midnight(BEGIN) - timedelta(hours=12))
        self.cast: Cast = build(app, clock, adopted=False)
        self.grids = [new_id() for _ in range(WORKERS)]
        codes = [f"{VILLAGE}{number:04d}" for number in range(1000, 1000 + HOUSEHOLDS)]
        self.model = Model({code: self.grids[n * WORKERS // HOUSEHOLDS] for n, code in enumerate(codes)})
        self.in_time: dict[str, set[date]] = {}
        self.waiting: list[tuple[date, str]] = []  # visits that lie on a phone without signal
        self.done: Counter[str] = Counter()
        self._found(codes)
        self.workers = [self._person(Role.GRID_WORKER, grid) for grid in self.grids]
        for grid in self.grids:
            self._person(Role.GRID_LEADER, grid)
        self._person(Role.CHIEF_GRID_LEADER, VILLAGE)
        self._person(Role.GRID_LEADER, TOWNSHIP)
        self.held = {1, 2, 3, 5}
        self.villager = self._person(Role.COMMITTEE_MEMBER, COUNTY)
        self.away = {n: self._absences() for n in range(WORKERS)}

    def _found(self, codes: list[str]) -> None:
        rows = [
            {
                "code": code,
                "village_code": VILLAGE,
                "grid_id": self.model.grid_of[code],
                "head": "户主",
                "door": f"大街{code[12:]}号",
                "flags": [],
                "created_at": self.clock.now(),
            }
            for code in codes
        ]
        with transaction() as session:
            # the cast's own households are not of this story
            session.execute(text("UPDATE households SET status = 'ended'"))
            grids = [
                {"id": key, "village_code": VILLAGE, "name": f"第{n}网格", "area": ""}
                for n, key in enumerate(self.grids)
            ]
            session.execute(insert(Grid), grids)
            session.execute(insert(Household), rows)
            ended = GrantRow.__table__.update().where(
                GrantRow.scope.in_([VILLAGE, TOWNSHIP, *self.cast.grids.values()])
            )
            session.execute(ended.values(ends_at=self.clock.now()))

    def _person(self, role: Role, scope: str) -> Actor:
        key, grant, now = new_id(), new_id(), self.clock.now()
        with transaction() as session:
            session.execute(insert(Person).values(id=key, name=role.value, home=VILLAGE, created_at=now))
            row = {"id": grant, "person_id": key, "role": role.value, "scope": scope, "starts_at": now}
            session.execute(insert(GrantRow).values(row))
        return Actor(key, role.value, None, (Grant(grant, role, scope, now),))

    def _absences(self) -> set[date]:
        """Some days of illness and two weeks of leave in the year."""
        found = {BEGIN + timedelta(days=self.rng.randrange(366)) for _ in range(10)}
        leave = self.rng.randrange(5, 340)
        return found | {BEGIN + timedelta(days=leave + n) for n in range(14)}

    def live(self, day: date) -> None:
        """A day: the rounds, the phones, the events."""
        self._go_to(local_midnight(day) + timedelta(hours=10))
        for number, worker in enumerate(self.workers):
            if day not in self.away[number] and self.rng.random() < 0.72:
                self._round(worker, self.grids[number], day)
        self._events()

    def _round(self, worker: Actor, grid: str, day: date) -> None:
        homes = [code for code, own in self.model.grid_of.items() if own == grid]
        month = (day.year, day.month)
        left = [code for code in homes if not self.model.visited(code, *month)]
        wanted = max(1, round(len(homes) / 24))
        chosen = left[:wanted] or self.rng.sample(homes, 1)
        now = self.clock.now()
        late = self.rng.random() < 0.1
        if late:  # no signal today: the phone brings it in some days later
            self.waiting += [(day, code) for code in chosen]
            for code in chosen:
                self.model.days.setdefault(code, set()).add(day)
            return
        own = [entry for entry in self.waiting if self.model.grid_of[entry[1]] == grid]
        self.waiting = [entry for entry in self.waiting if entry not in own]
        ready = [entry for entry in own if (day - entry[0]).days < 14]
        for then, code in set(own) - set(ready):  # too late to be taken in
            self.model.days[code].discard(then)
        news = [NewVisit(new_id(), household=code) for code in chosen]
        news += [
            NewVisit(new_id(), household=code, device_time=local_midnight(then) + timedelta(hours=9))
            for then, code in ready
        ]
        for then, code in [(day, code) for code in chosen] + ready:
            self.model.days.setdefault(code, set()).add(then)
            self.in_time.setdefault(code, set()).add(then)
        with transaction() as session:
            taken = log_visits(session, worker, news, now)
        lost = [one for one in taken if one.error is not None]
        assert not lost, lost[0].error
        self.done["visits"] += len(taken)
        self.done["late"] += len(ready)

    def _events(self) -> None:
        now = self.clock.now()
        if self.rng.random() < 0.4:
            urgency, number = self.rng.choice(list(HOURS)), self.rng.randrange(WORKERS)
            new = NewEvent(new_id(), "hazard", urgency, "路面塌了", grid=self.grids[number])
            with transaction() as session:
                reporting.report(session, self.villager, new, now)
            self.model.events[new.id] = Waiting(1, now + timedelta(hours=HOURS[urgency]), HOURS[urgency])
            self.done["events"] += 1
        for key, event in list(self.model.events.items()):
            if event.status in ("reported", "escalated", "reopened", "assigned") and self.rng.random() < 0.12:
                self._step(key, EventStatus.HANDLED, "修好了")
                event.status, event.check, event.due = "handled", now + timedelta(days=7), None
            elif event.status == "handled" and self.rng.random() < 0.1:
                if event.round == 1 and self.rng.random() < 0.4:
                    self._step(key, EventStatus.REOPENED, "没有修好")
                    event.status, event.round, event.check = "reopened", 2, None
                    event.due = now + timedelta(hours=event.hours)
                else:
                    self._step(key, EventStatus.CLOSED, "", rating=4)
                    event.status, event.check = "closed", None

    def _step(self, key: str, to: EventStatus, reason: str, **more: Any) -> None:
        with transaction() as session:
            event = session.get_one(Event, key)
            handler = self.workers[self.grids.index(str(event.grid_id))]
            by = handler if to is EventStatus.HANDLED else self.villager
            service.transition(session, by, key, Step(to, reason, **more), self.clock.now())
        self.done[to.value] += 1

    def _go_to(self, instant: datetime) -> None:
        """Both walk: the program's closers at their own instants, the model's months and clocks."""
        last = local_date(self.clock.now())
        if local_date(instant).month != last.month and (last >= BEGIN):
            self.model.close_month(last, self.in_time, self.held)

        def step(due: Any) -> datetime:
            self.clock.move_to(max(due.at, self.clock.now()))
            return self.clock.now()

        run_due(instant, step=step)
        self.clock.move_to(max(instant, self.clock.now()))
        self.model.tick(instant, self.held)

    def compare(self) -> None:
        """Every grid's months as they ended, what is still missed, and every event."""
        with transaction(writes=False) as session:
            rows = session.execute(
                text("SELECT grid_id, month, households, missed, tier FROM coverage_months")
            )
            months = {(row[0], f"{row[1] // 100}-{row[1] % 100:02d}"): tuple(row[2:]) for row in rows}
            own = {key: value for key, value in months.items() if key[0] in self.grids}
            open_gaps = session.execute(
                text("SELECT household_code, month FROM missed_visits WHERE settled_by IS NULL")
            )
            gaps = {(row[0], row[1]) for row in open_gaps}
            events = {
                row.id: (row.status, row.tier, row.round, row.due_at)
                for row in session.scalars(select(Event))
            }
        assert own == self.model.told
        closed = sorted({month for _, month in self.model.told})
        expected = {
            (code, int(month.replace("-", "")))
            for month in closed
            for code in self.model.grid_of
            if not any(d.strftime("%Y-%m") == month for d in self.in_time.get(code, ()))
        }
        assert gaps == expected
        assert events == {
            key: (event.status, event.tier, event.round, event.due)
            for key, event in self.model.events.items()
        }


@pytest.mark.timeout(3600)
def test_a_year_is_as_a_naive_model_has_it(app: Flask, clock: SetClock) -> None:
    year = Year(app, clock, random.Random(seed()))
    for number in range(DAYS):
        year.live(BEGIN + timedelta(days=number))
    year.compare()
    missed = sum(1 for _, gone, _ in year.model.told.values() if gone)
    tiers = Counter(tier for _, _, tier in year.model.told.values() if tier)
    print(
        f"{DAYS} days: {dict(year.done)}, {missed} of {len(year.model.told)} months short, tiers {dict(tiers)}"
    )
    assert missed and year.done["late"] and year.done["reopened"]
