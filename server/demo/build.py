"""Builds the demo county by running the system: imports, records, batch reviews, votes and cycles.

The clock is set to the first day and moved on day by day; nothing is written past the services. Same seed and
date, same county (ids and tokens are new each time).
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import event, select

from server.app import create_app
from server.config import Settings
from server.cycles.calendar import Month, month_of, week_of
from server.cycles.demo_clock import make_demo
from server.cycles.engine import run_due
from server.demo import assessments, county
from server.demo.adoption import adopt_rulebook
from server.demo.grid_work import GridWork
from server.demo.honours import HonourPlay
from server.demo.office import Office
from server.demo.people import Appointing, Staff, appoint_village
from server.demo.places import doors
from server.demo.play import VillagePlay, at, days_between
from server.demo.roster import import_village
from server.demo.shop import SAVERS, open_later
from server.demo.shop_calendar import ShopDays
from server.demo.story import Temper, livelier, temper
from server.grid.models import Grid
from server.kit.clock import SetClock, local_date
from server.kit.database import db
from server.kit.transaction import transaction
from server.migrations.run import upgrade
from server.people.access import Role
from server.people.divisions import Node, store
from server.people.households import change_household
from server.people.models import Household, Member, Person
from server.people.persons import NewPerson, add_grant, create_person
from server.people.rules import Level
from server.people.villages import create_village

MONTHS = 6
CUTOFF = 12
ELDERS, HEAD = "elders_only", "户主"
MAIN = (
    *("villager_1", "villager_2", "grid_worker_1", "grid_worker_2", "grid_leader_1", "chief_grid_leader"),
    *("panel_member_1", "panel_member_2", "panel_member_3", "committee_head"),
    *("committee_member_1", "committee_member_2", "committee_member_3", "keeper_1", "keeper_2", "supervisor"),
)
OTHER = {
    "villager_1": "other_villager",
    "grid_worker_1": "other_grid_worker",
    "committee_member_1": "other_committee_member",
    "keeper_1": "other_keeper",
}
OFFICES = (
    ("township_officer", "周海燕", Role.TOWNSHIP_OFFICER, county.TOWNSHIPS[0][0]),
    ("county_officer", "高志远", Role.COUNTY_OFFICER, county.COUNTY[0]),
    ("auditor", "沈洁", Role.AUDITOR, county.COUNTY[0]),
    ("admin", "朱宁", Role.ADMIN, county.COUNTY[0]),
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """What was built, for the terminal: counts, and what the system refused by code."""

    villages: int
    households: int
    records: int
    refused: dict[str, int]


def build(settings: Settings, *, small: bool, seed: int, as_of: date, progress: Progress) -> Built:
    """Build the demo county in the (empty) database of `settings`, ending on the morning of `as_of`."""
    first = first_day(as_of)
    clock = SetClock(at(first, 8))
    app = create_app(settings, clock)
    upgrade(app)
    plans = county.SMALL if small else county.FULL
    with app.app_context():
        _hurry()
        played = _set_up(app, clock, plans, seed, as_of, progress)
        staffs = [village.staff for village in played]
        assessing = assessments.begin(played[0].office, staffs, first, as_of, seed)
        _play(played, assessing, clock, first, as_of, progress)
        with transaction() as session:
            make_demo(session, at(as_of, 8, 30))
    refused: Counter[str] = Counter()
    for village in played:
        refused += Counter(village.refused) + Counter(village.shop.counter.refused)
    return Built(len(plans), sum(p.households for p in plans), sum(v.logged for v in played), dict(refused))


def _hurry() -> None:
    """No waiting for the disk: a build that is cut off is thrown away anyway."""

    @event.listens_for(db.engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF").close()

    db.engine.dispose()


def first_day(as_of: date) -> date:
    """The adoption day: the first day of the month six before the running one."""
    month = month_of(as_of, CUTOFF)
    for _ in range(MONTHS):
        month = month.previous()
    return month.first_day(CUTOFF)


def _set_up(
    app: Flask,
    clock: SetClock,
    plans: tuple[county.VillagePlan, ...],
    seed: int,
    as_of: date,
    progress: Progress,
) -> list[VillagePlay]:
    now = clock.now()
    rng = random.Random(seed)
    nodes = [Node(*county.COUNTY, Level.COUNTY, None)]
    nodes += [Node(code, name, Level.TOWNSHIP, county.COUNTY[0]) for code, name in county.TOWNSHIPS]
    with transaction() as session:
        store(session, nodes)
        for plan in plans:
            create_village(session, None, plan.code, plan.name, None, now)
        for persona, name, role, scope in OFFICES:
            person = create_person(session, None, NewPerson(name, scope), now)
            add_grant(session, person, role, scope, (now, None), None)
            person.persona = persona
    played = []
    for number, plan in enumerate(plans):
        progress("导入花名册，成立各小组", number, len(plans))
        import_village(app, plan, random.Random(f"{seed}-{plan.code}"), clock)
        personas = {0: dict(zip(MAIN, MAIN, strict=True)), 1: OTHER}.get(number, {})
        _place(plan, number, random.Random(f"{seed}-{plan.code}-places"), now)
        streams = tuple(random.Random(f"{seed}-{plan.code}-{own}") for own in ("shop", "net"))
        played.append(_staffed(app, clock, plan, personas, as_of, rng, streams))
    run_due(now)
    return played


def _place(plan: county.VillagePlan, number: int, rng: random.Random, now: datetime) -> None:
    """Put the households where they stand: a map of the grids can be drawn."""
    with transaction() as session:
        codes = session.scalars(
            select(Household.code).where(Household.village_code == plan.code).order_by(Household.code)
        ).all()
        for code, (east, north) in zip(codes, doors(number, len(codes), rng), strict=True):
            change_household(session, None, code, {"longitude": east, "latitude": north}, None, now)


def _staffed(
    app: Flask,
    clock: SetClock,
    plan: county.VillagePlan,
    personas: dict[str, str],
    as_of: date,
    rng: random.Random,
    streams: tuple[random.Random, ...],
) -> VillagePlay:
    office = Office(app, clock.now)
    with transaction() as session:
        grids = list(session.scalars(select(Grid).where(Grid.village_code == plan.code).order_by(Grid.name)))
        grids.sort(key=lambda grid: "一二三四五六".index(grid.name[1]))
        appointing = Appointing(session, plan.code, clock.now(), personas, rng)
        staff: Staff = appoint_village(appointing, grids)
        persons: list[Person] = appointing.persons
        rows = session.execute(
            select(Household.code, Household.grid_id, Household.kind)
            .where(Household.village_code == plan.code)
            .order_by(Household.code)
        ).all()
        heads = select(Member.household_code, Member.id).where(Member.kinship == HEAD)
        own = Member.household_code.in_([row.code for row in rows])
        members = {row[0]: row[1] for row in session.execute(heads.where(own))}
    for person in persons:
        office.sign_in(person)
    rulebook = adopt_rulebook(office, staff, clock)
    codes = [row.code for row in rows]
    grid_of = {row.code: str(row.grid_id) for row in rows}
    nature = _lively(temper(len(codes), rng), codes, staff)
    weights = dict(zip(codes, nature.weights, strict=True))
    elders = [row.code for row in rows if row.kind == ELDERS]
    days = ShopDays(local_date(clock.now()), as_of)
    shop = open_later(office, staff, clock, days, plan, weights, elders, streams[0])
    net = GridWork(office, staff, grid_of, members, as_of, streams[1])
    return VillagePlay(office, staff, codes, grid_of, rulebook, nature, rng, shop, net)


def _lively(nature: Temper, codes: list[str], staff: Staff) -> Temper:
    """Whoever has a phone is seen now and then, the first two villagers often: theirs can be spent."""
    at_index = [codes.index(household) for household in staff.villagers]
    return livelier(livelier(nature, at_index, 1.2), at_index[:SAVERS], 6.0)


def _play(
    played: list[VillagePlay],
    assessing: assessments.AssessmentPlay,
    clock: SetClock,
    first: date,
    as_of: date,
    progress: Progress,
) -> None:
    days, shop_days = days_between(first, as_of - timedelta(days=1)), ShopDays(first, as_of)
    honours = HonourPlay(
        played[0].office, played[0].staff, as_of
    )  # the other villages wait for the year's end
    for number, day in enumerate(days):
        progress(f"{day:%Y年%m月%d日}", number, len(days))
        clock.move_to(max(clock.now(), at(day, 8)))
        usual = day.weekday() in (0, 2) or CUTOFF < day.day <= CUTOFF + 14  # weeks, reminders, the month
        if usual or shop_days.morning_look(day):
            run_due(clock.now())
        if day.weekday() == 0:
            for village in played:
                village.submit_week(week_of(day - timedelta(days=1)))
        if day > month_of(first, CUTOFF).last_day(CUTOFF):
            _month_work(played, day)
        meets = day.weekday() == 4 and (as_of - day).days >= 7  # the last week is left to the visitor
        if meets or day.day in (CUTOFF + 1, CUTOFF + 3):
            for village in played:
                village.review()
        clock.move_to(at(day, 9))
        for village in played:
            village.shop.live(day)
        assessing.live(day)
        honours.live(day)
        clock.move_to(at(day, 18))
        if shop_days.evening_look(day):
            run_due(clock.now())
        for village in played:
            village.live(day)
            village.net.live(day)
    clock.move_to(at(as_of, 8, 30))
    run_due(clock.now())
    for village in played:
        village.office.sign_everybody_out()


def _month_work(played: list[VillagePlay], day: date) -> None:
    """After the cut-off: grids submit, the panel finishes by the 15th, vote on the 16th, notice on the
    17th.
    """
    month = str(Month(day.year, day.month))
    for village in played:
        if day.day == CUTOFF + 1:
            village.submit_week(week_of(day - timedelta(days=1)))
        elif day.day == CUTOFF + 4:
            village.vote(month)
        elif day.day == CUTOFF + 5:
            village.object(village.publish(month)["notice"]["id"])
