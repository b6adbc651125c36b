"""What a schema cannot see in a pack: references, counts, weights, steps that fit their method. Lines and
remedies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .exact import ONE, trimmed
from .faults import Fault
from .linking import contradictions
from .methods import total
from .pack_schema import nearest_line
from .scheme import Pack, Step
from .steps import PER_SUBJECT

CROSS = ("rank", "rank_coefficient", "charge", "mean_of_periods")
NEEDS = {"rank_coefficient": ("step",), "licence_balance": ("start", "restore_points", "restores_a_year")}
Finding = tuple[tuple[Any, ...], str, str, str]


def check_references(pack: Pack, data: dict[str, Any], lines: dict[Any, int]) -> list[Fault]:
    """Every inner contradiction of a built pack."""
    findings: list[Finding] = []
    findings += _tree(pack, data)
    findings += _counts(pack, data)
    for place, step in enumerate(pack.steps):
        findings += _step(pack, step, ("steps", place))
    findings += _result(pack)
    findings += _gradings(pack)
    for place, flag in enumerate(pack.flags):
        findings += _condition(pack, flag.condition, ("flags", place, "when"))
    for place, consequence in enumerate(pack.consequences):
        findings += _condition(pack, consequence.condition, ("consequences", place, "when"))
    findings += _parameters(pack, data)
    findings += contradictions(pack)
    return [
        Fault(code, reason, remedy, line=nearest_line(path, lines)) for path, code, reason, remedy in findings
    ]


def _tree(pack: Pack, data: dict[str, Any]) -> Iterator[Finding]:
    for path, node in walk(data["indicators"], ("indicators",)):
        indicator = pack.indicators[node["code"]]
        if indicator.level not in pack.levels:
            remedy = f"请在 levels 里定义，或改为：{'、'.join(pack.levels)}"
            yield (*path, "level"), "level_unknown", f"没有层级“{indicator.level}”", remedy
        low = indicator.minimum if indicator.minimum is not None else indicator.above
        if low is not None and indicator.maximum is not None and low > indicator.maximum:
            yield (*path, "max"), "bounds", "下限大于上限", "请改正 min 或 max"
        for rater in indicator.rater_codes:
            if rater not in pack.raters:
                remedy = f"请在 raters 里定义；已有：{'、'.join(pack.raters) or '（无）'}"
                yield (*path, "raters"), "rater_unknown", f"没有评分人“{rater}”", remedy
        kinds = [kind["code"] for kind in node.get("kinds", ())]
        if len(set(kinds)) != len(kinds):
            yield (*path, "kinds"), "kind_double", "种类编号重复", "请给其中一个换编号"


def walk(
    nodes: list[dict[str, Any]], path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Every node of the raw tree with its path."""
    for place, node in enumerate(nodes):
        yield (*path, place), node
        yield from walk(node.get("children", []), (*path, place, "children"))


def _counts(pack: Pack, data: dict[str, Any]) -> Iterator[Finding]:
    found = pack.counts()
    for level, wanted in data.get("expected_counts", {}).items():
        if found.get(level) != wanted:
            reason = f"层级“{level}”有 {found.get(level, 0)} 条，应有 {trimmed(wanted)} 条"
            yield ("expected_counts", level), "count", reason, "请补齐或删去多余的；改了方案就同时改这里的数"
    codes = [entry["code"] for entry in data["categories"]]
    if len(set(codes)) != len(codes):
        yield ("categories",), "category_double", "类别编号重复", "请给其中一个换编号"


