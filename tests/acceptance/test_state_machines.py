"""Every state machine of the code: each state is reached through the API and the calendar, and whatever the table
does not allow is refused by API with a clear 409 and changes nothing.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import Table as SqlTable
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.database import Base
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.acceptance import machines
from tests.acceptance.machines import MACHINES, Act, Machine, tables
from tests.acceptance.running import ROOT
from tests.assessed import OFFICER, Assessments, row
from tests.conftest import START, emptied, let_go
from tests.guards.permissions.samples import filled
from tests.guards.permissions.world import World, _basket, _day, build_world
from tests.settled import Months, ok

TABLES = tables()
# enumerations that end in Status or State and say how something stands, without being moved by anybody
NO_MACHINES = {"PlateState", "MonthState", "State"}
Kind = type[StrEnum]


def test_every_machine_is_known_and_its_table_is_whole() -> None:
    named = {
        kind
        for module in machines._modules()
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, StrEnum) and kind.__name__.endswith(("Status", "State"))
    }
    without = {kind for kind in named if kind not in TABLES and kind.__name__ not in NO_MACHINES}
    assert not without, "a machine is a StrEnum and one table of transitions"
    here = {kind for kind in TABLES if kind.__module__ not in machines.SWEPT_APART}
    assert here == set(MACHINES), "a new machine needs its requests in tests/acceptance/machines.py"
    for kind in set(TABLES) - here:
        for file in machines.SWEPT_APART[kind.__module__]:
            assert (ROOT / file).exists(), f"{kind} is swept nowhere"
    for kind in here:
        table = TABLES[kind]
        assert set(table) == set(kind) and {to for ways in table.values() for to in ways} <= set(kind)
        for one in MACHINES[kind].acts:
            for source in one.sources:
                ways = table[kind(source)] | (table[kind(one.via)] if one.via else set())
                assert kind(one.target) in ways or one.target == source, (kind, one)


class Sweep:
    """The permission guard's world, and every machine's row in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reached: defaultdict[str, set[str]] = defaultdict(set)
        things = world.things
        cast = world.cast
        minutes = machines._MINUTES
        head = cast.as_("head_chen")
        ok(head.post(f"/tallies/{things['tally_open']}/resolution", filled(minutes, things)))
        with transaction(writes=False) as session:
            things["resolution"] = str(
                session.scalar(text("SELECT id FROM resolutions WHERE status = 'entered'"))
            )
            steps = text("SELECT id FROM assessment_steps WHERE cycle_id = :cycle AND position = 1")
            things["step"] = str(session.scalar(steps, {"cycle": things["cycle"]}))

    def table(self, machine: Machine) -> SqlTable:
        return Base.metadata.tables[machine.table]

    def row(self, machine: Machine) -> dict[str, Any]:
        table = self.table(machine)
        query = select(table).where(table.c.id == self.world.things[machine.thing or ""])
        with transaction(writes=False) as session:
            return dict(session.execute(query).mappings().one())

    def put(self, machine: Machine, values: dict[str, Any]) -> None:
        """Write the row as it would be in another state, behind the program."""
        table = self.table(machine)
        mine = table.c.id == self.world.things[machine.thing or ""]
        with transaction() as session:
            session.execute(update(table).where(mine).values(**values))

    def ask(self, one: Act) -> TestResponse:
        method, _, path = one.request.partition(" ")
        things = self.world.things
        url = "/".join(filled(part, things) for part in path.split("/"))
        caller = self.world.cast.as_(one.by)
        body = None if one.body is None else filled(one.body, things)
        return caller.app.test_client().open(url, method=method, json=body, headers=caller.headers)

    def instead_of_a_commit(self) -> Callable[[Session], None]:
        """What would be kept is looked at and taken back."""

        def look_and_undo(session: Session) -> None:
            session.flush()
            self.look(session)
            session.expunge_all()
            session.rollback()

        return look_and_undo

    def look_back(self, session: Any) -> None:
        """Note every state that the decisions tell of."""
        for machine in MACHINES.values():
            if "id" not in self.table(machine).c:
                continue  # a line's decisions are its tally's
            told = text(
                "SELECT DISTINCT d.source, d.target FROM decisions d "
                f"JOIN {machine.table} t ON t.id = d.entity_id"
            )
            for pair in session.execute(told):
                self.reached[machine.table] |= set(pair)

    def look(self, session: Any) -> None:
        """Note every state that any row is in."""
        for machine in MACHINES.values():
            for (state,) in session.execute(text(f"SELECT DISTINCT status FROM {machine.table}")):
                self.reached[machine.table].add(state)


