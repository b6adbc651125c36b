"""Serves the desktop console at `/console/`: names that change with their content for a year, the page itself asked
for anew, and any other path as the console's one page, which finds its screen itself.
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

blueprint = Blueprint("console", __name__)
_NOT_BUILT = "<p>这台服务器上还没有控制台的文件。请管理员重新安装一次（pip install），装的时候会做好。</p>"


@page(blueprint, "/console")
def console_without_slash() -> BaseResponse:
    """The console lives below `/console/`."""
    return redirect("/console/", 308)


@page(blueprint, "/console/")
def console_home() -> Response:
    """The console's page."""
    return _index()


@page(blueprint, "/console/<path:name>")
def console_file(name: str) -> Response:
    """A file of the console, or its page for an address that is one of its screens."""
    found = safe_join(str(static_root() / "dist" / "console"), name)
    if found is not None and Path(found).is_file():
        return send_built(Path(found), FOREVER if name.startswith("assets/") else A_DAY)
    if name.startswith("assets/") or Path(name).suffix:
        raise NotFound()
    return _index()


def _index() -> Response:
    path = static_root() / "dist" / "console" / "index.html"
    if not path.is_file():
        return plain_page("控制台还没装好", "积分制", Markup(_NOT_BUILT), 503)  # noqa: S704 - a constant
    return send_built(path, ANEW)