def _step(pack: Pack, step: Step, path: tuple[Any, ...]) -> Iterator[Finding]:
    for term in (*step.terms, *step.minus):
        indicator = pack.indicators.get(term.of)
        if not term.is_step and not term.codes and (indicator is None or not indicator.entry):
            remedy = "请写可填的指标编号、“编号.*”，或写在它前面的步骤的名字"
            yield path, "reference_unknown", f"步骤 {step.name} 引用了不存在的“{term.of}”", remedy
    if not step.terms and "base" not in step.numbers:
        yield path, "step_empty", f"步骤 {step.name} 没有写 of、add 或 parts", "请写明由哪些指标或步骤算出"
    for key in NEEDS.get(step.method, ()):
        if key not in step.numbers:
            yield path, "step_number", f"步骤 {step.name} 缺少 {key}", f"方法 {step.method} 需要它"
    if step.method == "licence_balance" and not {"restore", "surplus", "surplus_title"} <= set(step.words):
        yield (
            path,
            "step_word",
            f"步骤 {step.name} 缺少 restore、surplus 或 surplus_title",
            "请参照 nanjiang-licence",
        )
    if step.method == "licence_balance" and not step.minus:
        yield path, "step_word", f"步骤 {step.name} 缺少 subtract", "请写扣分的指标"
    if (
        step.method in ("rank", "rank_coefficient", "mean_of_periods")
        and step.terms
        and not step.terms[0].is_step
    ):
        yield path, "step_source", f"步骤 {step.name} 要根据前面的步骤来算", "请先用 sum 等方法算出一个步骤"
    if step.each_period and (step.method in CROSS or pack.periods != "mean"):
        yield (
            path,
            "step_period",
            f"步骤 {step.name} 不能写 each_period",
            "只有 periods: mean 的方案可用，且不能用于名次",
        )
    yield from _weights(pack, step, path)


def _weights(pack: Pack, step: Step, path: tuple[Any, ...]) -> Iterator[Finding]:
    if step.method == "weighted_mean":
        if total(ONE if term.weight is None else term.weight for term in step.terms) <= 0:
            yield path, "weights", f"步骤 {step.name} 的权重之和不大于 0", "请改正权重"
        if any(term.weight is not None and term.weight < 0 for term in step.terms):
            yield path, "weights", f"步骤 {step.name} 有负的权重", "权重不能小于 0"
    if step.method == "rater_mean" and any(rater.weight <= 0 for rater in pack.raters.values()):
        yield path, "weights", "评分人的权重要大于 0", "请改正 raters 里的 weight"
    if step.method in ("capped_by_kind", "highest_of_kind"):
        for term in step.terms:
            if term.is_step or (term.of in pack.indicators and not pack.indicators[term.of].kinds):
                yield (
                    path,
                    "step_kinds",
                    f"步骤 {step.name} 要用分种类的指标",
                    "请给该指标写 kinds，或改用 sum",
                )


def _result(pack: Pack) -> Iterator[Finding]:
    names = [step.name for step in pack.steps]
    if pack.result not in names:
        yield ("result",), "result_unknown", f"没有步骤“{pack.result}”", f"请改为：{'、'.join(names)}"
    for name in names:
        if names.count(name) > 1:
            yield ("steps",), "step_double", f"步骤名“{name}”用了两次", "请换一个名字"
            return
    final = [step for step in pack.steps if step.name == pack.result]
    for code in pack.categories:
        if final and code not in final[0].categories:
            yield (
                ("result",),
                "result_category",
                f"类别 {code} 没有最终得分",
                f"请让步骤 {pack.result} 适用于它",
            )


def _gradings(pack: Pack) -> Iterator[Finding]:
    names = set(pack.component_titles) | {pack.result}
    for place, grading in enumerate(pack.gradings):
        path = ("gradings", place)
        if grading.of not in names:
            yield (
                (*path, "of"),
                "reference_unknown",
                f"没有步骤“{grading.of}”",
                f"请改为：{'、'.join(sorted(names))}",
            )
        for number, rule in enumerate(grading.rules):
            here = (*path, "rules", number)
            if rule.grade not in grading.titles:
                yield (
                    here,
                    "grade_unknown",
                    f"没有等次“{rule.grade}”",
                    f"请在 grades 里定义；已有：{'、'.join(grading.titles)}",
                )
            if rule.quota is not None and not 0 <= rule.quota <= 1:
                yield here, "quota", "比例要在 0 与 1 之间", "30% 写成 0.3"
            if rule.scope not in ("category", "all", "unit"):
                yield here, "scope", f"没有范围“{rule.scope}”", "可取：category、all、unit"
            if rule.condition is not None:
                yield from _condition(pack, rule.condition, (*here, "when"))


