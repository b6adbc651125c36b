"""Shapes of facts and of the household's file."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.grid.facts.rules import NewFact
from server.grid.vocabulary import fact_kinds
from server.web import fields as f

KINDS = list(fact_kinds())


class FactBody(Schema):
    """A fact: kinds, choices and purposes stand in GET /grid-vocabulary. `ended`: the state is over."""

    id = f.identifier(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(KINDS, error="没有这一类情况，请从列表里选。")
    )
    member = f.identifier(allow_none=True, load_default=None)
    value = f.text(0, 100, load_default="")
    since = fields.Date(allow_none=True, load_default=None)
    ended = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewFact:
        """As a value."""
        return NewFact(**data)
