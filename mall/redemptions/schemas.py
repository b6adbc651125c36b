"""Shapes of the counter's API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from mall.redemptions.consent import Consent
from mall.redemptions.returns import ReturnLine
from mall.redemptions.rules import MOST_REPLAYED, Method
from mall.redemptions.wanted import Wanted
from mall.reservations.api import LineAnswer, ReservationAnswer, WishBody
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


class ConsentBody(Schema):
    """How the household consents; `value`: code or PIN, `photo`: the signed slip, `proxy`: who collects."""

    method = fields.String(
        required=True,
        validate=validate.OneOf([m.value for m in Method], error="只能是 code、pin、statement。"),
    )
    value = f.text(1, 20, load_default=None, allow_none=True)
    reason = f.text(0, 200, load_default="", allow_none=True)
    photo = f.identifier(load_default=None, allow_none=True)
    proxy = f.identifier(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Consent:
        """As a value."""
        return Consent(**{**data, "method": Method(data["method"]), "reason": data["reason"] or ""})


class RedemptionBody(Schema):
    """Goods handed out, with a client-made id. `redeemed_at`: when that was, for a counter without a line."""

    id = f.identifier(required=True)
    household = f.household_code(required=True)
    exchange_day = f.identifier(required=True)
    reservation = f.identifier(load_default=None, allow_none=True)
    lines = fields.List(fields.Nested(WishBody), load_default=list, validate=validate.Length(max=50))
    redeemed_at = f.Instant(load_default=None, allow_none=True)
    consent = fields.Nested(ConsentBody, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Wanted:
        """As a value."""
        return Wanted(**{**data, "lines": tuple(data["lines"])})


class ReplayBody(Schema):
    """What a counter queued while it had no line."""

    redemptions = fields.List(
        fields.Dict(), required=True, validate=validate.Length(1, MOST_REPLAYED, error="一次 1–200 笔。")
    )


class ReceiptLine(LineAnswer):
    """A line of a receipt."""

    reserved = fields.Boolean(required=True)


class ReturnShown(Schema):
    """What came back."""

    id = f.identifier(required=True)
    redemption = f.identifier(required=True)
    household = fields.String(required=True)
    points = fields.String(required=True)
    lines = fields.List(fields.Dict(), required=True)
    reason = fields.String(required=True)
    at = fields.String(required=True)


class ReceiptAnswer(Schema):
    """A receipt, the same however often it is asked for."""

    id = f.identifier(required=True)
    number = fields.String(required=True, metadata={"example": "20261201-3F9A2C"})
    village = fields.String(required=True)
    household = fields.String(required=True)
    label = fields.String(required=True)
    exchange_day = f.identifier(required=True)
    day = fields.String(required=True)
    reservation = f.identifier(required=True, allow_none=True)
    redeemed_at = fields.String(required=True)
    recorded_at = fields.String(required=True)
    offline = fields.Boolean(required=True)
    supplement = fields.Boolean(required=True)
    consent = fields.Dict(required=True)
    lines = fields.List(fields.Nested(ReceiptLine), required=True)
    points = fields.String(required=True)
    balance_after = fields.String(required=True)
    keeper = fields.String(required=True)


class RedemptionAnswer(ReceiptAnswer):
    """A receipt with what came back since."""

    returns = fields.List(fields.Nested(ReturnShown), required=True)


class RedemptionQuery(Schema):
    """Of a household, of an exchange day, or both."""

    household = f.household_code()
    exchange_day = f.identifier()
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class RedemptionList(Schema):
    """A page of receipts, newest first."""

    items = fields.List(fields.Nested(ReceiptAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ReplayResult(Schema):
    """One queued redemption: its receipt, or why it could not be booked."""

    id = fields.String(required=True)
    status = fields.Integer(required=True)
    receipt = fields.Nested(ReceiptAnswer)
    problem = fields.Dict()


class ReplayAnswer(Schema):
    """One result per queued redemption, in order."""

    results = fields.List(fields.Nested(ReplayResult), required=True)


class ReturnLineBody(Schema):
    """So many units; `sound`: fit to be handed out again."""

    goods = f.identifier(required=True)
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))
    sound = fields.Boolean(load_default=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReturnLine:
        """As a value."""
        return ReturnLine(**data)


class ReturnBody(Schema):
    """What comes back, and why."""

    id = f.identifier()
    lines = fields.List(fields.Nested(ReturnLineBody), required=True, validate=validate.Length(1, 50))
    reason = f.text(1, 200, required=True)


class CodeBody(Schema):
    """For a reservation, or for the household."""

    reservation = f.identifier()
    household = f.household_code()

    @validates_schema
    def one(self, data: dict[str, Any], **_: Any) -> None:
        """One of the two is needed."""
        if not data:
            raise ValidationError("写明哪个预约，或哪一户。", "household")


class CodeAnswer(Schema):
    """A code to show at the counter, and until when it is good."""

    code = fields.String(required=True, metadata={"example": "40291735"})
    expires_at = f.Instant(required=True)


class ProxyBody(Schema):
    """Whom the household names."""

    id = f.identifier()
    household = f.household_code(required=True)
    name = f.text(1, 60, required=True)


class ProxyAnswer(Schema):
    """Somebody who may collect for a household."""

    id = f.identifier(required=True)
    household = fields.String(required=True, attribute="household_code")
    name = fields.String(required=True)
    named_at = f.Instant(required=True)
    ended_at = f.Instant(required=True, allow_none=True)


class ProxyList(Schema):
    """Whom a household has named."""

    items = fields.List(fields.Nested(ProxyAnswer), required=True)


class HouseholdQuery(Schema):
    """Which household."""

    household = f.household_code(required=True)


class CounterQuery(Schema):
    """What was scanned or typed."""

    plate = f.text(1, 64)
    card = f.text(1, 64)
    household = f.household_code()

    @validates_schema
    def one(self, data: dict[str, Any], **_: Any) -> None:
        """One of the three is needed."""
        if len(data) != 1:
            raise ValidationError("扫门牌、扫积分卡或输入户编号，三选一。", "plate")


class CounterHousehold(Schema):
    """The household that was scanned."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    head = fields.String(required=True)


