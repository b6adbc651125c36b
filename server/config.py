"""Settings: frozen, read once from the environment (`JIFEN_*`) and a TOML file; every wrong value is named
at start.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal


class ConfigError(Exception):
    """One or more settings are wrong; the message has a line for each."""


@dataclass(frozen=True)
class Settings:
    """What an instance needs to know. Times are in seconds."""

    data: Path
    database_url: str = ""
    mode: Literal["production", "demo", "test"] = "production"
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    access_seconds: int = 2 * 3600
    refresh_seconds: int = 30 * 86400
    invitation_seconds: int = 14 * 86400
    hashes_at_once: int = 2
    trusted_proxies: int = 0
    upload_bytes: int = 12 * 1024 * 1024
    audit_days: int = 400
    photo_days: int = 90
    orphan_photo_days: int = 7
    scheduler: bool = True
    log_level: str = "INFO"
    secret_key_file: str = ""
    metrics_token: str = ""
    wechat_app_id: str = ""
    wechat_secret: str = ""
    wechat_address: str = "https://api.weixin.qq.com"
    wechat_templates: str = ""

    @property
    def url(self) -> str:
        """The database: as set, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'jifen.db'}"

    @property
    def wechat_template_ids(self) -> dict[str, str]:
        """Kind of message → template id, from `kind=id,kind=id`."""
        pairs = (one.partition("=") for one in self.wechat_templates.split(",") if one.strip())
        return {kind.strip(): template.strip() for kind, _, template in pairs}

    @property
    def secret_key_path(self) -> Path:
        """The key that seals phone and id numbers: kept outside the database and its backups."""
        return Path(self.secret_key_file) if self.secret_key_file else self.data / "secret.key"


_RANGES: dict[str, tuple[int, int]] = {
    "port": (0, 65535),
    "workers": (1, 64),
    "threads": (1, 64),
    "access_seconds": (60, 30 * 86400),
    "refresh_seconds": (300, 365 * 86400),
    "invitation_seconds": (300, 90 * 86400),
    "hashes_at_once": (1, 64),
    "trusted_proxies": (0, 5),
    "upload_bytes": (1024, 100 * 1024 * 1024),
    "audit_days": (183, 3650),  # six months are the least
    "photo_days": (30, 3650),
    "orphan_photo_days": (1, 90),
}
SECRETS = ("database_url", "metrics_token", "wechat_secret")
_CHOICES = {"mode": ("production", "demo", "test"), "log_level": ("DEBUG", "INFO", "WARNING", "ERROR")}


def load(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from `JIFEN_CONFIG` (TOML), then `JIFEN_*`, then `overrides`; raises ConfigError naming
    each fault.
    """
    env = os.environ if environment is None else environment
    known = {field.name for field in fields(Settings)}
    raw: dict[str, Any] = {}
    faults: list[str] = []
    if env.get("JIFEN_CONFIG"):
        raw, faults = _from_toml(Path(env["JIFEN_CONFIG"]), known)
    raw |= {name: env[f"JIFEN_{name.upper()}"] for name in known if env.get(f"JIFEN_{name.upper()}")}
    raw |= {name: value for name, value in overrides.items() if value is not None}
    for name in SECRETS:  # a secret may stand in a file that only its owner reads
        if env.get(f"JIFEN_{name.upper()}_FILE"):
            _from_file(name, Path(env[f"JIFEN_{name.upper()}_FILE"]), raw, faults)
    values: dict[str, Any] = {}
    for name, value in raw.items():
        try:
            values[name] = _convert(name, value)
        except ValueError as error:
            faults.append(f"JIFEN_{name.upper()} = {value!r}：{error}")
    if "data" not in values:
        values["data"] = Path("data").resolve()  # SQLite would look for a relative path elsewhere
    url = values.get("database_url", "")
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")):
        faults.append("JIFEN_DATABASE_URL：写成 sqlite:///文件 或 postgresql://用户@主机/库")
    if faults:
        raise ConfigError("配置有错，请改正后再启动：\n" + "\n".join(faults))
    values["database_url"] = _with_driver(url)
    return Settings(**values)


def _from_file(name: str, path: Path, raw: dict[str, Any], faults: list[str]) -> None:
    try:
        raw[name] = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"JIFEN_{name.upper()}_FILE = {str(path)!r}：读不了（{error}）")


def _from_toml(path: Path, known: set[str]) -> tuple[dict[str, Any], list[str]]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, [f"JIFEN_CONFIG = {str(path)!r}：读不了（{error}）"]
    unknown = [f"{path.name} 里的 {name}：没有这个设置" for name in content if name not in known]
    return {name: value for name, value in content.items() if name in known}, unknown


def _with_driver(url: str) -> str:
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _convert(name: str, value: Any) -> Any:
    if name == "data":
        return Path(value).resolve()
    if name in _RANGES:
        low, high = _RANGES[name]
        number = int(value) if isinstance(value, int) or str(value).isdecimal() else None
        if number is None or not low <= number <= high:
            raise ValueError(f"要 {low} 到 {high} 的整数")
        return number
    if name == "scheduler":
        word = str(value).lower()
        if word not in ("1", "0", "true", "false", "yes", "no"):
            raise ValueError("写 true 或 false")
        return word in ("1", "true", "yes")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ValueError("只能是 " + "、".join(_CHOICES[name]))
    if name == "public_url" and not str(value).startswith(("http://", "https://")):
        raise ValueError("要以 http:// 或 https:// 开头")
    return str(value).rstrip("/") if name == "public_url" else str(value)
