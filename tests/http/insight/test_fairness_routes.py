"""Hints by API: for supervisors and panel, from real records and photos."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.cast import VILLAGE, Cast, build
from tests.settled import Months, ok, refused

SPAN = {"from": "2026-09-14", "to": "2026-10-31"}


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def scene(seed: int, quality: int = 90, size: tuple[int, int] = (320, 240)) -> bytes:
    """A picture with something on it; the same seed shows the same at any size and quality."""
    pick = Random(seed)
    rough = Image.new("L", (9, 8))
    rough.putdata([pick.randrange(256) for _ in range(72)])
    stream = io.BytesIO()
    rough.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def found(cast: Cast, by: str = "supervisor_shen", **more: Any) -> dict[str, Any]:
    return ok(cast.as_(by).get(f"/villages/{VILLAGE}/fairness", **SPAN, **more))


def test_one_photo_on_five_records_is_found_whatever_its_size(cast: Cast) -> None:
    keys = []
    for number, house in enumerate(("zhao", "qian", "sun", "zhao", "qian")):
        photo = new_id()
        shape = scene(7, quality=95 - 9 * number, size=(320 + 40 * number, 240 + 30 * number))
        ok(cast.as_("wang_fang").upload(shape, photo), 201)
        item = "J3" if number < 3 else "J6"
        points = "10.00" if item == "J3" else "1.00"
        keys.append(cast.log("wang_fang", house, item, points, photos=[photo])["id"])
    other = new_id()
    ok(cast.as_("wang_fang").upload(scene(8), other), 201)
    cast.log("wang_fang", "zhao", "J6", "1.00", photos=[other])
    hints = found(cast)["hints"]
    assert [(hint["kind"], hint["records"]) for hint in hints if hint["kind"] == "reused_photo"] == [
        ("reused_photo", sorted(keys))
    ]
    assert [hint["subject"] for hint in hints if hint["kind"] == "grid_unseen"] == [cast.grids["west"]]


def test_who_is_left_out_and_who_may_ask(cast: Cast) -> None:
    cast.log("wang_fang", "zhao")
    Months(cast).go(days=40)
    shown = found(cast, weeks=4)
    assert cast.households["zhao"] in shown["unseen"] and len(shown["unseen"]) == 6
    assert found(cast, "panel_zhou", weeks=8)["unseen"] == sorted(
        code for name, code in cast.households.items() if name not in ("zhao", "other")
    )
    kinds = {part["kind"]: part for part in shown["participation"]}
    assert kinds["elders_only"]["with_records"] == 0 and kinds["general"]["records"] == 1
    path = f"/villages/{VILLAGE}/fairness"
    refused(cast.as_("head_chen").get(path, **SPAN), 403, "not_allowed")
    refused(cast.as_("other_panel").get(path, **SPAN), 404, "not_found")
    backwards = {"from": "2026-10-31", "to": "2026-09-14"}
    refused(cast.as_("supervisor_shen").get(path, **backwards), 422, "span_wrong")
