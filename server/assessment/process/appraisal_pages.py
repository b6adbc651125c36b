"""The pages behind a code slip of an anonymous appraisal: type or scan the code, score, gone.

The code travels in the body of a form, never in an address: addresses are kept by phones, proxies and logs. Nobody
is signed in here, nothing of the request is kept but the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, Response, current_app, request
from markupsafe import Markup

from server.assessment.cell_faults import bounds
from server.assessment.process import appraisals
from server.assessment.process.models import AssessedSubject
from server.kit.clock import Clock
from server.kit.errors import Invalid, NotFound
from server.kit.transaction import transaction
from server.web.plain import html, plain_page
from server.web.routes import PUBLIC, page

blueprint = Blueprint("appraisal_pages", __name__)
SCRIPT = "/static/public/appraisal-code.js"
_SCORE = "score."
_ENTER = """{wrong}<p>请输入测评码（不分大小写）。</p><form method="post" autocomplete="off">
<label for="code">测评码</label><input id="code" name="code" required maxlength="40" value="{code}">
<button class="main">打开测评表</button></form>
<p class="small">码是随机发的，没有人记下谁拿了哪一张；交表时不记姓名、时间和地址。</p>"""
_FORM = """{wrong}<p>{title}：给每个对象打分（{bounds}），不了解的可以不打。</p>
<form method="post" autocomplete="off"><input type="hidden" name="code" value="{code}">{rows}
<button class="main">交表</button></form><p class="small">交了就不能改，这张码随即作废。</p>"""
_ROW = """<label for="s{number}">{name}</label>
<input id="s{number}" name="{field}" inputmode="decimal" maxlength="16" value="{value}">"""
_DONE = """<p>收到了，谢谢。这张码已经作废。</p><p class="small">结果在测评结束后按平均分公布，不满五份的不公布。</p>"""
_STILL = "还没有交上，改好再交；码还能用。"
_WRONG = """<p class="wrong" role="alert">{said}</p>"""


def _now() -> datetime:
    clock: Clock = current_app.extensions["jifen_clock"]
    return clock.now()


@page(blueprint, "/a")
def appraisal_page() -> Response:
    """Where the code is typed; a scanned one fills itself in."""
    return _enter("", "")


def _enter(code: str, said: str) -> Response:
    body = html(_ENTER, code=code, wrong=_wrong([said] if said else []))
    return plain_page("匿名测评", "积分制", body, 404 if said else 200, SCRIPT)


def _wrong(said: Sequence[str]) -> Markup:
    return Markup("").join(html(_WRONG, said=one) for one in said)


@blueprint.post("/a")
def use_code() -> Response:
    """The form of a code, or the sheet with its scores."""
    code = request.form.get("code", "")[:40]
    scores = {
        name.removeprefix(_SCORE): text.strip()[:16]
        for name, text in request.form.items()
        if name.startswith(_SCORE)
    }
    given = {subject: text for subject, text in scores.items() if text}
    try:
        if not scores:
            return _sheet(code, {}, [])
        with transaction() as session:
            appraisals.hand_in(session, code, given, _now())
    except NotFound as refused:
        return _enter("", refused.message)
    except Invalid as refused:
        return _sheet(code, given, [fault.message for fault in refused.faults] or [refused.message])
    return plain_page("交好了", "匿名测评", html(_DONE))


use_code.needs = PUBLIC  # type: ignore[attr-defined]


def _sheet(code: str, given: Mapping[str, str], said: Sequence[str]) -> Response:
    with transaction(writes=False) as session:
        row, indicator, people = appraisals.form(session, code, _now())
        told = {"title": row.title, "bounds": bounds(indicator)}
        rows = _rows(people, given)
    body = html(_FORM, code=code, rows=rows, wrong=_wrong([*said, _STILL] if said else []), **told)
    return plain_page("匿名测评", "积分制", body, 422 if said else 200)


def _rows(people: Sequence[AssessedSubject], given: Mapping[str, str]) -> Markup:
    return Markup("").join(
        html(_ROW, number=number, name=one.name, field=_SCORE + one.code, value=given.get(one.code, ""))
        for number, one in enumerate(people)
    )
