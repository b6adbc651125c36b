"""Deeds of the loop test: records, weekly reports, the panel and meetings on single records."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.acceptance.forms import ITEMS, Slip
from tests.acceptance.sides import Difference, Nothing, Sides, same
from tests.cast import HOUSEHOLDS
from tests.settled import COMMITTEE

WORKERS = {"east": "wang_fang", "west": "wang_jun"}
LEADERS = {"east": "ma_ling", "west": "ma_dong"}
VILLAGERS = {"zhao": "zhao_min", "qian": "qian_yun", "li": "li_mei"}
PANEL = {"panel_zhou": "zhou", "panel_wu": "wu", "panel_zheng": None}


class RecordDeeds(Sides):
    """What is done with single records, each on both sides."""

    def __init__(self, app: Flask, clock: SetClock) -> None:
        super().__init__(app, clock)
        self.bodies: dict[str, tuple[str, dict[str, Any]]] = {}

    def _drawn(self, pick: random.Random) -> tuple[str, Slip, dict[str, Any], set[str]]:
        """Who logs what, and the refusals that it must meet."""
        household = pick.choice(list(HOUSEHOLDS))
        grid = HOUSEHOLDS[household][0]
        by, declared = WORKERS[grid], False
        if household in VILLAGERS and pick.random() < 0.2:
            by, declared = VILLAGERS[household], True
        code = pick.choice(("J1", "J1", "J2", "J4", "J5", "J6", "J6", "J6", "F1", "F2", "F2"))
        if pick.random() < 0.06:
            code = pick.choice(("J3", "J99", "V1"))
        points = self.points(pick, code)
        if pick.random() < 0.06:
            points += pick.choice((Decimal("0.25"), Decimal(30), Decimal(-30)))
            points = points or Decimal("0.25")
        day = self.today - pick.choice((0, 0, 1, 2, 3, 6, 10, 14)) * timedelta(days=1)
        if pick.random() < 0.05:
            day = self.today + pick.choice((1, 2, -15, -40)) * timedelta(days=1)
        place = code == "J4" and pick.random() < 0.8
        slip = Slip(new_id(), household, grid, code, points, day, by, self.paper.now)
        refused = self.paper.refusals(slip, self.today, declared=declared, place=place, member=False)
        body = self._body(slip)
        if place:
            body["location"] = {"latitude": "38.69", "longitude": "115.78"}
        if pick.random() < 0.03 and not declared:
            by = WORKERS["west" if grid == "east" else "east"]
            refused = {"household_not_found"}
        return by, slip, body, refused

    def _body(self, slip: Slip) -> dict[str, Any]:
        return {
            "id": slip.id,
            "household": self.cast.households[slip.household],
            "item": slip.item,
            "points": f"{slip.points:.2f}",
            "occurred_on": slip.day.isoformat(),
        }

    def _keep(self, by: str, slip: Slip, body: dict[str, Any]) -> None:
        slip.by = by
        self.paper.slips[slip.id] = slip
        self.bodies[slip.id] = (by, body)

    def log(self, pick: random.Random) -> None:
        by, slip, body, refused = self._drawn(pick)
        if self.expect(self.post(by, "/records", body), refused, f"record {body}"):
            self._keep(by, slip, body)

    def log_batch(self, pick: random.Random) -> None:
        """One worker's phone was offline: good and bad ones together, each judged after those before it."""
        draws = [self._drawn(pick) for _ in range(pick.randint(2, 6))]
        by = pick.choice(list(WORKERS.values()))
        mine = [(slip, body) for who, slip, body, _ in draws if who == by and slip.item != "V1"]
        if not mine:
            raise Nothing
        status, content = self.post(by, "/records/batch", {"records": [body for _, body in mine]})
        same(status, 200, "batch")
        for (slip, body), result in zip(mine, content["results"], strict=True):
            place = "location" in body
            refused = self.paper.refusals(slip, self.today, declared=False, place=place, member=False)
            if WORKERS[slip.grid] != by:
                refused = {"household_not_found"}
            told = result.get("record") or result["problem"]
            if self.expect((result["status"], told), refused, f"in a batch {body}"):
                self._keep(by, slip, body)

    def log_veto(self, pick: random.Random) -> None:
        household = pick.choice(list(HOUSEHOLDS))
        points = self.points(pick, "V1")
        by = pick.choice(COMMITTEE)
        grid = HOUSEHOLDS[household][0]
        slip = Slip(new_id(), household, grid, "V1", points, self.today, by, self.paper.now)
        refused = self.paper.refusals(slip, self.today, declared=False, place=False, member=True)
        if self.expect(self.post(by, "/records", self._body(slip)), refused, "veto"):
            self._keep(by, slip, self._body(slip))

    def repeat(self, pick: random.Random) -> None:
        """The same again is the same record; other content or another person is a conflict."""
        if not self.bodies:
            raise Nothing
        by, body = pick.choice(list(self.bodies.values()))
        kind = pick.choice(("same", "note", "points"))
        if kind == "same":
            status, content = self.post(by, "/records", body)
            same((status, content["id"]), (200, body["id"]), "repeat")
            return
        other = {"note": "另一件事"} if kind == "note" else {"points": f"{Decimal(body['points']) / 2:.2f}"}
        other = other if other.get("points") != body["points"] else {"note": "另一件事"}
        self.expect(self.post(by, "/records", body | other), {"record_id_reused"}, "other content")

    def withdraw(self, pick: random.Random) -> None:
        slip = self.some(pick, "recorded", "recorded", "submitted", "withdrawn")
        codes = {"state_changed"} if slip.status not in ("recorded", "withdrawn") else set()
        answer = self.post(slip.by, f"/records/{slip.id}/withdrawal", {"reason": "记错了"})
        if self.expect(answer, codes, "withdrawal"):
            slip.status = "withdrawn"

    def reply(self, pick: random.Random) -> None:
        slip = self.some(pick, "recorded", "submitted", "submitted", "approved")
        if slip.household not in VILLAGERS:
            raise Nothing
        codes = set()
        if not slip.told:
            codes = {"no_reply_needed"}
        elif slip.replied:
            codes = {"already_replied"}
        elif slip.status not in ("recorded", "submitted"):
            codes = {"state_changed"}
        text = {"text": f"不是这样的{pick.random()}"}
        if self.expect(
            self.post(VILLAGERS[slip.household], f"/records/{slip.id}/reply", text), codes, "reply"
        ):
            slip.replied = True

    def submit_week(self, pick: random.Random) -> None:
        waiting = [key for key, state in self.paper.reports.items() if state == "open"]
        if not waiting:
            raise Nothing
        key = pick.choice(sorted(waiting))
        for report in self._reports(LEADERS[key[0]]):
            if report["status"] == "open" and datetime.fromisoformat(report["ends_at"]) == key[1]:
                path = f"/weekly-reports/{report['id']}/submission"
                self.expect(self.post(LEADERS[key[0]], path, {}), set(), "submission")
                self.paper.submit(key)
                return
        raise Difference(f"no open report {key}")

    def _reports(self, leader: str) -> list[dict[str, Any]]:
        return list(self.cast.as_(leader).get("/weekly-reports").get_json()["items"])

    # --- the panel -------------------------------------------------------------------------------

    def _opinion(self, pick: random.Random, slip: Slip) -> dict[str, Any]:
        draw = pick.random()
        if draw < 0.7:
            return {"verdict": "approve"}
        if draw < 0.85:
            return {"verdict": "reject", "reason": "核实后不算"}
        return {"verdict": "amend", "points": f"{self.points(pick, slip.item):.2f}", "reason": "按细则"}

    def _refusals_of(self, slip: Slip, member: str, opinion: dict[str, Any]) -> set[str] | None:
        """Why this member's opinion does not count; None when it was said before."""
        points = Decimal(opinion["points"]) if "points" in opinion else None
        if PANEL[member] == slip.household:
            return {"must_recuse"}
        if slip.votes.get(member) == (opinion["verdict"], points):
            return None
        codes = set()
        if slip.status != "submitted":
            codes.add("state_changed")
        if member in slip.votes:
            codes.add("already_reviewed")
        if slip.to_meeting or ITEMS[slip.item].veto:
            codes.add("needs_meeting")
        if slip.waits(self.paper.now):
            codes.add("reply_pending")
        if points is not None and (points == slip.points or not slip.allows(points)):
            codes.add("points_not_allowed")
        return codes

    def _count(self, slip: Slip, member: str, opinion: dict[str, Any]) -> None:
        points = Decimal(opinion["points"]) if "points" in opinion else None
        eligible = sum(household != slip.household for household in PANEL.values())
        self.paper.cast(slip, member, opinion["verdict"], points, eligible)

    def review(self, pick: random.Random) -> None:
        slip = self.some(pick, "submitted", "submitted", "submitted", "recorded", "approved", "rejected")
        member, opinion = pick.choice(list(PANEL)), self._opinion(pick, slip)
        codes = self._refusals_of(slip, member, opinion)
        answer = self.post(member, f"/records/{slip.id}/reviews", opinion)
        if self.expect(answer, codes or set(), f"{member} {opinion}") and codes is not None:
            self._count(slip, member, opinion)

    def review_batch(self, pick: random.Random) -> None:
        """Most of what waits, with one verdict."""
        waiting = [slip for slip in self.paper.slips.values() if slip.status == "submitted"]
        if not waiting:
            raise Nothing
        some = pick.sample(waiting, min(len(waiting), 40))
        member, opinion = pick.choice(list(PANEL)), {"verdict": "approve"}
        codes = {slip.id: self._refusals_of(slip, member, opinion) for slip in some}
        body = {"records": [slip.id for slip in some]} | opinion
        status, content = self.post(member, "/reviews/batch", body)
        same(status, 200, "reviews")
        for slip, result in zip(some, content["results"], strict=True):
            told = result.get("record") or result["problem"]
            accepted = self.expect((result["status"], told), codes[slip.id] or set(), f"{member} in a batch")
            if accepted and codes[slip.id] is not None:
                self._count(slip, member, opinion)

    def meet(self, pick: random.Random) -> None:
        """What a meeting decided on a veto item, or where the panel could not."""
        mine = [
            slip
            for slip in self.paper.slips.values()
            if slip.status == "submitted"
            and (slip.to_meeting or ITEMS[slip.item].veto or pick.random() < 0.02)
        ]
        if not mine:
            raise Nothing
        slip, by = pick.choice(mine), pick.choice(COMMITTEE)
        opinion = self._opinion(pick, slip)
        points = Decimal(opinion["points"]) if "points" in opinion else None
        codes = set()
        if slip.by == by:
            codes.add("must_recuse")
        if not slip.to_meeting and not ITEMS[slip.item].veto:
            codes.add("panels_turn")
        if slip.waits(self.paper.now):
            codes.add("reply_pending")
        if points is not None and (points == slip.points or not slip.allows(points)):
            codes.add("points_not_allowed")
        persons = [self.cast.persons[name] for name in COMMITTEE[:3]]
        minutes = {"minutes_number": "会1", "held_on": self.today.isoformat(), "attended": persons, "for": 3}
        answer = self.post(by, f"/records/{slip.id}/meeting-decision", minutes | opinion)
        if self.expect(answer, codes, f"meeting on {slip.item}"):
            self.paper.decide(slip, opinion["verdict"], points)
