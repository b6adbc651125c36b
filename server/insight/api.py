"""What other slices may import of insight."""

from server.insight.quarters.shop import ShopQuarter
from server.insight.service import Fairness, Hint, Kind, village_fairness

__all__ = ["Fairness", "Hint", "Kind", "ShopQuarter", "village_fairness"]
