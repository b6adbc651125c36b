"""Settings: every wrong value is named at start."""

from pathlib import Path

import pytest

from server.config import ConfigError, load


def test_each_fault_is_named_at_once() -> None:
    environment = {"JIFEN_PORT": "eighty", "JIFEN_MODE": "prod", "JIFEN_DATABASE_URL": "mysql://x"}
    with pytest.raises(ConfigError) as caught:
        load(environment)
    message = str(caught.value)
    assert all(name in message for name in ("JIFEN_PORT", "JIFEN_MODE", "JIFEN_DATABASE_URL"))


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    file = tmp_path / "jifen.toml"
    file.write_text("port = 9000\nworkers = 3\n", "utf-8")
    settings = load({"JIFEN_CONFIG": str(file), "JIFEN_PORT": "9001", "JIFEN_DATA": str(tmp_path)})
    assert (settings.port, settings.workers) == (9001, 3)


def test_an_unknown_setting_in_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "jifen.toml"
    file.write_text("prot = 9000\n", "utf-8")
    with pytest.raises(ConfigError, match="prot"):
        load({"JIFEN_CONFIG": str(file)})


def test_without_a_folder_the_data_lie_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({}).url == f"sqlite:///{tmp_path / 'data' / 'jifen.db'}"


def test_sqlite_in_the_data_folder_is_the_default(tmp_path: Path) -> None:
    settings = load({"JIFEN_DATA": str(tmp_path)})
    assert settings.url == f"sqlite:///{tmp_path / 'jifen.db'}"
    assert load({"JIFEN_DATABASE_URL": "postgres://u@h/d"}).url == "postgresql+psycopg://u@h/d"
