"""Lists of the shop as Excel files that a browser saves."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response

from server.transfer.sheets import MEDIA_TYPE, Sheet, workbook

__all__ = ["MEDIA_TYPE", "download"]


def download(sheets: Sequence[Sheet], name: str) -> Response:
    """The workbook as an answer that a browser saves under `name`."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
    }
    return Response(workbook(sheets), content_type=MEDIA_TYPE, headers=headers)
