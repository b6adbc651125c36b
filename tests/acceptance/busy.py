"""A village at work over HTTP while its server is killed: people send until an answer comes, and remember.

Everybody draws from an own generator. Nothing here knows what the server does; what was acknowledged is kept
to be held against the database afterwards.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from server.kit.clock import local_date
from server.kit.ids import new_id
from server.upkeep.closing import KEYS_FOR
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast

PATIENCE = (
    300  # seconds that one request is repeated for; a busy machine starts a server slowly, again and again
)
DAY = timedelta(days=1)
REMEMBERED = KEYS_FOR - 3 * DAY
"""How old a request may be for its first answer to be kept; the server's clock is up to a day ahead of ours."""


@dataclass(frozen=True)
class Sent:
    """A write and the first answer to it."""

    path: str
    body: Mapping[str, Any]
    key: str
    status: int
    content: dict[str, Any]
    at: datetime


@dataclass
class Person:
    """One person's phone: sends until an answer comes, now and then sends an old request again."""

    name: str
    address: str
    token: str
    pick: random.Random
    stop: threading.Event
    today: Callable[[], datetime]
    sent: list[Sent] = field(default_factory=list)
    waits: int = 0
    repeats: int = 0

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        self._client = httpx.Client(
            base_url=f"{self.address}/api/v1",
            headers=headers,
            timeout=60,
            verify=False,  # noqa: S501 - plain HTTP on this machine: no certificates to load
        )

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Read; what may not be seen reads as nothing."""
        answer = self._until_answered(lambda: self._client.get(path, params=query))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Sent:
        """Write once, whatever happens to the server meanwhile."""
        content = body or {}
        key, at = new_id(), self.today()
        answer = self._send(path, content, key)
        sent = Sent(path, content, key, answer.status_code, answer.json(), at)
        self.sent.append(sent)
        if self.pick.random() < 0.2:
            self.again(self.pick.choice(self.sent))
        return sent

    def again(self, first: Sent) -> None:
        """The same request gets the first answer for as long as keys are kept."""
        if first.status >= 400 or first.path == "/demo/clock":
            return  # nothing happened, so nothing was kept; the clock moves forward only
        if self.today() - first.at > REMEMBERED:
            return
        answer = self._send(first.path, first.body, first.key)
        found = answer.json()
        self.repeats += 1
        if first.path == "/records/batch":  # its records carry the ids, it has no answer of its own
            for before, now in zip(first.content["results"], found["results"], strict=True):
                assert before["status"] >= 400 or (now["status"], now["id"]) == (200, before["id"]), now
            return
        assert (answer.status_code, found) == (first.status, first.content), f"{first.path} of {first.at}"

    def _send(self, path: str, body: Mapping[str, Any], key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key}
        return self._until_answered(lambda: self._client.post(path, json=body, headers=headers))

    def _until_answered(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = send()
            except httpx.TransportError:
                assert time.monotonic() < deadline, "the server does not come back"
                self.waits += 1
                time.sleep(0.25)
                continue
            assert answer.status_code < 500, f"{answer.request.url} {answer.status_code} {answer.text}"
            return answer


Work = Callable[[Person], None]


@dataclass
class Village:
    """Who does what. `today` is the demo clock's day as last seen; it is never ahead of the server's."""

    cast: Cast
    now: datetime

    def works(self) -> dict[str, Work]:
        """One step of each person."""
        return {
            "wang_fang": lambda who: self.log(who, ("zhao", "qian", "sun")),
            "wang_jun": lambda who: self.log(who, ("li", "zhou", "wu")),
            "other_worker": lambda who: self.log(who, ("other",)),
            "zhao_min": self.villager,
            "ma_ling": self.submit,
            "panel_zhou": self.review,
            "panel_zheng": self.review,
            "panel_wu": self.review,
            "head_chen": self.lead,
            "member_feng": self.vote,
            "member_chu": self.vote,
            "other_head": self.vote_elsewhere,
            "": self.time,
        }

    def log(self, who: Person, households: tuple[str, ...]) -> None:
        """A record or a batch; now and then one is taken back."""
        bodies = [self._record(who, households) for _ in range(who.pick.choice((1, 1, 1, 10)))]
        if len(bodies) == 1:
            sent = who.post("/records", bodies[0])
            if sent.status == 201 and who.pick.random() < 0.2:
                who.post(f"/records/{bodies[0]['id']}/withdrawal", {"reason": "记错了"})
        else:
            who.post("/records/batch", {"records": bodies})

    def _record(self, who: Person, households: tuple[str, ...]) -> dict[str, Any]:
        item, points = who.pick.choice((("J6", "3.50"), ("J6", "0.50"), ("F2", "-2.00"), ("J1", "2.00")))
        return {
            "id": new_id(),
            "household": self.cast.households[who.pick.choice(households)],
            "item": item,
            "points": points,
            "occurred_on": (local_date(self.now) - who.pick.randint(0, 3) * DAY).isoformat(),
        }

    def villager(self, who: Person) -> None:
        """Objects to a line on notice, and reads the account."""
        for notice in who.get("/public/notices", village=VILLAGE)["items"]:
            if notice["status"] == "active" and who.pick.random() < 0.3:
                code = self.cast.households[who.pick.choice(("zhao", "li"))]
                who.post(f"/notices/{notice['id']}/objections", {"household": code, "text": "请核对"})
        who.get(f"/households/{self.cast.households['zhao']}/account")

    def submit(self, who: Person) -> None:
        """The leader of the east; nobody submits for the west, so that the system does."""
        for report in who.get("/weekly-reports", status="open")["items"]:
            who.post(f"/weekly-reports/{report['id']}/submission", {"remark": "已核对"})

    def review(self, who: Person) -> None:
        """Verdicts, alone and in batches."""
        waiting = who.get("/records", village=VILLAGE, status="submitted", limit=50)["items"]
        if not waiting:
            return
        some = [record["id"] for record in who.pick.sample(waiting, who.pick.randint(1, len(waiting)))]
        if len(some) == 1:
            who.post(f"/records/{some[0]}/reviews", {"verdict": "approve"})
        else:
            who.post("/reviews/batch", {"records": some, "verdict": "approve"})

    def vote(self, who: Person, village: str = VILLAGE) -> None:
        """For every month that waits for it."""
        for tally in who.get("/tallies", village=village)["items"]:
            if tally["status"] == "open":
                who.post(f"/tallies/{tally['id']}/votes", {"vote": "for"})

    def vote_elsewhere(self, who: Person) -> None:
        """The second village's committee has one member."""
        self.vote(who, OTHER_VILLAGE)

    def lead(self, who: Person) -> None:
        """Votes, publishes what is resolved, answers objections."""
        self.vote(who)
        for tally in who.get("/tallies", village=VILLAGE)["items"]:
            if tally["status"] == "resolved":
                who.post(f"/tallies/{tally['id']}/notice", {})
        for objection in who.get("/objections", village=VILLAGE, status="open")["items"]:
            if who.pick.random() < 0.3:
                answer = {"upheld": False, "reason": "核对过了"}
                who.post(f"/objections/{objection['id']}/answer", answer)

    def time(self, who: Person) -> None:
        """A day goes by; everything due is closed on the way."""
        target = self.now + DAY
        answer = who.post("/demo/clock", {"to": target.isoformat()})
        if answer.status == 200:
            self.now = datetime.fromisoformat(answer.content["now"])
        else:  # the clock runs on while a killed server comes back
            assert answer.content["code"] == "clock_backwards", answer
            self.now = datetime.fromisoformat(who.get("/demo/clock")["now"])
