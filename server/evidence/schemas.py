"""Shapes of the photo API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates
from werkzeug.datastructures import FileStorage

from server.web import fields as f


class PhotoUpload(Schema):
    """The client-made id of a photo, so that sending it twice keeps it once, and the picture itself."""

    id = f.identifier(required=True)
    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})

    @validates("file")
    def sent_as_file(self, value: Any, **_: Any) -> None:
        """A text field named `file` is no file."""
        if not isinstance(value, FileStorage):
            raise ValidationError("请把照片作为文件上传。")


class PhotoAnswer(Schema):
    """What is kept: metadata is gone, large pictures are smaller."""

    id = f.identifier(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class PhotoQuery(Schema):
    """Which of the two sizes."""

    size = fields.String(validate=validate.OneOf(["full", "small"]), load_default="full")
