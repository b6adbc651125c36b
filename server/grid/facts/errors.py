"""Refusals of the household's file."""

from __future__ import annotations

from collections.abc import Iterable

from server.kit.errors import Conflict, FieldFault, Invalid


def fact_invalid(faults: Iterable[FieldFault]) -> Invalid:
    """A fact that its kind does not allow."""
    found = tuple(faults)
    return Invalid("fact_invalid", found[0].message, found)


def id_reused() -> Conflict:
    """The id belongs to another fact."""
    return Conflict("id_reused", "这个编号已经用在另一条情况上，请换一个编号再传。")


def corrected_before() -> Conflict:
    """Somebody corrected it already."""
    return Conflict("state_changed", "这一条已经更正过了，请打开最新的一条再改。")


def household_ended() -> Conflict:
    """Nothing is added to a closed file."""
    return Conflict("household_ended", "这户已经销户，户册只能看，不能再写。")
