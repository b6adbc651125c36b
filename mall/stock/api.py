"""What other slices may import of stock: quantities in whole units, changed by conditional updates only.

Lock order: goods in the order of their ids first, households second. `take` and `put_back` leave movements;
`hold` and `release` only promise. `Batch` and `StockMovement` are exported for joins in reading statements.
"""

from mall.stock.closing import COVER, closers, following_week
from mall.stock.counters import Available, available, hold, put_back, release, take
from mall.stock.models import Batch, StockMovement
from mall.stock.rules import Kind

__all__ = [
    "COVER",
    "Available",
    "Batch",
    "Kind",
    "StockMovement",
    "available",
    "closers",
    "following_week",
    "hold",
    "put_back",
    "release",
    "take",
]
