"""What other parts of the shop may import of redemptions."""

from mall.redemptions.consent import end_proxies

__all__ = ["end_proxies"]
