"""Puts the parts together: settings, clock, database, routes. The only place, with the command line and
the closer registry, that knows every slice.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin, resolver
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask
from flask_smorest import Api
from marshmallow import Schema
from werkzeug.middleware.proxy_fix import ProxyFix

from mall import api as mall
from server.config import Settings
from server.cycles.demo_clock import DemoClock
from server.grid.changes import leaving
from server.insight.quarters import shop as quarter_shop
from server.kit import database
from server.kit.clock import Clock, SystemClock
from server.messages import api as messages
from server.people import passwords
from server.people.sealing import Seal
from server.upkeep.gauges import gauges as upkeep_gauges
from server.web import headers, logs, metrics, problems
from server.web.problem_schema import ProblemSchema
from server.web.routes import PROBLEMS, undeclared

# every slice that has routes: its http module offers `blueprint`
ROUTED = (
    "server.people.http",
    "server.people.totp_http",
    "server.people.wechat_http",
    "server.people.place_http",
    "server.people.person_http",
    "server.people.stand_in_http",
    "server.people.household_http",
    "server.people.member_http",
    "server.participation.http",
    "server.people.roster_http",
    "server.grid.http",
    "server.grid.facts.http",
    "server.grid.visits.http",
    "server.grid.events.http",
    "server.grid.changes.http",
    "server.grid.suggestions.http",
    "server.grid.maps.http",
    "server.audit.http",
    "server.cycles.http",
    "server.settlement.http",
    "server.settlement.explanation_http",
    "server.settlement.appeal_http",
    "server.settlement.opening_http",
    "server.complaints.http",
    "server.insight.http",
    "server.ledger.http",
    "server.rulebook.http",
    "server.conduct.http",
    "server.messages.http",
    "server.evidence.http",
    "server.assessment.process.http",
    "server.assessment.process.score_http",
    "server.assessment.process.step_http",
    "server.assessment.process.case_http",
    "server.assessment.process.appraisal_http",
    "server.assessment.process.paper_http",
    "server.assessment.process.linking_http",
    "server.insight.figures_http",
    "server.insight.quarters.http",
    "server.honours.http",
    "server.honours.certificate_http",
    "server.honours.recommendation_http",
)
# pages beside the API
PAGES = (
    "server.web.pages",
    "server.web.metrics",
    "server.web.phone",
    "server.web.console",
    "server.settlement.page",
    "server.honours.page",
    "server.grid.pages",
    "server.people.pages",
    "server.assessment.process.appraisal_pages",
)
# every module that defines tables, so that metadata is whole for migrations
TABLES = (
    "server.people.models",
    "server.grid.models",
    "server.grid.facts.models",
    "server.grid.visits.models",
    "server.grid.events.models",
    "server.grid.changes.models",
    "server.web.idempotency",
    "server.web.rates",
    "server.audit.models",
    "server.ledger.models",
    "server.settlement.models",
    "server.cycles.models",
    "server.rulebook.models",
    "server.complaints.models",
    "server.participation.models",
    "server.conduct.models",
    "server.insight.quarters.models",
    "server.honours.models",
    "server.messages.models",
    "server.evidence.models",
    "server.assessment.process.models",
    "server.assessment.process.case_models",
    "server.assessment.process.appraisal_models",
    "server.assessment.process.linking_models",
)
_OPENAPI = {
    "API_TITLE": "jifen 积分",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"description": "村民积分制的公开接口。错误一律是 RFC 9457 problem，detail 是中文。"},
        "components": {"securitySchemes": {"session": {"type": "http", "scheme": "bearer"}}},
        "servers": [{"url": "/"}],
    },
}


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """A ready application on the instance that `settings` names; `clock` replaces the machine's."""
    app = Flask(__name__, static_folder=None)
    app.config["TESTING"] = settings.mode == "test"
    app.config["MAX_CONTENT_LENGTH"] = settings.upload_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = 1024 * 1024
    app.config.update(_OPENAPI)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    settings.data.mkdir(parents=True, exist_ok=True)
    messages.check_templates(settings)
    app.extensions["jifen_settings"] = settings
    app.extensions["jifen_clock"] = clock or (DemoClock() if settings.mode == "demo" else SystemClock())
    app.extensions["jifen_seal"] = Seal.from_file(settings.secret_key_path)
    passwords.limit(settings.hashes_at_once)
    load_tables()
    database.install(app, settings.url)
    logs.configure(settings.log_level)
    logs.install(app)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies
        )
    headers.install(app)
    metrics.install(app, _gauges())
    problems.install(app)
    _register(app)
    return app


def _gauges() -> list[metrics.Gauge]:
    return upkeep_gauges() + [metrics.Gauge(*one) for one in mall.gauges()]


def load_tables() -> None:
    """Import every module that defines tables."""
    for module in TABLES:
        import_module(module)
    mall.load_tables()


class _Api(Api):  # type: ignore[misc]
    DEFAULT_ERROR_RESPONSE_NAME = None  # every answer is documented by its own status

    def handle_http_exception(self, error: Any) -> Any:
        """flask-smorest's own answer is replaced by our problems."""
        return problems.of_http(error)


def _schema_name(schema: type[Schema]) -> str:
    """A schema's name in the document: with its slice in front, since two slices may use one word."""
    kind = resolve_schema_cls(schema)
    kind = kind[0] if isinstance(kind, list) else kind
    _, _, rest = kind.__module__.partition(".")
    slice_ = "".join(part.title() for part in rest.split(".")[0].split("_"))
    return slice_ + resolver(schema)


def _register(app: Flask) -> None:
    """All routes; one without a declared permission stops the program, so that nothing is open by
    oversight.
    """
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    api = _Api(app, spec_kwargs={"marshmallow_plugin": plugin})
    for status, description in PROBLEMS.items():
        content = {"application/problem+json": {"schema": ProblemSchema}}
        response = {"description": description, "content": content}
        api.spec.components.response(f"Problem{status}", response)
    for module in ROUTED:
        api.register_blueprint(import_module(module).blueprint, url_prefix="/api/v1")
    mall.register(api)
    leaving.register("mall", mall.household_leaves)
    quarter_shop.register("mall", mall.quarter)
    for module in PAGES:
        app.register_blueprint(import_module(module).blueprint)
    forgotten = undeclared(app)
    if forgotten:
        raise RuntimeError(f"routes without a declared permission: {forgotten}")