@pytest.fixture
def sweep(app: Flask, clock: SetClock) -> Sweep:
    return Sweep(build_world(app, clock))


@pytest.fixture
def nothing_kept(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a request does is looked at and taken back."""

    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", sweep.instead_of_a_commit())
        yield


def refusals(sweep: Sweep, kind: Kind, machine: Machine) -> Iterator[str]:
    """What is wrong with the answers to acts in states from which the table has no way."""
    before = sweep.row(machine)
    stored = sweep.table(machine).c.status
    allowed = {state for state in kind if _storable(sweep.table(machine), state)}
    assert stored is not None and allowed
    for state in sorted(allowed):
        beside = filled(machine.beside.get(state.value, {}), sweep.world.things)
        sweep.put(machine, {"status": state.value, **beside})
        there = sweep.row(machine)
        for one in machine.acts:
            if state.value in one.sources:
                continue
            answer = sweep.ask(one)
            said = f"{kind.__name__} {state.value}: {one.request} {one.body}"
            repeated = answer.status_code < 300 and one.target == state.value
            if answer.status_code != 409 and not repeated:
                yield f"{said}: {answer.status_code} {answer.get_data(as_text=True)[:200]}"
            elif not repeated and not answer.get_json()["detail"]:
                yield f"{said}: says nothing"
            if sweep.row(machine) != there:
                yield f"{said}: changed the row"
                sweep.put(machine, there)
        sweep.put(machine, before)


def _storable(table: SqlTable, state: StrEnum) -> bool:
    """Whether the column takes the state: some of a record's are known from its month, never stored."""
    checks = [
        str(one.sqltext) for one in table.constraints if "status IN" in str(getattr(one, "sqltext", ""))
    ]
    return not checks or any(f"'{state.value}'" in check for check in checks)


@pytest.mark.timeout(600)
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(sweep: Sweep) -> None:
    wrong = [
        fault
        for kind, machine in MACHINES.items()
        if machine.thing is not None
        for fault in refusals(sweep, kind, machine)
    ]
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def test_each_act_works_where_the_table_allows_it(sweep: Sweep, nothing_kept: None) -> None:
    """So that a refusal above is about the state, not about who asks or what was sent."""
    wrong = []
    for machine in MACHINES.values():
        state = sweep.row(machine)["status"] if machine.thing else ""
        for one in machine.acts:
            if state in one.sources and (answer := sweep.ask(one)).status_code >= 300:
                wrong.append(f"{one.request} from {state}: {answer.get_data(as_text=True)[:300]}")
    assert not wrong, "\n".join(wrong)
    print(dict(sweep.reached))


def live_on(sweep: Sweep) -> None:
    """What the acts on the world's own things do not reach is done for good; then more than a year passes."""
    cast, things = sweep.world.cast, sweep.world.things
    head, keeper, officer = cast.as_("head_chen"), cast.as_("keeper_jiang"), cast.as_("township_han")
    verdict = {"verdict": "reject", "reason": "查无此事"}
    decision = filled(machines._MINUTES, things) | verdict
    ok(cast.as_("member_feng").post(f"/records/{things['record_veto']}/meeting-decision", decision))
    ok(head.post(f"/appeals/{things['appeal']}/answer", {"upheld": False, "reason": "核实过了"}))
    _appeal_upheld(sweep)
    for status in ("tallied", "on_notice", "posted"):
        if ok(head.get("/records", status=status))["items"]:
            sweep.reached["records"].add(status)
    ok(head.post(f"/household-changes/{things['change_arriving']}/arrival", {}))
    _event(sweep, ("assigned", "wang_fang"), ("handled", "wang_fang"), ("reopened", "zhao_min"))
    _event(sweep, ("handled", "wang_fang"), ("closed", "zhao_min"))
    over = {"to": "cancelled", "reason": "下大雪"}
    ok(keeper.post(f"/mall/exchange-days/{things['day_open']}/transition", over))
    day = f"/mall/exchange-days/{things['day_redeeming']}"
    for who in (keeper, head):
        seen = ok(keeper.get(f"{day}/settlement"))["settlements"][0]["content_hash"]
        ok(who.post(f"{day}/signature", {"content_hash": seen}))
    recount = {"accept": False, "reason": "数错了"}
    ok(head.post(f"/mall/stock-counts/{things['count']}/confirmation", recount))
    things["day_missed"] = _day(sweep.world, "2027-01-18")
    basket = _basket(things, "day_missed", "soap", 1)
    ok(cast.as_("zhao_min").post("/mall/reservations", basket), 201)
    _assessments(sweep, officer)
    Months(cast).go(days=400)


def _appeal_upheld(sweep: Sweep) -> None:
    """A posted record that should not have counted."""
    cast, things = sweep.world.cast, sweep.world.things
    query = "SELECT id FROM records WHERE household_code = :household AND month = 202610"
    with transaction(writes=False) as session:
        record = session.scalar(text(query), {"household": things["household"]})
    appeal = {"text": "那天不在家", "record": record}
    key = ok(cast.as_("zhao_min").post(f"/entries/{things['entry_month']}/appeals", appeal), 201)["id"]
    answer = {"upheld": True, "reason": "核实过了"}
    ok(cast.as_("member_feng").post(f"/appeals/{key}/answer", answer))


def _event(sweep: Sweep, *steps: tuple[str, str]) -> None:
    """An event of its own, moved step by step."""
    cast = sweep.world.cast
    body = {"id": new_id(), "type": "hazard", "text": "井盖坏了"}
    key = ok(cast.as_("zhao_min").post("/events", body), 201)["id"]
    for to, by in steps:
        rating = {"rating": 4} if to == "closed" else {}
        ok(cast.as_(by).post(f"/events/{key}/transition", {"to": to, "reason": "看过了"} | rating))
        with transaction(writes=False) as session:
            sweep.look(session)


def _assessments(sweep: Sweep, officer: Any) -> None:
    """Reports checked and answered either way, a rectification closed."""
    cast, things = sweep.world.cast, sweep.world.things
    closure = {"accepted": True, "remark": "属实"}
    ok(officer.post(f"/assessments/rectifications/{things['rectification_reported']}/closure", closure))
    corrected = {"upheld": True, "reason": "补上了", "entries": [row("S1", "qual.2", "50")]}
    ok(officer.post(f"/assessments/objections/{things['result_objection']}/answer", corrected))
    _held(Assessments(cast))
    supervisor = cast.as_("supervisor_shen")
    for confirmed in (True, False):
        body = {"subject": "S2", "text": f"请查一查 {confirmed}"}
        path = f"/assessments/cycles/{things['cycle']}/reports"
        key = ok(cast.as_("zhao_min").post(path, body), 201)["id"]
        ok(supervisor.post(f"/assessments/reports/{key}/check"))
        finding = {"confirmed": confirmed, "finding": "查过了"}
        ok(supervisor.post(f"/assessments/reports/{key}/answer", finding))


def _held(assess: Assessments) -> None:
    """A sheet without entries holds its step when the time is over."""
    assess.pack = "nanjiang-rating"
    key = assess.cycle(period="2026Q3")
    person = assess.cast.persons["head_chen"]
    one = {"code": "C1", "name": "陈立", "category": "window", "unit": "U1", "person": person}
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": [one]}), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))


def _anew(app: Flask) -> Sweep:
    let_go()
    emptied(app)
    clock = SetClock(START)
    app.extensions["jifen_clock"] = clock
    return Sweep(build_world(app, clock))


@pytest.mark.timeout(600)
def test_each_state_is_reached(app: Flask, sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(writes=False) as session:
        sweep.look(session)
    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", sweep.instead_of_a_commit())
        for machine in MACHINES.values():
            for one in machine.acts:
                sweep.ask(one)
    # one village in which nobody does anything any more, one in which everybody goes on
    Months(sweep.world.cast).go(days=400)
    with transaction(writes=False) as session:
        sweep.look(session)
        sweep.look_back(session)
    again = _anew(app)
    again.reached = sweep.reached
    live_on(again)
    with transaction(writes=False) as session:
        again.look(session)
        again.look_back(session)
    missing = {
        kind.__name__: sorted({state.value for state in kind} - sweep.reached[machine.table])
        for kind, machine in MACHINES.items()
    }
    assert not any(missing.values()), {name: states for name, states in missing.items() if states}
