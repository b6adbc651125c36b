"""Sends what a web build left below `static/`: with its caching, compressed where the build left it so.

Knows no client; which file is meant is its caller's.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Response, request, send_file

FOREVER = "public, max-age=31536000, immutable"
ANEW = "no-cache"
A_DAY = "public, max-age=86400"
_TEXT = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


def send_built(path: Path, caching: str) -> Response:
    """The file, compressed as the build left it beside, where the browser takes that."""
    kind = _TEXT.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = path.with_name(path.name + ".gz")
    use_packed = packed.is_file() and request.accept_encodings.quality("gzip") > 0
    response = send_file(packed if use_packed else path, mimetype=kind, conditional=True)
    if use_packed:
        response.headers["Content-Encoding"] = "gzip"
    if packed.is_file():
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = caching
    return response
