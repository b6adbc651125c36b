"""What other slices may import of the shop's settings."""

from mall.settings.rules import ShopSettings
from mall.settings.service import settings_of

__all__ = ["ShopSettings", "settings_of"]
