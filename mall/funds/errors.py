"""What the fund refuses, in words for the committee."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid


def id_reused() -> Conflict:
    """The same client-made id with other content."""
    return Conflict("fund_id_reused", "这个编号已经用在别的一笔上，请换一个编号。")


def donor_exists() -> Conflict:
    """A donor of this name is on file otherwise."""
    return Conflict(
        "donor_exists", "已经有同名的捐赠人，请修改原来的登记。", [FieldFault("name", "已有同名。")]
    )


def donor_missing() -> Invalid:
    """A donation has a donor, who may stay unnamed in public."""
    said = "填捐赠人；不愿公开姓名的，登记后设为不公开。"
    return Invalid("donor_missing", "捐款要写明捐赠人。", [FieldFault("donor", said)])


def donor_unknown() -> Invalid:
    """An id that is not of a donor of this village, or an empty name."""
    return Invalid("donor_unknown", "没有这个捐赠人。", [FieldFault("donor", "填捐赠人的姓名或编号。")])


def amount_invalid() -> Invalid:
    """Money in is more than nothing."""
    return Invalid("amount_invalid", "金额不对。", [FieldFault("amount", "填大于 0 的金额（元）。")])


def correction_incomplete() -> Invalid:
    """A correction changes something and says why."""
    said = "金额不为 0（多记的写负数），并写明原因。"
    return Invalid("correction_incomplete", "更正要写明金额和原因。", [FieldFault("note", said)])
