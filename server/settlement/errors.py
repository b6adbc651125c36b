"""What may go wrong in the month, each with its code and a sentence that says what to do."""

from __future__ import annotations

from server.kit.errors import Conflict, FieldFault, Invalid

CHANGED = "别人刚刚改过，请刷新后再试。"


def tally_not_open() -> Conflict:
    return Conflict("tally_not_open", "这个月已经定下来了，不能再改。要改请先撤回公示。")


def already_voted() -> Conflict:
    return Conflict("already_voted", "您已经投过票，这一轮不能改投。")


def nothing_to_confirm() -> Conflict:
    return Conflict("resolution_missing", "没有等待确认的会议纪要，请先登记。")


def same_person() -> Conflict:
    return Conflict("same_person", "登记纪要的人不能自己确认，请另一位委员确认。")


def minutes_wrong(faults: list[FieldFault]) -> Invalid:
    return Invalid("resolution_invalid", "会议纪要有不对的地方，请按提示改正。", faults)


def no_ceiling() -> Invalid:
    fault = FieldFault("ceiling", "这个月没有超过上限，去掉这一项。")
    return Invalid("no_ceiling", "这个月没有超过月度上限。", [fault])


def ceiling_choice() -> Invalid:
    fault = FieldFault("ceiling", "写 cut: true（等比例削减），或写 reason（不削减的理由），只写一样。")
    return Invalid("ceiling_choice", "超过月度上限，请选一种办法。", [fault])


def ceiling_unsettled() -> Conflict:
    message = "这个月加的分超过了月度上限，先定下等比例削减，还是写明理由不削减，再表决。"
    return Conflict("ceiling_unsettled", message)


def tally_not_resolved() -> Conflict:
    return Conflict("tally_not_resolved", "这个月还没有表决通过，不能公示。")


def publisher_alone() -> Conflict:
    message = "这个月是您一个人定下来的，公示要由另一位委员发布，或再有一位委员表决同意。"
    return Conflict("publisher_alone", message)


def notice_days(fault: FieldFault) -> Invalid:
    return Invalid("notice_days", fault.message, [fault])


def notice_over() -> Conflict:
    return Conflict("notice_over", "公示期已过或公示已撤回，请向村委会提出申诉。")


def notice_not_active() -> Conflict:
    return Conflict("notice_not_active", "这份公示已经结束或撤回，不能再撤回。")


def not_a_line() -> Invalid:
    fault = FieldFault("household", "请核对户编号。")
    return Invalid("household_unknown", "公示的村里没有这一户。", [fault])


def record_not_on_line() -> Invalid:
    fault = FieldFault("record", "这条记录不在这一户本月的公示里。")
    return Invalid("record_not_on_line", "这条记录不在公示里，请核对。", [fault])


def on_behalf_only_by_committee() -> Invalid:
    fault = FieldFault("on_behalf", "代别人提出的，由村委会委员登记。")
    return Invalid("on_behalf_only_by_committee", "只有村委会委员能代人提出异议。", [fault])


def on_behalf_needed() -> Invalid:
    fault = FieldFault("on_behalf", "委员替村民登记时填 true。")
    return Invalid("on_behalf_needed", "异议由本村村民提出；委员登记的要写明是代提。", [fault])


def already_objected() -> Conflict:
    return Conflict("already_objected", "您对这一条已经提过异议，请等答复。")


def objection_answered() -> Conflict:
    return Conflict("objection_answered", "这条异议已经答复过了。")


def with_township() -> Conflict:
    return Conflict("objection_with_township", "这条异议超过 7 天没有答复，已经转到乡镇，由乡镇答复。")


def still_with_committee() -> Conflict:
    return Conflict("objection_with_committee", "这条异议还在村委会的答复期里，由村委会答复。")


def own_matter() -> Conflict:
    return Conflict("own_matter", "这是您自己提的或关系到您家的，请另一位来答复。")


def points_without_record() -> Invalid:
    fault = FieldFault("points", "只有针对某条记录、并且异议成立时才填分数。")
    return Invalid("points_without_record", "这里不能填分数。", [fault])


def ranking_off_message() -> str:
    return "本村没有公开排名。"


def slip_missing() -> Invalid:
    fault = FieldFault("photos", "请附一张本人签字单的照片。")
    return Invalid("slip_missing", "代别人提出的，要附本人签字单的照片。", [fault])


def not_appealable() -> Conflict:
    message = "这笔账不是积分评定入账，不能申诉；兑换的事请到积分超市办退货。"
    return Conflict("not_appealable", message)


def entry_reversed() -> Conflict:
    return Conflict("entry_reversed", "这笔账已经冲回过了，请对现在的那一笔提出。")


def already_appealed() -> Conflict:
    return Conflict("already_appealed", "这笔账已经有申诉在办，请等答复。")


def appeal_answered() -> Conflict:
    return Conflict("appeal_answered", "这条申诉已经答复过了。")


def appeal_with_township() -> Conflict:
    return Conflict("appeal_with_township", "这条申诉超过 7 天没有答复，已经转到乡镇，由乡镇答复。")


def appeal_with_committee() -> Conflict:
    return Conflict("appeal_with_committee", "这条申诉还在村委会的答复期里，由村委会答复。")


def points_without_uphold() -> Invalid:
    fault = FieldFault("points", "只有申诉成立时才填分数。")
    return Invalid("points_without_uphold", "这里不能填分数。", [fault])
