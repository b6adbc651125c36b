"""The engine against a second implementation of every scheme, on seeded random sheets: no difference is
allowed.

100 sheets a scheme by default; JIFEN_SOAK=1 takes 1,000.
"""

from __future__ import annotations

import os

import pytest

from tests.unit.assessment.cases import GENERATORS, sheets
from tests.unit.assessment.naive import naive
from tests.unit.assessment.sheets import results

CASES = 1000 if os.environ.get("JIFEN_SOAK") == "1" else 100
LICENCE_PROPOSALS = {"training", "reminder_talk", "proposal_to_branch"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("pack", GENERATORS)
def test_engine_and_naive_implementation_agree(pack: str) -> None:
    compared = 0
    for rows in sheets(pack, CASES):
        expected = naive(pack, rows)
        found = results(pack, rows)
        assert found.keys() == expected.keys()
        for subject, wanted in expected.items():
            one = found[subject]
            told = (pack, rows[0]["subject"], subject)
            assert (one.final, one.rank, one.grade) == (wanted["final"], wanted["rank"], wanted["grade"]), (
                told
            )
            assert set(one.flags) == wanted["flags"], told
            for name, value in wanted["components"].items():
                assert one.values[name] == value, (*told, name)
            if "proposals" in wanted:
                codes = {consequence.code for consequence in one.consequences}
                assert codes & LICENCE_PROPOSALS == wanted["proposals"], told
            compared += 1
    assert compared >= CASES
