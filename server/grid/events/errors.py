"""Refusals of events."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid, NotAllowed


def not_now(status: str) -> Conflict:
    """A step that this state does not allow."""
    said = {
        "withdrawn": "这件事已经撤回了。",
        "closed": "这件事已经办结了；没有办好，报的人可以在 30 天内重新打开一次。",
        "handled": "这件事已经处理，等报的人看结果。",
    }
    return Conflict("event_state", said.get(status, "这件事现在还不能这样做，请刷新后再看。"))


def changed() -> Conflict:
    """Somebody else was first."""
    return Conflict("state_changed", "这件事刚刚有人处理过，请刷新后再看。")


def not_the_reporter() -> NotAllowed:
    """Only who reported it says whether it is done."""
    return NotAllowed("not_the_reporter", "办得怎么样由报的人说，别人不能代替。")


def reopened_before() -> Conflict:
    """Once only, and not after a month."""
    return Conflict(
        "reopened_before", "一件事只能在办结后 30 天内重新打开一次。还不行，请另报一件，或投意见箱。"
    )


def top_tier() -> Conflict:
    """Nobody is above."""
    return Conflict("top_tier", "再往上没有人了，请和村委会、乡镇商量怎么办。")


def missing(field: str, said: str) -> Invalid:
    """Something that this step needs."""
    return Invalid(f"{field}_missing", said, [FieldFault(field, said)])


def own_handling() -> Invalid:
    """Nobody rates the own handling."""
    said = "自己报、自己处理的，不打分。"
    return Invalid("own_handling", said, [FieldFault("rating", said)])


def assignee_unfit() -> Invalid:
    """Given to somebody who has no duty there."""
    said = "这个人在这里没有网格职责，请另选一位。"
    return Invalid("assignee_unfit", said, [FieldFault("assignee", said)])


def place_needed() -> Invalid:
    """Where it is must be known."""
    said = "请写是哪个网格或哪一户。"
    return Invalid("place_needed", said, [FieldFault("grid", said)])


def on_behalf_of_whom() -> Invalid:
    """On behalf of a household that is named."""
    said = "代人上报要写是哪一户。"
    return Invalid("on_behalf_of_whom", said, [FieldFault("household", said)])


def id_reused() -> Conflict:
    """The id belongs to another event."""
    return Conflict("id_reused", "这个编号已经用在另一件事上，请换一个编号再传。")
