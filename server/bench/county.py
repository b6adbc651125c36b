"""Builds the measured county once: everything but the records row by row in bulk, the records by INSERT … SELECT,
the ledger through its own api (so that it verifies).

Refuses a database that holds anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Integer,
    String,
    func,
    insert,
    literal,
    select,
    text,
    true,
    type_coerce,
    update,
    values,
)
from sqlalchemy.orm import Session

from server.bench import shop
from server.bench.crew import BenchFailed
from server.bench.plan import (
    COUNTY,
    EFFECTIVE,
    FIRST_MONTH,
    NOTICED,
    PER_GRID,
    PER_VILLAGE,
    STATEMENT_ROWS,
    UNFINISHED,
    YEAR,
    Plan,
    grid_number,
    grid_of,
    household_code,
    made_id,
    rulebook,
    token,
    township_code,
    village_code,
)
from server.conduct.models import Record
from server.cycles.api import MONTH, WEEK
from server.cycles.models import Schedule
from server.grid.models import Grid, Plate
from server.kit.clock import local_midnight
from server.kit.database import db
from server.kit.ids import token_hash
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.people.models import (
    Division,
    GrantRow,
    Household,
    Member,
    Person,
    SignInSession,
    Village,
)
from server.rulebook.models import RulebookRow
from server.settlement.models import Notice, ScoreYear, Tally, TallyLine
from server.settlement.months import month_number

START = datetime(2025, 12, 13, tzinfo=UTC)
FOR_EVER = datetime(2099, 1, 1, tzinfo=UTC)
NAMED = {"worker": "网格员", "villager": "村民", "keeper": "超市管理员"}
Report = Callable[[int, int], None]
Rows = list[dict[str, Any]]


def found_label(session: Session) -> str | None:
    """The name of the measured county in this database; None when the database is empty.

    Raises BenchFailed where it holds anything else.
    """
    name = session.scalar(select(Division.name).where(Division.code == COUNTY))
    if name is None and session.scalar(select(func.count()).select_from(Division)):
        raise BenchFailed("这个库里有别的数据，测量会改动它。请给一个空库，或不写 --database。")
    return name


def build(plan: Plan, report: Report) -> None:
    """Build the county in an empty, migrated database; `report` hears how many villages are done."""
    with transaction() as session:
        session.add(Division(code=COUNTY, parent=None, level="county", name=UNFINISHED))
        session.flush()
        _places(session, plan)
    for village in range(plan.villages):
        with transaction() as session:
            _village(session, plan, village)
        report(village + 1, plan.villages)
    _tidy()
    with transaction() as session:
        shop.open_today(session)
        session.execute(update(Division).where(Division.code == COUNTY).values(name=plan.label))


def _places(session: Session, plan: Plan) -> None:
    codes = [village_code(number) for number in range(plan.villages)]
    towns = sorted({township_code(number) for number in range(plan.villages)})
    rows = [{"code": code, "parent": COUNTY, "level": "township", "name": f"镇{code[6:9]}"} for code in towns]
    _insert(session, Division, rows)
    rows = [
        {"code": code, "parent": f"{code[:9]}000", "level": "village", "name": f"村{code[6:]}"}
        for code in codes
    ]
    _insert(session, Division, rows)
    _insert(session, Village, [{"code": code, "name": f"村{code[6:]}", "ranking": "all"} for code in codes])
    _insert(session, RulebookRow, list(_rulebooks(codes)))
    _insert(session, ScoreYear, [{"village_code": code, "year": YEAR, "opened_at": START} for code in codes])
    due = [("2026-W47", WEEK), (str(FIRST_MONTH), MONTH)]
    weeks_and_months: Rows = [
        {"closer": closer, "village_code": code, "period": period, "due_at": FOR_EVER}
        for code in codes
        for period, closer in due
    ]
    _insert(session, Schedule, weeks_and_months)


def _rulebooks(codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    document = rulebook().to_document()
    meeting = {
        "held_on": EFFECTIVE,
        "kind": "villagers",
        "attended": 1,
        "for": 1,
        "against": 0,
        "abstained": 0,
    }
    for number, code in enumerate(codes):
        yield {
            "id": made_id("rulebook", number),
            "village_code": code,
            "version": 1,
            "title": "测量用积分细则",
            "document": document,
            "status": "adopted",
            "created_at": START,
            "effective_on": date.fromisoformat(EFFECTIVE),
            "adopted_at": START,
            "meeting": meeting,
        }


def _insert(session: Session, model: Any, rows: Rows) -> None:
    if rows:
        session.execute(insert(model), rows)


def _village(session: Session, plan: Plan, village: int) -> None:
    """One village whole: people, ledger, the month before on notice, the month to close, the shop."""
    code, first = village_code(village), village * PER_VILLAGE
    households = [household_code(first + place) for place in range(plan.size(village))]
    grids = range(plan.grids_of(village))
    _insert(session, Grid, [_grid(village, grid) for grid in grids])
    _insert(session, Household, [_household(first + place) for place in range(len(households))])
    _insert(session, Plate, [_plate(first + place) for place in range(len(households))])
    _insert(session, Member, [_member(first + place) for place in range(len(households))])
    for grid in grids:
        scope = made_id("grid", grid_number(village, grid))
        _person(session, code, "worker", grid_number(village, grid), "grid_worker", scope, None)
    _person(session, code, "keeper", village, "keeper", code, None)
    readers = [number for number in range(plan.readers) if plan.reader(number) // PER_VILLAGE == village]
    for number in readers:
        own = household_code(plan.reader(number))
        _person(session, code, "villager", number, "villager", own, own)
    _ledger(session, plan, code, households, [household_code(plan.reader(number)) for number in readers])
    _noticed(session, plan, village)
    _records(session, plan, village)
    shop.stock(session, village, START)


def renew() -> None:
    """A county that was built on another day: its shops redeem today."""
    with transaction() as session:
        shop.open_today(session)


def _grid(village: int, grid: int) -> dict[str, Any]:
    key = made_id("grid", grid_number(village, grid))
    return {"id": key, "village_code": village_code(village), "name": f"第{grid + 1}网格"}


def _household(number: int) -> dict[str, Any]:
    village, grid = grid_of(number)
    place = number % PER_VILLAGE + 1
    return {
        "code": household_code(number),
        "village_code": village_code(village),
        "grid_id": made_id("grid", grid_number(village, grid)),
        "label": f"大街{place}号",
        "team": f"{number % PER_VILLAGE // PER_GRID + 1}组",
        "door": f"大街{place}号",
        "head": f"户主{place}",
        "created_at": START,
    }


def _plate(number: int) -> dict[str, Any]:
    code = household_code(number)
    secret = token("plate", number)
    return {"token": secret, "short_code": code[-8:], "household_code": code, "issued_at": START}


def _member(number: int) -> dict[str, Any]:
    key = f"01800001-0000-7000-8000-{number:012x}"
    return {"id": key, "household_code": household_code(number), "name": f"户主{number % PER_VILLAGE + 1}"}


def _person(
    session: Session, village: str, kind: str, number: int, role: str, scope: str, household: str | None
) -> None:
    """Somebody signed in for good, with one role."""
    key = made_id(kind, number)
    person = {"id": key, "name": f"{NAMED[kind]}{number}", "home": village, "household_code": household}
    _insert(session, Person, [person | {"created_at": START}])
    _insert(
        session, GrantRow, [{"id": key, "person_id": key, "role": role, "scope": scope, "starts_at": START}]
    )
    session_row = {
        "id": key,
        "person_id": key,
        "access_hash": token_hash(token(kind, number)),
        "access_until": FOR_EVER,
        "refresh_hash": token_hash(f"refresh-{kind}-{number}"),
        "refresh_until": FOR_EVER,
        "created_at": START,
    }
    _insert(session, SignInSession, [session_row])


def _ledger(
    session: Session, plan: Plan, village: str, households: Sequence[str], readers: Sequence[str]
) -> None:
    """Base points for all; for the readers enough months more to fill a page."""
    ledger.open_accounts(session, village, households)
    ledger.post_base(session, village, YEAR, Decimal(100), True, households, START)
    lines = [
        ledger.MonthLine(
            code, Decimal("4.50"), f"bench:{code}:{number}", {"month": f"2024-{number % 12 + 1:02d}"}
        )
        for code in readers
        for number in range(STATEMENT_ROWS - 1)
    ]
    ledger.post_month(session, village, YEAR, lines, ledger.Cause.MONTH, START + timedelta(days=1))
    ledger.seal_village(session, village, START + timedelta(days=2))


def _noticed(session: Session, plan: Plan, village: int) -> None:
    """The month before: posted, its notice public."""
    code, tally = village_code(village), made_id("tally", village)
    month, head = month_number(NOTICED), made_id("worker", grid_number(village, 0))
    row = {"id": tally, "village_code": code, "month": month, "status": "posted", "posted_at": START}
    row |= dict.fromkeys(("cutoff_at", "freeze_due", "vote_due", "frozen_at", "resolved_at"), START)
    _insert(session, Tally, [row])
    lines = select(
        literal(tally),
        Household.code,
        literal(code),
        literal(5),
        *_hundredths(1000, -200, 800),
        literal("posted"),
    ).where(Household.village_code == code)
    columns = ["tally_id", "household_code", "village_code", "records", "added", "deducted", "net", "status"]
    session.execute(insert(TallyLine).from_select(columns, lines))
    facts = {
        "covers": ["2025-11-13", "2025-12-12"],
        "households": plan.size(village),
        "resolved": {"by": "vote", "on": "2025-12-13", "members": 5, "for": 5},
    }
    notice = {"id": made_id("notice", village), "tally_id": tally, "village_code": code, "month": month}
    notice |= {"status": "ended", "version": 1, "published_by": head, "published_grant": head, "days": 7}
    notice |= {"published_at": START, "ends_at": START, "ended_at": START, "take_down_at": FOR_EVER}
    notice |= {"ledger_head": ledger.head(session, code), "facts": facts}
    _insert(session, Notice, [notice])


def _hundredths(*amounts: int) -> list[Any]:
    return [literal(amount, BigInteger) for amount in amounts]


def _records(session: Session, plan: Plan, village: int) -> None:
    """The month to close: `plan.each` approved records of every household, in one statement."""
    code, worker = village_code(village), made_id("worker", grid_number(village, 0))
    opens = FIRST_MONTH.first_day(12)
    instant = local_midnight(opens) + timedelta(hours=40)
    turns = values(
        Column("turn", Integer), Column("item", String), Column("kind", String), Column("points", BigInteger),
        Column("occurred_on", Date), name="turns",
    ).data([_turn(number, opens) for number in range(plan.each)]).cte("turns")  # fmt: skip
    # the id: a UUID whose last digits are the household's code, with the turn in the middle
    key = (
        literal("01900000-0")
        + type_coerce(turns.c.turn + 100, String).cast(String)
        + literal("-7000-8000-")
        + func.substr(Household.code, 5, 12)
    )
    chosen = {
        Record.id: key,
        Record.village_code: Household.village_code,
        Record.household_code: Household.code,
        Record.grid_id: Household.grid_id,
        Record.rulebook_id: literal(made_id("rulebook", village)),
        Record.item_code: turns.c.item,
        Record.heading: literal("乡村建设"),
        Record.kind: turns.c.kind,
        Record.points: turns.c.points,
        Record.logged_points: turns.c.points,
        Record.occurred_on: turns.c.occurred_on,
        Record.note: literal(""),
        Record.photos: literal([], Record.photos.type),
        Record.source: literal("scan"),
        Record.logged_by: literal(worker),
        Record.grant_id: literal(worker),
        Record.logged_at: literal(instant, Record.logged_at.type),
        Record.content_hash: literal(token_hash(code)),
        Record.status: literal("approved"),
        Record.month: literal(month_number(FIRST_MONTH)),
        Record.round: literal(1),
        Record.first_round: literal(1),
        Record.to_meeting: literal(False),
        Record.decided_at: literal(instant, Record.logged_at.type),
        Record.reason: literal(""),
    }
    rows = (
        select(*chosen.values())
        .select_from(Household)
        .join(turns, true())
        .where(Household.village_code == code)
    )
    names = [column.key for column in chosen]
    session.execute(insert(Record).from_select(names, rows, include_defaults=False))


def _turn(number: int, opens: date) -> tuple[int, str, str, int, date]:
    negative = number % 5 == 4
    kind, points = ("negative", -100) if negative else ("positive", 200)
    return number, f"B{number % 5}", kind, points, opens + timedelta(days=number % 30)


def _tidy() -> None:
    """PostgreSQL plans by statistics, which its own daemon would gather a little later."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
