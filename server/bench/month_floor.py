"""The floor of the month close: the same rows as the closers write, by a few set-based statements over all
villages at once, in one transaction over the bare driver.

It writes under a month far in the future, so that the month itself stays to be closed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.bench.floors import Connection

FAR = 290001


@dataclass(frozen=True)
class Spelling:
    """Where the two databases spell it differently: `hash` makes 64 hexadecimal digits."""

    least: str
    greatest: str
    hash: str
    json: str


SPELLINGS = {
    True: Spelling("min", "max", "lower(hex(randomblob(32)))", "{0}"),
    False: Spelling("least", "greatest", "encode(sha256(l.entry_id::bytea), 'hex')", "({0})::jsonb"),
}


def close(url: str, source: int) -> float:
    """Write what closing the month `source` (yyyymm) writes, for all villages: seconds."""
    connection = Connection(url)
    try:
        last = connection.run("SELECT max(month) FROM tallies", {})[0][0]
        month = _after(last) if last >= FAR else FAR
        at = {"at": connection.instant(datetime.now(UTC) - timedelta(days=1))}
        began = time.perf_counter()
        with connection.writing():
            for sql in statements(SPELLINGS[connection.sqlite], month, source):
                connection.run(sql, at)
        return time.perf_counter() - began
    finally:
        connection.close()


def _after(month: int) -> int:
    return month + 1 if month % 100 < 12 else (month // 100 + 1) * 100 + 1


def statements(spelling: Spelling, month: int, source: int) -> list[str]:
    """The statements in their order; all take the instant `:at`."""
    of_month = (
        "FROM tally_lines l JOIN tallies t ON t.id = l.tally_id JOIN ledger_accounts a "
        f"ON a.household_code = l.household_code WHERE t.month = {month}"
    )
    return [
        _tallies(month),
        _lines(month, source),
        _entries(spelling, source // 100, of_month),
        _postings(spelling, of_month),
        _accounts(spelling, month),
        f"INSERT INTO ledger_unsealed (village_code, posted_at, entry_id) SELECT l.village_code, :at, l.entry_id "
        f"{of_month}",
        _messages(spelling, month, of_month),
        *_steps(month),
    ]


def _id(kind: int, month: int, household: str) -> str:
    """An id of the length and order of real ones, from the month and a household's code."""
    fixed = f"01a00000-{kind:04d}-7{month // 100 % 1000:03d}-8{month % 100:03d}-"
    return f"'{fixed}' || substr({household}, 5, 12)"


def _tallies(month: int) -> str:
    key = _id(1, month, "v.code || '0000'")
    return (
        "INSERT INTO tallies (id, village_code, month, cutoff_at, freeze_due, vote_due, status, round, "
        f"frozen_at, resolved_at, posted_at) SELECT {key}, v.code, {month}, :at, :at, :at, 'posted', 1, :at, "
        ":at, :at FROM villages v"
    )


def _lines(month: int, source: int) -> str:
    tally, entry = _id(1, month, "s.village_code || '0000'"), _id(2, month, "s.household_code")
    return (
        "INSERT INTO tally_lines (tally_id, household_code, village_code, records, added, deducted, net, status, "
        f"entry_id) SELECT {tally}, s.household_code, s.village_code, s.records, s.added, s.deducted, "
        f"s.added + s.deducted, 'posted', {entry} FROM (SELECT village_code, household_code, "
        "count(*) AS records, sum(CASE WHEN points > 0 THEN points ELSE 0 END) AS added, "
        "sum(CASE WHEN points < 0 THEN points ELSE 0 END) AS deducted FROM records "
        f"WHERE month = {source} AND status = 'approved' GROUP BY village_code, household_code) s"
    )


def _change(spelling: Spelling) -> str:
    """What the balance bears: all that is gained, and of a deduction what there is."""
    return f"CASE WHEN l.net >= 0 THEN l.net ELSE -{spelling.least}(-l.net, {spelling.greatest}(a.balance, 0)) END"


def _entries(spelling: Spelling, year: int, of_month: str) -> str:
    return (
        "INSERT INTO ledger_entries (id, village_code, household_code, cause, reference, content_hash, posted_at, "
        "score_year, refs, digest) SELECT l.entry_id, l.village_code, l.household_code, 'month', "
        f"'tally:' || t.id || ':' || l.household_code, {spelling.hash}, :at, {year}, "
        f"""'{{"month":"2900-01","tally":"' || t.id || '"}}', {spelling.hash} {of_month}"""
    )


def _postings(spelling: Spelling, of_month: str) -> str:
    legs = "SELECT 0 AS leg, 'balance' AS account UNION ALL SELECT 1, 'score' UNION ALL SELECT 2, 'issued' "
    return (
        "INSERT INTO ledger_postings (entry_id, leg, village_code, household_code, account, amount, seq, "
        "balance_after) SELECT p.entry, g.leg, p.village, CASE WHEN g.leg < 2 THEN p.household END, g.account, "
        "CASE g.leg WHEN 0 THEN p.change WHEN 1 THEN p.net WHEN 2 THEN -p.change ELSE -p.net END, "
        "CASE WHEN g.leg < 2 THEN p.seq END, "
        "CASE g.leg WHEN 0 THEN p.balance + p.change WHEN 1 THEN p.score + p.net END FROM "
        f"(SELECT l.entry_id AS entry, l.village_code AS village, l.household_code AS household, "
        f"{_change(spelling)} AS change, l.net AS net, a.balance AS balance, a.score AS score, "
        f"a.version + 1 AS seq {of_month}) p CROSS JOIN ({legs} UNION ALL SELECT 3, 'assessed') g "
        "WHERE g.leg < 2 OR (g.leg = 2 AND p.change <> 0) OR (g.leg = 3 AND p.net <> 0)"
    )


def _accounts(spelling: Spelling, month: int) -> str:
    return (
        f"UPDATE ledger_accounts AS a SET balance = a.balance + {_change(spelling)}, score = a.score + l.net, "
        "version = a.version + 1 FROM tally_lines l, tallies t WHERE t.id = l.tally_id "
        f"AND t.month = {month} AND a.household_code = l.household_code"
    )


def _messages(spelling: Spelling, month: int, of_month: str) -> str:
    refs = spelling.json.format("""'{"tally":"' || t.id || '"}'""")
    return (
        "INSERT INTO messages (id, household_code, kind, text, refs, sent_at) SELECT "
        f"{_id(3, month, 'l.household_code')}, l.household_code, 'month_posted', "
        f"'2900年1月积分已入账：+' || (l.net / 100) || '.00 分。', {refs}, :at {of_month}"
    )


def _steps(month: int) -> list[str]:
    """Decisions, audit rows and claimed periods: a handful per village."""
    of_village = f"FROM tallies t JOIN villages v ON v.code = t.village_code WHERE t.month = {month}"
    found = []
    for kind in (4, 5):
        key = _id(kind, month, "v.code || '0000'")
        found += [
            "INSERT INTO decisions (id, at, entity, entity_id, source, target, reason) "
            f"SELECT {key}, :at, 'tally', t.id, 'on_notice', 'posted', '公示期满' {of_village}",
            "INSERT INTO audit_log (id, at, action, entity, entity_id, village_code) "
            f"SELECT {key}, :at, 'tally.posted', 'tally', t.id, v.code {of_village}",
        ]
    for closer in ("cutoff", "freeze", "notice_end"):
        found.append(
            "INSERT INTO closed_periods (closer, village_code, period, due_at, closed_at) "
            f"SELECT 'floor.{closer}', v.code, '{month}', :at, :at {of_village}"
        )
    return found
