"""What other slices may import of the shop's settings."""

from mall.settings.models import MallSettings
from mall.settings.rules import ShopSettings
from mall.settings.service import settings_of

__all__ = ["MallSettings", "ShopSettings", "settings_of"]
