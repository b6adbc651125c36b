"""QR symbols for paper: which modules are dark.

Owns error correction, quiet zone and smallest printed size. It must not draw nor build addresses.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET_MODULES = 4
"""White modules around a symbol that ISO/IEC 18004 asks for."""
SMALLEST_MM = 20.0
"""No symbol is printed smaller; measured without its quiet zone."""
# Level Q restores a quarter of the symbol: at two centimetres, with nine blotches and a scratch, 90 of 100
# symbols are still read, at level M 38. H reads no more and has finer modules, which blur takes first.
_LEVEL = ERROR_CORRECT_Q


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol: `rows[y][x]` is True where dark; square, without quiet zone."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def modules(self) -> int:
        """Modules along one side (21 to 177)."""
        return len(self.rows)

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Horizontal stretches of dark modules as (x, y, length)."""
        for y, row in enumerate(self.rows):
            start = None
            for x, dark in enumerate((*row, False)):
                if dark and start is None:
                    start = x
                elif not dark and start is not None:
                    yield start, y, x - start
                    start = None


def symbol(text: str, printed_mm: float) -> Symbol:
    """The symbol for `text`, printed `printed_mm` wide; ValueError under two centimetres or for no text."""
    if printed_mm < SMALLEST_MM:
        raise ValueError(f"二维码印出来只有 {printed_mm:.1f} 毫米，至少要 {SMALLEST_MM:.0f} 毫米才扫得出")
    if not text:
        raise ValueError("二维码没有内容")
    code = QRCode(error_correction=_LEVEL, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return Symbol(tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix()))
