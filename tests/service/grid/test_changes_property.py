"""Splitting, merging, moving and ending households in any order: no point is lost or made, to the cent.

Beside the program a paper keeps one number for each household, for what is in transit and what was forfeited. A
soak does 200 walks of 60 steps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.grid.changes import service
from server.grid.changes.rules import ChangeKind, Share, Terms
from server.grid.changes.service import NewChange
from server.kit.clock import SetClock
from server.kit.errors import DomainError
from server.kit.exact import ZERO
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.people.models import Household, Member
from tests.acceptance.size import size
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build
from tests.conftest import START, emptied, let_go

K = ChangeKind
WALKS, STEPS = size(4, 200), size(14, 60)
Step = tuple[str, int, int, int]
STEP = st.tuples(
    st.sampled_from([*(kind.value for kind in ChangeKind), "split", "arrive"]),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 3000),
)


@dataclass
class Paper:
    """What everybody has, in points."""

    balances: dict[str, Decimal]
    transit: dict[str, Decimal] = field(default_factory=dict)
    forfeited: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum(self.balances.values(), self.forfeited) + sum(self.transit.values(), ZERO)


class Walk:
    """A walk on fresh villages, the program and the paper side by side."""

    def __init__(self, app: Flask) -> None:
        let_go()
        emptied(app)
        self.clock = SetClock(START)
        app.extensions["jifen_clock"] = self.clock
        self.cast: Cast = build(app, self.clock, adopted=False)
        self.done: Counter[str] = Counter()
        codes = sorted(self.cast.households.values())
        self.paper = Paper({code: Decimal(f"{3 * n + 10}.{n}5") for n, code in enumerate(codes)})
        with transaction() as session:
            for code, points in self.paper.balances.items():
                ledger.open_accounts(session, code[:12], [code])
                line = ledger.OpeningLine(code, points, ZERO, f"open:{code}", {})
                ledger.post_opening_balances(session, code[:12], 2026, [line], self.clock.now())

    def take(self, step: Step) -> None:
        """One step; what the program refuses leaves the paper as it is."""
        kind, first, second, amount = step
        points = Decimal(amount) / 100
        self.clock.advance(minutes=1)
        codes = sorted(self.paper.balances)
        if not codes:  # all of them have ended or are on their way
            kind, codes = "arrive", [""]
        one, other = codes[first % len(codes)], codes[second % len(codes)]
        try:
            if kind == "arrive":
                self._arrive(first)
            else:
                self._agree(K(kind), one, other, points)
        except DomainError:
            self.done["refused"] += 1
            return
        self.done[kind] += 1

    def _agree(self, kind: ChangeKind, one: str, other: str, points: Decimal) -> None:
        terms = {
            K.SPLIT: Terms(points=points, head="新户", members=self._one_of_two(one)),
            K.MERGE: Terms(into=other),
            K.MOVE: Terms(to_village=OTHER_VILLAGE if one.startswith(VILLAGE) else VILLAGE),
            K.END: Terms(shares=(Share(other, points),) if points else ()),
        }[kind]
        new = NewChange(new_id(), kind, one, "协议", date(2026, 9, 1), terms)
        for _ in range(2):  # each twice: the second changes nothing
            with transaction() as session:
                row, _ = service.agree(session, self.cast.actor(session, "admin_zhu"), new, self.clock.now())
                came = row.other_code
        self._note(kind, new.id, one, came or other, points)

    def _one_of_two(self, household: str) -> tuple[str, ...]:
        with transaction(writes=False) as session:
            query = select(Member.id).where(Member.household_code == household, Member.departure.is_(None))
            found = list(session.scalars(query.order_by(Member.id)))
        return tuple(found[:1]) if len(found) > 1 else ()

    def _note(self, kind: ChangeKind, key: str, one: str, other: str, points: Decimal) -> None:
        balances = self.paper.balances
        if kind is K.SPLIT:
            balances[other] = points
            balances[one] -= points
            return
        whole = balances.pop(one)
        if kind is K.MERGE:
            balances[other] += whole
        elif kind is K.MOVE:
            self.paper.transit[key] = whole
        else:
            if points:
                balances[other] += points
            self.paper.forfeited += whole - points

    def _arrive(self, which: int) -> None:
        if not self.paper.transit:
            return
        key = sorted(self.paper.transit)[which % len(self.paper.transit)]
        for _ in range(2):
            with transaction() as session:
                actor = self.cast.actor(session, "admin_zhu")
                row = service.arrive(session, actor, key, Terms(), self.clock.now())
                came = str(row.other_code)
        self.paper.balances[came] = self.paper.transit.pop(key)

    def compare(self, at_first: Decimal) -> None:
        """Program and paper agree, nothing was lost, the ledger verifies."""
        with transaction(writes=False) as session:
            accounts = {code: ledger.account(session, code).balance for code in self.paper.balances}
            standing = select(Household.code).where(Household.status != "ended")
            assert set(session.scalars(standing)) == set(self.paper.balances)
            sums: Counter[str] = Counter()
            for village in (VILLAGE, OTHER_VILLAGE):
                sums.update(ledger.village_sums(session, village))
            assert ledger.verify(session) == []
        assert accounts == self.paper.balances
        assert self.paper.total == at_first
        assert sums["transit"] == sum(self.paper.transit.values(), ZERO)
        assert sums["forfeited"] == self.paper.forfeited


@pytest.mark.timeout(3600)
def test_no_point_is_lost_or_made(app: Flask) -> None:
    done: Counter[str] = Counter()

    @settings(
        max_examples=WALKS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(st.lists(STEP, min_size=STEPS, max_size=STEPS))
    def walked(steps: list[Step]) -> None:
        walk: Any = Walk(app)
        at_first = walk.paper.total
        for step in steps:
            walk.take(step)
        walk.compare(at_first)
        done.update(walk.done)

    walked()
    print(f"walks {WALKS} × {STEPS} steps: {dict(done)}")
    assert all(done[kind] for kind in ("split", "merge", "move", "end", "arrive")), done
