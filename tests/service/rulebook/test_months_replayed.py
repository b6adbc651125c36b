"""A replay over real months equals, to the cent, a run of the same records from scratch; it writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from server.conduct.models import Record
from server.cycles.calendar import Month
from server.kit.clock import SetClock
from server.kit.database import Base
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import Household
from server.rulebook.cli import print_replay
from server.rulebook.items import Cap, CapPeriod, Rulebook
from server.rulebook.replaying import Replayed, replay_village
from server.rulebook.rules import nearest_points
from tests import cast as casting
from tests.cast import VILLAGE, Cast
from tests.conftest import emptied, let_go
from tests.settled import Months, ok, refused

START = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
MONTHS = (Month(2026, 10), Month(2027, 3))
Logged = tuple[str, str, Decimal, datetime, Any, str]


def changed(book: Rulebook) -> Rulebook:
    """Stricter caps, other points, a shorter list, elders exempt from one item more."""
    items = []
    for item in book.items:
        if item.code == "J1":
            items.append(replace(item, points_min=Decimal("1.00"), points_max=Decimal("1.50")))
        elif item.code == "J6":
            items.append(replace(item, cap=Cap(2, CapPeriod.MONTH)))
        elif item.code != "J2":
            items.append(item)
    return replace(book, items=tuple(items), exemption_classes={"elders_only": frozenset({"J6"})})


def fill(cast: Cast, months: Months) -> None:
    """Six months of records by two workers, decided by the panel, the months closed on the way."""
    pick = Random(7)
    for _ in range(26):
        for household, (grid, _kind) in casting.HOUSEHOLDS.items():
            for _ in range(pick.randint(0, 3)):
                code = pick.choice(("J1", "J2", "J6", "J6", "F1"))
                item = cast.rulebook.item(code)
                assert item is not None
                steps = int((item.points_max - item.points_min) / item.step)
                points = item.points_min + item.step * pick.randint(0, steps)
                by = "wang_fang" if grid == "east" else "wang_jun"
                body = cast.record(household, code, f"{points:.2f}")
                cast.as_(by).post("/records", body)
        months.go(days=7)
    approve_all(cast)


def approve_all(cast: Cast) -> None:
    with transaction(writes=False) as session:
        keys = list(session.scalars(select(Record.id).where(Record.status == "submitted")))
    for member in ("panel_zheng", "panel_zhou", "panel_wu"):
        for start in range(0, len(keys), 200):
            body = {"records": keys[start : start + 200], "verdict": "approve"}
            ok(cast.as_(member).post("/reviews/batch", body))


@pytest.fixture
def lived(app: Flask, clock: SetClock) -> Iterator[tuple[Cast, Months]]:
    early = SetClock(START)
    app.extensions["jifen_clock"] = early
    cast = casting.build(app, early)
    months = Months(cast)
    months.go(minutes=1)
    fill(cast, months)
    yield cast, months


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    with transaction(writes=False) as session:
        return {
            name: sorted(map(repr, session.execute(text(f"SELECT * FROM {name}")).all()))
            for name in Base.metadata.tables
        }


def replayed(book: Rulebook) -> Replayed:
    with transaction(writes=False) as session:
        return replay_village(session, VILLAGE, book, *MONTHS)


def test_a_replay_equals_a_run_from_scratch(app: Flask, lived: tuple[Cast, Months]) -> None:
    cast, _ = lived
    book = changed(cast.rulebook)
    before = everything()
    found = replayed(book)
    assert everything() == before
    assert found.records > 100 and found.lines
    with transaction(writes=False) as session:
        names = {code: name for name, code in cast.households.items()}
        rows = session.scalars(
            select(Record).where(Record.status == "approved").order_by(Record.logged_at, Record.id)
        )
        logged = [
            (names[r.household_code], r.item_code, r.points, r.logged_at, r.occurred_on, r.id) for r in rows
        ]
    again = from_scratch(app, book, logged)
    expected: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for household, item, points, *_ in logged:
        expected[household, item] += points
    for line in found.lines:
        expected[names[line.household], line.item] += line.change
    assert {place: points for place, points in expected.items() if points} == again
    assert found.new_points == sum(again.values())


def from_scratch(app: Flask, book: Rulebook, logged: list[Logged]) -> dict[tuple[str, str], Decimal]:
    """The same records in a new village under `book`, at the same instants: points by household and item."""
    let_go()
    emptied(app)
    clock = SetClock(START)
    app.extensions["jifen_clock"] = clock
    cast = casting.build(app, clock, adopted=False)
    casting.adopt_rulebook(cast, VILLAGE, "head_chen", book)
    months = Months(cast)
    months.go(minutes=1)
    for household, code, points, at, on, _ in logged:
        months.go_to(at)
        item = book.item(code)
        given = points if item is None else nearest_points(item, points)
        by = "wang_fang" if casting.HOUSEHOLDS[household][0] == "east" else "wang_jun"
        body = {
            "id": new_id(),
            "household": cast.households[household],
            "item": code,
            "points": f"{given:.2f}",
            "occurred_on": on.isoformat(),
        }
        answer = cast.as_(by).post("/records", body)
        assert answer.status_code in (201, 409, 422), answer.get_data(as_text=True)
    months.go(days=14)
    approve_all(cast)
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    names = {code: name for name, code in cast.households.items()}
    with transaction(writes=False) as session:
        for row in session.scalars(select(Record).where(Record.status == "approved")):
            sums[names[row.household_code], row.item_code] += row.points
        assert session.get(Household, cast.households["sun"]) is not None
    return {place: points for place, points in sums.items() if points}


def test_by_api_for_those_who_draft(lived: tuple[Cast, Months]) -> None:
    cast, _ = lived
    head = cast.as_("head_chen")
    draft = {"village": VILLAGE, "rulebook": changed(cast.rulebook).to_document()}
    key = ok(head.post("/rulebooks", draft), 201)["id"]
    shown = ok(head.get(f"/rulebooks/{key}/replay", **{"from": "2026-10", "to": "2027-03"}))
    found = replayed(changed(cast.rulebook))
    assert (shown["records"], shown["new_points"]) == (found.records, str(found.new_points))
    assert [line["change"] for line in shown["items"]] == [str(line.change) for line in found.lines]
    bad = head.get(f"/rulebooks/{key}/replay", **{"from": "2027-03", "to": "2026-10"})
    refused(bad, 422, "months_wrong")
    other = cast.as_("other_head").get(f"/rulebooks/{key}/replay", **{"from": "2026-10", "to": "2027-03"})
    refused(other, 404, "not_found")


def test_the_same_rulebook_changes_nothing(lived: tuple[Cast, Months]) -> None:
    cast, _ = lived
    found = replayed(cast.rulebook)
    assert found.lines == () and found.old_points == found.new_points


def test_a_person_can_read_it(lived: tuple[Cast, Months], capsys: pytest.CaptureFixture[str]) -> None:
    print_replay(replayed(changed(lived[0].rulebook)))
    said = capsys.readouterr().out
    assert "没有写入任何数据" in said and "按新细则" in said and "（新细则没有）" in said
