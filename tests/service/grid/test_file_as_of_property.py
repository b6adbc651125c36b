"""A file read as of a past day shows what was known then, whatever was written, corrected or changed later.

Every evening somebody copies the file by hand; at the end of the story the file as of each of these days must be the
copy of that evening. A small run tells 3 stories of 25 days, a soak 30 of 90.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from server.grid.vocabulary import About, FactKind, Keeps, Value, fact_kinds
from server.kit.clock import SetClock, local_date
from server.kit.ids import new_id
from tests.acceptance.size import seed, size
from tests.cast import Cast, build
from tests.conftest import START, emptied, let_go
from tests.settled import ok
from tests.shop import patch

STORIES, DAYS = size(3, 30), size(25, 90)
NOT_THE_DAYS = {"as_of", "revision"}  # when it was read, and which revision the next change must name


class Story:
    """One household, two people who write in its file, and the copies made each evening."""

    def __init__(self, app: Flask, pick: random.Random) -> None:
        let_go()
        emptied(app)
        self.clock = SetClock(START)
        app.extensions["jifen_clock"] = self.clock
        self.cast: Cast = build(app, self.clock, adopted=False)
        self.pick = pick
        self.path = f"/households/{self.cast.households['zhao']}"
        self.members = [self.cast.members["zhao"]]
        self.entries: list[tuple[str, str, str | None]] = []  # id, kind, member; not corrected yet
        self.copies: dict[date, dict[str, Any]] = {}
        self.done: Counter[str] = Counter()

    def live(self) -> None:
        """A day: something happens or nothing, then the evening's copy."""
        for _ in range(self.pick.choice((0, 1, 1, 2))):
            self.clock.advance(minutes=7)
            act = self.pick.choice(
                ("fact", "fact", "fact", "end", "correct", "void", "household", "member", "leave")
            )
            if getattr(self, f"_{act}")():
                self.done[act] += 1
        self.copies[local_date(self.clock.now())] = self.read(None)
        self.clock.advance(days=1)

    def read(self, day: date | None) -> dict[str, Any]:
        """The file without what depends on the day of reading alone."""
        query = {"as_of": day.isoformat()} if day else {}
        found = ok(self.cast.as_("wang_fang").get(f"{self.path}/file", **query))
        return {name: value for name, value in found.items() if name not in NOT_THE_DAYS}

    def _body(self, kind: FactKind, member: str | None) -> dict[str, Any]:
        value = {Value.NONE: "", Value.TEXT: f"写于{self.clock.now():%m%d%H%M}"}.get(kind.value)
        chosen = self.pick.choice(kind.choices) if value is None else value
        since = local_date(self.clock.now()) - timedelta(days=self.pick.choice((0, 0, 1, 5, 30)))
        about = {"member": member} if member else {}
        return {"id": new_id(), "kind": kind.code, "value": chosen, "since": since.isoformat()} | about

    def _write(self, body: dict[str, Any]) -> bool:
        ok(self.cast.as_("wang_fang").post(f"{self.path}/facts", {"facts": [body]}), 201)
        self.entries.append((body["id"], body["kind"], body.get("member")))
        return True

    def _fact(self) -> bool:
        kind = self.pick.choice(list(fact_kinds().values()))
        return self._write(
            self._body(kind, self.pick.choice(self.members) if kind.about is About.MEMBER else None)
        )

    def _end(self) -> bool:
        there = (None, *self.members)
        states = [
            one for one in self.entries if one[2] in there and fact_kinds()[one[1]].keeps is Keeps.STATE
        ]
        if not states:
            return False
        _, kind, member = self.pick.choice(states)
        about = {"member": member} if member else {}
        return self._write({"id": new_id(), "kind": kind, "ended": True} | about)

    def _correct(self, void: bool = False) -> bool:
        mine = [one for one in self.entries if one[2] in (None, *self.members)]
        if not mine:
            return False
        wrong = self.pick.choice(mine)
        self.entries.remove(wrong)
        fact = None if void else self._body(fact_kinds()[wrong[1]], wrong[2])
        body = {"reason": "写错了"} | ({"fact": fact} if fact else {})
        ok(self.cast.as_("ma_ling").post(f"/facts/{wrong[0]}/correction", body), 201)
        if fact:
            self.entries.append((fact["id"], wrong[1], wrong[2]))
        return True

    def _void(self) -> bool:
        return self._correct(void=True)

    def _household(self) -> bool:
        choices = {
            "address": ("新村 9 号", "老街 3 号"),
            "kind": ("elders_only", "general"),
            "head": ("赵大", "赵敏"),
        }
        name, words = self.pick.choice(list(choices.items()))
        change = {name: self.pick.choice(words)}
        ok(patch(self.cast, "head_chen", self.path, change))
        return True

    def _member(self) -> bool:
        if self.pick.random() < 0.5:
            body = {"name": f"赵{self.clock.now():%m%d%H%M}", "kinship": "孙子"}
            made = ok(self.cast.as_("head_chen").post(f"{self.path}/members", body), 201)
            self.members.append(made["id"])
        else:
            path = f"{self.path}/members/{self.pick.choice(self.members)}"
            ok(patch(self.cast, "head_chen", path, {"kinship": self.pick.choice(("儿子", "女儿", "户主"))}))
        return True

    def _leave(self) -> bool:
        if len(self.members) < 2:
            return False
        gone = self.members.pop(self.pick.randrange(1, len(self.members)))
        ok(patch(self.cast, "head_chen", f"{self.path}/members/{gone}", {"departure": "moved_out"}))
        return True


@pytest.mark.timeout(3600)
def test_as_of_a_day_is_what_was_known_on_it(app: Flask) -> None:
    pick = random.Random(seed())
    done: Counter[str] = Counter()
    read = 0
    for _ in range(STORIES):
        story = Story(app, pick)
        for _ in range(DAYS):
            story.live()
        for day, copy in story.copies.items():
            assert story.read(day) == copy, day
        read += len(story.copies)
        done.update(story.done)
    print(f"{STORIES} stories of {DAYS} days: {read} files as of a past day, {dict(done)}")
    assert all(done[act] for act in ("fact", "end", "correct", "void", "household", "member", "leave")), done
