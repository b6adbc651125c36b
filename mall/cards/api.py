"""What other slices may import of points cards."""

from mall.cards.service import check_pin, end_cards, household_of

__all__ = ["check_pin", "end_cards", "household_of"]
