"""A village in a box: clock, network, phones, server crashes, WeChat and scheduler all drawn from one seed.

One thread, so that a seed always plays the same. A crash is an exception that nothing catches, in the middle of a
transaction, before its commit or after it; what the network does to a request is decided before it is sent.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, select

from server.conduct.models import Record
from server.cycles.api import run_due
from server.kit import sql
from server.kit.database import db
from server.kit.transaction import snapshot, transaction
from server.messages import sending
from server.messages.models import OutboxRow
from server.messages.wechat import client
from tests.cast import VILLAGE, Cast

WORKERS = {"wang_fang": ("zhao", "qian", "sun"), "wang_jun": ("li", "zhou", "wu")}


class Crash(BaseException):
    """The server process is gone."""


@dataclass
class World:
    """Everything that a seed decides, and what everybody remembers."""

    cast: Cast
    pick: random.Random
    queues: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in WORKERS})
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    arrived: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    claimed: str = ""
    calm: bool = False

    def step(self) -> None:
        """One thing happens."""
        acts: list[tuple[int, Callable[[], None]]] = [
            (30, self.log_record), (30, self.deliver), (12, self.let_time_pass), (12, self.ring),
            (10, self.review), (4, self.vote), (3, self.publish), (6, self.send_messages),
        ]  # fmt: skip
        self.pick.choices([act for _, act in acts], [weight for weight, _ in acts])[0]()

    def log_record(self) -> None:
        """Somebody notes something on the phone."""
        name = self.pick.choice(sorted(WORKERS))
        item, points = self.pick.choice((("J6", "3.50"), ("J6", "0.50"), ("F2", "-2.00")))
        household = self.pick.choice(WORKERS[name])
        body = self.cast.record(household, item, points)
        body["id"] = f"{self.pick.getrandbits(32):08x}-0000-7000-8000-{self.pick.getrandbits(48):012x}"
        self.queues[name].append(body)

    def deliver(self) -> None:
        """A phone sends one of its records, over a network that loses requests, answers and order."""
        name = self.pick.choice(sorted(WORKERS))
        if not self.queues[name]:
            return
        body = self.pick.choice(self.queues[name])
        fate = (
            "ok"
            if self.calm
            else self.pick.choice(("ok", "ok", "ok", "request lost", "answer lost", "twice"))
        )
        if fate == "request lost":
            return
        for _ in range(2 if fate == "twice" else 1):
            answer = self._survive(lambda: self.cast.as_(name).post("/records", body))
        if answer is None or fate == "answer lost":
            return
        self.queues[name].remove(body)
        if answer.status_code in (200, 201):
            self.acknowledged[body["id"]] = body
        else:
            assert answer.status_code in (409, 422), answer.get_data(as_text=True)
            self.refused.add(body["id"])

    def let_time_pass(self) -> None:
        """Hours, or a long power cut."""
        self.cast.clock.advance(hours=self.pick.choice((1, 5, 24, 48, 24 * 8)))

    def ring(self) -> None:
        """A scheduler looks; it may die on the way, and another one goes on."""
        self._survive(lambda: run_due(self.cast.clock.now()))

    def review(self) -> None:
        """A panel member approves what waits."""
        with transaction(writes=False) as session:
            waiting = sorted(session.scalars(select(Record.id).where(Record.status == "submitted")))
        for key in waiting[:5]:
            name = self.pick.choice(("panel_zhou", "panel_wu", "panel_zheng"))
            self._survive(lambda: self.cast.as_(name).post(f"/records/{key}/reviews", {"verdict": "approve"}))  # noqa: B023

    def vote(self) -> None:
        """Committee members vote on the newest tally."""
        for tally in self._tallies("open"):
            for name in ("head_chen", "member_feng", "member_chu"):
                path = f"/tallies/{tally}/votes"
                self._survive(lambda: self.cast.as_(name).post(path, {"vote": "for"}))  # noqa: B023

    def publish(self) -> None:
        """What was resolved goes on notice."""
        for tally in self._tallies("resolved"):
            self._survive(lambda: self.cast.as_("head_chen").post(f"/tallies/{tally}/notice", {}))  # noqa: B023

    def _tallies(self, status: str) -> list[str]:
        found = self.cast.as_("head_chen").get("/tallies", village=VILLAGE).get_json()["items"]
        return [one["id"] for one in found if one["status"] == status]

    def send_messages(self) -> None:
        """The outbox is emptied; WeChat has a mind of its own."""
        self._survive(lambda: sending.ring(self.cast.app))

    def wechat(self, _account: Any, token: str, open_id: str, template: str, page: str, data: Any) -> None:
        """Stands in for the request: arrives or not, is answered or not."""
        letter = f"{open_id}:{self.claimed}"
        fate = "ok" if self.calm else self.pick.choice(("ok", "ok", "busy", "away", "answer lost", "crash"))
        if fate in ("ok", "answer lost", "crash"):
            self.arrived[letter] += 1
        if fate == "crash":
            raise Crash
        faults: dict[str, Exception] = {
            "busy": client.Refused(-1), "away": client.NotSent(), "answer lost": client.Unanswered(),
        }  # fmt: skip
        if fate in faults:
            raise faults[fate]

    def _survive(self, act: Callable[[], Any]) -> Any:
        """Do it on a server that may crash at any statement; None when it did."""
        quiet = self.calm or self.pick.random() < 0.75
        with nullcontext() if quiet else crashing(self.pick.randint(1, 25)):
            try:
                return act()
            except Crash:  # also while WeChat is being asked
                self.seen["crashes"] += 1
                db.session.remove()
                return None


@contextmanager
def crashing(after: int) -> Iterator[None]:
    """The process dies at the statement with this number, counted from here."""
    left = [after]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Crash

    sql.watchers.append(count)
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
        sql.watchers.remove(count)


@contextmanager
def simulated_wechat(world: World) -> Iterator[None]:
    """WeChat as the world decides; the world knows which row of the outbox it is asked to send."""

    def claim(now: datetime) -> sending.Letter | None:
        letter = claimed(now)
        world.claimed = letter.id if letter else ""
        return letter

    claimed = sending.claim
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "claim", claim)
        patch.setattr(client, "send_subscription", world.wechat)
        patch.setattr("server.messages.wechat.tokens.stable_token", lambda account, force: ("token", 7200))
        yield


def states() -> dict[str, str]:
    """The outbox: id → status."""
    with snapshot() as session:
        return {row.id: row.status for row in session.execute(select(OutboxRow.id, OutboxRow.status))}
