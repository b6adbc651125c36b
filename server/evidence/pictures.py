"""Turning an upload into what is kept: decoded, made smaller and upright, encoded anew without metadata.

Only JPEG, PNG and WebP are opened, by an explicit list; the size is judged before a pixel is decoded.
"""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps

from server.kit.errors import FieldFault, Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_PIXELS = 40_000_000
LONGEST_EDGE = 2048
THUMBNAIL_EDGE = 320
QUALITY = 82
# decoding takes up to a few hundred megabytes, so only so many at once
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Picture:
    """What is kept of a photo: two JPEG files without metadata, and the hash of the larger one."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    looks: str

    @property
    def content_hash(self) -> str:
        """SHA-256 in hex of `content`."""
        return hashlib.sha256(self.content).hexdigest()


def prepare(upload: bytes) -> Picture:
    """The picture inside an upload; raises Invalid `photo_unreadable` or `photo_too_large`."""
    with _turns:
        try:
            with Image.open(io.BytesIO(upload), formats=FORMATS) as image:
                _check_size(image)
                return _encode(image)
        except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
            raise _refused(
                "photo_unreadable", "这个文件不是能打开的照片，请重新拍一张（JPEG、PNG 或 WebP）。"
            ) from None


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise _refused("photo_too_large", "照片像素太多（超过 4000 万），请用普通清晰度再拍。")


def _encode(image: Image.Image) -> Picture:
    image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG is decoded at the smaller size at once
    orientation = image.getexif().get(0x0112, 1)
    if image.mode not in ("RGB", "L", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    upright = _turned(_on_white(image), orientation)
    small = upright.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return Picture(_jpeg(upright), _jpeg(small), *upright.size, looks=looks_of(small))


def looks_of(image: Image.Image) -> str:
    """What a picture looks like, as 64 bits in hex: whether it gets brighter from each of 8 × 9 spots to the
    next (a difference hash). Another size, another quality, a little more light: nearly the same bits.
    """
    spots = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = "".join(
        "1" if spots[row * 9 + column] < spots[row * 9 + column + 1] else "0"
        for row in range(8)
        for column in range(8)
    )
    return f"{int(bits, 2):016x}"


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    """As the camera was held; the note about it goes with the other metadata."""
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    plain.getexif()[0x0112] = orientation
    turned: Image.Image = ImageOps.exif_transpose(plain)
    return turned


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY, exif=b"", icc_profile=None)
    return stream.getvalue()


def _refused(code: str, message: str) -> Invalid:
    return Invalid(code, message, [FieldFault("file", message)])
