"""`ETag` and `If-Match` for what two people may edit at once: the tag is the row's revision number.

A client that sends no `If-Match` overwrites; one that does is refused (412) when somebody else was first.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request

from server.kit.errors import Invalid
from server.web.routes import json_response


def tagged(content: Any, revision: int, status: int = 200) -> Response:
    """A JSON answer with its revision as ETag."""
    response = json_response(content, status)
    response.headers["ETag"] = f'"{revision}"'
    return response


def expected_revision() -> int | None:
    """The revision that the request's `If-Match` names; None without the header or for `*`."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    found = re.fullmatch(r'(?:W/)?"([0-9]{1,9})"', header)
    if found is None:
        raise Invalid("if_match_invalid", 'If-Match 要用上次收到的 ETag，如 "3"。')
    return int(found[1])
