"""Tables whose rows are never changed or removed: triggers refuse it on both databases.

`append_only(table)` makes the triggers part of the table's creation; migrations call `statements` with the
same text.
"""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

TABLES: list[str] = []

_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: % of % refused', TG_OP, TG_TABLE_NAME; END $$"""


def statements(table: str, dialect: str) -> list[str]:
    """The DDL that makes `table` append-only on `dialect` (`sqlite` or `postgresql`)."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} of {table} refused'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        _FUNCTION,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def append_only(table: Table) -> None:
    """Register `table` as append-only."""
    TABLES.append(table.name)
    for dialect in ("sqlite", "postgresql"):
        for sql in statements(table.name, dialect):
            ddl = DDL(sql.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
