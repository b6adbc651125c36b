"""Client-made ids: what makes two requests with the same id the same request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from server.kit.clock import iso
from server.kit.exact import text


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex of a request's content; absent and null fields are the same."""
    given = {name: value for name, value in content.items() if value is not None}
    plain = json.dumps(given, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return text(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no canonical form: {type(value)}")
