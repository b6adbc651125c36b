"""Pages beside the API: health, the interactive API documentation, the start page, static files of the
clients.
"""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from server.upkeep import readiness
from server.web.routes import page

blueprint = Blueprint("pages", __name__)
_HERE = Path(__file__).resolve().parent.parent


def static_root() -> Path:
    """Where the clients' files lie: inside an installed package, or in the checkout."""
    packaged = _HERE / "_static"
    return packaged if packaged.is_dir() else _HERE.parent / "static"


@page(blueprint, "/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status="up")


@page(blueprint, "/readyz")
def readyz() -> tuple[Response, int]:
    """Whether the instance can serve; each check with its state and a sentence for whoever keeps the machine."""
    found = readiness.look(current_app)
    failed = [one.code for one in found.values() if one.state is readiness.State.FAILED]
    checks = {name: asdict(one) for name, one in found.items()}
    return jsonify(status=failed[0] if failed else "ready", checks=checks), 503 if failed else 200


@page(blueprint, "/api/docs")
@page(blueprint, "/api/docs/")
def api_docs() -> Response:
    """Interactive documentation over the OpenAPI document; its assets come from a package, not from a
    foreign host.
    """
    return send_from_directory(static_root() / "docs", "index.html")


@page(blueprint, "/api/docs/assets/<name>")
def api_docs_asset(name: str) -> Response:
    """swagger-ui's files."""
    if name not in ("swagger-ui.css", "swagger-ui-bundle.js"):
        raise NotFound()
    return send_from_directory(str(files("flask_swagger_ui") / "dist"), name, max_age=86400)


@page(blueprint, "/")
def start() -> BaseResponse:
    """The start page of the demo; elsewhere the public notices."""
    if current_app.extensions["jifen_settings"].mode == "demo":
        return send_from_directory(static_root() / "start", "index.html")
    return redirect("/notices")


@page(blueprint, "/static/<path:name>")
def static_file(name: str) -> Response:
    """A client's file."""
    folder, _, rest = name.partition("/")
    if folder not in ("start", "docs", "public") or not rest:
        raise NotFound()
    # the start page is modules of one version: a browser asks each time whether they are still the same
    return send_from_directory(static_root() / folder, rest, max_age=0 if folder == "start" else 3600)
