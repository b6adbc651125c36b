"""What may be refused about a cycle, each with its code and a sentence that says what to do."""

from __future__ import annotations

from server.assessment.faults import Fault, Faulty
from server.kit.errors import Conflict, Invalid, NotAllowed, RowFault

CHANGED = "别人刚办过这一步，请重新打开看。"
MOST_TOLD = 200


def faulty(found: Faulty, what: str = "内容有错，什么都没有保存。") -> Invalid:
    """Every fault of a sheet or pack with row, column and remedy, as the command line tells them."""
    told = [_row_fault(fault) for fault in found.faults[:MOST_TOLD]]
    more = len(found.faults) + found.more - len(told)
    words = f"{what}共 {len(told) + more} 处" + (f"，先列出 {len(told)} 处。" if more else "。")
    return Invalid("sheet_faulty", words, told)


def _row_fault(fault: Fault) -> RowFault:
    place = f"entries.{fault.row - 2}.{fault.column}" if fault.row and fault.row > 1 else fault.column
    row = fault.row if fault.row is not None else fault.line
    told = (fault.value, fault.reason, fault.remedy, fault.code)
    return RowFault(place.strip("."), fault.sentence(), row, fault.column, *told)


def incomplete(found: Faulty) -> Conflict:
    """Results that cannot be computed yet, with everything that is missing or wrong."""
    told = faulty(found, "分数还不齐或有错，结果算不出来。")
    return Conflict("results_incomplete", told.message, told.faults)


def pack_unusable(found: Faulty) -> Invalid:
    """A scheme that does not exist, or parameters that it does not have."""
    told = [_row_fault(fault) for fault in found.faults[:MOST_TOLD]]
    return Invalid("pack_unusable", told[0].message if told else "方案不能用。", told)


def frozen() -> Conflict:
    return Conflict("results_stand", "结果已经定下，分数不能再改；确有出入请走异议。")


def not_frozen() -> Conflict:
    return Conflict("results_open", "结果还没有定下，现在还不能办这件事。")


def cycle_over() -> Conflict:
    return Conflict("cycle_over", "这个考核周期已经结束，不能再改。")


def cycle_not(what: str) -> Conflict:
    return Conflict("cycle_not_ready", what)


def step_not_open() -> Conflict:
    return Conflict("step_not_open", "这一步现在没有开着，请看流程走到哪一步。")


def state_changed() -> Conflict:
    return Conflict("state_changed", CHANGED)


def own_case() -> NotAllowed:
    return NotAllowed("own_case", "事关您本人，要由别人来办。")


def entry_withdrawn() -> Conflict:
    return Conflict("entry_withdrawn", "这一条已经撤回了。")


def step_waits(what: str) -> Conflict:
    return Conflict("step_waits", f"{what}办完才能结束这一步。")


def appraisal_closed() -> Conflict:
    return Conflict("appraisal_closed", "测评已经结束。")


def task_over() -> Conflict:
    return Conflict("task_over", "这项任务已经了结。")
