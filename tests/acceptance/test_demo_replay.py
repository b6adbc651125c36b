"""A replay of a changed rulebook over six months of the demo equals, to the cent, a run of the same records from
scratch under that rulebook: logged, reviewed, voted on, put on notice and posted in a new village.

Small by default; a soak takes the full county's first village.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.app import create_app
from server.conduct.models import Record
from server.cycles.calendar import Month
from server.kit.clock import SHANGHAI, SetClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.ledger.models import LedgerEntry, LedgerPosting
from server.people.models import Household, Member
from server.rulebook.document import shipped
from server.rulebook.items import Cap, CapPeriod, ItemKind, Rulebook
from server.rulebook.replaying import Replayed, replay_village
from server.rulebook.rules import nearest_points
from tests.acceptance.adoption import adopt_today
from tests.acceptance.demo_county import demo_copy, demo_settings
from tests.cast import VILLAGE, Cast, build
from tests.settled import COMMITTEE, Months, ok

DEMO = "990101001201"
FIRST, LAST = Month(2026, 6), Month(2026, 11)
ADOPTION = datetime(2026, 5, 13, 0, 30, tzinfo=UTC)
END = datetime(2026, 12, 28, 2, tzinfo=UTC)
Sums = dict[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Lived:
    """One record of the demo that counts; `number` is the household's."""

    number: str
    item: str
    points: Decimal
    at: datetime
    on: date


def changed(book: Rulebook) -> Rulebook:
    """Fewer points for one item, a stricter cap, one item less, elders exempt from one more, a dearer deduction."""
    good = [item.code for item in book.items if item.kind is ItemKind.POSITIVE]
    cheap, capped, gone, exempt = good[:4]
    items = []
    for item in book.items:
        if item.code == cheap:
            items.append(replace(item, points_min=Decimal("0.50"), points_max=Decimal("1.00")))
        elif item.code == capped:
            items.append(replace(item, cap=Cap(1, CapPeriod.QUARTER)))
        elif item.kind is ItemKind.NEGATIVE:
            items.append(replace(item, points_min=item.points_min - 3, points_max=item.points_max - 3))
        elif item.code != gone:
            items.append(item)
    classes = dict(book.exemption_classes)
    classes["elders_only"] = classes.get("elders_only", frozenset()) | {exempt}
    classes = {name: codes - {gone} for name, codes in classes.items()}
    return replace(book, items=tuple(items), exemption_classes=classes)


@contextmanager
def county(folder: Path) -> Iterator[None]:
    """The demo county as the current application."""
    app = create_app(demo_settings(folder), SetClock(datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)))
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def replayed(folder: Path, book: Rulebook) -> tuple[Replayed, list[Lived], dict[str, str]]:
    """The replay, the records that count in the order in which they came in, and each household's kind."""
    with county(folder), transaction(writes=False) as session:
        found = replay_village(session, DEMO, book, FIRST, LAST)
        rows = session.scalars(
            select(Record)
            .where(
                Record.village_code == DEMO,
                Record.status == "approved",
                Record.month <= LAST.year * 100 + LAST.number,
            )
            .order_by(Record.logged_at, Record.id)
        )
        lived = [
            Lived(r.household_code[-4:], r.item_code, r.points, r.logged_at, r.occurred_on) for r in rows
        ]
        kinds = {
            code[-4:]: kind
            for code, kind in session.execute(
                select(Household.code, Household.kind).where(Household.village_code == DEMO)
            )
        }
    return found, lived, kinds


