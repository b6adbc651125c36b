"""`jifen bench` from end to end on a few hundred households: the shape of its result, never its timing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKS = {"hello", "record", "redeem", "account", "statement", "goods", "notice", "ranking"}


def run(data: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """One short run in `data`."""
    command = [sys.executable, "-m", "server", "bench", "--data", str(data), "--households", "320"]
    command += ["--records", "1600", "--rounds", "1", "--seconds", "1", "--warmup", "0", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.timeout(500)
def test_a_short_run(tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    done = run(tmp_path / "county", "--json", str(target))
    assert done.returncode == 0, done.stderr
    result = json.loads(target.read_text("utf-8"))
    assert set(result["works"]) == WORKS and result["households"] == 320 and result["records"] == 1600
    for name, work in result["works"].items():
        assert work["rps"]["median"] > 0 and work["p99"]["median"] >= work["p50"] > 0, name
        assert (work["of_floor"] is not None) == (name in {"record", "redeem", "account", "statement"})
    assert result["works"]["hello"]["statements"] == 0 < result["works"]["account"]["statements"] <= 2
    month = result["month_close"]
    assert month["whole"] == pytest.approx(sum(month["seconds"].values())) and month["floor"] > 0
    assert "对 hello" in done.stdout and "月结" in done.stdout
    again = run(tmp_path / "county", "--only", "account")
    assert again.returncode == 0 and "建测量县" not in again.stderr
    other = run(tmp_path / "county", "--households", "640")
    assert other.returncode == 1 and "换一个空库" in other.stderr


def test_an_unknown_work_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "--only", "dance")
    assert done.returncode == 2 and "没有 dance" in done.stderr
