"""Shapes of donors and the fund. Amounts are yuan."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from mall.funds.rules import DonorKind, FundKind
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f

_KIND = validate.OneOf([kind.value for kind in DonorKind])
# purchases come with the stock movement that they paid
_ENTERED = [kind.value for kind in FundKind if kind is not FundKind.PURCHASE]


class DonorBody(Schema):
    """A donor to be put on file; `named` false: stays unnamed in public."""

    village = f.division_code(required=True)
    name = f.text(1, 60, required=True)
    kind = fields.String(load_default=DonorKind.PERSON.value, validate=_KIND)
    named = fields.Boolean(load_default=True)


class DonorChange(Schema):
    """How a donor is shown in public."""

    kind = fields.String(validate=_KIND)
    named = fields.Boolean()


class DonorSchema(Schema):
    """A donor as those who run the shop see it; `public_name` is what the donation book shows."""

    id = f.identifier(required=True)
    village = f.division_code(required=True, attribute="village_code")
    name = f.text(1, 60, required=True)
    kind = fields.String(required=True, validate=_KIND)
    named = fields.Boolean(required=True)
    public_name = fields.String(required=True)


class DonorList(Schema):
    """Everybody who gave, by name."""

    items = fields.List(fields.Nested(DonorSchema), required=True)


class FundBody(Schema):
    """Money in, or a correction (which may be negative and says why). `donor`: an id or a name."""

    id = f.identifier(required=True)
    village = f.division_code(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(_ENTERED))
    amount = f.Points(required=True)
    donor = f.text(1, 60, load_default=None, allow_none=True)
    note = f.text(0, 200, load_default="")


class FundSchema(Schema):
    """One movement of the fund; a purchase is negative, its `reference` names the stock movement."""

    id = f.identifier(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in FundKind]))
    amount = f.Points(required=True)
    donor = f.identifier(required=True, allow_none=True, attribute="donor_id")
    note = fields.String(required=True)
    reference = fields.String(required=True)
    at = f.Instant(required=True)


class FundQuery(Schema):
    """Whose fund, and where to go on."""

    village = f.division_code(required=True)
    cursor = f.text(1, 200)
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, LARGEST_LIMIT, error=f"每页 1–{LARGEST_LIMIT} 行。"),
    )


class FundPage(Schema):
    """A page of the fund's movements, the newest first, with what is left."""

    items = fields.List(fields.Nested(FundSchema), required=True)
    left = f.Points(required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class DonorQuery(Schema):
    """Whose donors."""

    village = f.division_code(required=True)
