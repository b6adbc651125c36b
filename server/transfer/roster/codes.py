"""Household codes: the village's 12 digits and a serial from 0001 to 9999 that is never given twice.

Owns the assignment; which codes were ever taken is the caller's knowledge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from server.kit.errors import Invalid
from server.transfer.roster.model import RosterHousehold

LAST_SERIAL = 9999


def assign_codes(
    village_code: str, households: Iterable[RosterHousehold], taken: set[str]
) -> tuple[RosterHousehold, ...]:
    """The same households in the same order, those without a code given the next free serial of the village.

    `taken` are all codes ever used in the village, ended households included; it is not changed. Serials go
    on after
    the highest one used, and only then fill gaps. Raises Invalid `village_full` beyond 9,999 households.
    """
    listed = tuple(households)
    used = taken | {household.code for household in listed if household.code is not None}
    free = _free_serials(village_code, used)
    return tuple(
        household if household.code is not None else replace(household, code=_next(free))
        for household in listed
    )


def _free_serials(village_code: str, used: set[str]) -> Iterator[str]:
    serials = [int(code[12:]) for code in used if code.startswith(village_code) and code[12:].isdigit()]
    highest = max(serials, default=0)
    for serial in chain(range(highest + 1, LAST_SERIAL + 1), range(1, highest + 1)):
        code = f"{village_code}{serial:04d}"
        if code not in used:
            yield code


def _next(free: Iterator[str]) -> str:
    code = next(free, None)
    if code is None:
        raise Invalid("village_full", f"一个村最多 {LAST_SERIAL} 户，编号已经用完。")
    return code
