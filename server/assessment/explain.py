"""Explanations: a tree in which every number names the numbers it came from, down to the row of the entry
sheet.

A tree is made for one subject when it is written, and forgotten after: ten thousand of them need no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from . import methods
from .entries import Entry
from .exact import ONE, ZERO, fixed, trimmed
from .outcome import Assessed
from .scheme import Pack, Step, Term
from .steps import View, kind_caps, licence_events, weighted_parts

Node = dict[str, Any]
EFFECTS = {"merit": "加分", "deduct": "扣分", "restore": "培训恢复"}


class Explainer:
    """Makes the trees of one pack; remembers only what all subjects share."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._steps = {step.name: step for step in pack.steps}
        self._final = self._steps[pack.result]
        self._leaves: dict[str, Node] = {}
        self._others = self._unreached()
        self._counted = _counted(pack)
        self._by_method: dict[str, Callable[[Step, View, Assessed, Node], None]] = {
            "sum": self._sum,
            "highest_of_kind": self._highest,
            "capped_by_kind": self._capped,
            "mean": self._plain,
            "rater_mean": self._raters,
            "weighted_mean": self._weighted,
            "product": self._plain,
            "licence_balance": self._licence,
            "rank": self._rank,
            "rank_coefficient": self._rank,
            "charge": self._charge,
            "mean_of_periods": self._periods,
        }

    def _unreached(self) -> tuple[Step, ...]:
        reached: set[str] = set()
        waiting = [self._final]
        while waiting:
            step = waiting.pop()
            if step.name not in reached:
                reached.add(step.name)
                terms = (*step.terms, *step.minus)
                waiting += [self._steps[term.of] for term in terms if term.is_step and term.of in self._steps]
        return tuple(step for step in self.pack.steps if step.name not in reached)

    def tree(self, assessed: Assessed) -> Node:
        """The subject's tree; under `others` the components that the result does not use, under `facts` the
        rows that change no number but a flag or a proposal."""
        node = self.step(self._final, assessed)
        others = [
            _shallow(self.step(step, assessed)) for step in self._others if step.name in assessed.values
        ]
        if others:
            node["others"] = others
        entries = assessed.subject.entries
        facts = [self.leaf(entry) for code in entries if code not in self._counted for entry in entries[code]]
        if facts:
            node["facts"] = facts
        if assessed.ties:
            node["notes"] = [f"名额的最后一名有并列，{name} 未自动评定，请集体研究" for name in assessed.ties]
        return node

    def step(self, step: Step, assessed: Assessed, period: str | None = None) -> Node:
        """One step's node with everything below it."""
        values = assessed.values if period is None else assessed.by_period[period]
        only = period if len(assessed.by_period) > 1 else None
        view = View(assessed.subject.entries, values, only)
        node: Node = {"name": step.name, "title": step.title, "value": trimmed(values.get(step.name, ZERO))}
        node["method"] = step.method
        node["from"] = []
        self._by_method[step.method](step, view, assessed, node)
        return node

    def leaf(self, entry: Entry) -> Node:
        """One row of the sheet: what, how much, by whom, on which evidence."""
        shared = self._leaves.get(entry.indicator)
        if shared is None:
            indicator = self.pack.indicators[entry.indicator]
            shared = {"indicator": indicator.code, "title": indicator.title, "basis": indicator.basis}
            shared["assessor"] = indicator.assessor
            shared = {key: text for key, text in shared.items() if text}
            self._leaves[entry.indicator] = shared
        node: Node = {"row": entry.row, **shared, "value": trimmed(entry.value)}
        if entry.rater:
            node["rater"] = entry.rater
        if entry.kind:
            node["kind"] = entry.kind
            kind = self.pack.indicators[entry.indicator].kinds.get(entry.kind)
            if kind is not None:
                node["kind_title"] = kind.title
        if entry.note:
            node["note"] = entry.note
        if entry.period:
            node["period"] = entry.period
        if entry.day:
            node["date"] = entry.day.isoformat()
        return node

    def _term(self, term: Term, view: View, assessed: Assessed, sign: str = "") -> Iterable[Node]:
        """The nodes behind one term of a step."""
        if term.is_step:
            found = self._of_step(term, view, assessed)
        else:
            entries = (
                sorted(view.entries_of(term), key=lambda entry: entry.row)
                if term.codes
                else view.entries_of(term)
            )
            found = [self.leaf(entry) for entry in entries]
        for node in found:
            if sign:
                node["sign"] = sign
            if term.weight is not None:
                node["weight"] = trimmed(term.weight)
        return found

    def _of_step(self, term: Term, view: View, assessed: Assessed) -> list[Node]:
        if term.of not in view.values:
            return []
        if term.of not in self._steps:
            return [{"name": term.of, "value": trimmed(view.values[term.of])}]
        step = self._steps[term.of]
        period = None
        if step.each_period:
            period = next((p for p, values in assessed.by_period.items() if values is view.values), None)
        return [self.step(step, assessed, period)]

    def _plain(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        for term in step.terms:
            node["from"] += self._term(term, view, assessed)

    def _sum(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        for key in ("base", "min", "max"):
            if key in step.numbers:
                node[key] = trimmed(step.numbers[key])
        self._plain(step, view, assessed, node)
        for term in step.minus:
            node["from"] += self._term(term, view, assessed, "-")

    def _weighted(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        self._plain(step, view, assessed, node)
        node["weights_sum"] = trimmed(methods.total(weight for _, weight in weighted_parts(step, view)))

    def _highest(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        best: dict[str, Entry] = {}
        entries = [entry for term in step.terms for entry in view.entries_of(term)]
        for entry in entries:
            if entry.kind not in best or entry.value > best[entry.kind].value:
                best[entry.kind] = entry
        for entry in entries:
            node["from"].append({**self.leaf(entry), "counted": best[entry.kind] is entry})

    def _capped(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        caps = kind_caps(step, self.pack)
        groups: dict[str, list[Entry]] = {}
        for term in step.terms:
            for entry in view.entries_of(term):
                groups.setdefault(entry.kind, []).append(entry)
        for kind, entries in groups.items():
            total = methods.total(entry.value for entry in entries)
            group: Node = {
                "kind": kind,
                "title": self.pack.indicators[entries[0].indicator].kinds[kind].title,
            }
            group["value"] = trimmed(methods.clamp(total, None, caps.get(kind)))
            if kind in caps:
                group["cap"] = trimmed(caps[kind])
            node["from"].append({**group, "from": [self.leaf(entry) for entry in entries]})

    def _raters(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        groups: dict[str, list[Entry]] = {}
        for term in step.terms:
            for entry in view.entries_of(term):
                groups.setdefault(entry.rater.partition(":")[0], []).append(entry)
        for code, entries in groups.items():
            rater = self.pack.raters[code]
            mean = methods.mean([entry.value for entry in entries])
            group: Node = {
                "rater": code,
                "title": rater.title,
                "value": trimmed(mean),
                "weight": trimmed(rater.weight),
            }
            node["from"].append({**group, "from": [self.leaf(entry) for entry in entries]})

    def _licence(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        events = licence_events(step, view)
        start = step.numbers["start"]
        moves = methods.licence_moves(
            [event for _, event in events], start, int(step.numbers["restores_a_year"])
        )
        node["start"] = trimmed(start)
        for (entry, event), move in zip(events, moves, strict=True):
            told = {
                "effect": EFFECTS[event.effect],
                "points": trimmed(event.points),
                "balance": trimmed(move.balance),
            }
            if move.surplus:
                told["surplus"] = trimmed(move.surplus)
            node["from"].append({**self.leaf(entry), **told, "counted": move.counted})

    def _rank(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        place, count = assessed.places.get(step.name, (ZERO, 0))
        node["rank"] = trimmed(place)
        node["count"] = count
        if step.method == "rank_coefficient":
            middle = Fraction(count + 1, 2)
            node["step"] = trimmed(step.numbers["step"])
            node["rule"] = f"1 + {trimmed(step.numbers['step'])} × ({trimmed(middle)} − {trimmed(place)})"
        self._plain(step, view, assessed, node)

    def _charge(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        node["from"] += [self.leaf(entry) for entry in view.of(step.terms[0].of)]
        share = step.numbers.get("share", ONE)
        for unit, entry in assessed.charged:
            node["from"].append({**self.leaf(entry), "charged_from": unit, "share": trimmed(share)})

    def _periods(self, step: Step, view: View, assessed: Assessed, node: Node) -> None:
        below = self._steps[step.terms[0].of]
        if len(assessed.by_period) == 1:
            only = next(iter(assessed.by_period))
            node["from"].append(self.step(below, assessed, only) | ({"period": only} if only else {}))
            return
        for period in assessed.by_period:
            node["from"].append(self.step(below, assessed, period) | {"period": period})


def _counted(pack: Pack) -> set[str]:
    """The indicators that some step counts."""
    found: set[str] = set()
    for step in pack.steps:
        found.add(step.words.get("restore", ""))
        for term in (*step.terms, *step.minus):
            found |= set(term.codes) or {term.of}
    return found


def _shallow(node: Node) -> Node:
    """A node whose children are only named: they stand in full elsewhere in the tree."""
    node["from"] = [{key: value for key, value in child.items() if key != "from"} for child in node["from"]]
    return node


def below(node: Node) -> list[Node]:
    """The nodes one level down: what the number came from, further components, facts."""
    return [*node.get("from", ()), *node.get("others", ()), *node.get("facts", ())]


def flat_lines(node: Node, depth: int = 0) -> Iterable[tuple[int, str, str, str]]:
    """A tree as lines for sheets and terminals: (depth, what, value, remark)."""
    yield depth, label(node), amount(node), remark(node)
    for child in below(node):
        yield from flat_lines(child, depth + 1)


def amount(node: Node) -> str:
    """A node's value with its sign, shortened for the eye."""
    value = str(node.get("value", ""))
    shortened = (
        fixed(Fraction(value), 4).rstrip("0").rstrip(".") if len(value) > 8 and "." in value else value
    )
    return f"−{shortened}" if node.get("sign") == "-" and value != "0" else shortened


def label(node: Node) -> str:
    """What a node is called: its title, with the kind of an entry."""
    title = str(node.get("title") or node.get("name") or node.get("indicator", ""))
    kind = node.get("kind_title") or (node.get("kind") if "row" in node else "")
    return f"{title}：{kind}" if kind else title


def remark(node: Node) -> str:
    """Everything else that a person may ask about a node, in words."""
    words = []
    simple = {
        "base": "基准",
        "min": "不低于",
        "max": "不高于",
        "cap": "本类上限",
        "start": "起始",
        "weight": "权重",
    }
    words += [f"{word} {node[key]}" for key, word in simple.items() if key in node]
    if "rank" in node:
        words.append(f"第 {node['rank']} 名，共 {node['count']} 个")
    if "rule" in node:
        words.append(str(node["rule"]))
    if "balance" in node:
        words.append(f"{node['effect']} {node['points']}，余 {node['balance']}")
    if "surplus" in node:
        words.append(f"超出 {node['surplus']}")
    if "charged_from" in node:
        words.append(f"来自 {node['charged_from']} 的任务扣分，分担比例 {node['share']}")
    if node.get("counted") is False:
        words.append("不计入")
    words += [str(node[key]) for key in ("period", "date", "rater", "note") if node.get(key)]
    if "row" in node:
        words.append(f"录入表第 {node['row']} 行")
    return "；".join(words)
