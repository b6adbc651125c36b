"""What the counter refuses, each with a code and what to do."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid, NotFound, TooMany
from server.kit.exact import text as points_text


def day_closed() -> Conflict:
    """The exchange day hands nothing out at that instant."""
    return Conflict("day_closed", "这个兑换日现在不能兑换：还没开始、已经过了取货时间，或已结算、取消。")


def missing() -> NotFound:
    """No such redemption, or not for these eyes: both look alike."""
    return NotFound()


def code_wrong() -> Conflict:
    """A code that no member of the household was shown."""
    return Conflict("code_wrong", "取货码不对，请看一下家里人手机上的取货码再输一次。")


def code_used() -> Conflict:
    """A code that has opened one redemption already."""
    return Conflict("code_used", "这个取货码已经用过了，请家里人在手机上重新取一个。")


def code_expired() -> Conflict:
    """A code past its time, or younger than the redemption that it is to prove."""
    return Conflict("code_expired", "这个取货码在兑换的时候不在有效时间里，请家里人重新取一个。")


def code_other() -> Conflict:
    """A code for another reservation."""
    return Conflict("code_other", "这个取货码是给另一个预约的，请用这个预约的取货码。")


def codes_locked() -> TooMany:
    """Too many wrong codes."""
    return TooMany("codes_locked", "这户的取货码输错太多次，请 15 分钟后再试，或用积分卡密码。", 900)


def too_many_codes() -> TooMany:
    """Codes are asked for without end."""
    return TooMany("too_many_codes", "取货码取得太频繁了，请过一会儿再取。", 600)


def reason_needed() -> Invalid:
    """A statement says why neither code nor PIN was there."""
    fault = FieldFault("consent.reason", "写明为什么没有取货码和密码，会告诉这户。")
    return Invalid("reason_needed", "请写明原因。", [fault])


def value_needed() -> Invalid:
    """Code or PIN without one."""
    return Invalid("value_needed", "请输入取货码或密码。", [FieldFault("consent.value", "不能空着。")])


def photo_needed() -> Invalid:
    """The signed slip is missing."""
    fault = FieldFault("consent.photo", "请拍一张签过字的单子。")
    return Invalid("photo_needed", "要有签字单的照片。", [fault])


def own_household() -> Conflict:
    """A keeper cannot state the consent of the own family."""
    return Conflict("own_household", "自己家不能由自己说明代办，请用取货码或密码，或请别的管理员办。")


def pin_needs_line() -> Invalid:
    """PINs are not kept on a counter, and not checked afterwards."""
    fault = FieldFault("consent.method", "断网时请用取货码，或写明情况。")
    return Invalid("pin_needs_line", "断网期间的兑换不能用密码。", [fault])


def proxy_unknown() -> Conflict:
    """Not named by the household, or not any more."""
    return Conflict("proxy_unknown", "这户没有指定这个代领人，请核对。")


def lines_needed() -> Invalid:
    """Nothing to hand out."""
    return Invalid("lines_needed", "没有写要换什么。", [FieldFault("lines", "至少写一种商品。")])


def time_wrong() -> Invalid:
    """A redemption from the future."""
    fault = FieldFault("redeemed_at", "比现在还晚，请校准这台机器的时间。")
    return Invalid("time_wrong", "兑换时间不对。", [fault])


def offline_limit(limit: object) -> Conflict:
    """More than a household may redeem while the counter has no line."""
    message = f"断网期间每户每个兑换日最多换 {points_text(limit)} 分，这笔超过了，请核对后处理。"  # type: ignore[arg-type]
    return Conflict("offline_limit_exceeded", message)


def return_too_late() -> Conflict:
    """The time for bringing things back is over."""
    return Conflict("return_too_late", "超过了可以退货的天数，不能退了。")


def return_too_many(name: str) -> Conflict:
    """More comes back than was handed out."""
    return Conflict("return_too_many", f"{name}没有换过这么多（已退的不能再退），请核对数量。")


def second_person() -> Conflict:
    """Two signatures are those of two people."""
    return Conflict("second_person_needed", "您已经签过了，请另一个人来核对签字。")


def nothing_to_sign() -> Conflict:
    """Everything is signed."""
    return Conflict("nothing_to_sign", "这个兑换日没有要签的结算：还没开始兑换，或都已签完。")


def still_open(count: int) -> Conflict:
    """Reservations that have not ended keep the day from being settled."""
    message = f"还有 {count} 个预约没有结束，取完、取消或过期退回以后才能结算。"
    return Conflict("reservations_open", message)


def figures_changed() -> Conflict:
    """What is signed is not what is there."""
    return Conflict("figures_changed", "结算的数字变了，请重新打开核对后再签。")


def resolved() -> Conflict:
    """Somebody else has dealt with it."""
    return Conflict("already_resolved", "这一条已经处理过了。")
