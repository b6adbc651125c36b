"""A second, naive implementation of every scheme, written straight from the specification and sharing no
code with the program: plain loops over rows, Fractions, no pack. The randomised tests compare the two.

A row is a dict with the columns of the file contract; `naive(pack, rows)` gives subject → dict of final,
rank, grade, flags and the components that the specification names.
"""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction as F
from typing import Any

Row = dict[str, str]
Result = dict[str, dict[str, Any]]

HANGJIN_UNITS = {"party_mass", "government", "social", "vertical", "town"}
LISTS = {"prosperity": 1, "service": 1, "duty": -1}


def naive(pack: str, rows: list[Row]) -> Result:
    """The results of the rows under the scheme."""
    scheme = {
        "dinghai-2017": dinghai_2017,
        "dinghai-2018-town": dinghai_2018,
        "dinghai-2018-organ": dinghai_2018,
        "hangjin": hangjin,
        "dongguan": dongguan,
        "nanjiang-rating": rating,
        "nanjiang-licence": licence,
        "nanjiang-achievement": achievement,
        "gaoyang-party": party,
        "gaoyang-thousand": thousand,
    }[pack]
    results = scheme(rows)
    for category in {one["category"] for one in results.values()}:
        group = [one for one in results.values() if one["category"] == category]
        for one in group:
            one["rank"] = 1 + sum(other["final"] > one["final"] for other in group)
    return results


def start(rows: list[Row]) -> Result:
    """An empty result for every subject."""
    found: Result = {}
    for row in rows:
        empty = {
            "category": row["category"],
            "unit": row["unit"],
            "grade": None,
            "flags": set(),
            "components": {},
        }
        found.setdefault(row["subject"], empty)
    return found


def added(rows: list[Row], subject: str, *indicators: str) -> F:
    """Everything the subject has under the indicators, or under those that begin with `name.`."""
    return sum(
        (
            F(row["value"])
            for row in rows
            if row["subject"] == subject
            and any(row["indicator"] == one or row["indicator"].startswith(one + ".") for one in indicators)
        ),
        F(0),
    )


def has(rows: list[Row], subject: str, indicator: str) -> bool:
    return any(row["subject"] == subject and row["indicator"] == indicator for row in rows)


def coefficients(rows: list[Row], results: Result, step: F) -> None:
    """1 + step × (m − rank), m = (n + 1) / 2; equal scores share the mean of the ranks they occupy."""
    party = ("party_discipline", "party_organisation", "party_publicity", "party_united_front", "party_organ")
    for subject, one in results.items():
        one["components"]["party_score"] = added(rows, subject, *party)
    scores = [one["components"]["party_score"] for one in results.values()]
    for one in results.values():
        mine = one["components"]["party_score"]
        first = 1 + sum(score > mine for score in scores)
        last = sum(score >= mine for score in scores)
        rank = F(first + last, 2)
        one["components"]["coefficient"] = 1 + step * (F(len(scores) + 1, 2) - rank)


def dinghai_flags(rows: list[Row], results: Result) -> Result:
    best = max(one["final"] for one in results.values())
    for subject, one in results.items():
        if has(rows, subject, "veto"):
            one["flags"].add("no_honours")
        low = one["final"] < F(60, 100) * best
        if has(rows, subject, "major_incident") or has(rows, subject, "city_criticism") or low:
            one["flags"].add("unqualified")
            one["grade"] = "unqualified"
    return results


def dinghai_2017(rows: list[Row]) -> Result:
    results = start(rows)
    coefficients(rows, results, F(5, 1000))
    for subject, one in results.items():
        overall = added(rows, subject, "overall") * one["components"]["coefficient"]
        extra = added(rows, subject, "bonus") - added(rows, subject, "penalty")
        one["final"] = added(rows, subject, "triple_work") + overall + extra
    return dinghai_flags(rows, results)


def dinghai_2018(rows: list[Row]) -> Result:
    results = start(rows)
    town = rows[0]["category"] == "town"
    coefficients(rows, results, F(5, 1000) if town else F(2, 1000))
    towns = ("economic", "social", "other_work", "leader_appraisal", "democratic_appraisal")
    organs = ("key_breakthrough", "common_work", "leader_appraisal", "grassroots_appraisal")
    for subject, one in results.items():
        base = min(F(100), added(rows, subject, *(towns if town else organs)))
        extra = added(rows, subject, "bonus") - added(rows, subject, "penalty")
        one["final"] = base * one["components"]["coefficient"] + extra
    return dinghai_flags(rows, results)


def mean(values: list[F]) -> F:
    return sum(values, F(0)) / len(values)


def quota(group: dict[str, F], share: F) -> tuple[set[str], set[str]]:
    """floor(n × share) places; a tie across the last place lets none of the tied in."""
    places = math.floor(len(group) * share)
    inside, tied = set(), set()
    for subject, score in group.items():
        better = sum(other > score for other in group.values())
        level = sum(other == score for other in group.values())
        if better + level <= places:
            inside.add(subject)
        elif better < places:
            tied.add(subject)
    return inside, tied


