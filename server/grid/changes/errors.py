"""Refusals of household changes."""

from __future__ import annotations

from collections.abc import Iterable

from server.kit.errors import Conflict, FieldFault, Invalid, NotAllowed


def agreement_faulty(faults: Iterable[FieldFault]) -> Invalid:
    """What the agreement lacks."""
    found = tuple(faults)
    return Invalid("agreement_faulty", found[0].message, found)


def household_ended() -> Conflict:
    """One of the households is no more."""
    return Conflict("household_ended", "有一户已经销户，不能再变动。")


def change_waiting() -> Conflict:
    """Another agreement about one of the households waits."""
    return Conflict("change_waiting", "这户已有一份协议在等办理，请先办完或撤销那一份。")


def own_household() -> NotAllowed:
    """Nobody enters an agreement about the own household."""
    return NotAllowed("own_household", "涉及自己家的变动，请另一位委员登记。")


def changed() -> Conflict:
    """Somebody else was first."""
    return Conflict("state_changed", "这份协议刚刚办过，请刷新后再看。")


def id_reused() -> Conflict:
    """The id belongs to another agreement."""
    return Conflict("id_reused", "这个编号已经用在另一份协议上，请换一个编号再传。")


def grid_unknown() -> Invalid:
    """The new household's grid is not of its village."""
    said = "没有这个网格，请选本村的网格。"
    return Invalid("grid_unknown", said, [FieldFault("new.grid", said)])
