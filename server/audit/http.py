"""The route of the audit log."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.audit import service
from server.audit.schemas import AuditPage, AuditQuery
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("audit", __name__, description="操作日志")


@endpoint(blueprint, "GET", "/audit", needs=Permission.AUDIT_READ, query=AuditQuery, answer=AuditPage)
def search_audit_log(call: Call, query: dict[str, Any]) -> Any:
    """Who did what to what, when."""
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows, following = service.search(call.session, call.actor, service.AuditFilter(**query), cursor, limit)
    return {"items": rows, "next_cursor": following}
