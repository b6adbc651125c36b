"""What other slices may import of goods. The models are exported for joins in reading statements only.

`GoodsStock` is written by `mall.stock` alone.
"""

from mall.goods.models import Goods, GoodsPrice, GoodsStock
from mall.goods.queries import Offer, goods_of, offers, price_on, price_on_sql
from mall.goods.reading import may_read
from mall.goods.units import MOST, amount, units

__all__ = [
    "MOST",
    "Goods",
    "GoodsPrice",
    "GoodsStock",
    "Offer",
    "amount",
    "goods_of",
    "may_read",
    "offers",
    "price_on",
    "price_on_sql",
    "units",
]
