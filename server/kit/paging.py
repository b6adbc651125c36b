"""Cursor paging: a cursor is the sort key of the last row, opaque to clients and stable under inserts."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from server.kit.errors import FieldFault, Invalid

Row = TypeVar("Row")

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


def encode_cursor(*key: str | int) -> str:
    """The cursor that continues after the row with this sort key."""
    raw = json.dumps(list(key), separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The sort key inside a cursor; raises Invalid when it is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = json.loads(raw)
    except (binascii.Error, ValueError):
        key = None
    ours = isinstance(key, list) and [type(part) for part in key] == list(kinds)
    if not ours or not all(part.isprintable() for part in key if isinstance(part, str)):
        fault = FieldFault("cursor", "请用上一页给出的 next_cursor，或去掉它从头看。")
        raise Invalid("cursor_invalid", "翻页位置不对，请从第一页重新看。", [fault])
    return tuple(key)


def page(
    rows: Sequence[Row], limit: int, key: Callable[[Row], tuple[str | int, ...]]
) -> tuple[list[Row], str | None]:
    """Cut `rows` (fetched with limit + 1) to a page: the rows, and the cursor of the next page or None."""
    if len(rows) <= limit:
        return list(rows), None
    return list(rows[:limit]), encode_cursor(*key(rows[limit - 1]))
