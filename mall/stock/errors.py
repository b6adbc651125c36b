"""What stock refuses, in words for the person at the counter."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid, NotFound


def insufficient(goods: str) -> Conflict:
    """There is not enough that may be handed out."""
    fault = FieldFault("goods", f"{goods} 存货不够。")
    return Conflict("insufficient_stock", "存货不够了，请减少数量或换一种商品。", [fault])


def not_held() -> Conflict:
    """More was given back than had been promised."""
    return Conflict("not_held", "这些商品没有预留着，请重新打开预约看看。")


def unknown_batch() -> NotFound:
    """A batch that is not of these goods."""
    return NotFound("batch_missing", "没有这个批次，请核对。")


def id_reused() -> Conflict:
    """The same client-made id with other content."""
    return Conflict("movement_id_reused", "这个编号已经用在别的内容上，请换一个编号。")


def expired_already() -> Invalid:
    """Nothing comes in that may not be handed out."""
    fault = FieldFault("expires_on", "填今天或以后的日子；已过期的不能入库。")
    return Invalid("expired_already", "保质期已过，不能入库。", [fault])


def not_for_kind(field: str, kind: str) -> Invalid:
    """A field that has no meaning for this kind of movement."""
    named = {"donor": "捐赠人", "cost": "金额", "expires_on": "保质期"}[field]
    return Invalid(
        "field_not_for_kind", "填了用不上的内容。", [FieldFault(field, f"{kind}不填{named}，请去掉。")]
    )


def count_missing() -> NotFound:
    """No such count, or one of a shop out of scope."""
    return NotFound("count_missing", "没有这次盘点，请核对。")


def count_id_reused() -> Conflict:
    """The same client-made id with other content."""
    return Conflict("count_id_reused", "这个编号已经用在别的盘点上，请换一个编号。")


def own_count() -> Conflict:
    """Who counts does not confirm."""
    return Conflict("own_count", "盘点的人不能自己确认，请另一个人来确认。")


def count_settled() -> Conflict:
    """Somebody settled it before."""
    return Conflict("state_changed", "这次盘点已经处理过了，请刷新看看。")


def count_overtaken(name: str) -> Conflict:
    """What the count says is missing has been handed out meanwhile."""
    said = f"{name}：盘点后又出了库，差数已超过现有存货。"
    return Conflict(
        "count_overtaken", "账面已经变了，请驳回这次盘点，重新点数。", [FieldFault("lines", said)]
    )