class CounterProxy(Schema):
    """Who may collect for it."""

    id = f.identifier(required=True)
    name = fields.String(required=True)


class CounterAnswer(Schema):
    """What the counter sees of a household. `taken`: units per goods for the exchange day that is on."""

    household = fields.Nested(CounterHousehold, required=True)
    balance = fields.String(required=True)
    reserved = fields.String(required=True)
    as_of = fields.String(required=True)
    exchange_day = f.identifier(required=True, allow_none=True)
    taken = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    reservations = fields.List(fields.Nested(ReservationAnswer), required=True)
    proxies = fields.List(fields.Nested(CounterProxy), required=True)


class RefusedQuery(Schema):
    """Which village; `everything`: the resolved ones too."""

    village = f.division_code(required=True)
    everything = fields.Boolean(load_default=False)


class RefusedShown(Schema):
    """A replay that could not be booked."""

    id = f.identifier(required=True)
    household = fields.String(required=True)
    exchange_day = f.identifier(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    lines = fields.List(fields.Dict(), required=True)
    redeemed_at = fields.String(required=True)
    refused_at = fields.String(required=True)
    resolved_at = fields.String(required=True, allow_none=True)
    resolution = fields.String(required=True, allow_none=True)


class RefusedList(Schema):
    """Replays that could not be booked, oldest first."""

    items = fields.List(fields.Nested(RefusedShown), required=True)


class ReplayResolution(Schema):
    """What was done about it."""

    resolution = f.text(1, 200, required=True)


class SignatureBody(Schema):
    """`content_hash` of the figures that the person looked at."""

    content_hash = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp("^[0-9a-f]{64}$", error="不是校验值。")
    )


class Signature(Schema):
    """Who signed when."""

    person = f.identifier(required=True)
    name = fields.String(required=True)
    at = fields.String(required=True)


class SettlementPart(Schema):
    """The figures of one settlement: number 1, or a supplement."""

    exchange_day = f.identifier(required=True)
    day = fields.String(required=True)
    number = fields.Integer(required=True)
    goods = fields.List(fields.Dict(), required=True)
    households = fields.List(fields.Dict(), required=True)
    points = fields.String(required=True)
    points_returned = fields.String(required=True)
    points_taken = fields.String(required=True)
    consents = fields.Dict(required=True)
    reservations = fields.Dict(required=True)
    fund = fields.Dict(required=True)
    content_hash = fields.String(required=True)
    signed = fields.Boolean(required=True)
    signatures = fields.List(fields.Nested(Signature), required=True)


class SettlementAnswer(Schema):
    """The settlements of an exchange day."""

    exchange_day = f.identifier(required=True)
    day = fields.Date(required=True)
    status = fields.String(required=True)
    settlements = fields.List(fields.Nested(SettlementPart), required=True)
    open_reservations = fields.Integer(required=True)
    refused_replays = fields.Integer(required=True)
