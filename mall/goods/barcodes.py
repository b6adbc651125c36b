"""The barcode of goods as a picture to stick on the shelf. The number itself is judged in `rules.py`."""

from __future__ import annotations

import io

from barcode.ean import EuropeanArticleNumber13
from barcode.writer import ImageWriter

# GS1's nominal size, which cheap scanners read: bars of 0.33 mm, 22.85 mm high, 3.63 mm white on both sides
_NOMINAL = {
    "module_width": 0.33,
    "module_height": 22.85,
    "quiet_zone": 3.63,
    "font_size": 9,
    "text_distance": 4.0,
    "dpi": 300,
}


def png(code: str) -> bytes:
    """A PNG of a valid EAN-13 at 300 dots per inch, the number below the bars."""
    stream = io.BytesIO()
    EuropeanArticleNumber13(code, writer=ImageWriter(format="PNG")).write(stream, options=dict(_NOMINAL))
    return stream.getvalue()
