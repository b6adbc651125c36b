"""Every step of the month goes into the decisions and into the audit log. One place, so that none is
forgotten.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.people.api import Actor, Grant


def decided(
    session: Session,
    actor: Actor | None,
    entity: str,
    entity_id: str,
    village: str,
    source: StrEnum | None,
    target: StrEnum,
    now: datetime,
    reason: str = "",
    grant: Grant | None = None,
) -> None:
    """Keep one step; `actor` None is a closer, `source` None a beginning."""
    before = source.value if source else ""
    audit.decide(session, actor, entity, entity_id, before, target.value, now, reason, grant)
    audit.record(
        session,
        actor,
        f"{entity}.{target.value}",
        entity,
        entity_id,
        now,
        village=village,
        before={"status": before} if before else None,
        after={"status": target.value},
    )
