"""What other slices may use of paper: plates and QR symbols. Plain values in, bytes out."""

from server.paper.plates import PER_PAGE, PlateFace, plate_png, plate_sheet_pdf
from server.paper.qr import QUIET_MODULES, SMALLEST_MM, Symbol, symbol

__all__ = [
    "PER_PAGE",
    "QUIET_MODULES",
    "SMALLEST_MM",
    "PlateFace",
    "Symbol",
    "plate_png",
    "plate_sheet_pdf",
    "symbol",
]
