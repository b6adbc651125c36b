"""Where a household's score and balance come from: entries → tally line → records → item, photos, people.

Reads only, a page of entries at a time, with a fixed number of statements whatever the page holds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.kit import exact
from server.kit.clock import iso
from server.kit.errors import NotFound
from server.kit.exact import hundredths_text
from server.kit.paging import decode_cursor, page
from server.ledger import api as ledger
from server.people.api import Actor, Permission, Place
from server.settlement.models import Notice, Tally, TallyLine
from server.settlement.months import month_from
from server.settlement.states import NoticeStatus


def explanation(session: Session, actor: Actor, code: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """The tree behind the account of household `code`, newest entries first; raises NotFound.

    `parts` sum up score (of the running year) and balance by cause; the items open each entry.
    """
    if len(code) != 16 or not (code.isascii() and code.isdigit()):
        raise NotFound()
    actor.at(Permission.EXPLANATION_READ, Place(code[:12], household=code))
    state = ledger.account(session, code)
    before = decode_cursor(cursor, int)[0] if cursor else None
    rows = ledger.statement(session, code, before, limit + 1)
    rows, following = page(rows, limit, lambda row: (row.seq,))
    return {
        "household": code,
        "score": state.score,
        "balance": state.balance,
        "reserved": state.reserved,
        "year": state.score_year or None,
        "parts": [
            {"cause": part.cause, "entries": part.entries, "score": part.score, "balance": part.balance}
            for part in ledger.parts(session, code, state.score_year)
        ],
        "items": _opened(session, code, rows),
        "next_cursor": following,
    }


def _opened(session: Session, code: str, rows: Sequence[ledger.StatementRow]) -> list[dict[str, Any]]:
    lines = _lines(session, code, [row.id for row in rows])
    months = sorted({line["number"] for line in lines.values()})
    behind: dict[int, list[dict[str, Any]]] = {}
    for record in conduct.records_behind(session, code, months):
        behind.setdefault(_number(record["month"]), []).append(record)
    for line in lines.values():
        line["records"] = behind.get(line.pop("number"), [])
    points_at, taken_back = ledger.pointers(session, [row.id for row in rows])
    return [_item(row, lines.get(row.id), points_at.get(row.id), taken_back.get(row.id)) for row in rows]


def _number(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 100 + int(number)


def _item(
    row: ledger.StatementRow, line: dict[str, Any] | None, reverses: str | None, reversed_by: str | None
) -> dict[str, Any]:
    return {
        "id": row.id,
        "posted_at": iso(row.posted_at),
        "cause": row.cause,
        "amount": hundredths_text(row.amount),
        "score_amount": hundredths_text(row.score_amount),
        "balance_after": hundredths_text(row.balance_after),
        "refs": json.loads(row.refs),
        "reverses": reverses,
        "reversed_by": reversed_by,
        "line": line,
    }


def _lines(session: Session, code: str, entries: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The tally lines that these entries posted, by entry, with the notice on which each stood."""
    found = session.execute(
        select(TallyLine, Tally, Notice.id)
        .join(Tally, Tally.id == TallyLine.tally_id)
        .outerjoin(Notice, (Notice.tally_id == Tally.id) & (Notice.status != NoticeStatus.WITHDRAWN))
        .where(TallyLine.household_code == code, TallyLine.entry_id.in_(entries))
    )
    return {
        str(line.entry_id): {
            "tally": tally.id,
            "month": str(month_from(tally.month)),
            "number": tally.month,
            "notice": notice,
            "counted": line.records,
            "added": exact.text(line.added),
            "deducted": exact.text(line.deducted),
            "score_change": exact.text(line.net),
        }
        for line, tally, notice in found
    }
