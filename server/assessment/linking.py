"""Unit results that reach persons, and the contest of communities (001): pure, from the scheme's own tables.

Direct: a person's performance is the unit's coefficient times the own one. Indirect: the unit's grade fixes how many
of its people may hold each grade. The contest adds up a year's points. The counting itself is in `inspection`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from server.assessment.inspection import contest, direct_performance, indirect_places
from server.assessment.methods import ranks, total
from server.assessment.scheme import Pack


@dataclass(frozen=True)
class Linking:
    """The scheme's tables: which grading counts, unit grade → coefficient, unit grade → grade → share."""

    words: str
    grading: str
    titles: Mapping[str, str]
    coefficients: Mapping[str, Fraction]
    shares: Mapping[str, Mapping[str, Fraction]]

    def performance(self, unit_grade: str, own: Fraction) -> Fraction:
        """Direct link: the unit's coefficient times the own one."""
        return direct_performance(self.coefficients[unit_grade], own)

    def places(self, unit_grade: str, members: int) -> dict[str, int]:
        """Indirect link: how many of the unit's people may hold each grade, best first."""
        return indirect_places(members, self.shares[unit_grade])

    def too_many(self, unit_grade: str, members: int, grades: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Grade → (places, given) where more are given than the better places allow together.

        A place that a better grade leaves free may be used by the next: what is not given up is not lost.
        """
        given = Counter(grades)
        found = {}
        free = 0
        for grade, places in self.places(unit_grade, members).items():
            free += places - given[grade]
            if free < 0:
                found[grade] = (places, given[grade])
                free = 0
        return found


def linking_of(pack: Pack) -> Linking | None:
    """The scheme's linking; None where it has none."""
    told = pack.process.get("linking")
    if not told:
        return None
    grading = next(one for one in pack.gradings if one.name == told["grading"])
    return Linking(told["direct"], grading.name, grading.titles, told["unit_coefficients"], told["shares"])


def contradictions(pack: Pack) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """What is wrong with the scheme's linking: path, code, reason, remedy. A unit without a grade, or a grade without
    a table, could not be linked when it is too late to mend the scheme.
    """
    told = pack.process.get("linking")
    if not told:
        return
    path = ("process", "linking")
    grading = next((one for one in pack.gradings if one.name == told.get("grading")), None)
    if grading is None:
        known = "、".join(one.name for one in pack.gradings)
        yield (*path, "grading"), "linking_grading", "没有这个等级", f"请写 gradings 里的一个：{known}"
        return
    last = grading.rules[-1]
    if last.quota is not None or last.at_least is not None or last.condition is not None:
        yield (
            path,
            "linking_grading",
            f"{grading.title}会有单位评不上等",
            "请让最后一条规则不带条件，作为兜底",
        )
    for name, table in (("unit_coefficients", told["unit_coefficients"]), ("shares", told["shares"])):
        if set(table) != set(grading.titles):
            grades = "、".join(grading.titles)
            yield (*path, name), "linking_grades", "等级与单位等级对不上", f"每个等级一行：{grades}"
    for grade, shares in told["shares"].items():
        if set(shares) != set(grading.titles) or total(shares.values()) != 1 or min(shares.values()) < 0:
            where = (*path, "shares", grade)
            yield where, "linking_shares", "比例不齐，或加起来不是 1", "每个等级写 0 到 1 的比例，合计为 1"


@dataclass(frozen=True)
class Standing:
    """One community in the contest: cumulated points, rank, what it gets, whether it is out of honours."""

    code: str
    points: Fraction
    rank: int
    extra: Fraction
    out: bool


def contest_rules(pack: Pack) -> tuple[str, int, Fraction] | None:
    """(words, how many get the extra, the extra); None where the scheme has no contest."""
    told = pack.process.get("contest")
    return (told["title"], int(told["first"]), Fraction(told["extra_for_first"])) if told else None


def standings(points: Mapping[str, Iterable[Fraction]], first: int, extra: Fraction) -> list[Standing]:
    """Communities by their cumulated points, the best first."""
    sums = {code: total(told) for code, told in points.items()}
    places, gets = ranks(sums), contest(sums, first, extra)
    found = [Standing(code, sums[code], places[code], *gets[code]) for code in sums]
    return sorted(found, key=lambda one: (one.rank, one.code))
