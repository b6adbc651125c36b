"""How the console's files are served: one page for every address, hashed files for a year, nothing foreign."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask

from server.web import console


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A console as the build leaves it."""
    folder = tmp_path / "dist" / "console"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>积分制</title>", "utf-8")
    (folder / "assets" / "index-AbC123.js").write_text("export {}", "utf-8")
    (folder / "assets" / "index-AbC123.js.gz").write_bytes(gzip.compress(b"export {}"))
    monkeypatch.setattr(console, "static_root", lambda: tmp_path)
    return folder


@pytest.mark.parametrize("where", ["/console/", "/console/signin", "/console/v/990101101201/tallies/2026-11"])
def test_every_address_below_the_console_is_its_page(app: Flask, built: Path, where: str) -> None:
    answer = app.test_client().get(where)
    assert answer.status_code == 200
    assert "积分制" in answer.get_data(as_text=True)
    assert answer.cache_control.no_cache
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "http" not in policy


def test_files_named_by_their_content_are_kept(app: Flask, built: Path) -> None:
    answer = app.test_client().get("/console/assets/index-AbC123.js")
    assert answer.status_code == 200
    assert answer.cache_control.immutable and answer.cache_control.max_age == 31536000
    assert answer.mimetype == "text/javascript"
    packed = app.test_client().get("/console/assets/index-AbC123.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"


def test_a_file_that_is_not_there_is_not_the_page(app: Flask, built: Path) -> None:
    assert app.test_client().get("/console/assets/index-old.js").status_code == 404
    assert app.test_client().get("/console/../../secret.txt").status_code == 404


def test_without_a_build_it_says_what_to_do(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(console, "static_root", lambda: tmp_path)
    answer = app.test_client().get("/console/")
    assert answer.status_code == 503
    assert "pip install" in answer.get_data(as_text=True)