class Scratch:
    """A new village with the demo's households under the changed rulebook, its months played to the end."""

    def __init__(self, app: Flask, book: Rulebook, kinds: dict[str, str]) -> None:
        self.clock = SetClock(ADOPTION)
        app.extensions["jifen_clock"] = self.clock
        self.cast: Cast = build(app, self.clock, adopted=False)
        self.cast.rulebook, self.book = book, book
        self.months = Months(self.cast)
        with transaction() as session:
            codes = [self.code(number) for number in kinds]
            for number, kind in kinds.items():
                house = Household(code=self.code(number), village_code=VILLAGE, kind=kind, head="户主")
                house.grid_id, house.created_at = self.cast.grids["east"], self.clock.now()
                session.add(house)
            session.flush()
            session.add_all(Member(id=new_id(), household_code=code, name="户主") for code in codes)
            ledger.open_accounts(session, VILLAGE, codes)
        adopt_today(self.cast, VILLAGE)
        self.months.go(minutes=1)

    def code(self, number: str) -> str:
        """The household that stands for the demo's; the cast's own have the low numbers."""
        return f"{VILLAGE}{int(number) + 1000:04d}"

    def live(self, lived: list[Lived]) -> None:
        """Every record at its instant, through the API; the panel and the committee work in between."""
        for at, group in groupby(lived, key=lambda one: one.at):
            self._until(at)
            bodies = [self._body(one) for one in group]
            for start in range(0, len(bodies), 200):
                answer = ok(
                    self.cast.as_("wang_fang").post(
                        "/records/batch", {"records": bodies[start : start + 200]}
                    )
                )
                assert {result["status"] for result in answer["results"]} <= {201, 409, 422}
        self._until(END)

    def _body(self, one: Lived) -> dict[str, str]:
        item = self.book.item(one.item)
        points = one.points if item is None else nearest_points(item, one.points)
        return {
            "id": new_id(),
            "household": self.code(one.number),
            "item": one.item,
            "points": f"{points:.2f}",
            "occurred_on": one.on.isoformat(),
        }

    def _until(self, at: datetime) -> None:
        """Days pass; each morning the panel goes through what waits, and the committee does what is due."""
        while self.clock.now() < at:
            self.months.go_to(min(at, self.clock.now() + timedelta(days=1)))
            if self.clock.now() < at or at == END:
                self._review()
                self._settle()

    def _review(self) -> None:
        with transaction(writes=False) as session:
            keys = list(session.scalars(select(Record.id).where(Record.status == "submitted")))
        for member in ("panel_zheng", "panel_zhou"):
            for start in range(0, len(keys), 200):
                body = {"records": keys[start : start + 200], "verdict": "approve"}
                ok(self.cast.as_(member).post("/reviews/batch", body))

    def _settle(self) -> None:
        head = self.cast.as_("head_chen")
        for tally in ok(head.get("/tallies", village=VILLAGE))["items"]:
            if tally["status"] == "open" and self.clock.now() >= datetime.fromisoformat(tally["freeze_due"]):
                for member in COMMITTEE[:3]:
                    ok(self.cast.as_(member).post(f"/tallies/{tally['id']}/votes", {"vote": "for"}))
                ok(head.post(f"/tallies/{tally['id']}/notice"), 201)

    def approved(self) -> Sums:
        """Points by household number and item."""
        sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        with transaction(writes=False) as session:
            for row in session.scalars(select(Record).where(Record.status == "approved")):
                sums[f"{int(row.household_code[-4:]) - 1000:04d}", row.item_code] += row.points
        return {place: points for place, points in sums.items() if points}

    def posted(self) -> dict[str, Decimal]:
        """What the months brought to each household's score, by number."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        with transaction(writes=False) as session:
            rows = session.execute(
                select(LedgerEntry.household_code, LedgerPosting.amount)
                .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
                .where(LedgerEntry.cause == "month", LedgerPosting.account == "score")
            )
            for code, amount in rows:
                sums[f"{int(str(code)[-4:]) - 1000:04d}"] += amount
        return {number: amount for number, amount in sums.items() if amount}


@pytest.mark.timeout(3600)
def test_replayed_and_lived_from_scratch_are_equal_to_the_cent(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = changed(shipped())
    found, lived, kinds = replayed(demo_copy(tmp_path_factory), book)
    assert found.records == len(lived) > 300 and len(found.lines) > 20
    wanted: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in lived:
        wanted[one.number, one.item] += one.points
    for line in found.lines:
        wanted[line.household[-4:], line.item] += line.change
    scratch = Scratch(app, book, kinds)
    scratch.live(lived)
    again = scratch.approved()
    assert {place: points for place, points in wanted.items() if points} == again
    assert found.new_points == sum(again.values())
    by_household: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (number, _), points in again.items():
        by_household[number] += points
    assert scratch.posted() == {number: points for number, points in by_household.items() if points}
    with transaction(writes=False) as session:
        assert not ledger.verify(session)
    print(
        f"{len(lived)} records, {found.households_changed} households changed, {found.old_points} → {found.new_points}"
    )
