"""Who signs in: the open id behind a `wx.login` code, and WeChat's refusals as errors that a person may meet.

Knows no person and opens no session. Source of the codes: developers.weixin.qq.com, 小程序 · 服务端接口 · code2Session.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from server.config import Settings
from server.kit.errors import DomainError, NotAllowed, NotFound, NotSignedIn, TooMany, Unavailable
from server.messages.wechat import client

log = structlog.get_logger()
_OR_PASSWORD = "也可以用用户名和密码登录。"  # noqa: S105 - a sentence


def _stale() -> DomainError:
    return NotSignedIn("wechat_code_wrong", "微信登录没有成功，请再点一次。")


def _blocked() -> DomainError:
    return NotAllowed("wechat_blocked", "微信说这个账号有风险，不让登录。请用用户名和密码登录。")


def _busy() -> DomainError:
    return TooMany("wechat_busy", f"点得太快了，请过一分钟再试，{_OR_PASSWORD}", 60)


def _away() -> DomainError:
    return Unavailable("wechat_away", f"现在连不上微信，请过一会儿再点，{_OR_PASSWORD}")


def _set_up() -> DomainError:
    return Unavailable("wechat_set_up", f"这里的微信登录没有设好，请告诉管理员，{_OR_PASSWORD}")


REFUSALS: dict[int, Callable[[], DomainError]] = {
    -1: _away,  # 系统繁忙
    40029: _stale,  # code 无效
    40163: _stale,  # code 已被使用
    41008: _stale,  # 缺少 code
    40226: _blocked,  # 高风险等级用户，登录被拦截
    45011: _busy,  # API 调用太频繁
    40002: _set_up,  # grant_type 不对
    40013: _set_up,  # appid 不对
    40125: _set_up,  # appsecret 不对
    40164: _set_up,  # 本机地址不在白名单
    41002: _set_up,  # 缺少 appid
    41004: _set_up,  # 缺少 secret
    48001: _set_up,  # 接口没有权限
    50002: _set_up,  # 用户（小程序）受限
}


def account(settings: Settings) -> client.Account:
    """The mini-program of this instance. Raises NotFound `wechat_off` where none is set up."""
    if not settings.wechat_app_id:
        raise NotFound("wechat_off", "这里没有开通微信登录，请用用户名和密码登录。")
    return client.Account(settings.wechat_app_id, settings.wechat_secret, settings.wechat_address)


def open_id(settings: Settings, code: str) -> str:
    """The open id of who made `code` by `wx.login`; a code is good once, for five minutes.

    Raises NotFound `wechat_off`, NotSignedIn `wechat_code_wrong`, NotAllowed `wechat_blocked`, TooMany `wechat_busy`,
    Unavailable `wechat_away` or `wechat_set_up`. Asks WeChat: call it outside of every transaction.
    """
    mine = account(settings)
    try:
        found = str(client.code_to_session(mine, code).get("openid", ""))
    except client.Refused as refused:
        log.warning("wechat_sign_in_refused", code=refused.code)
        raise REFUSALS.get(refused.code, _away)() from None
    except (client.NotSent, client.Unanswered):
        raise _away() from None
    if not found:
        raise _away()
    return found
