"""The honours of a village: the shipped ones (illustrative), changed or added to by the village itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.honours.models import HonourRow
from server.honours.rules import Honour, as_document, from_document, honour_faults
from server.kit.errors import Invalid, NotFound
from server.kit.upsert import insert_for
from server.people.api import Actor, Permission, Place, Village


@cache
def shipped() -> tuple[Honour, ...]:
    """The honours that come with the program, in the order of the source."""
    text = (files("server.honours") / "data/honours-illustrative.yaml").read_text("utf-8")
    return tuple(from_document(one) for one in YAML(typ="safe").load(text))


def of_village(session: Session, village: str) -> list[Honour]:
    """The honours that a village gives: the shipped order, then its own by code; retired ones left out."""
    rows = session.scalars(
        select(HonourRow).where(HonourRow.village_code == village).order_by(HonourRow.code)
    )
    own = {row.code: row for row in rows}
    found = [one for one in shipped() if one.code not in own]
    changed = {code: from_document(row.document) for code, row in own.items() if row.active}
    order = {one.code: place for place, one in enumerate(shipped())}
    return sorted([*found, *changed.values()], key=lambda one: (order.get(one.code, len(order)), one.code))


def keep(
    session: Session, actor: Actor, village: str, given: Mapping[str, Any], active: bool, now: datetime
) -> Honour:
    """Keep a village's own honour, or its change of a shipped one; evaluations that began stay as they are.

    Raises NotFound, Invalid `honour_invalid` with a fault per field.
    """
    actor.at(Permission.HONOUR_MANAGE, Place(village))
    if session.get(Village, village) is None:
        raise NotFound()
    faults = honour_faults(given)
    if faults:
        raise Invalid("honour_invalid", "这项荣誉的条件有不对的地方，请按提示改正。", faults)
    honour = from_document(given)
    values = {
        "document": as_document(honour),
        "active": active,
        "changed_by": actor.person,
        "changed_at": now,
    }
    statement = insert_for(session, HonourRow).values(village_code=village, code=honour.code, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["village_code", "code"], set_=values))
    after = {"code": honour.code, "most": honour.most, "active": active, "conditions": len(honour.conditions)}
    audit.record(session, actor, "honour.keep", "honour", honour.code, now, village, after=after)
    return honour
