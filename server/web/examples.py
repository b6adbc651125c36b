"""One example for each body of the API, made from its schema, so that no example is ever out of date.

A field gives its own in its metadata; else its name or its kind does. Only what the schema accepts is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

_ID = "01978c4e-5b1a-7c3d-8e2f-9a0b1c2d3e4f"
_REDEMPTION = {
    "id": _ID,
    "household": "9901011012010037",
    "exchange_day": _ID,
    "lines": [{"goods": _ID, "quantity": 1}],
    "redeemed_at": "2026-11-22T09:30:00+08:00",
    "consent": {"method": "statement", "reason": "本人到场，没有手机"},
}
# values that stand for a field of this name (or of this name in one schema), the first that fits
_NAMED: dict[str, tuple[Any, ...]] = {
    "address": ("大槐树村三组 12 号",),
    "area": ("村东到小河",),
    "attended": (30,),
    "barcode": ("6901234567892",),
    "batch": ("2026-11 批",),
    "birth_date": ("1958-03-12",),
    "category": ("粮油",),
    "closes_at": ("11:00",),
    "code": ("990101101201", "J1"),
    "cutoff_day": (12,),
    "door": ("12 号",),
    "donor": ("周记粮油店",),
    "ends_at": ("10:00",),
    "evidence": ("网格员当面看到",),
    "explanation": ("门前屋后打扫干净",),
    "for": (28, 4),
    "head": ("王建国",),
    "heading": ("乡村建设",),
    "home": ("990101101000",),
    "household": ("9901011012010037",),
    "households": ("9901011012010037",),
    "invitation": ("76HN-CNFS-X7K1-Y2DZ-B8W6",),
    "item": ("J1",),
    "kinship": ("长子",),
    "latitude": ("38.690123",),
    "longitude": ("106.120123",),
    "minutes_number": ("2026-11-3",),
    "name": ("大槐树东片",),
    "note": ("门前屋后都扫了",),
    "notice_days": (7,),
    "opens_at": ("08:30",),
    "password": ("槐树下的长凳 42",),
    "current_password": ("旧密码要写对",),
    "phone": ("13812345678",),
    "pin": ("402917",),
    "place": ("村委会一楼",),
    "plate": ("KF3q5ZW_5UH5BK2Lx9PxZ4fzazfCFCs5",),
    "points_max": ("5.00",),
    "points_min": ("2.00",),
    "reason": ("核实过了",),
    "refresh_token": ("0Zr1c6mV5m0Kx9u2…",),
    "remark": ("这一周事情不多",),
    "resolution": ("商品已追回",),
    "scope": ("990101101201",),
    "source": ("村民代表会议讨论稿",),
    "starts_at": ("09:00",),
    "team": ("三组",),
    "text": ("那天是我家扫的",),
    "title": ("大槐树村积分细则",),
    "township_name": ("槐树镇",),
    "unit": ("袋",),
    "LocationSchema.longitude": ("106.120123",),
    "PersonBody.name": ("王建国",),
    "MemberBody.name": ("王小明",),
    "NewMemberBody.name": ("王小明",),
    "MemberChangeBody.name": ("王小明",),
    "ProxyBody.name": ("孙大姐",),
    "DonorBody.name": ("周大爷",),
    "GoodsBody.name": ("东北大米 5kg",),
    "GoodsChange.name": ("东北大米 5kg",),
    "ItemBody.name": ("清扫门前道路",),
    "SettingsBody.name": ("大槐树村",),
    "ItemBody.code": ("J1",),
    "ItemBody.points_min": ("2.00",),
    "ItemBody.points_max": ("5.00",),
    "ItemBody.step": ("0.50",),
    "RulebookDocument.base_points": ("100.00",),
    "GrantBody.role": ("grid_worker",),
    "GrantBody.to": ("2027-11-22T00:00:00+08:00",),
    "ResolutionBody.for": (4,),
    "ResolutionBody.against": (0,),
    "ResolutionBody.abstained": (0,),
    "MeetingDecisionBody.for": (4,),
    "MeetingDecisionBody.against": (0,),
    "MeetingDecisionBody.abstained": (0,),
    "AdoptionBody.kind": ("representatives",),
    "NoticeBody.days": (7,),
    "SlotBody.starts_at": ("09:00",),
    "SlotBody.ends_at": ("10:00",),
    "DayBody.closes_at": ("11:00",),
    "TransitionBody.to": ("open",),
    "MovementBody.expires_on": ("2027-05-31",),
    "MovementBody.note": ("开业捐赠",),
    "CountBody.note": ("月末盘点",),
    "FundBody.note": ("春节捐款",),
    "FundBody.amount": ("500.00",),
    "GoodsBody.points_price": ("30.00",),
    "GoodsBody.cost_yuan": ("28.00",),
    "PriceBody.points_price": ("31.00",),
    "PriceBody.cost_yuan": ("29.00",),
    "ShopSettingsBody.reference_rate": ("0.50",),
    "ShopSettingsBody.offline_limit": ("100.00",),
    "LossBody.reason": ("赶集时丢了",),
    "ReissueBody.reason": ("磨坏了",),
    "ReturnBody.reason": ("包装破了",),
    "MoveBody.reason": ("下大雪",),
    "MoveBody.day": ("2026-11-25",),
    "id_numbers_kept": (False,),
    "lost_phone": (False,),
    "on_behalf": (False,),
    "takedown_days": (30,),
    "review_quorum": (2,),
    "shelf_life_days": (180,),
    "points": ("4.00",),
    "redemptions": (_REDEMPTION,),
    "consequences": ("一年内不参加评优",),
    "otp": ("402917",),
    "content_hash": ("0f" * 32,),
    "id": (_ID,),
    "username": ("wang_fang",),
    "value": ("40291735",),
    "village": ("990101101201",),
    "weekday": (2,),
}
_TEXT = ("按实际情况填写", "一袋", "402917", _ID, "990101101201")


def example_of(schema: type[Schema] | Schema) -> dict[str, Any]:
    """A body that the schema accepts, with as many of its fields as go together."""
    made = schema() if isinstance(schema, type) else schema
    named = {field.data_key or name: field for name, field in made.fields.items() if not field.dump_only}
    example = {name: _value(name, field) for name, field in named.items() if field.required}
    faults = len(made.validate(example))
    for name, field in named.items():
        if field.required:
            continue
        longer = {**example, name: _value(name, field)}
        left = len(made.validate(longer))
        if left < faults or not left:
            example, faults = longer, left
    return example


def _value(name: str, field: fields.Field[Any]) -> Any:
    """The first value that the field accepts."""
    for value in _candidates(name, field):
        try:
            field.deserialize(value)
        except (ValidationError, TypeError):
            continue
        return value
    return None


def _candidates(name: str, field: fields.Field[Any]) -> Iterator[Any]:
    yield from _NAMED.get(f"{type(field.parent).__name__}.{name}", ())
    if "example" in field.metadata:
        yield field.metadata["example"]
    if isinstance(field, fields.Nested):
        yield example_of(field.schema)
    elif isinstance(field, fields.List):
        yield [_value(name, field.inner)]
    else:
        yield from (v for rule in field.validators if isinstance(rule, validate.OneOf) for v in rule.choices)
        yield from _NAMED.get(name, ())
        yield from _of_kind(field)


def _of_kind(field: fields.Field[Any]) -> Iterator[Any]:
    if isinstance(field, fields.Boolean):
        yield True
    elif isinstance(field, fields.Integer):
        yield from (3, 7, 1, 0)
    elif isinstance(field, fields.DateTime):
        yield "2026-11-22T09:30:00+08:00"
    elif isinstance(field, fields.Date):
        yield "2026-11-22"
    elif isinstance(field, fields.Dict):
        yield {}
    else:
        yield from (_ID, *_TEXT)
