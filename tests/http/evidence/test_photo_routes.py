"""Photos: what is accepted, what is kept of them, who may see them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from server.evidence.service import attach
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.access import Place
from tests.cast import VILLAGE, Cast, build, picture


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def stored(cast: Cast) -> list[Path]:
    return sorted((cast.app.extensions["jifen_settings"].data / "photos").rglob("*.jpg"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_and_shown(cast: Cast, kind: str) -> None:
    worker = cast.as_("wang_fang")
    answer = worker.upload(picture("red", (640, 480), kind))
    assert answer.status_code == 201, answer.get_json()
    body = answer.get_json()
    assert (body["width"], body["height"]) == (640, 480)
    shown = worker.get(f"/photos/{body['id']}")
    assert shown.status_code == 200 and shown.content_type == "image/jpeg"
    assert shown.headers["Cache-Control"] == "private, no-store"
    image = Image.open(io.BytesIO(shown.get_data()))
    assert image.size == (640, 480) and image.getpixel((5, 5))[0] > 240  # type: ignore[index]
    small = Image.open(io.BytesIO(worker.get(f"/photos/{body['id']}", size="small").get_data()))
    assert small.size == (320, 240)
    assert len(stored(cast)) == 2


def test_the_same_again_is_one_photo(cast: Cast) -> None:
    worker, key, content = cast.as_("wang_fang"), new_id(), picture()
    first, second = worker.upload(content, key), worker.upload(content, key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    other = worker.upload(picture("blue"), key)
    assert other.status_code == 409 and other.get_json()["code"] == "photo_id_reused"
    assert cast.as_("wang_jun").upload(content, key).status_code == 409


def test_metadata_is_gone_and_the_picture_upright(cast: Cast) -> None:
    image = Image.new("RGB", (60, 40), "green")
    exif = image.getexif()
    exif[0x0112] = 6  # held sideways
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (38.0, 41.0, 7.0)
    stream = io.BytesIO()
    image.save(stream, "JPEG", exif=exif)
    assert b"SecretPhone" in stream.getvalue()
    body = cast.as_("wang_fang").upload(stream.getvalue()).get_json()
    assert (body["width"], body["height"]) == (40, 60)
    for path in stored(cast):
        content = path.read_bytes()
        assert b"SecretPhone" not in content and b"Exif" not in content


def test_a_large_photo_becomes_smaller(cast: Cast) -> None:
    body = cast.as_("wang_fang").upload(picture("green", (4000, 3000))).get_json()
    assert (body["width"], body["height"]) == (2048, 1536)


def test_what_is_transparent_becomes_white(cast: Cast) -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(stream, "PNG")
    worker = cast.as_("wang_fang")
    key = worker.upload(stream.getvalue()).get_json()["id"]
    shown = Image.open(io.BytesIO(worker.get(f"/photos/{key}").get_data()))
    assert shown.getpixel((3, 3)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that claims to be enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_unreadable"),
        (b"no picture at all", "photo_unreadable"),
        (picture("red", (10, 10), "GIF"), "photo_unreadable"),
        (picture("red", (10, 10), "BMP"), "photo_unreadable"),
        (picture("red", (10, 10), "TIFF"), "photo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_unreadable"),
        (picture("red", (800, 800))[:-3000], "photo_unreadable"),
        (bomb(8000, 5001), "photo_too_large"),
        (bomb(60_000, 60_000), "photo_unreadable"),
        (bomb(7000, 5000), "photo_unreadable"),
    ],
    ids=["empty", "text", "gif", "bmp", "tiff", "svg", "cut off", "large bomb", "huge bomb", "hollow"],
)
def test_what_is_refused(cast: Cast, content: bytes, code: str) -> None:
    answer = cast.as_("wang_fang").upload(content)
    assert answer.status_code == 422, answer.get_json()
    assert answer.get_json()["code"] == code
    assert stored(cast) == []


def test_a_polyglot_loses_its_second_face(cast: Cast) -> None:
    body = picture("red") + b"<script>alert(1)</script>PK\x03\x04"
    assert cast.as_("wang_fang").upload(body).status_code == 201
    assert not any(b"<script>" in path.read_bytes() for path in stored(cast))


def test_a_file_is_needed(cast: Cast) -> None:
    headers = cast.as_("wang_fang").headers
    answer = cast.app.test_client().post(
        "/api/v1/photos", data={"id": new_id()}, headers=headers, content_type="multipart/form-data"
    )
    assert answer.status_code == 422 and answer.get_json()["errors"][0]["field"] == "file"
    answer = cast.app.test_client().post(
        "/api/v1/photos",
        data={"id": new_id(), "file": "text"},
        headers=headers,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422 and answer.get_json()["errors"][0]["field"] == "file"
    answer = cast.as_("wang_fang").upload(picture(), "not-an-id")
    assert answer.status_code == 422 and answer.get_json()["errors"][0]["field"] == "id"


def test_who_may_see_a_photo(cast: Cast) -> None:
    key = cast.as_("wang_fang").photo()
    seen = {
        name: cast.as_(name).get(f"/photos/{key}").status_code
        for name in ("wang_fang", "panel_wu", "head_chen")
    }
    assert seen == {"wang_fang": 200, "panel_wu": 404, "head_chen": 404}, "attached to nothing yet"
    with transaction() as session:
        place = Place(VILLAGE, cast.grids["east"], cast.households["zhao"])
        attach(session, [key], cast.actor(session, "wang_fang"), new_id(), place)
    names = ("zhao_min", "panel_wu", "head_chen", "ma_ling", "supervisor_shen")
    assert {cast.as_(name).get(f"/photos/{key}").status_code for name in names} == {200}
    hidden = (
        "qian_yun",
        "wang_jun",
        "ma_dong",
        "other_head",
        "other_villager",
        "keeper_jiang",
        "township_han",
    )
    unknown = cast.as_("qian_yun").get(f"/photos/{new_id()}").get_json()
    for name in hidden:
        answer = cast.as_(name).get(f"/photos/{key}")
        assert (answer.status_code, answer.get_json()) == (404, unknown), name
    assert cast.as_(None).get(f"/photos/{key}").status_code == 401


@pytest.mark.parametrize(("name", "status"), [(None, 401), ("supervisor_shen", 403), ("auditor_yang", 403)])
def test_who_may_not_send(cast: Cast, name: str | None, status: int) -> None:
    assert cast.as_(name).upload(picture()).status_code == status
