"""What somebody agreed to get on WeChat: said kind by kind, used up message by message, taken back at any time.

WeChat's subscriptions are good once: each yes allows one message (`outbox.py` uses it up when the message is written).
Asks WeChat nothing; the phone has asked its owner through `requestSubscribeMessage` before it says yes here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.config import ConfigError, Settings
from server.kit.errors import Conflict, FieldFault, Invalid
from server.kit.upsert import insert_for
from server.messages import outbox
from server.messages.kinds import KINDS
from server.messages.models import Agreement, OutboxRow
from server.people.api import Actor, WechatAccount

MOST = 50
"""Yeses of one kind that are kept: more than a year of the busiest kind."""


def check_templates(settings: Settings) -> None:
    """Raises ConfigError for a kind that is not offered, or one template for two kinds: WeChat asks by template."""
    found = settings.wechat_template_ids
    faults = [f"{kind}：没有这种消息，有的是 {'、'.join(KINDS)}" for kind in found if kind not in KINDS]
    faults += [f"{kind}：没有写模板编号" for kind, template in found.items() if not template]
    if len(set(found.values())) < len(found):
        faults.append("一个模板编号只能用于一种消息")
    if faults:
        raise ConfigError(
            "配置有错，请改正后再启动：\n" + "\n".join(f"JIFEN_WECHAT_TEMPLATES：{f}" for f in faults)
        )


def offered(session: Session, actor: Actor) -> dict[str, Any]:
    """What can be said yes to, with how many more of each are agreed to."""
    templates = outbox.templates()
    query = select(Agreement.template, Agreement.remaining).where(Agreement.person_id == actor.person)
    remaining = {row.template: row.remaining for row in session.execute(query)}
    items = [
        {
            "kind": kind,
            "title": words.title,
            "text": words.text,
            "template": templates[kind],
            "remaining": remaining.get(kind, 0),
        }
        for kind, words in KINDS.items()
        if kind in templates
    ]
    return {"available": bool(templates), "bound": _bound(session, actor.person), "items": items}


def answer(
    session: Session, actor: Actor, answers: Sequence[Mapping[str, str]], now: datetime
) -> dict[str, Any]:
    """Keep what `actor` said. A yes adds one message of that kind, a no ends all that were agreed to.

    Raises Invalid `kind_unknown` for a kind that is not offered here, or is there twice; Conflict `wechat_unbound` for
    a yes without a WeChat.
    """
    said = {one["kind"]: one["answer"] for one in answers}
    unknown = [kind for kind in said if kind not in outbox.templates()]
    if unknown or len(said) < len(answers):
        fault = FieldFault("answers", "这里没有这种消息，或者写了两次：" + "、".join(unknown or said))
        raise Invalid("kind_unknown", "有一种消息这里不能用微信提醒，请刷新后再选。", [fault])
    if "yes" in said.values() and not _bound(session, actor.person):
        raise Conflict("wechat_unbound", "还不知道您的微信。请在小程序里用“微信登录”登录一次，再来选。")
    for kind, word in sorted(said.items()):
        if word == "yes":
            _agree(session, actor.person, kind, now)
        else:
            end_consent(session, actor.person, now, kind)
    return offered(session, actor)


def end_consent(session: Session, person: str, now: datetime, kind: str | None = None) -> None:
    """Nothing more of this kind (of any kind) goes out to this person, what waits included."""
    agreed = update(Agreement).where(Agreement.person_id == person)
    waiting = update(OutboxRow).where(OutboxRow.person_id == person, OutboxRow.status == "waiting")
    if kind is not None:
        agreed, waiting = agreed.where(Agreement.template == kind), waiting.where(OutboxRow.template == kind)
    quiet = {"synchronize_session": False}
    session.execute(agreed.values(remaining=0).execution_options(**quiet))
    session.execute(waiting.values(status="withheld", ended_at=now).execution_options(**quiet))


def _bound(session: Session, person: str) -> bool:
    return session.get(WechatAccount, person) is not None


def _agree(session: Session, person: str, kind: str, now: datetime) -> None:
    row = {"person_id": person, "template": kind, "remaining": 0, "agreed_at": now}
    session.execute(insert_for(session, Agreement).values(row).on_conflict_do_nothing())
    session.execute(
        update(Agreement)
        .where(Agreement.person_id == person, Agreement.template == kind, Agreement.remaining < MOST)
        .values(remaining=Agreement.remaining + 1, agreed_at=now)
        .execution_options(synchronize_session=False)
    )
