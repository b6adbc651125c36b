"""The phone client's files: caching by name, compression, one page for all its screens, nothing outside its folder."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.config import load
from server.web import headers, phone

PAGE = "<!doctype html><title>村民积分</title>"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the build leaves it, with a secret beside it."""
    folder = tmp_path / "static" / "m"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "service-worker.js").write_text("// shell", "utf-8")
    (folder / "assets" / "index-1a2b.js").write_text("let a = 1;", "utf-8")
    (folder / "assets" / "index-1a2b.js.gz").write_bytes(gzip.compress(b"let a = 1;"))
    (tmp_path / "static" / "secret.txt").write_text("no", "utf-8")
    monkeypatch.setattr(phone, "static_root", lambda: tmp_path / "static")
    return folder


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    app = Flask(__name__, static_folder=None)
    app.extensions["jifen_settings"] = load({}, data=str(tmp_path), mode="test")
    headers.install(app)
    app.register_blueprint(phone.blueprint)
    with app.test_client() as made:
        yield made


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/m/", "no-cache"),
        ("/m/pages/home/home", "no-cache"),
        ("/m/service-worker.js", "no-cache"),
        ("/m/assets/index-1a2b.js", "public, max-age=31536000, immutable"),
    ],
)
def test_what_may_be_kept_and_how_long(built: Path, client: FlaskClient, path: str, caching: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, caching)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_every_screen_is_the_one_page(built: Path, client: FlaskClient) -> None:
    for path in ("/m/", "/m/pages/plate/plate", "/m/pages/shop/shop?day=x"):
        assert client.get(path).get_data(as_text=True) == PAGE
    assert client.get("/m").headers["Location"] == "/m/"


def test_compressed_only_where_the_browser_takes_it(built: Path, client: FlaskClient) -> None:
    path = "/m/assets/index-1a2b.js"
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == b"let a = 1;"
    plain = client.get(path)
    assert (plain.data, plain.headers.get("Content-Encoding")) == (b"let a = 1;", None)
    for answer in (packed, plain):
        assert answer.mimetype == "text/javascript"
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "path", ["/m/assets/gone.js", "/m/x.png", "/m/../secret.txt", "/m/%2e%2e/secret.txt"]
)
def test_nothing_else_is_there(built: Path, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_without_a_build_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: FlaskClient
) -> None:
    monkeypatch.setattr(phone, "static_root", lambda: tmp_path)
    answer = client.get("/m/")
    assert answer.status_code == 503
    assert "重新安装" in answer.get_data(as_text=True)
