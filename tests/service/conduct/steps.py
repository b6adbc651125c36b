"""Steps that several tests of conduct take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.conduct.api import closers
from server.cycles.api import run_due
from server.kit.clock import local_date, local_midnight
from tests.cast import Cast


def next_monday(cast: Cast) -> None:
    """Move on to the coming Monday, 09:00, closing the week."""
    today = local_date(cast.clock.now())
    monday = local_midnight(today + timedelta(days=7 - today.weekday()))
    cast.clock.move_to(monday + timedelta(hours=9))
    run_due(cast.clock.now(), closers=closers())


def submit_all(cast: Cast, submit: bool = True) -> None:
    """Close the week; with `submit` the leaders hand all open reports to the panel."""
    next_monday(cast)
    if submit:
        for leader in ("ma_ling", "ma_dong"):
            for report in cast.as_(leader).get("/weekly-reports", status="open").get_json()["items"]:
                answer = cast.as_(leader).post(f"/weekly-reports/{report['id']}/submission")
                assert answer.status_code == 200, answer.get_json()


def review(cast: Cast, by: str, key: str, verdict: str = "approve", **more: Any) -> Any:
    """One member's verdict; gives the answer."""
    return cast.as_(by).post(f"/records/{key}/reviews", {"verdict": verdict, **more})


def approve(cast: Cast, key: str) -> dict[str, Any]:
    """Two members approve; gives the record."""
    for name in ("panel_zhou", "panel_wu"):
        answer = review(cast, name, key)
        assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def status(cast: Cast, key: str) -> str:
    """The state shown."""
    return str(cast.as_("head_chen").get(f"/records/{key}").get_json()["status"])


def run_closers(cast: Cast) -> None:
    """Close what is due now."""
    run_due(cast.clock.now(), closers=closers())
