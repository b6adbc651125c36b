"""The kinds of messages that WeChat may bring too, in the words of whoever is asked. Pure data.

Every kind reaches the inbox; these are the ones worth a sound in somebody's pocket. Which of them an instance offers is
decided by its templates (`JIFEN_WECHAT_TEMPLATES`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind as it is offered: what it is called, and when it comes."""

    title: str
    text: str


KINDS: dict[str, Kind] = {
    "notice_published": Kind("公示开始", "每月公示自家分数的时候，有异议要在公示期里提"),
    "month_posted": Kind("积分入账", "公示期满，这个月的分入账的时候"),
    "record.verdict": Kind("评议结果", "自家的一条记录评议有结果的时候"),
    "record.negative": Kind("扣分记录", "自家有扣分的记录，三天里可以说明情况"),
    "objection_answered": Kind("异议答复", "自家提的异议有答复的时候"),
    "appeal_answered": Kind("申诉答复", "自家的申诉有答复的时候"),
    "event_handled": Kind("上报的事办好了", "自己报的事处理完，请您看办得怎么样"),
    "event_assigned": Kind("派给我的事", "有一件事交给自己办的时候"),
    "complaint_answered": Kind("意见答复", "自己提的意见有答复的时候"),
    "exchange_day_moved": Kind("兑换日有变", "约好的兑换日改期或取消的时候"),
    "redemption": Kind("兑换收据", "自家的积分换出东西的时候"),
    "expiry_announced": Kind("积分快到期", "自家有积分快到期的时候"),
    "objection_made": Kind("有人提异议", "有一条异议要答复，或说的是自家"),
}
