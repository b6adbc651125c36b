"""Any operations in any order: the ledger agrees with a booklet kept by hand, to the hundredth."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.kit.database import db
from server.kit.errors import Conflict
from server.ledger import api
from server.ledger.api import Cause, MonthLine, OpeningLine
from tests.service.ledger.books import NOW, VILLAGE, code, found_villages
from tests.service.ledger.reference_model import Booklet, Paper

HOUSEHOLDS = tuple(code(number) for number in range(1, 5))
MOVES: dict[str, Callable[..., api.Moved]] = {
    "balance to reserved": api.reserve,
    "reserved to balance": api.release,
    "balance to redeemed": api.redeem,
    "reserved to redeemed": api.redeem_reserved,
    "redeemed to balance": api.return_points,
    "balance to transit": api.transfer_out,
    "transit to balance": api.transfer_in,
    "balance to expired": api.expire,
    "balance to forfeited": api.forfeit,
}


class Walk:
    """One walk through the ledger and the paper beside it."""

    def __init__(self, session: Session, pick: random.Random) -> None:
        self.session = session
        self.pick = pick
        self.paper = Paper({household: Booklet() for household in HOUSEHOLDS})
        self.entries: dict[str, str] = {}
        self.again: dict[str, tuple[Callable[[], str], Callable[[], object]]] = {}
        self.based: set[tuple[str, int]] = set()
        self.year = 2026
        self.now: datetime = NOW

    def step(self) -> None:
        """One random operation on both, then a look at one household."""
        self.now += timedelta(seconds=self.pick.randrange(90))
        deeds = (self.month, self.month, self.move, self.move, self.move, self.base, self.opening)
        self.pick.choice((*deeds, self.reverse, self.correct, self.repeat, self.repeat, self.seal))()
        self.compare(self.pick.choice(HOUSEHOLDS))

    def amount(self, low: int, high: int) -> Decimal:
        return Decimal(self.pick.randint(low, high)).scaleb(-2)

    def reference(self) -> str:
        return f"step-{len(self.entries)}-{self.pick.random()}"

    def _remember(
        self, reference: str, entry: str, same: Callable[[], str], other: Callable[[], object]
    ) -> None:
        assert entry not in self.entries.values()
        self.entries[reference] = entry
        self.again[reference] = (same, other)

    def month(self) -> None:
        negative = self.pick.random() < 0.1
        year = self.year - (self.pick.random() < 0.2)
        cause = self.pick.choice((Cause.MONTH, Cause.HELD_LINE))
        chosen = self.pick.sample(HOUSEHOLDS, self.pick.randint(1, 4))
        lines = [MonthLine(h, self.amount(-3000, 4000), self.reference() + h, {"m": 1}) for h in chosen]

        def post(lines: list[MonthLine] = lines) -> dict[str, str]:
            return api.post_month(self.session, VILLAGE, year, lines, cause, self.now, negative)

        posted = post()
        for line in lines:
            self.paper.line(line.reference, line.household, year, line.net, line.net, negative)
            other = MonthLine(line.household, line.net + 1, line.reference, line.refs)
            self._remember(
                line.reference, posted[line.household],
                lambda h=line.household: post()[h], lambda other=other: post([other]),
            )  # fmt: skip

    def move(self) -> None:
        what, household = self.pick.choice(list(MOVES)), self.pick.choice(HOUSEHOLDS)
        amount, reference = self.amount(1, 3000), self.reference()

        def act(amount: Decimal = amount) -> str:
            return MOVES[what](self.session, household, amount, reference, {}, self.now).entry

        if self.paper.move(what, household, amount):
            self._remember(reference, act(), act, lambda: act(amount + 1))
        else:
            with pytest.raises(Conflict) as refused:
                act()
            assert refused.value.code == "insufficient_" + what.split()[0]

    def base(self) -> None:
        if self.pick.random() < 0.2:
            self.year += 1
        counts = self.pick.random() < 0.5
        free = [h for h in HOUSEHOLDS if (h, self.year) not in self.based]
        year = self.year
        posted = api.post_base(self.session, VILLAGE, year, Decimal(100), counts, free, self.now)
        for household, entry in posted.items():
            reference = f"base:{household}:{year}"
            self.based.add((household, year))
            self.paper.line(reference, household, year, Decimal(100 * counts), Decimal(100))
            self._remember(
                reference, entry,
                lambda h=household: api.post_base(
                    self.session, VILLAGE, year, Decimal(100), counts, [h], self.now)[h],
                lambda h=household: api.post_base(
                    self.session, VILLAGE, year, Decimal(99), counts, [h], self.now),
            )  # fmt: skip

    def opening(self) -> None:
        household, reference = self.pick.choice(HOUSEHOLDS), self.reference()
        balance, score, year = self.amount(0, 9000), self.amount(0, 500), self.year

        def post(balance: Decimal = balance) -> str:
            line = OpeningLine(household, balance, score, reference, {})
            return api.post_opening_balances(self.session, VILLAGE, year, [line], self.now)[household]

        entry = post()
        self.paper.line(reference, household, year, balance, score)
        self._remember(reference, entry, post, lambda: post(balance + 1))

    def reverse(self) -> None:
        if not self.paper.done:
            return
        first, reference = self.pick.choice(list(self.paper.done)), self.reference()
        entry = self.entries[first]

        def act(refs: dict[str, Any] | None = None) -> str:
            return api.reverse(self.session, entry, reference, refs or {}, self.now).id

        if self.paper.done[first].reversed or first.startswith("reversal"):
            with pytest.raises(Conflict) as refused:
                act()
            assert refused.value.code in ("ledger_already_reversed", "ledger_not_reversible")
            return
        reversal = act()
        self.paper.reverse("reversal " + reference, first)
        self._remember("reversal " + reference, reversal, act, lambda: act({"other": 1}))

    def correct(self) -> None:
        household, reference = self.pick.choice(HOUSEHOLDS), self.reference()
        net, year = self.amount(-2000, 2000), self.year

        def post(net: Decimal = net) -> str:
            return api.correct(
                self.session, VILLAGE, household, net, year, reference, Cause.CORRECTION, {}, self.now
            ).id

        entry = post()
        self.paper.line(reference, household, year, net, net)
        self._remember(reference, entry, post, lambda: post(net + 1))

    def repeat(self) -> None:
        """An earlier request again: the first entry; with other content: refused. No figure changes."""
        if not self.again:
            return
        reference = self.pick.choice(list(self.again))
        same, other = self.again[reference]
        if self.pick.random() < 0.5:
            assert same() == self.entries[reference]
        else:
            with pytest.raises(Conflict) as refused:
                other()
            assert refused.value.code == "ledger_reference_reused"

    def seal(self) -> None:
        api.seal_village(self.session, VILLAGE, self.now)

    def compare(self, household: str) -> None:
        found, paper = api.account(self.session, household), self.paper.booklets[household]
        assert (found.balance, found.reserved) == (paper.balance, paper.reserved)
        assert (found.score, found.score_year, found.version) == (paper.score, paper.year, paper.entries)

    def finish(self) -> None:
        """Every household, every sum of the village, every statement, and the books themselves."""
        for household in HOUSEHOLDS:
            self.compare(household)
            rows = api.statement(self.session, household, None, 10**6)
            assert len(rows) == self.paper.booklets[household].entries
            balance = api.account(self.session, household).balance
            assert sum(row.amount for row in rows) == balance * 100
        sums = api.village_sums(self.session, VILLAGE)
        for name in ("issued", "redeemed", "transit", "expired", "forfeited", "assessed"):
            assert sums.get(name, Decimal(0)) == getattr(self.paper, name), name
        assert sum(sums.values()) == 0
        head = api.head(self.session, VILLAGE)
        assert api.verify(self.session, head=head) == []


@contextmanager
def thrown_away() -> Iterator[Session]:
    session = db.session()
    session.connection(execution_options={"writes": True})
    try:
        yield session
    finally:
        session.rollback()
        db.session.remove()


def _walk(steps: int, pick: random.Random) -> None:
    with thrown_away() as session:
        found_villages(session)
        walk = Walk(session, pick)
        for _ in range(steps):
            walk.step()
        walk.finish()


@settings(
    max_examples=int(os.environ.get("JIFEN_LEDGER_WALKS", "25")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(pick=st.randoms(use_true_random=False), steps=st.integers(1, 40))
def test_any_walk_agrees_with_the_paper(app: Flask, pick: random.Random, steps: int) -> None:
    _walk(steps, pick)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_long_walk_agrees_with_the_paper(app: Flask, seed: int) -> None:
    _walk(400, random.Random(seed))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 15))
def test_ten_thousand_steps_agree_with_the_paper(app: Flask, seed: int) -> None:
    _walk(2000, random.Random(seed))
