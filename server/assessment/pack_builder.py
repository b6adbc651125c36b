"""Plain values of a checked pack file → frozen `Pack`. Fills in `$parameters` and inherited keys of the
tree."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .faults import Fault
from .pack_schema import nearest_line
from .scheme import (
    Category,
    Consequence,
    Flag,
    GradeRule,
    Grading,
    Indicator,
    Kind,
    Pack,
    Parameter,
    Rater,
    Step,
    Term,
    UnitRule,
)

INHERITED: tuple[str, ...] = ("categories", "direction", "min", "above", "raters", "repeatable", "dated")
INHERITED += ("basis", "assessor", "evidence", "illustrative")
_STEP_WORDS = ("surplus", "surplus_title", "restore", "absent")
_STEP_NUMBERS = ("base", "min", "max", "step", "start", "restore_points", "restores_a_year", "share")


class Builder:
    """One build: the data, its lines, the parameter values, and the faults found on the way."""

    def __init__(
        self, data: dict[str, Any], lines: dict[Any, int], values: Mapping[str, Fraction | str]
    ) -> None:
        self.lines = lines
        self.values = values
        self.faults: list[Fault] = []
        self.data = self._filled(data, ())
        self.categories = frozenset(entry["code"] for entry in data["categories"])
        self.indicators: dict[str, Indicator] = {}
        self.step_names: set[str] = set()

    def fault(self, path: tuple[Any, ...], code: str, reason: str, remedy: str, value: str = "") -> None:
        """Notes a fault at the node's line."""
        self.faults.append(Fault(code, reason, remedy, line=nearest_line(path, self.lines), value=value))

    def _filled(self, value: Any, path: tuple[Any, ...]) -> Any:
        """The data with every `$name` replaced by the parameter's value."""
        if isinstance(value, dict):
            return {key: self._filled(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner, (*path, place)) for place, inner in enumerate(value)]
        if not (isinstance(value, str) and value.startswith("$")):
            return value
        if value[1:] in self.values:
            return self.values[value[1:]]
        known = "、".join(self.values) or "（无）"
        self.fault(
            path,
            "parameter_unknown",
            "引用了没有定义的参数",
            f"请在 parameters 里定义它；已有：{known}",
            value,
        )
        return Fraction(0)

    def bound(self, codes: list[str] | None, path: tuple[Any, ...]) -> frozenset[str]:
        """Category codes, all of them when none are given; unknown ones are faults."""
        if codes is None:
            return self.categories
        for code in codes:
            if code not in self.categories:
                remedy = f"类别编号有：{'、'.join(sorted(self.categories))}"
                self.fault(path, "category_unknown", "没有这个类别", remedy, code)
        return frozenset(codes)

    def tree(
        self,
        nodes: list[dict[str, Any]],
        path: tuple[Any, ...],
        parent: Indicator | None,
        above: dict[str, Any],
    ) -> None:
        """Flattens the tree into `indicators`, parents before children."""
        for place, node in enumerate(nodes):
            here = (*path, place)
            merged = {**above, **node}
            indicator = self._indicator(node, merged, here, parent)
            if indicator.code in self.indicators:
                self.fault(
                    (*here, "code"), "indicator_double", "指标编号重复", "请给其中一个换编号", indicator.code
                )
            self.indicators[indicator.code] = indicator
            inherited = {key: merged[key] for key in INHERITED if key in merged}
            self.tree(node.get("children", []), (*here, "children"), indicator, inherited)

    def _indicator(
        self, node: dict[str, Any], merged: dict[str, Any], path: tuple[Any, ...], parent: Indicator | None
    ) -> Indicator:
        raters = merged.get("raters", "none")
        fact = merged.get("direction") == "fact"
        return Indicator(
            code=node["code"],
            title=node["title"],
            level=node["level"],
            parent=parent.code if parent else None,
            depth=parent.depth + 1 if parent else 0,
            entry=node.get("entry", "children" not in node),
            categories=self.bound(merged.get("categories"), (*path, "categories")),
            direction=merged.get("direction", "score"),
            minimum=merged.get("min"),
            above=merged.get("above"),
            maximum=node.get("max"),
            allowed=(Fraction(1),) if fact else tuple(node.get("allowed", ())),
            points=node.get("points"),
            required=node.get("required", False),
            repeatable=merged.get("repeatable", "kinds" in node or node.get("kind_is_subject", False)),
            raters=raters if isinstance(raters, str) else "groups",
            rater_codes=tuple(raters) if isinstance(raters, list) else (),
            kinds={entry["code"]: _kind(entry) for entry in node.get("kinds", ())},
            kind_is_subject=node.get("kind_is_subject", False),
            instead=node.get("instead", False),
            dated=merged.get("dated", False),
            basis=merged.get("basis", ""),
            assessor=merged.get("assessor", ""),
            evidence=merged.get("evidence", ""),
            illustrative=merged.get("illustrative", False),
        )

    def terms(self, references: Any, path: tuple[Any, ...]) -> tuple[Term, ...]:
        """References of a step: a code, `code.*`, or a mapping with `of` and `weight`."""
        if references is None:
            return ()
        listed = references if isinstance(references, list) else [references]
        return tuple(self._term(entry, (*path, place)) for place, entry in enumerate(listed))

    def _term(self, entry: Any, path: tuple[Any, ...]) -> Term:
        reference = entry if isinstance(entry, str) else entry["of"]
        weight = None if isinstance(entry, str) else entry.get("weight")
        if not reference.endswith(".*"):
            return Term(reference, weight, is_step=reference in self.step_names)
        codes = tuple(code for code in self.indicators if self._below(code, reference[:-2]))
        if not codes:
            remedy = "“编号.*”指某个指标下的全部可填指标，请核对编号"
            self.fault(path, "reference_unknown", "下面没有可填的指标", remedy, reference)
        return Term(reference, weight, codes)

    def _below(self, code: str, top: str) -> bool:
        indicator: Indicator | None = self.indicators[code]
        if indicator is None or not indicator.entry:
            return False
        while indicator is not None and indicator.parent is not None:
            if indicator.parent == top:
                return True
            indicator = self.indicators.get(indicator.parent)
        return False

    def step(self, entry: dict[str, Any], path: tuple[Any, ...]) -> Step:
        """One step of the computation; `of`, `add` and `parts` are all its terms. Only earlier steps can be
        named."""
        step = Step(
            name=entry["name"],
            title=entry["title"],
            method=entry["method"],
            categories=self.bound(entry.get("categories"), (*path, "categories")),
            each_period=entry.get("each_period", False),
            terms=self.terms(entry.get("of", entry.get("add", entry.get("parts"))), path),
            minus=self.terms(entry.get("subtract"), (*path, "subtract")),
            numbers={key: entry[key] for key in _STEP_NUMBERS if key in entry},
            words={key: entry[key] for key in _STEP_WORDS if key in entry},
        )
        self.step_names |= {step.name, step.words.get("surplus", step.name)}
        return step

    def grading(self, entry: dict[str, Any], path: tuple[Any, ...]) -> Grading:
        """One grading with its rules in order."""
        rules = [self._rule(rule, (*path, "rules", place)) for place, rule in enumerate(entry["rules"])]
        titles = {grade["code"]: grade["title"] for grade in entry["grades"]}
        of = entry.get("of", self.data["result"])
        return Grading(entry["name"], entry["title"], of, entry.get("flag_ties", True), titles, tuple(rules))

    def _rule(self, rule: dict[str, Any], path: tuple[Any, ...]) -> GradeRule:
        return GradeRule(
            grade=rule["grade"],
            categories=self.bound(rule.get("categories"), (*path, "categories")),
            quota=rule.get("quota"),
            scope=rule.get("scope", "category"),
            order=rule.get("order", "best"),
            at_least=rule.get("at_least"),
            condition=rule.get("when"),
        )

    def consequence(self, entry: dict[str, Any], path: tuple[Any, ...]) -> Consequence:
        """One proposal."""
        days = entry.get("deadline_days")
        return Consequence(
            code=entry["code"],
            title=entry["title"],
            decided_by=entry["decided_by"],
            categories=self.bound(entry.get("categories"), (*path, "categories")),
            condition=entry["when"],
            deadline_days=None if days is None else int(days),
        )

    def pack(self) -> Pack:
        """The whole pack; look at `faults` before use."""
        data = self.data
        self.tree(data["indicators"], ("indicators",), None, {})
        return Pack(
            id=data["id"],
            title=data["title"],
            version=data["version"],
            source=data["source"],
            periods=data["periods"],
            categories={one["code"]: Category(**one) for one in data["categories"]},
            raters={one["code"]: Rater(**one) for one in data.get("raters", ())},
            parameters={
                name: _parameter(name, one, self.values) for name, one in data.get("parameters", {}).items()
            },
            levels=data["levels"],
            indicators=self.indicators,
            steps=tuple(self.step(one, ("steps", place)) for place, one in enumerate(data["steps"])),
            result=data["result"],
            gradings=tuple(
                self.grading(one, ("gradings", n)) for n, one in enumerate(data.get("gradings", ()))
            ),
            flags=tuple(Flag(one["code"], one["title"], one["when"]) for one in data.get("flags", ())),
            consequences=tuple(
                self.consequence(one, ("consequences", place))
                for place, one in enumerate(data.get("consequences", ()))
            ),
            units=tuple(_unit_rule(one) for one in data.get("units", ())),
            process=data.get("process", {}),
        )


def _kind(entry: dict[str, Any]) -> Kind:
    return Kind(entry["code"], entry["title"], entry.get("points"), entry.get("cap"))


def _unit_rule(entry: dict[str, Any]) -> UnitRule:
    return UnitRule(
        entry["code"], entry["title"], entry["decided_by"], entry.get("below"), entry.get("at_least")
    )


def _parameter(name: str, entry: dict[str, Any], values: Mapping[str, Fraction | str]) -> Parameter:
    choices = tuple(entry.get("choices", ()))
    weight, illustrative = entry.get("weight", False), entry.get("illustrative", False)
    return Parameter(name, entry["title"], values[name], choices, weight, illustrative)


def build(
    data: dict[str, Any], lines: dict[Any, int], values: Mapping[str, Fraction | str]
) -> tuple[Pack | None, list[Fault]]:
    """The pack and the faults found while building it."""
    builder = Builder(data, lines, values)
    if builder.faults:
        return None, builder.faults
    return builder.pack(), builder.faults
