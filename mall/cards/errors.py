"""What cards and their PINs refuse."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid, NotFound


def missing() -> NotFound:
    """No such card, or not for these eyes."""
    return NotFound()


def exists() -> Conflict:
    """A second card for a household."""
    return Conflict("card_exists", "这户已经有一张在用的积分卡。要换卡，请用“换发”。")


def not_active() -> Conflict:
    """A card that was lost or replaced."""
    return Conflict("card_not_active", "这张卡已经挂失或换发，不能再用。")


def id_reused() -> Conflict:
    """A client-made id of another card."""
    return Conflict("id_reused", "这个编号已经用在别的卡上，请换一个。")


def pin_weak(message: str) -> Invalid:
    """A PIN that somebody would guess."""
    return Invalid("pin_weak", message, [FieldFault("pin", message)])


def pin_wrong(left: int) -> Conflict:
    """A wrong PIN, with the tries that are left."""
    if left:
        return Conflict("pin_wrong", f"密码不对，还可以试 {left} 次。")
    return pin_locked()


def pin_locked() -> Conflict:
    """Too many wrong PINs."""
    return Conflict("pin_locked", "密码错了太多次，这张卡的密码已锁住。请到超市重设密码，或用取货码。")


def no_card() -> Conflict:
    """A PIN where no card is in use."""
    return Conflict("card_not_active", "这户没有在用的积分卡，请用取货码或说明情况。")
