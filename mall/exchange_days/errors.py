"""What exchange days refuse, in words for the office."""

from __future__ import annotations

from mall.exchange_days.rules import DayState
from server.kit.errors import Conflict, FieldFault, Invalid

NAMES = {
    DayState.PLANNED: "已排定",
    DayState.OPEN: "可预约",
    DayState.CLOSED: "预约已截止",
    DayState.REDEEMING: "兑换中",
    DayState.SETTLED: "已结算",
    DayState.CANCELLED: "已取消",
}


def impossible(status: DayState, target: DayState) -> Conflict:
    """A step that the table of transitions does not have."""
    return Conflict("transition_impossible", f"这个兑换日{NAMES[status]}，不能改成“{NAMES[target]}”。")


def changed() -> Conflict:
    """Somebody else was first."""
    return Conflict("state_changed", "别人刚刚改过这个兑换日，请刷新后再看。")


def signatures_needed() -> Conflict:
    """A day is settled by signing, not by saying so."""
    return Conflict("signatures_needed", "结算要两个人分别签字：请打开结算表签字。")


def reason_needed() -> Invalid:
    """Those who reserved are told why."""
    fault = FieldFault("reason", "写明原因，会告诉已经预约的户。")
    return Invalid("reason_needed", "请写明原因。", [fault])


def taken() -> Conflict:
    """Two days of a village on one date."""
    return Conflict("exchange_day_exists", "这一天已经有兑换日了，请换一天。")


def not_movable(status: DayState) -> Conflict:
    """A day that has begun or is over."""
    return Conflict("not_movable", f"这个兑换日{NAMES[status]}，不能改期了。")


def past() -> Invalid:
    """A date that is not ahead."""
    return Invalid("day_past", "兑换日要定在今天以后。", [FieldFault("day", "请选今天以后的日子。")])


def hours_wrong() -> Invalid:
    """Opening after closing."""
    fault = FieldFault("closes_at", "结束时间要晚于开始时间。")
    return Invalid("hours_wrong", "时间不对，请改正。", [fault])
