"""Refusals of visits."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid, NotFound


def household_unknown() -> NotFound:
    """Unknown plate or household, or one of another grid: all look alike."""
    return NotFound("household_not_found", "没有这一户，或者不在您的网格里。请核对门牌再试。")


def plate_revoked() -> Invalid:
    """The plate had been replaced before it was scanned."""
    said = "这块门牌已经换发作废，请扫门上的新门牌。"
    return Invalid("plate_revoked", said, [FieldFault("plate", said)])


def household_ended() -> Invalid:
    """The household is no more."""
    said = "这户已经销户，不用再走访。"
    return Invalid("household_ended", said, [FieldFault("household", said)])


def too_old() -> Invalid:
    """More than 14 days back."""
    said = "这次走访超过 14 天了，不能再补记。"
    return Invalid("too_old", said, [FieldFault("device_time", said)])


def duty_unknown(number: int) -> Invalid:
    """A duty tag that is not in the list."""
    said = "没有这一项工作，请从列表里选。"
    return Invalid("duty_unknown", said, [FieldFault(f"duties.{number}", said)])


def id_reused() -> Conflict:
    """The id belongs to another visit."""
    return Conflict("id_reused", "这个编号已经用在另一次走访上，请换一个编号再传。")


def grid_needed() -> Invalid:
    """A round is of one grid."""
    said = "请写是哪个网格。"
    return Invalid("grid_needed", said, [FieldFault("grid", said)])
