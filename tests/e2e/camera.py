"""A film for Chromium's fake camera: one still of a QR symbol, as a phone held before a plate would see it."""

from __future__ import annotations

from pathlib import Path

import qrcode
from PIL import Image

WIDTH, HEIGHT, FRAMES = 640, 480, 4
GREY_DESK = 150


def film(text: str, path: Path) -> Path:
    """A film in YUV4MPEG2 (planar 4:2:0) that shows the symbol of `text` on a desk."""
    symbol = qrcode.make(text, border=4).get_image().convert("L").resize((360, 360), Image.Resampling.NEAREST)
    still = Image.new("L", (WIDTH, HEIGHT), GREY_DESK)
    still.paste(symbol, ((WIDTH - 360) // 2, (HEIGHT - 360) // 2))
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    frame = b"FRAME\n" + still.tobytes() + colourless
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)
    return path
