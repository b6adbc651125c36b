"""What stock refuses, in words for the person at the counter."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, NotFound


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
