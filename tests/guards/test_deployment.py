"""The deployment's files fit the program: settings, commands, metrics and limits that they name are there."""

from __future__ import annotations

import configparser
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from ruamel.yaml import YAML

from server.cli import COMMANDS, IMPORTS
from server.config import Settings, load
from server.kit.clock import SetClock
from tests.cast import build
from tests.settled import ok

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "deployment"
PAGES = sorted([*(ROOT / "docs").glob("*.md"), *FOLDER.iterdir(), ROOT / "README.md"])
# read by one command or by the tests, not settings of a running instance
OTHERS = {"JIFEN_CONFIG", "JIFEN_ADMIN_PASSWORD"}
TESTING = re.compile(
    r"JIFEN_(SEED|SOAK|TEST|KILLS|PHONE|LOOP|RUSH|DOWNTIME|BACKUPS|RENEW|DURABLE|SHOP|SCHEMA)"
)
SECTIONS = {"Unit", "Service", "Timer", "Install"}


def text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    known = {f"JIFEN_{field.name.upper()}" for field in fields(Settings)} | OTHERS
    named = set(re.findall(r"JIFEN_[A-Z_]+[A-Z]", page.read_text("utf-8")))
    unknown = {name for name in named if name.removesuffix("_FILE") not in known and name not in known}
    assert {name for name in unknown if not TESTING.match(name)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    said = page.read_text("utf-8")
    if page.suffix == ".md":  # only what stands in code
        said = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", said, re.DOTALL))
    named = re.findall(
        r"(?:`|^(?:ExecStart=)?(?:\S*/)?)jifen ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?", said, re.MULTILINE
    )
    assert {first for first, _ in named} <= set(COMMANDS)
    assert {second for first, second in named if first == "import" and second} <= set(IMPORTS)


def test_a_page_names_every_file_and_no_other() -> None:
    linked = set(re.findall(r"\]\(([\w.-]+)\)", text("county.md") + text("village.md")))
    assert {path.name for path in FOLDER.iterdir()} - {"county.md"} == linked - {"county.md"} | {"village.md"}


@pytest.mark.parametrize(
    "unit", [*FOLDER.glob("*.service"), *FOLDER.glob("*.timer")], ids=lambda unit: unit.name
)
def test_a_unit_has_its_sections_and_starts_what_is_installed(unit: Path) -> None:
    parsed = configparser.RawConfigParser(strict=False, interpolation=None)
    parsed.read_string(unit.read_text("utf-8"))
    assert set(parsed.sections()) <= SECTIONS and "Unit" in parsed
    if unit.suffix == ".service":
        assert "/opt/jifen/.venv/bin/jifen" in parsed["Service"]["ExecStart"]
        assert parsed["Service"]["User"] == "jifen", "never as root"


def test_the_environment_file_is_a_valid_configuration(tmp_path: Path) -> None:
    pairs = [line.split("=", 1) for line in text("jifen.env").splitlines() if line and line[0] != "#"]
    settings = load(dict(pairs) | {"JIFEN_DATA": str(tmp_path)})
    assert settings.public_url.startswith("https://") and settings.trusted_proxies == 1
    assert not settings.metrics_token and not settings.database_url, "no secret stands in it"


def test_the_proxy_takes_what_the_program_takes() -> None:
    size = re.search(r"client_max_body_size (\d+)m;", text("nginx.conf"))
    assert size and int(size[1]) * 1024 * 1024 == load({}).upload_bytes
    assert text("nginx.conf").count("{") == text("nginx.conf").count("}")
    assert "X-Forwarded-For $remote_addr;" in text("nginx.conf"), (
        "an address that the client claims is not passed on"
    )


def test_alerts_and_dashboard_ask_for_metrics_that_are_there(app: Flask, clock: SetClock) -> None:
    cast = build(app, clock)
    ok(cast.as_("zhao_min").get("/me"))
    shown = app.test_client().get("/metrics").get_data(as_text=True)
    rules = YAML(typ="safe", pure=True).load(text("alerts.yaml"))["groups"][0]["rules"]
    asked = " ".join(rule["expr"] for rule in rules) + json.dumps(json.loads(text("dashboard.json")))
    named = set(re.findall(r"jifen_[a-z_]+", asked))
    assert len(named) >= 6
    assert {name for name in named if name not in shown} == set()
    assert all(rule["annotations"]["summary"] for rule in rules)
