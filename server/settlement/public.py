"""The public notice as JSON: ready-made bytes per notice and version, since a notice day has many readers.

Anonymous readers get household numbers and totals, nothing else (spec 01, 05). One small statement per
request says whether the ready-made answer is still the present one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit import exact
from server.kit.clock import iso
from server.kit.errors import NotFound
from server.kit.paging import decode_cursor, page
from server.kit.sql import Statement
from server.settlement import content
from server.settlement.content import Content
from server.settlement.models import Notice
from server.settlement.states import NoticeStatus

_VERSION = Statement("SELECT version, status FROM notices WHERE id = :id")
_CACHE_SIZE = 500
MAX_AGE = 60
PUBLIC_STATES = (NoticeStatus.ACTIVE, NoticeStatus.ENDED)


@dataclass(frozen=True)
class Ready:
    """A ready-made answer."""

    version: int
    etag: str
    body: bytes


_ready: dict[str, Ready] = {}


def notice_response(session: Session, notice_id: str) -> Response:
    """The public notice; NotFound when there is none or it was taken down."""
    row: Any = _VERSION.run(session, {"id": notice_id}).first()
    if row is None or row[1] == NoticeStatus.TAKEN_DOWN:
        raise NotFound()
    ready = _ready.get(notice_id)
    if ready is None or ready.version != row[0]:
        ready = _make(session, notice_id)
    return cacheable(ready)


def _make(session: Session, notice_id: str) -> Ready:
    found = content.read(session, session.get_one(Notice, notice_id))
    body = json.dumps(as_json(found), ensure_ascii=False, separators=(",", ":")).encode()
    if len(_ready) >= _CACHE_SIZE:
        _ready.clear()
    _ready[notice_id] = Ready(found.version, f'"{found.id}-{found.version}"', body)
    return _ready[notice_id]


def cacheable(ready: Ready, content_type: str = "application/json") -> Response:
    """An answer that a proxy may keep for a minute and no search engine may keep at all."""
    unchanged = ready.etag in request.headers.get("If-None-Match", "")
    body, status = (b"", 304) if unchanged else (ready.body, 200)
    response = Response(body, status, content_type=content_type)
    response.headers["ETag"] = ready.etag
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def as_json(found: Content) -> dict[str, Any]:
    """The notice by the names of the API."""
    return {
        "id": found.id,
        "village": {"code": found.village, "name": found.village_name},
        "month": str(found.month),
        "kind": "opening" if found.is_opening else "month",
        "status": found.status.value,
        "published_at": iso(found.published_at),
        "ends_at": iso(found.ends_at),
        "ledger_head": found.ledger_head,
        "page": f"/notices/{found.id}",
        "covers": {"from": found.covers[0].isoformat(), "to": found.covers[1].isoformat()},
        "days": found.days,
        "resolved": found.resolved,
        "ceiling": found.ceiling,
        "totals": {
            "households": found.households,
            "with_records": len(found.lines),
            "records": found.records,
            "added": exact.text(found.added),
            "deducted": exact.text(found.deducted),
            "score_change": exact.text(found.net),
        },
        "lines": [
            {
                "household": line.household,
                "number": line.number,
                "score_change": exact.text(line.net),
                "status": line.status.value,
            }
            for line in found.lines
        ],
        "corrections": [
            {
                "household": one.household,
                "number": one.number,
                "at": iso(one.at),
                "before": exact.text(one.before),
                "after": exact.text(one.after),
            }
            for one in found.corrections
        ],
    }


def listed(
    session: Session, village: str | None, cursor: str | None, limit: int
) -> tuple[list[Notice], str | None]:
    """The notices that are public now, newest first; of one village, or of all."""
    query = select(Notice).where(Notice.status.in_(PUBLIC_STATES))
    if village is not None:
        query = query.where(Notice.village_code == village)
    if cursor:
        query = query.where(Notice.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Notice.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))
