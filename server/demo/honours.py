"""The year in a demo village: nominations that begin early or with the posted year, the vote, the notice, consents.

Played through the API in the last weeks of the story. A story that crosses a year's end finds the evaluation begun by
the closer and goes on to the vote; otherwise nominations are under way on the day the visitor comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.demo.office import Office, Refused
from server.demo.people import Staff

BEGIN, NOMINATE, CONSENT, LIST = 12, 10, 9, 8
"""Days before the visitor comes."""
REASONS = (
    "门前屋后一年到头干干净净，还帮着邻居扫雪",
    "常去看独居的老人，买菜送药从不嫌麻烦",
    "清洁日回回到，巷子里的事抢着干",
    "一家老小和和气气，邻里有事都愿意找他们说",
)
WANTED = ("ZMJT", "XJ", "MLTY", "XJ")
LEAST = "101.00"


@dataclass
class HonourPlay:
    """One village's year; `live` is called on every day of the story."""

    office: Office
    staff: Staff
    as_of: date

    def live(self, day: date) -> None:
        """What is done on `day`."""
        left = (self.as_of - day).days
        if left == BEGIN:
            self._begin()
        elif left == NOMINATE:
            self._nominate()
        elif left == CONSENT:
            self._consent()
        elif left == LIST:
            self._list()

    def _evaluation(self) -> str | None:
        head = self.staff.committee[0]
        found = self.office.get(head, "/evaluations", village=self.staff.village)["items"]
        return next((one["id"] for one in found if one["status"] == "nominating"), None)

    def _begin(self) -> None:
        """The committee begins early, unless the year was posted and has begun by itself."""
        body = {"village": self.staff.village, "year": self.as_of.year}
        try:
            self.office.post(self.staff.committee[0], "/evaluations", body)
        except Refused as error:
            if error.code not in ("evaluation_exists", "year_wrong"):
                raise

    def _nominate(self) -> None:
        """Neighbours nominate each other; one household nominates itself."""
        key = self._evaluation()
        if key is None:
            return
        homes, people = list(self.staff.villagers), list(self.staff.villagers.values())
        for place, honour in enumerate(WANTED):
            body = {"honour": honour, "household": homes[place], "reason": REASONS[place]}
            self.office.post(
                people[place if place == 2 else place + 1], f"/evaluations/{key}/nominations", body
            )

    def _consent(self) -> None:
        """Some say that a grown-up member may be recommended; one takes it back."""
        for place, (home, person) in enumerate(list(self.staff.villagers.items())[:4]):
            member = self._grown_up(person, home)
            if member is None:
                continue
            body = {"household": home, "member": member, "purpose": "party" if place < 3 else "army"}
            given = self.office.post(person, "/consents", body)
            if place == 2:
                self.office.post(person, f"/consents/{given['id']}/withdrawal", {})

    def _grown_up(self, person: str, home: str) -> str | None:
        born = str(self.as_of.year - 19)
        family = self.office.get(person, f"/households/{home}")["members"]
        return next((one["id"] for one in family if (one.get("birth_date") or "9999")[:4] < born), None)

    def _list(self) -> None:
        """One member draws up the list, another issues it."""
        body = {"village": self.staff.village, "purpose": "party", "least_score": LEAST}
        first, second = self.staff.committee[:2]
        try:
            key = self.office.post(first, "/recommendation-lists", body | {"year": self.as_of.year})["id"]
        except Refused as error:
            if error.code != "list_empty":
                raise
            return
        self.office.post(second, f"/recommendation-lists/{key}/confirmation", {})
