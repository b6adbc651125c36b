"""Both sides of the loop test: the program over HTTP and the village on paper, and how they are held together."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask

from server.cycles.api import run_due
from server.kit.clock import SetClock, local_date
from tests.acceptance.forms import ITEMS, Slip
from tests.acceptance.paper import Paper
from tests.cast import HOUSEHOLDS, Cast, build
from tests.settled import Months


class Nothing(Exception):
    """There is nothing now that this deed could be done to."""


class Difference(AssertionError):
    """The program and the paper disagree."""


def same(found: Any, wanted: Any, about: str) -> None:
    """Raises Difference unless both are equal; of two tables only the rows that differ are told."""
    if found == wanted:
        return
    if isinstance(found, dict) and isinstance(wanted, dict):
        keys = [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]
        found = {key: found.get(key) for key in keys}
        wanted = {key: wanted.get(key) for key in keys}
    raise Difference(f"{about}: program {found}, paper {wanted}")


class Sides:
    """One village twice."""

    def __init__(self, app: Flask, clock: SetClock) -> None:
        self.cast: Cast = build(app, clock)
        self.clock = clock
        self.months = Months(self.cast)
        run_due(clock.now())
        grids = {household: grid for household, (grid, _) in HOUSEHOLDS.items()}
        self.paper = Paper(clock.now(), grids, local_date(clock.now()))

    @property
    def today(self) -> date:
        return local_date(self.clock.now())

    def post(self, by: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Status and content of one person's POST."""
        answer = self.cast.as_(by).post(path, body)
        content = answer.get_json()
        assert answer.status_code < 500, content
        return answer.status_code, content

    def expect(self, answer: tuple[int, dict[str, Any]], codes: set[str], about: str) -> bool:
        """Whether it was accepted; it must be so without `codes`, and else be refused with one of them."""
        status, content = answer
        if codes:
            if status < 400 or content["code"] not in codes:
                raise Difference(f"{about}: {status} {content.get('code')}, paper refuses {sorted(codes)}")
            return False
        if status >= 400:
            raise Difference(f"{about}: refused {content}, paper accepts")
        return True

    def some(self, pick: random.Random, *states: str) -> Slip:
        """A record in one of these states, each state as often as it is named."""
        state = pick.choice(states)
        found = [slip for slip in self.paper.slips.values() if slip.status == state]
        if not found:
            raise Nothing
        return pick.choice(found)

    def points(self, pick: random.Random, code: str) -> Decimal:
        """One of an item's values."""
        item = self.paper.item_on(self.today, code) or ITEMS["J6"]
        steps = (Decimal(item.most) - Decimal(item.least)) / Decimal(item.step)
        return Decimal(item.least) + pick.randint(0, int(steps)) * Decimal(item.step)
