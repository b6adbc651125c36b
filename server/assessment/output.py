"""Results as the contract writes them: JSON, one result at a time, and CSV. XLSX is in `xlsx_output`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import IO, Any

from .exact import fixed, trimmed
from .explain import Explainer
from .outcome import Assessed, Outcome
from .scheme import Pack

RISKY = ("=", "+", "-", "@", "\t", "\r")


def result_dict(pack: Pack, assessed: Assessed, explainer: Explainer | None = None) -> dict[str, Any]:
    """One result in the shape of the contract; the explanation only with an explainer.

    Beyond the contract: `unit` and `grades` (secondary gradings, such as the party grade of a unit).
    """
    subject = assessed.subject
    found: dict[str, Any] = {"subject": subject.id, "name": subject.name, "category": subject.category}
    found["unit"] = subject.unit
    titles = pack.component_titles
    found["components"] = {name: trimmed(v) for name, v in assessed.values.items() if name in titles}
    found["final"] = fixed(assessed.final)
    found["rank"] = assessed.rank
    found["grade"] = assessed.grade
    found["grades"] = {name: grade for name, grade in assessed.grades.items() if name != "grade"}
    found["flags"] = list(assessed.flags)
    found["consequences"] = [
        {"code": one.code, "title": one.title, "decided_by": one.decided_by}
        | ({"deadline_days": one.deadline_days} if one.deadline_days else {})
        for one in assessed.consequences
    ]
    if explainer is not None:
        found["explanation"] = explainer.tree(assessed)
    return found


def unit_dicts(outcome: Outcome) -> list[dict[str, Any]]:
    """The units of a pack that looks at units."""
    return [
        {
            "unit": one.unit,
            "members": one.members,
            "mean": fixed(one.mean),
            "rank": one.rank,
            "consequences": [
                {"code": rule.code, "title": rule.title, "decided_by": rule.decided_by}
                for rule in one.consequences
            ],
        }
        for one in outcome.units
    ]


def json_pieces(outcome: Outcome) -> Iterator[str]:
    """The whole JSON document in pieces, one result a piece, so that explanations are never all in memory."""
    pack = outcome.pack
    explainer = Explainer(pack)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    head: dict[str, Any] = {"pack": pack.id, "version": pack.version, "periods": list(outcome.sheet.periods)}
    if pack.units:
        head["units"] = unit_dicts(outcome)
    yield encode(head)[:-1] + ',"results":['
    mark = "\n"
    for assessed in outcome.results:
        yield mark + encode(result_dict(pack, assessed, explainer))
        mark = ",\n"
    yield "\n]}\n"


def write_json(outcome: Outcome, file: IO[str]) -> None:
    """Writes the JSON document."""
    for piece in json_pieces(outcome):
        file.write(piece)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a leading = + - @ gets an apostrophe before it."""
    return "'" + text if text.startswith(RISKY) else text


def result_columns(pack: Pack) -> list[str]:
    """Chinese headings of a results table."""
    head = ["类别", "名次", "编号", "名称", "所属单位", "最终得分", "等次", "标记"]
    others = [grading.title for grading in pack.gradings if grading.name != "grade"]
    return [*head, *others, *pack.component_titles.values(), "建议措施（决定机关）"]


def grade_title(pack: Pack, name: str, code: str | None) -> str:
    """The Chinese name of a grade."""
    for grading in pack.gradings:
        if grading.name == name and code is not None:
            return grading.titles[code]
    return ""


def flag_titles(pack: Pack, codes: list[str]) -> str:
    """Flags in Chinese."""
    titles = {flag.code: flag.title for flag in pack.flags} | {"tie_at_quota": "名额处并列，请集体研究"}
    return "、".join(titles[code] for code in codes)


def proposals(assessed: Assessed) -> str:
    """The proposals with the bodies that decide, in one cell."""
    return "；".join(f"{one.title}（{one.decided_by}）" for one in assessed.consequences)


def result_cells(pack: Pack, assessed: Assessed) -> list[str]:
    """One row of a results table, in the order of `result_columns`; numbers as decimal text."""
    subject = assessed.subject
    others = [
        grade_title(pack, name, assessed.grades.get(name)) for name in assessed.grades if name != "grade"
    ]
    components = [
        trimmed(assessed.values[name]) if name in assessed.values else "" for name in pack.component_titles
    ]
    head = [
        pack.categories[subject.category].title,
        str(assessed.rank),
        harmless(subject.id),
        harmless(subject.name),
    ]
    head += [harmless(subject.unit), fixed(assessed.final), grade_title(pack, "grade", assessed.grade)]
    return [*head, flag_titles(pack, assessed.flags), *others, *components, proposals(assessed)]


def write_csv(outcome: Outcome, file: IO[str]) -> None:
    """Writes the results table; the file should be UTF-8 with BOM, so that Excel reads it."""
    writer = csv.writer(file)
    writer.writerow(result_columns(outcome.pack))
    for assessed in outcome.results:
        writer.writerow(result_cells(outcome.pack, assessed))
