"""Every default message of marshmallow is Chinese: a new version that adds one is noticed."""

from __future__ import annotations

import inspect
import re

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from server.web import messages

CHINESE = re.compile("[一-鿿]")


def _fields() -> list[type[fields.Field]]:
    found = inspect.getmembers(fields, inspect.isclass)
    return [kind for _, kind in found if issubclass(kind, fields.Field)]


@pytest.mark.parametrize("kind", _fields(), ids=lambda kind: kind.__name__)
def test_every_message_of_a_field_is_chinese(kind: type[fields.Field]) -> None:
    messages.install()
    for name, text in vars(kind).get("default_error_messages", {}).items():
        assert CHINESE.search(text), f"{kind.__name__}.{name}: {text}"


def test_every_message_of_a_rule_is_chinese() -> None:
    for name, rule in inspect.getmembers(validate, inspect.isclass):
        texts = {k: v for k, v in vars(rule).items() if k.startswith(("message_", "default_message"))}
        for key, text in texts.items():
            assert CHINESE.search(str(text)), f"{name}.{key}: {text}"


class _Sample(Schema):
    name = fields.String(required=True, validate=validate.Length(2, 4))
    count = fields.Integer(validate=validate.Range(1, 9))
    kind = fields.String(validate=validate.OneOf(["a", "b"]))
    when = fields.DateTime()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, {"name": ["必填。"]}),
        ({"name": "x"}, {"name": ["要 2 到 4 个。"]}),
        ({"name": 5}, {"name": ["要写成文字，加引号。"]}),
        ({"name": "xy", "count": 10}, {"count": ["要不小于 1，并不大于 9。"]}),
        ({"name": "xy", "count": "x"}, {"count": ["要写成整数。"]}),
        ({"name": "xy", "kind": "c"}, {"kind": ["只能从这些里选：a, b。"]}),
        ({"name": "xy", "when": "gestern"}, {"when": ["时间写成 2026-11-22T08:00:00+08:00 这样。"]}),
        ({"name": "xy", "other": 1}, {"other": ["没有这一项，请去掉或核对拼写。"]}),
        ({"name": None}, {"name": ["不能是空值（null）。"]}),
    ],
)
def test_what_a_person_reads(data: dict[str, object], expected: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError) as refused:
        _Sample().load(data)
    assert refused.value.messages == expected
