"""One request to WeChat: the address, the body, the answer with its code. Keeps no state and retries nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Account:
    """The mini-program's app id and secret, and where WeChat is."""

    app_id: str
    secret: str
    address: str = "https://api.weixin.qq.com"


class NotSent(Exception):
    """The request did not reach WeChat: it may be sent again."""


class Unanswered(Exception):
    """The request may have arrived, no answer came: nobody can know."""


class Refused(Exception):
    """WeChat answered with an error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"errcode {code}")
        self.code = code


def code_to_session(account: Account, code: str) -> dict[str, Any]:
    """`openid` (and `unionid`) of who signed in with `code`. Raises Refused (40029: the code is not good), NotSent,
    Unanswered.
    """
    query = {
        "appid": account.app_id,
        "secret": account.secret,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    return _answer(account, "GET", "/sns/jscode2session", params=query)


def stable_token(account: Account, force: bool) -> tuple[str, int]:
    """(access token, seconds that it lasts); `force` makes a new one where the last is refused."""
    body = {
        "grant_type": "client_credential", "appid": account.app_id, "secret": account.secret, "force_refresh": force,
    }  # fmt: skip
    found = _answer(account, "POST", "/cgi-bin/stable_token", json=body)
    return str(found["access_token"]), int(found["expires_in"])


def send_subscription(
    account: Account, token: str, open_id: str, template: str, page: str, data: dict[str, dict[str, str]]
) -> None:
    """Send one subscription message."""
    body = {"touser": open_id, "template_id": template, "page": page, "data": data, "lang": "zh_CN"}
    _answer(account, "POST", "/cgi-bin/message/subscribe/send", params={"access_token": token}, json=body)


def unlimited_code(account: Account, token: str, scene: str, page: str) -> bytes:
    """A mini-program code (PNG or JPEG) that opens `page` with `scene` (at most 32 characters)."""
    response = _send(
        account,
        "POST",
        "/wxa/getwxacodeunlimit",
        params={"access_token": token},
        json={"scene": scene, "page": page},
    )
    if "json" in response.headers.get("Content-Type", ""):
        _judged(response)
    return response.content


def check_text(account: Account, token: str, open_id: str, text: str) -> bool:
    """Whether WeChat lets this text pass."""
    body = {"content": text, "version": 2, "scene": 2, "openid": open_id}
    found = _answer(account, "POST", "/wxa/msg_sec_check", params={"access_token": token}, json=body)
    return bool(found.get("result", {}).get("suggest") == "pass")


def _answer(account: Account, method: str, path: str, **given: Any) -> dict[str, Any]:
    return _judged(_send(account, method, path, **given))


def _send(account: Account, method: str, path: str, **given: Any) -> httpx.Response:
    try:
        return httpx.request(method, account.address + path, timeout=httpx.Timeout(10, connect=5), **given)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise NotSent from None
    except httpx.HTTPError:
        raise Unanswered from None


def _judged(response: httpx.Response) -> dict[str, Any]:
    try:
        found: dict[str, Any] = response.json()
        code = int(found.get("errcode", 0))
    except (ValueError, AttributeError, TypeError):
        raise Unanswered from None
    if code != 0:
        raise Refused(code)
    if response.status_code >= 400:
        raise Unanswered
    return found
