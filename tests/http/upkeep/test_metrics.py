"""`/metrics`: what is counted, by rule and not by address; who may read it; the same from every worker."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx
import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.web import metrics
from tests.acceptance.running import Server
from tests.cast import Cast, build
from tests.guards.permissions import markers as m


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    app.extensions["jifen_meters"].read_at = float("-inf")
    return build(app, clock)


def read(cast: Cast) -> str:
    answer = cast.app.test_client().get("/metrics")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} ([0-9.e+-]+)$", text, re.M)
    return float(found[1]) if found else 0.0


def test_requests_are_counted_by_rule(cast: Cast) -> None:
    name = 'jifen_requests_total{method="GET",route="/api/v1/households/<code>",status="404"}'
    before = value(read(cast), name)
    code = cast.households["other"]
    cast.as_("wang_fang").get(f"/households/{code}")
    text = read(cast)
    assert value(text, name) == before + 1
    assert code not in text


def test_the_state_of_the_instance(cast: Cast) -> None:
    cast.log("wang_fang", "zhao")
    text = read(cast)
    assert value(text, "jifen_ledger_sum_points") == 0
    assert "jifen_ledger_sum_points 0.0" in text
    assert value(text, 'jifen_queue{queue="audit_unsealed"}') > 0
    assert 'jifen_shop_cover_villages{level="short"} 0.0' in text
    assert 'jifen_closers{closer="-",state="failed"} 0.0' in text


def test_late_closers_are_told(cast: Cast) -> None:
    cast.clock.advance(days=8)
    text = read(cast)
    assert value(text, 'jifen_closers{closer="conduct.week_report",state="late"}') == 2


def test_only_the_machine_itself_reads_it(cast: Cast) -> None:
    client = cast.app.test_client()
    away = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", environ_overrides=away).status_code == 404


def test_no_personal_data(cast: Cast, app: Flask) -> None:
    m_text = read(cast)
    names = [name for name, *_ in (("赵敏",), ("王芳",), ("户主1",))]
    assert not any(name in m_text for name in names)
    assert not any(marker in m_text for marker in (*m.PHONES, *m.ID_NUMBERS))


def test_every_worker_tells_of_all(app: Flask, clock: SetClock, tmp_path: Path, database_url: str) -> None:
    build(app, clock)
    with transaction(writes=False), Server(tmp_path, database_url) as server:
        for _ in range(40):
            with httpx.Client(base_url=server.address, timeout=30) as client:  # each a new connection
                assert client.get("/healthz").status_code == 200
        name = 'jifen_requests_total{method="GET",route="/healthz",status="200"}'
        with httpx.Client(base_url=server.address, timeout=30) as client:
            assert [value(client.get("/metrics").text, name) for _ in range(3)] == [40.0] * 3


def test_what_is_counted_is_not_mapped_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk a page of a mapped file that was never written kills the worker that touches it."""
    monkeypatch.setenv(metrics.FOLDER, "")
    monkeypatch.setattr(metrics, "MEMORY", tmp_path / "memory")
    metrics.share(tmp_path)
    assert os.environ[metrics.FOLDER] == str(tmp_path / "metrics"), "where there is no such place"
    metrics.put_away()
    left = (
        tmp_path / "memory" / f"{metrics.OWN}{2**22 + 1}"
    )  # of a server that was killed: no process has this number
    left.mkdir(parents=True)
    metrics.share(tmp_path)
    folder = Path(os.environ[metrics.FOLDER])
    assert folder.parent == left.parent and folder.stat().st_mode & 0o077 == 0
    assert not left.exists()
    (folder / "counter_1.db").write_bytes(b"of the run before")
    metrics.share(tmp_path)
    assert list(folder.iterdir()) == []
    metrics.put_away()
    assert not folder.exists()
