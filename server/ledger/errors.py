"""What the ledger refuses, each with a stable code and a sentence for the person."""

from __future__ import annotations

from server.kit.errors import Conflict, NotFound


def insufficient_balance() -> Conflict:
    """A move would drive the balance below zero."""
    return Conflict("insufficient_balance", "积分不够，没有扣分。请减少数量，或等下次公示入账后再来。")


def insufficient_reserved() -> Conflict:
    """More would be taken from the reserved points than there are."""
    return Conflict("insufficient_reserved", "预留的积分没有这么多，可能已经用过或退回。请刷新后再看。")


def reference_reused(reference: str) -> Conflict:
    """The reference belongs to an entry with other content."""
    message = f"这笔账的编号已经用在别的内容上（{reference}），没有重复入账。请核对。"
    return Conflict("ledger_reference_reused", message)


def not_reversible() -> Conflict:
    """Moves are undone by their opposite, and a reversal is not reversed again."""
    message = "这笔账不能冲正：只有计分入账可以冲正，兑换请走退货，预留请走取消。"
    return Conflict("ledger_not_reversible", message)


def already_reversed() -> Conflict:
    """An entry is reversed once."""
    return Conflict("ledger_already_reversed", "这笔账已经冲正过，不能再冲一次。")


def account_missing(household: str) -> NotFound:
    """The household has no account in that village."""
    return NotFound("account_missing", f"户 {household} 在这个村没有积分账户，请先登记户籍。")


def state_changed() -> Conflict:
    """Somebody else changed the account at the same instant."""
    return Conflict("state_changed", "刚刚有人动过这户的账，这次没有入账，请再试一次。")
