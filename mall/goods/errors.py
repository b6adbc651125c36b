"""What the goods refuse, in words for the keeper."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid, NotFound


def missing() -> NotFound:
    """Unknown goods, or goods of a village out of scope."""
    return NotFound("goods_missing", "没有这种商品，请核对。")


def id_reused() -> Conflict:
    """The same client-made id with other content."""
    return Conflict("goods_id_reused", "这个编号已经用在别的内容上，请换一个编号。")


def name_taken() -> Conflict:
    """Two goods of one shop with the same name could not be told apart."""
    return Conflict(
        "goods_exists", "店里已经有同名的商品，请换个名称（如写上规格）。", [FieldFault("name", "名称已有。")]
    )


def barcode_taken() -> Conflict:
    """A scanned barcode must name one kind of goods."""
    return Conflict(
        "barcode_taken", "这个条码已经是另一种商品的了，请核对。", [FieldFault("barcode", "条码已有。")]
    )


def barcode_invalid() -> Invalid:
    """The check digit is wrong, or it is no EAN-13."""
    return Invalid(
        "barcode_invalid",
        "条码不对，请重新扫一次。",
        [FieldFault("barcode", "13 位数字，最后一位是校验码。")],
    )


def price_in_past() -> Invalid:
    """What was redeemed before keeps the price of its day."""
    return Invalid("price_in_past", "新价格最早从今天起。", [FieldFault("starts_on", "填今天或以后的日子。")])
