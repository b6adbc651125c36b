"""The QR of an invitation as a picture inside the answer, so that no page has to fetch it."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw

from server.paper.api import QUIET_MODULES, SMALLEST_MM, symbol

_UNIT = 6  # pixels a module: a symbol of 33 modules comes out at 246 pixels


def png_data_uri(text: str) -> str:
    """A black-and-white PNG of `text` as QR with its quiet zone, as a `data:` address."""
    code = symbol(text, SMALLEST_MM)
    side = (code.modules + 2 * QUIET_MODULES) * _UNIT
    image = Image.new("1", (side, side), 1)
    brush = ImageDraw.Draw(image)
    for x, y, length in code.runs():
        left, top = (x + QUIET_MODULES) * _UNIT, (y + QUIET_MODULES) * _UNIT
        brush.rectangle((left, top, left + length * _UNIT - 1, top + _UNIT - 1), fill=0)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
