"""The one typeface of all paper, Noto Sans SC, wherever the machine has no Chinese font of its own.

Owns where the font file lies, which characters it has and the cutting of a small static font for one
document. It must not draw. The file comes with the wheel `justmytype-intl-cjk` (font: SIL OFL 1.1): one
variable TrueType font that holds every weight and 30,890 characters, all of GBK among them.
"""

import io
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from PIL import ImageFont

# The geta mark: what a Chinese printer sets where a sort is missing. Better a known sign than an empty box.
MISSING_SIGN = "〓"


class Weight(IntEnum):
    """The two weights of the visual language, as values of the font's `wght` axis (100 to 900)."""

    REGULAR = 400
    BOLD = 700


def font_path() -> Path:
    """The font file; one file holds all weights. Raises FileNotFoundError if the wheel lost it."""
    path = Path(str(files("justmytype_intl_cjk"))) / "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"
    if not path.is_file():
        raise FileNotFoundError(
            f"印刷字体不在：{path.name}。请重新安装本程序（pip install --force-reinstall）"
        )
    return path


@lru_cache(maxsize=32)
def font(size: int, weight: Weight = Weight.REGULAR) -> ImageFont.FreeTypeFont:
    """The typeface for drawing on a Pillow image; `size` in pixels per em, at least 1."""
    face = ImageFont.truetype(str(font_path()), size, layout_engine=ImageFont.Layout.BASIC)
    face.set_variation_by_axes([int(weight)])
    return face


@lru_cache(maxsize=1)
def characters() -> frozenset[str]:
    """Every character the typeface can draw."""
    with TTFont(font_path(), lazy=True) as face:
        return frozenset(chr(point) for point in face.getBestCmap())


def printable(text: str) -> str:
    """`text` with what the typeface lacks (a few very rare surnames, emoji) replaced by the geta mark."""
    known = characters()
    return "".join(char if char in known else MISSING_SIGN for char in text)


def static_subset(text: frozenset[str], weight: Weight) -> bytes:
    """A static TrueType font with the characters of `text` only, at one weight.

    Cutting first and fixing the weight afterwards takes 0.1 to 1 s; the other way round takes 16 s. The basic
    Latin letters are always in, so that a PDF library finds the space and the letters it measures by.
    """
    options = Options()
    options.layout_features = []
    options.notdef_outline = True
    wanted = "".join(sorted(text | {chr(point) for point in range(32, 127)}))
    with TTFont(font_path(), lazy=True, recalcTimestamp=False) as face:
        cutter = Subsetter(options)
        cutter.populate(text=wanted)
        cutter.subset(face)
        instancer.instantiateVariableFont(face, {"wght": int(weight)}, inplace=True)
        _rename(face, weight)
        out = io.BytesIO()
        face.save(out)
    return out.getvalue()


def _rename(face: TTFont, weight: Weight) -> None:
    """Family and style as a PDF viewer lists them; the file is named after its thinnest weight."""
    names = face["name"]
    names.names = []
    style = weight.name.title()
    for name_id, text in (
        (1, "Noto Sans SC"),
        (2, style),
        (4, f"Noto Sans SC {style}"),
        (6, f"NotoSansSC-{style}"),
    ):
        names.setName(text, name_id, 3, 1, 0x409)
