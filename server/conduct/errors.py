"""The refusals of conduct that more than one service gives."""

from __future__ import annotations

from server.kit.errors import Conflict, NotFound


def household_not_found() -> NotFound:
    """No such plate or household, or none that the person may know of: all look alike."""
    return NotFound("household_not_found", "没有这块门牌或这一户，或者这一户不在您的网格里，请核对。")


def record_id_reused() -> Conflict:
    """The id belongs to a record with other content or of another person."""
    return Conflict("record_id_reused", "这个编号已经用在另一条记录上了，请重新记一条。")


def already_submitted() -> Conflict:
    """The week has gone to the panel."""
    return Conflict("state_changed", "这条记录已经报送或已经处理过，不能再撤，有不同意见请告诉评议小组。")


def not_under_review() -> Conflict:
    """The record is not with the panel."""
    return Conflict("state_changed", "这条记录现在不在评议中，请刷新后再看。")