def hangjin(rows: list[Row]) -> Result:
    results = start(rows)
    for subject, one in results.items():
        final = F(0)
        for indicator, weight in (("routine", F(4, 10)), ("special", F(2, 10)), ("periodic", F(4, 10))):
            mine = [r for r in rows if r["subject"] == subject and r["indicator"] == indicator]
            one["components"][indicator] = mean([F(row["value"]) for row in mine])
            final += weight * one["components"][indicator]
        losses = [r for r in rows if r["indicator"] == "task_loss" and subject in (r["subject"], r["kind"])]
        one["final"] = final - sum((F(row["value"]) for row in losses), F(0))
    for category in {one["category"] for one in results.values()}:
        group = {subject: one["final"] for subject, one in results.items() if one["category"] == category}
        units = category in HANGJIN_UNITS
        inside, tied = quota(group, F(30, 100) if units else F(15, 100))
        for subject in inside:
            results[subject]["grade"] = "advanced" if units else "excellent"
        for subject in tied:
            results[subject]["flags"].add("tie_at_quota")
    return results


def dongguan(rows: list[Row]) -> Result:
    results = start(rows)
    for subject, one in results.items():
        mine = [row for row in rows if row["subject"] == subject]
        finals = []
        for period in {row.get("period", "") for row in mine}:
            now = [row for row in mine if row.get("period", "") == period]
            lost = sum((F(row["value"]) for row in now if row["indicator"] != "honour"), F(0))
            best: dict[str, F] = {}
            for row in now:
                if row["indicator"] == "honour":
                    best[row["kind"]] = max(best.get(row["kind"], F(0)), F(row["value"]))
            finals.append(max(F(0), 100 - lost) + sum(best.values(), F(0)))
        one["final"] = mean(finals)
    return results


def rating(rows: list[Row]) -> Result:
    results = start(rows)
    weights = {"self": F(1, 10), "group": F(3, 10), "superior": F(6, 10)}
    for subject, one in results.items():
        scores = []
        for indicator in ("de", "neng", "qin", "ji", "lian"):
            score = F(0)
            for rater, weight in weights.items():
                given = [
                    F(row["value"])
                    for row in rows
                    if (row["subject"], row["indicator"]) == (subject, indicator)
                    and row["rater"].split(":")[0] == rater
                ]
                score += weight * mean(given)
            scores.append(score)
        one["final"] = mean(scores)
    for unit in {one["unit"] for one in results.values()}:
        group = {subject: one["final"] for subject, one in results.items() if one["unit"] == unit}
        inside, tied = quota(group, F(10, 100))
        for subject, final in group.items():
            rest = "steady" if final >= 80 else "snail" if final >= 60 else "lying_flat"
            results[subject]["grade"] = "pacesetter" if subject in inside else rest
            if subject in tied:
                results[subject]["flags"].add("tie_at_quota")
    return results


def licence(rows: list[Row]) -> Result:
    results = start(rows)
    for subject, one in results.items():
        balance, merit = F(12), F(0)
        trained: defaultdict[str, int] = defaultdict(int)
        mine = [row for row in rows if row["subject"] == subject]
        for row in sorted(mine, key=lambda row: row["date"]):  # stable: equal dates keep the order of rows
            if row["indicator"] == "deduct":
                balance = max(F(0), balance - F(row["value"]))
                continue
            gain = F(row["value"])
            if row["indicator"] == "training_passed":
                gain = F(0) if trained[row["date"][:4]] else F(3)
                trained[row["date"][:4]] += 1
            balance += gain
            if balance > 12:
                merit += balance - 12
                balance = F(12)
        one["final"] = balance
        one["components"]["merit"] = merit
        bands = (
            {"training"} if 6 <= balance < 9 else {"training", "reminder_talk"} if 3 <= balance < 6 else set()
        )
        one["proposals"] = bands or ({"proposal_to_branch"} if balance < 3 else set())
    return results


def achievement(rows: list[Row]) -> Result:
    caps = {"project": 40, "investment": 40, "research": 20, "service": 20, "frontline": 20, "innovation": 20}
    caps |= {"honour": 20, "training": 10}
    results = start(rows)
    for subject, one in results.items():
        one["final"] = F(0)
        for kind, cap in caps.items():
            mine = [F(r["value"]) for r in rows if r["subject"] == subject and r["kind"] == kind]
            one["final"] += min(F(cap), sum(mine, F(0)))
    return results


def party(rows: list[Row]) -> Result:
    results = start(rows)
    for subject, one in results.items():
        final = F(100)
        for row in rows:
            if row["subject"] == subject:
                final += LISTS[row["indicator"].split(".")[0]] * F(row["value"])
        one["final"] = max(F(0), final)
    return results


def thousand(rows: list[Row]) -> Result:
    results = start(rows)
    for subject, one in results.items():
        quant = min(F(600), added(rows, subject, "quant"))
        qual = min(F(400), added(rows, subject, "qual"))
        one["components"] |= {"quant": quant, "qual": qual}
        final = quant + qual + added(rows, subject, "bonus") - added(rows, subject, "penalty")
        one["final"] = final
        one["grade"] = "unqualified"
        if one["category"] == "member" and final < 500:
            one["grade"] = "incompetent"
        for grade, lowest in (("basic", 600), ("qualified", 700), ("excellent", 900)):
            if final >= lowest:
                one["grade"] = grade
    return results
