"""A pack as plain values for `show --format json` and the API: id, categories, methods, counts, indicators
and more."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .exact import trimmed
from .scheme import Indicator, Pack, Step


def plain(value: Any) -> Any:
    """Fractions as decimal strings, containers through."""
    if isinstance(value, Fraction):
        return trimmed(value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def pack_view(pack: Pack) -> dict[str, Any]:
    """The whole pack; `indicators` is the tree as a list, parents before children, each with `parent` and
    `depth`."""
    return {
        "id": pack.id,
        "title": pack.title,
        "version": pack.version,
        "source": plain(pack.source),
        "periods": pack.periods,
        "categories": [
            {"code": one.code, "title": one.title, "subject": one.subject} for one in pack.categories.values()
        ],
        "raters": [
            {"code": one.code, "title": one.title, "weight": plain(one.weight)}
            for one in pack.raters.values()
        ],
        "parameters": [
            plain({"name": one.name, "title": one.title, "value": one.value, "choices": one.choices,
                   "weight": one.weight, "illustrative": one.illustrative})
            for one in pack.parameters.values()
        ],
        "methods": list(dict.fromkeys(step.method for step in pack.steps)),
        "steps": [_step(step) for step in pack.steps],
        "result": pack.result,
        "levels": dict(pack.levels),
        "counts": pack.counts(),
        "indicators": [_indicator(pack, one) for one in pack.indicators.values()],
        "gradings": [
            {"name": one.name, "title": one.title, "grades": dict(one.titles)} for one in pack.gradings
        ],
        "flags": [{"code": one.code, "title": one.title} for one in pack.flags],
        "consequences": [
            {"code": one.code, "title": one.title, "decided_by": one.decided_by} for one in pack.consequences
        ],
        "process": plain(pack.process),
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    found = {"name": step.name, "title": step.title, "method": step.method}
    told = {
        "of": [plain({"of": term.of, "weight": term.weight}) for term in step.terms],
        "minus": [term.of for term in step.minus],
    }
    return {**found, **told, **plain(dict(step.numbers)), **dict(step.words)}


def _indicator(pack: Pack, one: Indicator) -> dict[str, Any]:
    found = {
        "code": one.code,
        "title": one.title,
        "level": one.level,
        "parent": one.parent,
        "depth": one.depth,
        "entry": one.entry,
        "categories": [code for code in pack.categories if code in one.categories],
        "direction": one.direction,
        "min": one.minimum if one.minimum is not None else one.above,
        "min_exclusive": one.above is not None,
        "max": one.maximum,
        "allowed": one.allowed,
        "points": one.points,
        "required": one.required,
        "repeatable": one.repeatable,
        "raters": list(one.rater_codes) or one.raters,
        "kinds": [
            {"code": k.code, "title": k.title, "points": k.points, "cap": k.cap} for k in one.kinds.values()
        ],
        "kind_is_subject": one.kind_is_subject,
        "dated": one.dated,
        "basis": one.basis,
        "assessor": one.assessor,
        "evidence": one.evidence,
        "illustrative": one.illustrative,
    }
    return {key: plain(value) for key, value in found.items()}
