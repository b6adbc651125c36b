"""The public page of an evaluation, where the certificate's symbol leads: conditions, household numbers, votes."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, render_template

from server.honours import reading
from server.kit.errors import NotFound
from server.kit.transaction import transaction
from server.web.routes import page

blueprint = Blueprint("honour_pages", __name__, template_folder=str(Path(__file__).parent / "templates"))
_STATES = {"chosen": "公示中", "awarded": "已授予", "held": "核实中"}


@page(blueprint, "/honours/<key>")
def honours_page(key: str) -> Response:
    """One evaluation. Unknown ones and those not on notice look alike."""
    with transaction(writes=False) as session:
        try:
            found = reading.as_public(session, key)
        except NotFound:
            return _html(render_template("notice_gone.html"), 404)
    return _html(render_template("honours.html", found=found, states=_STATES))


def _html(body: str, status: int = 200) -> Response:
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
