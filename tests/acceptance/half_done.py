"""What a transaction writes together is there together: each sentence with a query for what breaks it.

Holds at any moment of any run, whoever was killed when, as long as nothing was reversed by an appeal.
"""

from __future__ import annotations

from sqlalchemy import text

from server.kit.transaction import transaction

_LINE_SUM = (
    "SELECT r.village_code, r.household_code, r.month, COUNT(*) AS records, SUM(r.points) AS net "
    "FROM records r WHERE r.status = 'approved' GROUP BY r.village_code, r.household_code, r.month"
)
SENTENCES: dict[str, str] = {
    "a record was noted once": (
        "SELECT r.id FROM records r WHERE 1 <> (SELECT COUNT(*) FROM audit_log a "
        "WHERE a.entity = 'record' AND a.entity_id = r.id AND a.action = 'record.log')"
    ),
    "no record was noted that is not there": (
        "SELECT a.entity_id FROM audit_log a WHERE a.action = 'record.log' "
        "AND NOT EXISTS (SELECT 1 FROM records r WHERE r.id = a.entity_id)"
    ),
    "a record's state is what the decisions on it lead to": (
        "SELECT r.id FROM records r, "
        "(SELECT 'approved' AS name UNION SELECT 'rejected' UNION SELECT 'withdrawn') s "
        "WHERE (CASE WHEN r.status = s.name THEN 1 ELSE 0 END) <> "
        "(SELECT COALESCE(SUM(CASE WHEN d.target = s.name THEN 1 ELSE 0 END "
        "- CASE WHEN d.source = s.name THEN 1 ELSE 0 END), 0) "
        "FROM decisions d WHERE d.entity = 'record' AND d.entity_id = r.id)"
    ),
    "what the panel decided has the votes of two members": (
        "SELECT r.id FROM records r WHERE r.status IN ('approved', 'rejected') "
        "AND COALESCE(CAST(r.meeting AS TEXT), 'null') = 'null' "
        "AND r.decided_at IS NOT NULL AND 2 > (SELECT COUNT(*) FROM reviews v "
        "WHERE v.record_id = r.id AND v.round = r.round)"
    ),
    "a verdict was noted once": (
        "SELECT v.record_id FROM reviews v GROUP BY v.record_id HAVING COUNT(*) <> "
        "(SELECT COUNT(*) FROM audit_log a WHERE a.entity = 'record' AND a.entity_id = v.record_id "
        "AND a.action = 'record.review')"
    ),
    "each decided record's household was told": (
        "SELECT r.village_code FROM records r GROUP BY r.village_code HAVING "
        "(SELECT COUNT(*) FROM decisions d JOIN records x ON x.id = d.entity_id WHERE d.entity = 'record' "
        "AND d.source = 'submitted' AND x.village_code = r.village_code) <> "
        "(SELECT COUNT(*) FROM messages m WHERE m.kind = 'record.verdict' "
        "AND m.household_code LIKE r.village_code || '%')"
    ),
    "a submitted report has handed over all its records": (
        "SELECT r.id FROM records r JOIN weekly_reports w ON w.id = r.report_id "
        "WHERE (w.status = 'submitted' AND r.status = 'recorded') "
        "OR (w.status = 'open' AND r.status NOT IN ('recorded', 'withdrawn'))"
    ),
    "what is with the panel came in a report": (
        "SELECT r.id FROM records r WHERE r.status IN ('submitted', 'approved', 'rejected') "
        "AND r.report_id IS NULL"
    ),
    "a report was submitted once": (
        "SELECT w.id FROM weekly_reports w WHERE (CASE WHEN w.status = 'submitted' THEN 1 ELSE 0 END) <> "
        "(SELECT COUNT(*) FROM decisions d WHERE d.entity = 'weekly_report' AND d.entity_id = w.id)"
    ),
    "a closed week has a report of every grid": (
        "SELECT c.period FROM closed_periods c WHERE c.closer = 'conduct.week_report' "
        "AND c.period NOT LIKE '%/%' "
        "AND (SELECT COUNT(*) FROM weekly_reports w WHERE w.village_code = c.village_code "
        "AND w.period = c.period AND w.grid_id IS NOT NULL) <> "
        "(SELECT COUNT(*) FROM grids g WHERE g.village_code = c.village_code)"
    ),
    "no report without its week closed": (
        "SELECT w.id FROM weekly_reports w WHERE NOT EXISTS (SELECT 1 FROM closed_periods c "
        "WHERE c.closer = 'conduct.week_report' AND c.village_code = w.village_code AND c.period = w.period)"
    ),
    "a cut-off made one tally": (
        "SELECT c.village_code FROM closed_periods c WHERE c.closer = 'settlement.month_cutoff' "
        "GROUP BY c.village_code HAVING COUNT(*) <> "
        "(SELECT COUNT(*) FROM tallies t WHERE t.village_code = c.village_code)"
    ),
    "an open tally that is not frozen has no lines": (
        "SELECT l.tally_id FROM tally_lines l JOIN tallies t ON t.id = l.tally_id WHERE t.frozen_at IS NULL"
    ),
    "a frozen line is the sum of its records": (
        f"SELECT l.tally_id FROM tally_lines l JOIN tallies t ON t.id = l.tally_id LEFT JOIN ({_LINE_SUM}) s "
        "ON s.village_code = l.village_code AND s.household_code = l.household_code AND s.month = t.month "
        "WHERE l.net <> COALESCE(s.net, 0) OR l.records <> COALESCE(s.records, 0)"
    ),
    "every record of a frozen month is on a line": (
        "SELECT r.id FROM records r JOIN tallies t ON t.village_code = r.village_code AND t.month = r.month "
        "WHERE r.status = 'approved' AND t.frozen_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tally_lines l "
        "WHERE l.tally_id = t.id AND l.household_code = r.household_code)"
    ),
    "a tally on notice has one notice, a posted one an ended notice": (
        "SELECT t.id FROM tallies t WHERE (CASE WHEN t.status = 'on_notice' THEN 1 ELSE 0 END) <> "
        "(SELECT COUNT(*) FROM notices n WHERE n.tally_id = t.id AND n.status = 'active') "
        "OR (CASE WHEN t.status = 'posted' THEN 1 ELSE 0 END) <> (SELECT COUNT(*) FROM notices n "
        "WHERE n.tally_id = t.id AND n.status IN ('ended', 'taken_down'))"
    ),
    "a tally's state is what the decisions on it lead to": (
        "SELECT t.id FROM tallies t, "
        "(SELECT 'resolved' AS name UNION SELECT 'on_notice' UNION SELECT 'posted') s "
        "WHERE (CASE WHEN t.status = s.name THEN 1 ELSE 0 END) <> "
        "(SELECT COALESCE(SUM(CASE WHEN d.target = s.name THEN 1 ELSE 0 END "
        "- CASE WHEN d.source = s.name THEN 1 ELSE 0 END), 0) "
        "FROM decisions d WHERE d.entity = 'tally' AND d.entity_id = t.id)"
    ),
    "a vote was noted once": (
        "SELECT v.tally_id FROM tally_votes v GROUP BY v.tally_id HAVING COUNT(*) <> "
        "(SELECT COUNT(*) FROM audit_log a WHERE a.action = 'tally.vote' AND a.entity_id = v.tally_id)"
    ),
    "a posted month has no line that waits for it": (
        "SELECT l.tally_id FROM tally_lines l JOIN tallies t ON t.id = l.tally_id "
        "WHERE (t.status = 'posted' AND l.status = 'pending') "
        "OR (t.status <> 'posted' AND l.status = 'posted') "
        "OR (l.status = 'posted') <> (l.entry_id IS NOT NULL)"
    ),
    "a line is held where an objection waits, and only there": (
        "SELECT l.tally_id FROM tally_lines l JOIN tallies t ON t.id = l.tally_id "
        "WHERE (l.status = 'held') <> "
        "EXISTS (SELECT 1 FROM objections o JOIN notices n ON n.id = o.notice_id "
        "WHERE o.tally_id = l.tally_id "
        "AND o.household_code = l.household_code AND n.status <> 'withdrawn' "
        "AND o.status IN ('open', 'escalated'))"
    ),
    "a posted line is its entry": (
        "SELECT l.tally_id FROM tally_lines l JOIN ledger_entries e ON e.id = l.entry_id "
        "LEFT JOIN ledger_postings p ON p.entry_id = e.id AND p.account = 'score' "
        "WHERE p.amount IS NULL OR p.amount <> l.net OR e.household_code <> l.household_code "
        "OR e.reference <> 'tally:' || l.tally_id || ':' || l.household_code"
    ),
    "no month's entry without its line": (
        "SELECT e.id FROM ledger_entries e WHERE e.cause IN ('month', 'held_line') "
        "AND NOT EXISTS (SELECT 1 FROM tally_lines l WHERE l.entry_id = e.id)"
    ),
    "the household of each posted line was told": (
        "SELECT COUNT(*) FROM messages m WHERE m.kind = 'month_posted' HAVING COUNT(*) <> "
        "(SELECT COUNT(*) FROM tally_lines l WHERE l.status = 'posted')"
    ),
    "a score year gave base points to every household, once": (
        "SELECT h.code, y.year FROM score_years y JOIN households h ON h.village_code = y.village_code "
        "WHERE h.status = 'active' AND 1 <> (SELECT COUNT(*) FROM ledger_entries e "
        "WHERE e.cause = 'base_points' AND e.household_code = h.code AND e.score_year = y.year)"
    ),
    "an answer is kept beside every claimed key": (
        "SELECT k.key FROM idempotency_keys k WHERE k.status IS NULL OR k.body IS NULL"
    ),
    "nothing is parked": "SELECT p.period, p.error FROM parked_periods p",
}


def broken() -> dict[str, list[tuple[object, ...]]]:
    """The sentences that do not hold, each with up to five rows that break it."""
    with transaction(writes=False) as session:
        found = {
            sentence: [tuple(row) for row in session.execute(text(query)).fetchmany(5)]
            for sentence, query in SENTENCES.items()
        }
    return {sentence: rows for sentence, rows in found.items() if rows}
