"""Migrations: they make what the models say, and go down and up again with data in the tables."""

from __future__ import annotations

from decimal import Decimal

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import func, inspect, select

from server.conduct.models import Record
from server.kit.append_only import TABLES
from server.kit.clock import SetClock
from server.kit.database import Base, db
from server.kit.transaction import transaction
from server.ledger.api import MonthLine, account, open_accounts, post_month
from server.ledger.api import verify as verify_ledger
from server.ledger.rules import Cause
from server.migrations.run import current, downgrade, head, upgrade
from server.people.models import Person
from tests import cast as casting
from tests.cast import VILLAGE


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    with db.engine.connect().execution_options(writes=False) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_every_append_only_table_has_its_triggers(app: Flask) -> None:
    with transaction(writes=False) as session:
        name = "sqlite_master" if db.engine.dialect.name == "sqlite" else "pg_trigger"
        column = "name" if name == "sqlite_master" else "tgname"
        rows = session.connection().exec_driver_sql(f"SELECT {column} FROM {name}").scalars().all()
    suffix = "_no_update" if name == "sqlite_master" else "_append_only"
    assert {f"{table}{suffix}" for table in TABLES} <= set(rows)


def test_down_to_the_loop_and_up_again_keeps_the_loop(app: Flask, clock: SetClock) -> None:
    cast = casting.build(app, clock)
    cast.log("wang_fang", "zhao")
    household = cast.households["zhao"]
    with transaction() as session:
        open_accounts(session, VILLAGE, [household])
        line = MonthLine(household, Decimal("4.50"), "tally:test:zhao", {"month": "2026-09"})
        post_month(session, VILLAGE, 2026, [line], Cause.MONTH, clock.now())
    _release()
    downgrade(app, "0001")
    assert not inspect(db.engine).has_table("goods")
    with transaction(writes=False) as session:
        assert account(session, household).balance == Decimal("4.50")
    _release()
    upgrade(app)
    assert current(app) == head()
    with transaction(writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Record)) == 1
        assert account(session, household).balance == Decimal("4.50")
        assert verify_ledger(session) == []


def test_all_the_way_down_and_up_again(app: Flask, clock: SetClock) -> None:
    casting.build(app, clock)
    _release()
    downgrade(app, "base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(app)
    with transaction(writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def _release() -> None:
    """Give the connection back: changing the schema needs the tables for itself."""
    db.session.remove()
