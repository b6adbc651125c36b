"""An annual evaluation for tests: the year posted, people's steps by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from werkzeug.test import TestResponse

from tests.cast import VILLAGE
from tests.settled import Months, ok

VOTERS = ("member_feng", "member_chu", "member_wei")


def post_year(months: Months) -> None:
    """Post the three months of the cast's first score year, 2026."""
    for number in (10, 11, 12):
        months.go_to(datetime(2026, number, 13, 1, 0, tzinfo=UTC))
        months.on_notice(f"2026-{number}")
        months.go(days=8)


@dataclass
class Year:
    """The evaluation of 2026 of the first village, step by step."""

    months: Months
    id: str = ""

    def post(self, by: str, path: str, body: Any = None) -> TestResponse:
        return self.months.cast.as_(by).post(path, body)

    def begin(self, by: str = "head_chen") -> dict[str, Any]:
        """Begin early; gives the evaluation."""
        found = ok(self.post(by, "/evaluations", {"village": VILLAGE, "year": 2026}), 201)
        self.id = found["id"]
        return found

    def find(self) -> dict[str, Any]:
        """The evaluation that the closer began."""
        (item,) = ok(self.months.cast.as_("head_chen").get("/evaluations", village=VILLAGE))["items"]
        self.id = item["id"]
        return dict(item)

    def read(self, by: str = "head_chen") -> dict[str, Any]:
        return ok(self.months.cast.as_(by).get(f"/evaluations/{self.id}"))

    def nomination(self, key: str, by: str = "head_chen") -> dict[str, Any]:
        return next(one for one in self.read(by)["nominations"] if one["id"] == key)

    def nominate(
        self, household: str, honour: str = "XJ", by: str = "qian_yun", member: str | None = None
    ) -> TestResponse:
        cast = self.months.cast
        body = {"honour": honour, "household": cast.households[household], "reason": "常帮邻居"}
        body |= {"member": cast.members[member]} if member else {}
        return self.post(by, f"/evaluations/{self.id}/nominations", body)

    def vote(self, nomination: str, by: str, vote: str = "for") -> TestResponse:
        return self.post(by, f"/nominations/{nomination}/votes", {"vote": vote})

    def act(self, name: str, by: str = "head_chen", body: Any = None) -> TestResponse:
        """One of the committee's steps: voting, result, notice, minutes, minutes/confirmation."""
        return self.post(by, f"/evaluations/{self.id}/{name}", body)

    def minutes(self, results: dict[str, tuple[int, int, int]], attended: int = 30) -> dict[str, Any]:
        rows = [
            {"nomination": key, "for": votes[0], "against": votes[1], "abstained": votes[2]}
            for key, votes in results.items()
        ]
        held_on = self.months.now.date().isoformat()
        return {
            "minutes_number": "评〔2026〕1号", "held_on": held_on, "kind": "representatives",
            "attended": attended, "results": rows,
        }  # fmt: skip

    def bring_to(self, state: str, household: str = "zhao") -> str:
        """A begun year with one nomination, brought to a state; gives the nomination."""
        self.find()
        key = str(ok(self.nominate(household), 201)["id"])
        steps = ("voting", "resolved", "on_notice", "awarded")
        for step in steps[: steps.index(state) + 1] if state != "nominating" else ():
            if step == "voting":
                ok(self.act("voting"))
            elif step == "resolved":
                for member in VOTERS:
                    ok(self.vote(key, member))
                ok(self.act("result"))
            elif step == "on_notice":
                ok(self.act("notice"))
            else:
                self.months.go(days=8)
        assert self.read()["status"] == state
        return key

    def object(self, nomination: str, by: str = "li_mei", **more: Any) -> TestResponse:
        return self.post(by, f"/nominations/{nomination}/objections", {"text": "这事不是他家做的"} | more)

    def answer(self, objection: str, by: str, upheld: bool) -> TestResponse:
        body = {"upheld": upheld, "reason": "已经核实"}
        return self.post(by, f"/honour-objections/{objection}/answer", body)
