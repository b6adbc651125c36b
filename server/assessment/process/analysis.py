"""What if, and sensitivity, over a cycle's own entries: nothing is stored, nobody's result moves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from server.assessment.engine import assess
from server.assessment.faults import Faulty
from server.assessment.pack_reader import pack_text
from server.assessment.process import errors, packs, sheets, subjects
from server.assessment.process.models import Cycle
from server.assessment.process.standing import Standing
from server.assessment.scheme import Pack
from server.assessment.sensitivity import sensitivity
from server.assessment.what_if import what_if
from server.kit.errors import FieldFault, Invalid


def moves(session: Session, held: Standing, other: str | None, changes: Mapping[str, str]) -> dict[str, Any]:
    """Who moves, and which number moves them, under another shipped scheme or with changed parameters.

    Raises NotAllowed, Invalid `nothing_changed`, `pack_unusable`, `sheet_faulty` (the sheet does not fit).
    """
    held.reading_process()
    cycle = held.cycle
    if other is None and not changes:
        fault = FieldFault("changes", '如 {"weight_routine": "0.5"}；或用 with 换一个方案。')
        raise Invalid("nothing_changed", "请说明要推演什么。", [fault])
    then = _other(session, cycle, other, changes)
    try:
        before, loaded = sheets.computed(session, cycle)
        everybody, entries = subjects.every(session, cycle.id), loaded.entries
        sheet = loaded.sheet if other is None else sheets.checked(then, everybody, entries).sheet
        after = assess(then, sheet)
    except Faulty as found:
        raise errors.faulty(found, "分数还不齐，或换的方案对不上这些分数。") from None
    told = {"pack": cycle.pack, "with": then.id, "changes": dict(changes)}
    return told | {"moves": [move.as_dict() for move in what_if(before, after)]}


def _other(session: Session, cycle: Cycle, other: str | None, changes: Mapping[str, str]) -> Pack:
    if other is None:
        return packs.pack_of(session, cycle, changes)
    packs.shipped(other)
    return packs.read_with(pack_text(other), f"shipped {other}", changes)


def ranges(session: Session, held: Standing, weight: str | None) -> dict[str, Any]:
    """How far each weight may move before the first three of a category change; raises as `moves`."""
    held.reading_process()
    cycle = held.cycle
    pack = packs.pack_of(session, cycle)
    weights = [name for name, one in pack.parameters.items() if one.weight]
    if weight is not None and weight not in weights:
        known = "、".join(weights) or "（无）"
        raise Invalid(
            "weight_unknown", "没有这个权重。", [FieldFault("weight", f"本方案的权重有：{known}。")]
        )
    try:
        _, loaded = sheets.computed(session, cycle)
    except Faulty as found:
        raise errors.faulty(found, "分数还不齐，算不出来。") from None

    def build(more: Mapping[str, Fraction]) -> Pack:
        return packs.pack_of(session, cycle, more)

    found_ranges = sensitivity(build, loaded.sheet, weight)
    return {"pack": pack.id, "ranges": [one.as_dict() for one in found_ranges]}
