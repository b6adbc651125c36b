"""Plausible scores for the demo's assessments, drawn from a seed. Pure; rows as the API takes them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from server.assessment.pack_reader import load_pack

Rows = list[dict[str, str]]
_PARTY = ("party_discipline", "party_organisation", "party_publicity", "party_united_front")
_BASE = (("economic", 30), ("social", 25), ("other_work", 15), ("leader_appraisal", 15))


def _row(subject: str, indicator: str, value: float, **more: str) -> dict[str, str]:
    return {"subject": subject, "indicator": indicator, "value": f"{value:g}"} | more


def thousand_sheet(codes: Sequence[str], rng: random.Random) -> tuple[Rows, Rows]:
    """(quantitative, qualitative) rows; one subject excels, two are weak, so that something has to follow."""
    tasks = [one for one in load_pack("gaoyang-thousand").indicators.values() if one.entry]
    quant = [one.code for one in tasks if one.code.startswith("quant.")]
    qual = [one.code for one in tasks if one.code.startswith("qual.")]
    first: Rows = []
    second: Rows = []
    for place, code in enumerate(codes):
        special = {1: 0.58, len(codes) // 2: 0.96, len(codes) - 3: 0.42}
        skill = special.get(place, rng.uniform(0.66, 0.86))
        share = [min(1.0, max(0.2, rng.gauss(skill, 0.08))) for _ in range(len(quant) + len(qual))]
        first += [_row(code, one, round(30 * part)) for one, part in zip(quant, share, strict=False)]
        second += [
            _row(code, one, round(66 * part)) for one, part in zip(qual, share[len(quant) :], strict=True)
        ]
        if rng.random() < 0.2:
            first.append(_row(code, "bonus", 8, kind="commended", note="县委县政府表彰"))
        if rng.random() < 0.15:
            first.append(_row(code, "penalty", 5, kind="notice", note="人居环境督查通报"))
    return first, second


def town_sheet(codes: Sequence[str], rng: random.Random) -> Rows:
    """Party work, base and a few bonuses of towns; the democratic appraisal comes from the sheets."""
    rows: Rows = []
    for code in codes:
        skill = rng.uniform(0.78, 0.95)
        rows += [_row(code, one, round(100 * min(1.0, rng.gauss(skill, 0.03)), 1)) for one in _PARTY]
        rows += [_row(code, one, round(most * min(1.0, rng.gauss(skill, 0.04)), 1)) for one, most in _BASE]
    rows.append(_row(codes[2], "bonus", 1, kind="red_flag", note="三季度流动红旗"))
    rows.append(_row(codes[4], "penalty", 1, kind="criticism", note="重点工作督查通报"))
    rows.append(_row(codes[6], "veto", 1, kind="environment", note="生态环境一票否决"))
    return rows


def party_sheet(people: Sequence[tuple[str, str]], rng: random.Random) -> Rows:
    """What party members did and left undone: additions for most, a deduction for one in three."""
    tasks = [one for one in load_pack("gaoyang-party").indicators.values() if one.entry]
    rows: Rows = []
    for place, (code, category) in enumerate(people):
        bound = [one for one in tasks if category in one.categories]
        good = [one for one in bound if one.direction == "add"]
        bad = [one for one in bound if one.direction == "deduct"]
        for one in rng.sample(good, min(len(good), rng.randint(1, 5))):
            rows.append(_row(code, one.code, rng.randint(2, 8), note="支部记录"))
        if bad and (place == 9 or rng.random() < 0.3):
            points = 26 if place == 9 else rng.randint(1, 5)
            rows.append(_row(code, rng.choice(bad).code, points, note="未按要求参加，已提醒"))
    return rows


def deductions(people: Sequence[tuple[str, str]], rng: random.Random) -> Rows:
    """A quarter of dongguan: some standards missed, some honours."""
    standards = [
        one for one in load_pack("dongguan").indicators.values() if one.entry and one.direction == "deduct"
    ]
    rows: Rows = []
    for code, category in people:
        bound = [one for one in standards if category in one.categories]
        for one in rng.sample(bound, rng.randint(1, 9)):
            rows.append(_row(code, one.code, float(one.maximum or 1), note="季度核查"))
        if rng.random() < 0.25:
            rows.append(_row(code, "honour", 3, kind="annual", note="年度先进"))
    return rows
