"""The list of planted faults still fits the program: each place is there, once, and each test exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutations.planted import PLANTED, Fault

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_the_place_of_a_fault_is_there_once(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text("utf-8").count(fault.old) == 1
    assert all((ROOT / test).exists() for test in fault.tests.split())
    assert fault.old != fault.new


def test_there_are_enough_of_them() -> None:
    assert len({fault.name for fault in PLANTED}) >= 12
