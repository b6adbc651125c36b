"""Text fields: what may be written, and that blanks alone are nothing where something must be."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from server.web import fields


@pytest.mark.parametrize("value", ["", " ", "　 ", "\n", "x" * 61, "a\x00b"])
def test_refused_where_something_must_be_written(value: str) -> None:
    with pytest.raises(ValidationError):
        fields.text(1, 60).deserialize(value)


@pytest.mark.parametrize("value", ["王建国", " 王 ", "x" * 60, "第一行\n第二行"])
def test_accepted_as_written(value: str) -> None:
    assert fields.text(1, 60).deserialize(value) == value


def test_nothing_is_fine_where_nothing_must_be_written() -> None:
    assert fields.text(0, 60).deserialize(" ") == " "
