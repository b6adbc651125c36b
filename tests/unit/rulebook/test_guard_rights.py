"""The lawful-rights guard against its tables: for each rule at least 40 examples that are refused, and 40 near misses.

The examples are data (`examples/*.tsv`, one file a rule), so that a village secretary can read them and add one.
`where` says whether the sentence is an item (its name and explanation) or a consequence.
"""

from __future__ import annotations

import csv
import inspect as reflection
from pathlib import Path

import pytest

from server.rulebook import guard, guard_words
from server.rulebook.findings import Finding, Level
from server.rulebook.guard import LAW
from tests.unit.rulebook.reading import errors, of_consequence, of_item

EXAMPLES = Path(__file__).parent / "examples"
AT_LEAST = 40
Example = tuple[str, str, str, str]


def table(name: str) -> list[dict[str, str]]:
    """The rows of one file."""
    with (EXAMPLES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


RULES = sorted(path.stem for path in EXAMPLES.glob("guard_*.tsv"))


def examples(verdict: str) -> list[Example]:
    """(rule, where, text, explanation) of every example with this verdict."""
    return [
        (rule, row["where"], row["text"], row["explanation"])
        for rule in RULES
        for row in table(rule)
        if row["verdict"] == verdict
    ]


def read(where: str, text: str, explanation: str = "") -> list[list[Finding]]:
    """What the guard says of an example; an item is read as a deduction and as a veto."""
    if where == "consequence":
        return [of_consequence(text)]
    return [of_item(text, explanation, kind) for kind in ("negative", "veto")]


@pytest.mark.parametrize(("rule", "where", "text", "explanation"), examples("refused"))
def test_it_is_refused_and_the_law_is_named(rule: str, where: str, text: str, explanation: str) -> None:
    for findings in read(where, text, explanation):
        refusals = [finding for finding in findings if finding.level is Level.ERROR]
        assert rule in {finding.code for finding in refusals}
        assert all(LAW in finding.message and finding.remedy for finding in refusals)


@pytest.mark.parametrize(("rule", "where", "text", "explanation"), examples("passes"))
def test_a_near_miss_passes(rule: str, where: str, text: str, explanation: str) -> None:
    for findings in read(where, text, explanation):
        assert errors(findings) == set()


@pytest.mark.parametrize(("where", "text"), [(row["where"], row["text"]) for row in table("ordinary")])
def test_what_villages_usually_write_passes(where: str, text: str) -> None:
    for findings in read(where, text):
        assert errors(findings) == set()


def test_every_rule_has_a_table_with_forty_of_each() -> None:
    """The rules are taken from the guard itself, so that a new one cannot be forgotten."""
    source = reflection.getsource(guard) + "".join(right.code for right in guard_words.RIGHTS)
    assert {"guard_withholding", "guard_fine", *(right.code for right in guard_words.RIGHTS)} == set(RULES)
    errors_of_the_guard = source.count("Level.ERROR")
    assert errors_of_the_guard == 3, "a new kind of refusal needs a table of its own"
    for rule in RULES:
        rows = table(rule)
        assert len({(row["where"], row["text"], row["explanation"]) for row in rows}) == len(rows)
        for verdict in ("refused", "passes"):
            assert sum(row["verdict"] == verdict for row in rows) >= AT_LEAST, (rule, verdict)
