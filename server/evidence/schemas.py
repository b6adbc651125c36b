"""Shapes of the photo API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.web import fields as f


class PhotoForm(Schema):
    """The client-made id of a photo, so that sending it twice keeps it once."""

    id = f.identifier(required=True)


class PhotoFile(Schema):
    """The picture: JPEG, PNG or WebP."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class PhotoAnswer(Schema):
    """What is kept: metadata is gone, large pictures are smaller."""

    id = f.identifier(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class PhotoQuery(Schema):
    """Which of the two sizes."""

    size = fields.String(validate=validate.OneOf(["full", "small"]), load_default="full")
