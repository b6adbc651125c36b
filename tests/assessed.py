"""Assessment cycles for tests: a township's people, a cycle with its subjects and entries, by the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from server.cycles.api import Closed, run_due
from tests.cast import TOWNSHIP, Cast
from tests.settled import ok

OFFICER = "township_han"
TEAMS = {"T1": "大槐树村两委", "T2": "小柳庄两委"}
MEMBERS = {
    "M1": ("陈立", "T1", "head_chen"),
    "M2": ("冯静", "T1", "member_feng"),
    "M3": ("何勇", "T2", "other_head"),
}


@dataclass
class Assessments:
    """The first township of the cast, assessing."""

    cast: Cast
    pack: str = "gaoyang-thousand"

    @property
    def now(self) -> datetime:
        return self.cast.clock.now()

    def post(self, by: str | None, path: str, body: Any = None) -> TestResponse:
        return self.cast.as_(by).post(f"/assessments{path}", body)

    def get(self, by: str | None, path: str, **query: Any) -> TestResponse:
        return self.cast.as_(by).get(f"/assessments{path}", **query)

    def cycle(self, by: str = OFFICER, **more: Any) -> str:
        """A cycle in preparation."""
        body = {"pack": self.pack, "period": "2026H1", "division": TOWNSHIP} | more
        return str(ok(self.post(by, "/cycles", body), 201)["id"])

    def staffed(self, by: str = OFFICER, **more: Any) -> str:
        """A cycle of `gaoyang-thousand` with two teams and three members, who have accounts."""
        key = self.cycle(by, **more)
        rows: list[dict[str, Any]] = [
            {"code": code, "name": name, "category": "team"} for code, name in TEAMS.items()
        ]
        rows += [
            {
                "code": code,
                "name": name,
                "category": "member",
                "unit": unit,
                "person": self.cast.persons[person],
            }
            for code, (name, unit, person) in MEMBERS.items()
        ]
        ok(self.post(by, f"/cycles/{key}/subjects", {"subjects": rows}), 201)
        return key

    def scored(self, by: str = OFFICER, **more: Any) -> str:
        """As `staffed`, begun, with a score for each."""
        key = self.staffed(by, **more)
        ok(self.post(by, f"/cycles/{key}/opening"))
        ok(self.enter(by, key, scores()), 201)
        return key

    def enter(self, by: str, key: str, rows: list[dict[str, Any]]) -> TestResponse:
        return self.post(by, f"/cycles/{key}/entries", {"entries": rows})

    def read(self, key: str, by: str = OFFICER) -> dict[str, Any]:
        return ok(self.get(by, f"/cycles/{key}"))

    def results(self, key: str, by: str = OFFICER, **query: Any) -> dict[str, Any]:
        return ok(self.get(by, f"/cycles/{key}/results", **query))

    def duty(self, key: str, person: str, by: str = OFFICER, **more: Any) -> str:
        body = {"person": self.cast.persons[person]} | more
        return str(ok(self.post(by, f"/cycles/{key}/duties", body), 201)["id"])

    def open_step(self, key: str) -> str | None:
        """The kind of the step that is open or held."""
        found = [s["step"] for s in self.read(key)["steps"] if s["status"] in ("open", "held")]
        return found[0] if found else None

    def complete(self, key: str, by: str = OFFICER, **body: Any) -> TestResponse:
        """End the step that is open."""
        position = next(s["position"] for s in self.read(key)["steps"] if s["status"] in ("open", "held"))
        return self.post(by, f"/cycles/{key}/steps/{position}/completion", body)

    def until(self, key: str, step: str) -> None:
        """End steps until this one is open."""
        while self.open_step(key) != step:
            ok(self.complete(key))

    def until_standing(self, key: str) -> None:
        """End steps until the results stand."""
        while self.read(key)["frozen_at"] is None:
            ok(self.complete(key))

    def go(self, **delta: float) -> list[Closed]:
        """Let time pass, closing each period at its own instant."""
        target = self.now + timedelta(**delta)

        def step(due: Any) -> datetime:
            self.cast.clock.move_to(max(due.at, self.now))
            return self.now

        done = run_due(target, step=step)
        self.cast.clock.move_to(target)
        return [one for one in done if one.closer.startswith("assessment.")]


def row(subject: str, indicator: str, value: str, **more: str) -> dict[str, Any]:
    """One row for POST …/entries."""
    return {"subject": subject, "indicator": indicator, "value": value} | more


def scores() -> list[dict[str, Any]]:
    """Scores for the five subjects of `staffed`: T1 ahead of T2, M1 ahead of M2 ahead of M3 (incompetent)."""
    best = {"T1": 38, "T2": 30, "M1": 39, "M2": 33, "M3": 12}
    rows = []
    for subject, points in best.items():
        for heading in ("party", "governance", "development", "livelihood"):
            rows += [row(subject, f"quant.{heading}.{number}", str(points)) for number in range(1, 5)]
        rows += [row(subject, f"qual.{number}", str(points * 2)) for number in range(1, 7)]
    return [*rows, row("T1", "bonus", "12.5", kind="commended", note="县委表彰 2026 第 3 号")]


PARTY = ("party_discipline", "party_organisation", "party_publicity", "party_united_front")
BASE = {"economic": 25, "social": 20, "other_work": 12, "leader_appraisal": 13, "democratic_appraisal": 12}


def linkable(cast: Cast, division: str = TOWNSHIP, by: str = OFFICER) -> str:
    """A cycle of `dinghai-2018-town` whose results stand: five towns, ZJ1 first (A), ZJ5 last; ZJ1 speaks through
    `head_chen`.
    """
    assess = Assessments(cast, "dinghai-2018-town")
    key = assess.cycle(by, division=division, period="2025")
    towns = [{"code": f"ZJ{n}", "name": f"第{n}镇", "category": "town"} for n in range(1, 6)]
    towns[0]["person"] = cast.persons["head_chen"]
    ok(assess.post(by, f"/cycles/{key}/subjects", {"subjects": towns}), 201)
    ok(assess.post(by, f"/cycles/{key}/opening"))
    rows = [row(f"ZJ{n}", one, str(100 - n)) for n in range(1, 6) for one in PARTY]
    rows += [row(f"ZJ{n}", one, str(most - n)) for n in range(1, 6) for one, most in BASE.items()]
    ok(assess.enter(by, key, rows), 201)
    while assess.read(key, by)["frozen_at"] is None:
        ok(assess.complete(key, by))
    return key
