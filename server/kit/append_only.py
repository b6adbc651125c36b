"""Tables whose rows are never changed or removed: triggers refuse it on both databases.

`append_only(table)` makes the triggers part of the table's creation; migrations call `statements` with the
same text.
"""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

TABLES: list[str] = []
CUTTING: dict[str, str] = {}
"""table: the condition (over `OLD`) under which a row may go after all, such as behind a signed checkpoint."""

_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: % of % refused', TG_OP, TG_TABLE_NAME; END $$"""


def statements(table: str, dialect: str, unless: str = "") -> list[str]:
    """The DDL that makes `table` append-only on `dialect` (`sqlite` or `postgresql`).

    With `unless`, a condition over `OLD`, a row for which it holds may be removed (never changed).
    """
    if unless:
        return _cut_statements(table, dialect, unless)
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


def _cut_statements(table: str, dialect: str, unless: str) -> list[str]:
    update, *rest = statements(table, dialect)
    if dialect == "sqlite":
        return [
            update,
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT ({unless}) "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: DELETE of {table} refused'); END",
        ]
    function = f"""CREATE OR REPLACE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF TG_OP = 'DELETE' THEN IF {unless} THEN RETURN OLD; END IF; END IF;
RAISE EXCEPTION 'append-only: % of % refused', TG_OP, TG_TABLE_NAME; END $$"""
    trigger = (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()"
    )
    return [update, function, trigger, rest[-1]]


def removal(table: str, dialect: str) -> list[str]:
    """The DDL that takes the triggers of `statements` off again."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for name in ("append_only", "no_truncate")]


def append_only(table: Table, unless: str = "") -> None:
    """Register `table` as append-only; `unless` as in `statements`."""
    TABLES.append(table.name)
    if unless:
        CUTTING[table.name] = unless
    for dialect in ("sqlite", "postgresql"):
        for sql in statements(table.name, dialect, unless):
            ddl = DDL(sql.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
