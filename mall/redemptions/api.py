"""What other parts of the shop may import of redemptions."""

from mall.redemptions.consent import end_proxies
from mall.redemptions.sums import taken_by_household

__all__ = ["end_proxies", "taken_by_household"]
