"""What reservations refuse, each with a code and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from server.kit.errors import Conflict, FieldFault, Invalid, NotFound


def day_closed(message: str = "") -> Conflict:
    """The exchange day takes no reservations, or hands nothing out."""
    return Conflict("day_closed", message or "这个兑换日现在不能预约，请看别的兑换日，或到时直接来换。")


def insufficient_stock(names: Sequence[str]) -> Conflict:
    """Less can be promised than was asked for."""
    faults = [FieldFault("lines", f"{name}不够了。") for name in names]
    message = f"{'、'.join(names)}不够了，请减少数量或换一种。"
    return Conflict("insufficient_stock", message, faults)


def limit_exceeded(names: Sequence[str]) -> Conflict:
    """More than one household may have on one exchange day."""
    faults = [FieldFault("lines", f"{name}超过每户限量。") for name in names]
    message = f"{'、'.join(names)}超过了每户每次的限量（已预约和已换的算在内），请减少数量。"
    return Conflict("limit_exceeded", message, faults)


def off_shelf(names: Sequence[str]) -> Conflict:
    """Goods that are not on offer now."""
    return Conflict("goods_off_shelf", f"{'、'.join(names)}已经下架，请换一种。")


def goods_unknown() -> NotFound:
    """Goods of another village, or none at all."""
    return NotFound("goods_missing", "有商品这个村的超市没有，请刷新后再选。")


def repeated_goods() -> Invalid:
    """The same goods in two lines."""
    fault = FieldFault("lines", "同一种商品只写一行，把数量加在一起。")
    return Invalid("goods_repeated", "同一种商品写了两行，请合成一行。", [fault])


def id_reused(what: str) -> Conflict:
    """A client-made id that belongs to other content."""
    return Conflict("id_reused", f"这个编号已经用在别的{what}上，没有重复办理。请换一个编号。")


def ended() -> Conflict:
    """A reservation that is over."""
    return Conflict("reservation_ended", "这个预约已经结束（已换、已取消或已过期），请刷新后再看。")


def slot_full() -> Conflict:
    """No place left in that span."""
    return Conflict("slot_full", "这个时段约满了，请换一个时段。")


def missing() -> NotFound:
    """No such reservation, or not for these eyes."""
    return NotFound()
