"""WeChat's documented error codes, and what each one means for a message. Pure.

Source: developers.weixin.qq.com, 小程序 · 服务端接口 · subscribeMessage.send, getStableAccessToken, 全局返回码.
"""

from __future__ import annotations

from enum import StrEnum


class Reaction(StrEnum):
    """What is done about an answer."""

    DONE = "done"
    RENEW_TOKEN = "renew_token"  # noqa: S105 - the token is no longer good: one worker gets the next, then again
    SOON = "soon"  # busy: again in a while
    TOMORROW = "tomorrow"  # the day's quota is used up
    NEVER = "never"  # this message will never arrive
    NOT_AGREED = "not_agreed"  # nor will any other, until the person agrees again
    SET_UP = "set_up"  # app id, secret or address list are wrong: nothing can be sent until somebody mends it


REACTIONS: dict[int, Reaction] = {
    0: Reaction.DONE,
    -1: Reaction.SOON,  # 系统繁忙
    40001: Reaction.RENEW_TOKEN,  # access_token 无效
    40014: Reaction.RENEW_TOKEN,  # 不合法的 access_token
    42001: Reaction.RENEW_TOKEN,  # access_token 过期
    41001: Reaction.RENEW_TOKEN,  # 缺少 access_token
    45009: Reaction.TOMORROW,  # 调用超过当日限制
    45011: Reaction.SOON,  # 调用太频繁
    43108: Reaction.SOON,  # 并发下发给同一个用户
    45047: Reaction.SOON,  # 下发条数超过限制
    43101: Reaction.NOT_AGREED,  # 用户拒绝接受消息
    40003: Reaction.NOT_AGREED,  # openid 不对
    40037: Reaction.NEVER,  # 模板不对
    41028: Reaction.NEVER,  # form_id 不对
    41030: Reaction.NEVER,  # page 不对
    43104: Reaction.NEVER,  # appid 与 openid 不匹配
    45168: Reaction.NEVER,  # 命中敏感词
    47003: Reaction.NEVER,  # 模板参数不准确
    87014: Reaction.NEVER,  # 内容违规
    43107: Reaction.SET_UP,  # 订阅消息能力封禁
    40002: Reaction.SET_UP,  # grant_type 不对
    40013: Reaction.SET_UP,  # appid 不对
    40125: Reaction.SET_UP,  # appsecret 不对
    40164: Reaction.SET_UP,  # 本机地址不在白名单
    48001: Reaction.SET_UP,  # 接口没有权限
    50002: Reaction.SET_UP,  # 用户（小程序）受限
}


def reaction(code: int) -> Reaction:
    """What to do; a code that is not documented is like a busy system: again, a few times."""
    return REACTIONS.get(code, Reaction.SOON)
