"""Serves the phone client's files at `/m/`: names that change with their content for a year, everything else asked
for anew, and any other path as the client's one page, which finds its screen itself.

Owns which file is meant and how long it is kept; what they show is the API's business.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, redirect
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse

from server.web.built_files import A_DAY, ANEW, FOREVER, send_built
from server.web.pages import static_root
from server.web.plain import plain_page
from server.web.routes import page

blueprint = Blueprint("phone", __name__)
_NOT_BUILT = "<p>这台服务器上还没有手机端的文件。请管理员重新安装一次（pip install），装的时候会做好。</p>"


@page(blueprint, "/m")
def phone_without_slash() -> BaseResponse:
    """The client lives below `/m/`."""
    return redirect("/m/", 308)


@page(blueprint, "/m/")
def phone_home() -> Response:
    """The client's page."""
    return _index()


@page(blueprint, "/m/<path:name>")
def phone_file(name: str) -> Response:
    """A file of the client, or its page for an address that is one of its screens."""
    found = safe_join(str(static_root() / "m"), name)
    if found is not None and Path(found).is_file():
        return send_built(Path(found), _caching(name))
    if name.startswith(("assets/", "static/")) or Path(name).suffix:
        raise NotFound()
    return _index()


def _index() -> Response:
    path = static_root() / "m" / "index.html"
    if not path.is_file():
        return plain_page("手机端还没装好", "积分制", Markup(_NOT_BUILT), 503)  # noqa: S704 - a constant
    return send_built(path, ANEW)


def _caching(name: str) -> str:
    if name.startswith("assets/"):
        return FOREVER
    return A_DAY if name.startswith("static/") else ANEW
