"""What may go wrong in the evaluation, each with its code and a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable

from server.kit.errors import Conflict, FieldFault, Invalid


def _field(code: str, field: str, message: str) -> Invalid:
    return Invalid(code, message, [FieldFault(field, message)])


def evaluation_exists() -> Conflict:
    return Conflict("evaluation_exists", "这个年度的评比已经开始了，直接在里面提名。")


def year_wrong() -> Invalid:
    return _field("year_wrong", "year", "只能评本村正在进行的年度，或刚结束的年度。")


def not_nominating() -> Conflict:
    return Conflict("not_nominating", "提名已经截止，不能再提名。")


def already_nominated() -> Conflict:
    return Conflict("already_nominated", "这一项已经有人提名过了，不用重复提。")


def honour_unknown() -> Invalid:
    return _field("honour_unknown", "honour", "这次评比没有这项荣誉，请从列表里选。")


def household_unknown() -> Invalid:
    return _field("household_unknown", "household", "本村没有这一户，请核对户编号。")


def member_needed() -> Invalid:
    return _field("member_needed", "member", "这项荣誉评的是个人，请写是这一户的哪一位。")


def member_not_wanted() -> Invalid:
    return _field("member_not_wanted", "member", "这项荣誉评的是全家，请去掉成员。")


def member_unknown() -> Invalid:
    return _field("member_unknown", "member", "这一户没有这位成员，请核对。")


def minor() -> Invalid:
    return _field("minor_not_named", "member", "未成年人不公示姓名，不能单独提名；可以提名全家。")


def household_not_taking_part() -> Invalid:
    return _field("household_not_taking_part", "household", "这一户没有参加积分制，不参加评比，也不受影响。")


def withdrawal_late() -> Conflict:
    return Conflict("withdrawal_late", "这项提名已经有了结果，不能再撤回。")


def year_not_over() -> Conflict:
    return Conflict("year_not_over", "本年度最后一个月还没有入账，等入账后再表决。现在可以继续提名。")


def nothing_nominated() -> Conflict:
    return Conflict("nothing_nominated", "还没有人提名，没有可以表决的。")


def not_voting() -> Conflict:
    return Conflict("not_voting", "现在不在表决阶段。")


def already_voted() -> Conflict:
    return Conflict("already_voted", "您对这项提名已经投过票，不能改投。")


def own_matter() -> Conflict:
    return Conflict("own_matter", "涉及本人家庭或亲属，请回避，由其他委员来办。")


def quorum_missing(nominees: Iterable[str]) -> Conflict:
    listed = "、".join(nominees)
    message = (
        f"这几项提名投票的人不到能投票委员的半数（至少 2 人）：{listed}。请其他委员投票，或开会后录入纪要。"
    )
    return Conflict("quorum_missing", message)


def tied(honours: Iterable[str]) -> Conflict:
    listed = "、".join(honours)
    message = f"这几项荣誉票数相同、名额不够：{listed}。请开会定，把会议纪要录进来。"
    return Conflict("honour_tie", message)


def minutes_wrong(faults: list[FieldFault]) -> Invalid:
    return Invalid("minutes_invalid", "会议纪要有不对的地方，请按提示改正。", faults)


def minutes_missing() -> Conflict:
    return Conflict("minutes_missing", "没有等待确认的会议纪要，请先录入。")


def same_person() -> Conflict:
    return Conflict("same_person", "录入的人不能自己确认，请另一位委员来办。")


def not_resolved() -> Conflict:
    return Conflict("not_resolved", "表决还没有结果，或已经公示，不能再公示。")


def publisher_alone() -> Conflict:
    return Conflict("publisher_alone", "结果是您一个人定的，公示要由另一位委员发布。")


def notice_days(least: int, most: int) -> Invalid:
    return _field("notice_days", "days", f"公示不能少于 {least} 天，最多 {most} 天。")


def not_on_notice() -> Conflict:
    return Conflict("not_on_notice", "不在公示期内，不能提异议。有意见请用意见箱。")


def not_chosen() -> Conflict:
    return Conflict("not_chosen", "这项提名不在公示名单里，不用提异议。")


def already_objected() -> Conflict:
    return Conflict("already_objected", "您对这项已经提过异议，正在核实。")


def on_behalf_only_by_committee() -> Invalid:
    return _field("on_behalf_only_by_committee", "on_behalf", "代别人办，只能由村委会委员登记。")


def on_behalf_needed() -> Invalid:
    return _field("on_behalf_needed", "on_behalf", "委员替村民登记的，请写 on_behalf: true 并附签字单照片。")


def slip_missing() -> Invalid:
    return _field("slip_missing", "photos", "代别人办，请附一张本人签字单的照片。")


def answered() -> Conflict:
    return Conflict("already_answered", "这条异议已经答复过了。")


def with_township() -> Conflict:
    return Conflict("objection_with_township", "这条异议超过 7 天没有答复，已转由乡镇答复。")


def not_yet_township() -> Conflict:
    return Conflict("objection_with_village", "这条异议还在村委会的 7 天答复期内。")


def no_certificate() -> Conflict:
    return Conflict("not_awarded", "这项荣誉还没有授予，没有证书。")


def consent_exists() -> Conflict:
    return Conflict("consent_exists", "已经同意过了，不用再登记。")


def consent_withdrawn() -> Conflict:
    return Conflict("consent_withdrawn", "同意已经撤回了。")


def list_exists() -> Conflict:
    return Conflict("list_exists", "本年度这类推荐名单已经有了，要重做请先撤回。")


def list_empty() -> Conflict:
    return Conflict("list_empty", "没有符合的人：要本人同意，考核分达到，且本年没有一票否决。")


def list_not_draft() -> Conflict:
    return Conflict("list_not_draft", "名单不是草稿，不能再发出。")


def list_withdrawn() -> Conflict:
    return Conflict("list_withdrawn", "名单已经撤回了。")
