"""The demo county, built once for all tests that look at it; each gets a copy of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from server.config import Settings, load
from server.demo.cli import ensure_built
from tests.acceptance.size import SOAK

AS_OF = date(2026, 11, 23)


def demo_settings(folder: Path) -> Settings:
    """The settings of a demo in this folder."""
    return load({}, data=str(folder), mode="demo", scheduler="false")


def demo_copy(places: pytest.TempPathFactory, *, small: bool = not SOAK) -> Path:
    """A folder with the county of seed 1 on a Monday: built by whichever worker of the run asks first."""
    base = places.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    county = shared / ("county-small" if small else "county-full")
    with (shared / "county.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_built(demo_settings(county), small=small, seed=1, as_of=AS_OF)
        copy = places.mktemp("demo") / "county"
        shutil.copytree(county, copy)
    return copy
