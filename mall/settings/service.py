"""Reading and changing a shop's settings. Changes count from now on, never backwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from mall.settings.models import MallSettings
from mall.settings.rules import ShopSettings
from server.audit import api as audit
from server.kit.errors import NotFound, Stale
from server.kit.exact import text
from server.kit.upsert import insert_for
from server.people.api import Actor, Permission, Place, Village

NAMES = tuple(entry.name for entry in fields(ShopSettings))


def settings_of(session: Session, village: str) -> ShopSettings:
    """The settings of a village's shop; the defaults where it has decided nothing yet."""
    row = session.get(MallSettings, village)
    if row is None:
        return ShopSettings()
    return ShopSettings(**{name: getattr(row, name) for name in NAMES})


def change_settings(
    session: Session,
    actor: Actor,
    village: str,
    changes: Mapping[str, Any],
    revision: int | None,
    now: datetime,
) -> ShopSettings:
    """Change some settings; `revision` is the one the person saw (None: whatever it is). Stale, NotFound."""
    actor.at(Permission.SHOP_MANAGE, Place(village))
    if session.get(Village, village) is None:
        raise NotFound()
    before = settings_of(session, village)
    if revision is not None and revision != before.revision:
        raise Stale()
    after = replace(before, **changes, revision=before.revision + 1)
    if not _store(session, village, before, after):
        raise Stale()
    session.expire_all()
    audit.record(
        session,
        actor,
        "mall.settings",
        "mall_settings",
        village,
        now,
        village,
        {name: _plain(getattr(before, name)) for name in changes},
        {name: _plain(value) for name, value in changes.items()},
    )
    return after


def _store(session: Session, village: str, before: ShopSettings, after: ShopSettings) -> bool:
    values = asdict(replace(after, exchange_rule={})) | {"exchange_rule": dict(after.exchange_rule)}
    if before.revision == 0:
        statement = insert_for(session, MallSettings).values(village_code=village, **values)
        made: CursorResult[Any] = session.execute(statement.on_conflict_do_nothing())  # type: ignore[assignment]
        return made.rowcount == 1
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(MallSettings)
        .where(MallSettings.village_code == village, MallSettings.revision == before.revision)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return text(value)
    return dict(value) if isinstance(value, Mapping) else value
