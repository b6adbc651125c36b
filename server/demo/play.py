"""Six months of a demo village, played through the API: days, weeks, months, as people would."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from server.demo.grid_work import GridWork
from server.demo.office import Office
from server.demo.people import Staff
from server.demo.shop import VillageShop
from server.demo.story import Deed, Temper, deeds_of
from server.kit.clock import SHANGHAI
from server.kit.exact import text
from server.kit.ids import new_id
from server.rulebook.api import Rulebook

REJECTED_SHARE = 0.02
SYNC_DAYS = (
    1,
    3,
    5,
)  # workers' phones find a signal on these days of the week, and always before the week closes


@dataclass
class VillagePlay:
    """One village's people, households (in order of code) and what waits on its workers' phones."""

    office: Office
    staff: Staff
    households: list[str]
    grid_of: dict[str, str]
    rulebook: Rulebook
    nature: Temper
    rng: random.Random
    shop: VillageShop
    net: GridWork
    waiting: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    logged: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def live(self, day: date) -> None:
        """What is seen on `day`: declared at once, or put on the grid worker's phone."""
        for deed in deeds_of(day, self.rulebook.items, self.nature, self.rng):
            household = self.households[deed.household]
            body = self._record(household, deed, day)
            villager = self.staff.villagers.get(household)
            if deed.declared and villager is not None:
                self._send(villager, [body])
            else:
                self.waiting.setdefault(self.staff.worker[self.grid_of[household]], []).append(body)
        for number, worker in enumerate(sorted(self.waiting)):
            if day.weekday() in SYNC_DAYS or day.weekday() == 6 or number % 3 == day.toordinal() % 3:
                self._send(worker, self.waiting.pop(worker))

    def _record(self, household: str, deed: Deed, day: date) -> dict[str, Any]:
        return {
            "id": new_id(),
            "household": household,
            "item": deed.item.code,
            "points": text(deed.points),
            "occurred_on": day.isoformat(),
        }

    def _send(self, person: str, records: list[dict[str, Any]]) -> None:
        for start in range(0, len(records), 200):
            answer = self.office.post(person, "/records/batch", {"records": records[start : start + 200]})
            for result in answer["results"]:
                if result["status"] in (200, 201):
                    self.logged += 1
                else:
                    code = result["problem"]["code"]
                    self.refused[code] = self.refused.get(code, 0) + 1

    def submit_week(self, week: str) -> None:
        """Each grid leader submits the week; one in twelve forgets, and the system does it."""
        for grid, leader in self.staff.leader.items():
            for report in self.office.get(leader, "/weekly-reports", grid=grid, week=week)["items"]:
                if report["status"] == "open" and self.rng.random() > 1 / 12:
                    self.office.post(
                        leader, f"/weekly-reports/{report['id']}/submission", {"remark": "已核对"}
                    )

    def review(self) -> None:
        """The panel goes through what waits: three members, most approved, some rejected with a reason."""
        village = self.staff.village
        first = self.staff.panel[0]
        waiting = self.office.items(first, "/records", village=village, status="submitted", limit=200)
        waiting.sort(key=lambda record: (record["occurred_on"], record["household"], record["item"]))
        bad = [record["id"] for record in waiting if self.rng.random() < REJECTED_SHARE]
        good = [record["id"] for record in waiting if record["id"] not in set(bad)]
        for member in self.staff.panel[:3]:
            for start in range(0, len(good), 200):
                body = {"records": good[start : start + 200], "verdict": "approve"}
                self.office.post(member, "/reviews/batch", body)
            for start in range(0, len(bad), 200):
                body = {
                    "records": bad[start : start + 200],
                    "verdict": "reject",
                    "reason": "核实后不符合条目",
                }
                self.office.post(member, "/reviews/batch", body)

    def vote(self, month: str) -> None:
        """The committee votes on the month; one abstains."""
        tallies = self.office.get(
            self.staff.committee[0], "/tallies", village=self.staff.village, month=month
        )
        tally = tallies["items"][-1]
        for number, member in enumerate(self.staff.committee):
            if tally["status"] != "open":
                break
            vote = "abstain" if number == 1 else "for"
            tally = self.office.post(member, f"/tallies/{tally['id']}/votes", {"vote": vote})

    def publish(self, month: str) -> dict[str, Any]:
        """The head puts the month on public notice."""
        head = self.staff.committee[0]
        tallies = self.office.get(head, "/tallies", village=self.staff.village, month=month)
        answer: dict[str, Any] = self.office.post(head, f"/tallies/{tallies['items'][-1]['id']}/notice", {})
        return answer

    def object(self, notice: str) -> None:
        """Now and then a household asks about its line; the committee answers the day after."""
        if self.rng.random() > 0.5:
            return
        household = self.rng.choice(sorted(self.staff.villagers))
        body = {"household": household, "text": "这个月好像少记了一次，请帮忙核对一下。"}
        objection = self.office.post(self.staff.villagers[household], f"/notices/{notice}/objections", body)
        answer = {"upheld": False, "reason": "已对照记录逐条核对，没有漏记，记录已给本户看过。"}
        self.office.post(self.staff.committee[2], f"/objections/{objection['id']}/answer", answer)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a day in Asia/Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def days_between(first: date, last: date) -> list[date]:
    """All days from `first` to `last`, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
