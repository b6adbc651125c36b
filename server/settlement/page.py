"""The public notice as a page: server-rendered, without script, without anything from another host.

Shows what the public JSON shows, from the same content. The QR symbol leads to the page itself, as the
poster's does.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from sqlalchemy import select

from server.config import Settings
from server.kit.clock import Clock, local_date
from server.kit.transaction import transaction
from server.paper.api import QUIET_MODULES, SMALLEST_MM, symbol
from server.people.api import Village
from server.settlement import content, public, wording
from server.settlement.content import Content, NoticeLine
from server.settlement.models import Notice
from server.settlement.months import month_from
from server.settlement.notices import day_words, signed
from server.settlement.public import PUBLIC_STATES
from server.settlement.states import LineStatus, NoticeStatus
from server.web.routes import page

blueprint = Blueprint("notice_pages", __name__, template_folder=str(Path(__file__).parent / "templates"))
_LISTED = 60


@page(blueprint, "/notices")
def notice_list() -> Response:
    """The notices that are public now: of one village, or of all."""
    village = request.args.get("village", "")[:12]
    with transaction(writes=False) as session:
        rows, _ = public.listed(session, village or None, None, _LISTED)
        found = session.scalars(select(Village).where(Village.code.in_({row.village_code for row in rows})))
        names = {one.code: one.name for one in found}
        shown = [_listed(row, names[row.village_code]) for row in rows]
        here = session.get(Village, village) if village else None
    return _html(render_template("notices.html", notices=shown, village=here))


def _listed(notice: Notice, village: str) -> dict[str, Any]:
    month = month_from(notice.month)
    return {
        "id": notice.id,
        "village": village,
        "village_code": notice.village_code,
        "title": f"{wording.title(month)}村民积分",
        "open": notice.status == NoticeStatus.ACTIVE,
        "state": _state(NoticeStatus(notice.status)),
        "until": day_words(local_date(notice.ends_at)),
    }


@page(blueprint, "/notices/<notice_id>")
def notice_page(notice_id: str) -> Response:
    """One public notice. Unknown and taken-down ones look alike."""
    with transaction(writes=False) as session:
        notice = session.get(Notice, notice_id)
        if notice is None or notice.status == NoticeStatus.TAKEN_DOWN:
            return _html(render_template("notice_gone.html"), 404)
        found = content.read(session, notice)
    if found.status not in PUBLIC_STATES:
        return _html(render_template("notice_withdrawn.html", notice=found, title=_title(found)))
    return _html(render_template("notice.html", **_shown(found)))


def _title(found: Content) -> str:
    return f"{wording.title(found.month)}村民积分"


def _shown(found: Content) -> dict[str, Any]:
    wanted = _wanted(request.args.get("n", ""))
    settings: Settings = current_app.extensions["jifen_settings"]
    clock: Clock = current_app.extensions["jifen_clock"]
    url = f"{settings.public_url}/notices/{found.id}"
    return {
        "notice": found,
        "title": _title(found),
        "resolved": wording.how_resolved(found),
        "span": wording.span(found),
        "left": _left(found, clock.now()),
        "state": _state(found.status),
        "open": found.status is NoticeStatus.ACTIVE,
        "net": signed(found.net),
        "tone": tone,
        "signed": signed,
        "corrections": [wording.correction(one) for one in found.corrections],
        "held": [wording.held(line.number) for line in found.held],
        "is_held": lambda line: line.status is LineStatus.HELD,
        "objecting": wording.how_to_object(found),
        "month": wording.title(found.month),
        "what": wording.what(found),
        "ceiling": wording.ceiling(found),
        "wanted": wanted,
        "match": next((line for line in found.lines if wanted and line.number == wanted), None),
        "head": [found.ledger_head[at : at + 4] for at in range(0, len(found.ledger_head), 4)],
        "url": url,
        "qr": _qr(url),
    }


def _left(found: Content, now: datetime) -> str:
    """还剩 5 天; the last day counts as one."""
    if found.status is not NoticeStatus.ACTIVE:
        return ""
    days = (local_date(found.ends_at) - local_date(now)).days
    if now >= found.ends_at:
        return "公示期已满，等待入账"
    return f"还剩 {days} 天" if days > 0 else "今天截止"


def _state(status: NoticeStatus) -> str:
    return "公示中" if status is NoticeStatus.ACTIVE else "已入账"


def tone(line: NoticeLine) -> str:
    """Which colour a total has: gained, deducted, neither."""
    return "up" if line.net > 0 else "dn" if line.net < 0 else "z"


def _wanted(typed: str) -> str:
    """The number of a household as typed: 137, 0137 or the whole code; full-width digits are read as well."""
    digits = "".join(str(int(sign)) for sign in typed.strip() if sign.isdecimal())
    return digits[-4:].zfill(4) if digits else ""


def _qr(url: str) -> dict[str, Any]:
    found = symbol(url, SMALLEST_MM)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in found.runs())
    side = found.modules + 2 * QUIET_MODULES
    return {"path": path, "box": f"-{QUIET_MODULES} -{QUIET_MODULES} {side} {side}"}


def _html(body: str, status: int = 200) -> Response:
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = f"public, max-age={public.MAX_AGE}" if status == 200 else "no-store"
    return response
