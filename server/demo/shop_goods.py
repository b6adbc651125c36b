"""What a demo village's shop sells, who gives to it, and what is said at its counter. Pure and fictional.

Prices, costs, levels and names are invented. The barcodes are from the range for a shop's own use (20…), so
that they are nobody's product.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from server.demo.county import TOWNSHIPS, adult_name

RATE = "2.00"  # yuan per point: what a point buys here, roughly
PLACE = "村党群服务中心一楼积分超市"
USUAL_SIZE = 200  # households for which quantities and sums below are meant


@dataclass(frozen=True)
class Ware:
    """Goods of the shop: points and cost (yuan) per unit, shelf life in days, units at the opening."""

    name: str
    category: str
    unit: str
    barcode: str
    points: str
    cost: str
    limit: int | None
    low_level: int
    shelf_life: int | None
    at_first: int

    def body(self, village: str, key: str) -> dict[str, object]:
        """As POST /mall/goods wants it."""
        return {
            "id": key,
            "village": village,
            "name": self.name,
            "category": self.category,
            "unit": self.unit,
            "barcode": self.barcode,
            "points_price": self.points,
            "cost_yuan": self.cost,
            "limit": self.limit,
            "low_level": self.low_level,
            "shelf_life_days": self.shelf_life,
        }


WARES = (
    Ware("东北大米 5kg", "粮油", "袋", "2099010100013", "15.00", "29.00", 1, 4, 365, 20),
    Ware("菜籽油 1.8L", "粮油", "桶", "2099010100020", "14.00", "27.50", 1, 3, 540, 14),
    Ware("挂面 1kg", "粮油", "把", "2099010100037", "3.00", "5.80", 3, 5, 360, 20),
    Ware("鲜鸡蛋 10枚", "粮油", "盒", "2099010100044", "6.00", "11.00", 2, 3, 30, 10),
    Ware("加碘食盐 400g", "调味", "袋", "2099010100051", "1.00", "1.80", 5, 10, 1095, 50),
    Ware("陈醋 500ml", "调味", "瓶", "2099010100068", "3.00", "5.50", 3, 5, 540, 18),
    Ware("酱油 500ml", "调味", "瓶", "2099010100075", "4.00", "7.50", 3, 5, 540, 18),
    Ware("洗衣皂", "洗涤", "块", "2099010100082", "2.00", "3.50", 5, 8, None, 40),
    Ware("洗衣粉 1.5kg", "洗涤", "袋", "2099010100099", "6.00", "11.50", 2, 4, 1095, 16),
    Ware("抽纸 3包装", "日用", "提", "2099010100105", "4.00", "7.80", 3, 5, 1095, 24),
    Ware("毛巾", "日用", "条", "2099010100112", "5.00", "9.50", 2, 5, None, 24),
    # three came with the opening and no more can be had: at its warning level from the first day on
    Ware("保温壶 2L", "日用", "个", "2099010100129", "18.00", "36.00", 1, 3, None, 3),
)
SCARCE = "保温壶 2L"
PERISHING = "挂面 1kg"  # a late gift of it expires soon after the day on which the demo opens
PERISHING_UNITS = 8
PERISHING_FROM = "在外乡亲"
PERISHES_IN = 18
GIVEN_GOODS = {"东北大米 5kg": "商会", "毛巾": "在外乡亲"}  # given at the opening; the rest is bought


@dataclass(frozen=True)
class Giver:
    """Somebody who gives to the shop: cash in yuan, and what the story calls the giver."""

    role: str
    kind: str
    named: bool
    cash: int


GIVERS = (
    Giver("商会", "organisation", True, 2600),
    Giver("在外乡亲", "person", True, 1000),
    Giver("不留名", "person", False, 800),
    Giver("退休教师", "person", True, 300),
    Giver("不留名夫妇", "person", False, 200),
)
VILLAGE_MONEY = 1500
TOP_UP = 600  # what the village adds when a purchase is more than the fund has

# tried out on the start page: the PIN of the cards of the first two households with a phone
KNOWN_PIN = "402917"
STATEMENTS = (
    "老人没有手机，本人到场，核对户口簿后当面领取",
    "没带积分卡，本人到场，在领取单上签了字",
    "手机没电，本人到场，邻居作证，在领取单上签了字",
)
RETURN_REASON = "拆开发现包装破损，当天联系后退回"
COUNT_NOTE = "月中盘点，与第二人核对"
EXTRA_SLOTS = (("08:30", "10:00", 12), ("10:00", "12:00", 12), ("14:00", "16:30", 20))


def giver_name(giver: Giver, township: str, rng: random.Random) -> str:
    """What the donor is called: organisations by their township's code, people by a drawn name."""
    return f"{dict(TOWNSHIPS)[township]}商会" if giver.kind == "organisation" else adult_name(rng)
