"""Grades by ordered rules: quotas over groups, thresholds, conditions. The first rule that fits a subject
decides."""

from __future__ import annotations

from . import methods
from .conditions import Judge
from .exact import ZERO
from .outcome import Assessed
from .scheme import GradeRule, Grading, Pack

TIE_FLAG = "tie_at_quota"


def apply_grading(pack: Pack, grading: Grading, everyone: list[Assessed], judge: Judge) -> None:
    """Sets `grades[name]` of everyone, and `ties` and the flag where a quota's last place is tied."""
    for assessed in everyone:
        assessed.grades[grading.name] = None
    for rule in grading.rules:
        bound = [a for a in everyone if a.subject.category in rule.categories]
        if rule.quota is not None:
            _apply_quota(grading, rule, bound, judge)
            continue
        for assessed in bound:
            if assessed.grades[grading.name] is None and _fits(grading, rule, assessed, judge):
                assessed.grades[grading.name] = rule.grade


def _fits(grading: Grading, rule: GradeRule, assessed: Assessed, judge: Judge) -> bool:
    if rule.at_least is not None and assessed.values.get(grading.of, ZERO) < rule.at_least:
        return False
    return rule.condition is None or judge.holds(rule.condition, assessed)


def quota_groups(rule: GradeRule, bound: list[Assessed]) -> dict[str, list[Assessed]]:
    """Whom the quota counts together: a category, a unit, or everyone that the rule binds."""
    groups: dict[str, list[Assessed]] = {}
    for assessed in bound:
        subject = assessed.subject
        key = {"category": subject.category, "unit": subject.unit, "all": ""}[rule.scope]
        groups.setdefault(key, []).append(assessed)
    return groups


def _apply_quota(grading: Grading, rule: GradeRule, bound: list[Assessed], judge: Judge) -> None:
    if rule.quota is None:
        return
    for members in quota_groups(rule, bound).values():
        scores = {a.subject.id: a.values.get(grading.of, ZERO) for a in members}
        inside, tied = methods.within_quota(scores, rule.quota, rule.order == "best")
        for assessed in members:
            if assessed.subject.id in tied and assessed.grades[grading.name] is None:
                assessed.ties.append(grading.name)
            if assessed.subject.id not in inside or assessed.grades[grading.name] is not None:
                continue
            if _fits(grading, rule, assessed, judge):
                assessed.grades[grading.name] = rule.grade
        if grading.flag_ties:
            _flag(members, grading.name)


def _flag(members: list[Assessed], name: str) -> None:
    for assessed in members:
        if name in assessed.ties and TIE_FLAG not in assessed.flags:
            assessed.flags.append(TIE_FLAG)