def _condition(pack: Pack, condition: Any, path: tuple[Any, ...]) -> Iterator[Finding]:
    subjects = ("all", "any", "not", "choose", "has", "flag", "grade", "value", "always")
    if sum(key in condition for key in subjects) != 1:
        yield path, "condition", "一个条件只能判断一件事", f"请只写其中一个：{'、'.join(subjects)}"
        return
    for key in ("all", "any"):
        for place, inner in enumerate(condition.get(key, ())):
            yield from _condition(pack, inner, (*path, key, place))
    if "not" in condition:
        yield from _condition(pack, condition["not"], (*path, "not"))
    for name, inner in condition.get("cases", {}).items():
        yield from _condition(pack, inner, (*path, "cases", name))
    yield from _atom(pack, condition, path)


def _atom(pack: Pack, condition: Any, path: tuple[Any, ...]) -> Iterator[Finding]:
    if "choose" in condition and condition["choose"] not in condition.get("cases", {}):
        yield path, "condition", f"cases 里没有“{condition['choose']}”", "请为参数的每个取值写一种情形"
    if "has" in condition:
        indicator = pack.indicators.get(condition["has"])
        if indicator is None:
            yield path, "reference_unknown", f"没有指标“{condition['has']}”", "请改正 has"
            return
        kinds = condition.get("kind", [])
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            if kind not in indicator.kinds:
                yield (
                    path,
                    "kind_unknown",
                    f"指标 {indicator.code} 没有种类“{kind}”",
                    f"已有：{'、'.join(indicator.kinds)}",
                )
    if "flag" in condition and condition["flag"] not in {flag.code for flag in pack.flags}:
        yield path, "reference_unknown", f"没有标记“{condition['flag']}”", "请在 flags 里定义"
    if "value" in condition and condition["value"] not in set(pack.component_titles) | {pack.result}:
        yield path, "reference_unknown", f"没有步骤“{condition['value']}”", "请改正 value"
    if "value" in condition and not {"at_least", "below", "at_most", "above"} & set(condition):
        yield path, "condition", "没有写界限", "请写 at_least、below、at_most 或 above"
    if "grade" in condition:
        name = condition.get("grading", "grade")
        grading = next((one for one in pack.gradings if one.name == name), None)
        if grading is None or condition["grade"] not in grading.titles:
            yield path, "grade_unknown", f"等次组 {name} 里没有“{condition['grade']}”", "请在 gradings 里定义"


def _parameters(pack: Pack, data: dict[str, Any]) -> Iterator[Finding]:
    used = set(_references({key: value for key, value in data.items() if key != "parameters"}))
    for name, parameter in pack.parameters.items():
        if name not in used:
            yield (
                ("parameters", name),
                "parameter_unused",
                f"参数 {name} 没有用到",
                "请删去，或在计算中用 $名字 引用",
            )
        if parameter.choices and parameter.value not in parameter.choices:
            remedy = f"可取：{'、'.join(parameter.choices)}"
            yield (
                ("parameters", name, "value"),
                "parameter_value",
                f"参数 {name} 的取值不在 choices 里",
                remedy,
            )
        if not parameter.choices and isinstance(parameter.value, str):
            yield (
                ("parameters", name, "value"),
                "parameter_value",
                f"参数 {name} 要写数字",
                "文字参数请写 choices",
            )


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
    elif isinstance(value, str) and value.startswith("$"):
        yield value[1:]


def known_methods() -> tuple[str, ...]:
    """All methods that a step may name."""
    return (*PER_SUBJECT, *CROSS)
