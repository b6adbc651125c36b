"""What marshmallow says about a faulty field, in Chinese: what is wrong and what to write instead.

Installed when `server.web` is imported, since a field takes its words when its schema is defined.
"""

from __future__ import annotations

from typing import Any

from flask_smorest import fields as smorest_fields
from marshmallow import Schema, fields, validate

_FIELDS: dict[type[Any], dict[str, str]] = {
    fields.Field: {
        "required": "必填。",
        "null": "不能是空值（null）。",
        "validator_failed": "内容不对，请检查。",
    },
    fields.Nested: {"type": '要写成对象，如 {{"名称": "值"}}。'},
    fields.List: {"invalid": '要写成列表，如 ["…"]。'},
    fields.Tuple: {"invalid": "要写成列表，项数要对。"},
    fields.String: {"invalid": "要写成文字，加引号。", "invalid_utf8": "文字编码不对，请用 UTF-8。"},
    fields.UUID: {"invalid_uuid": "不是有效的编号（UUID）。"},
    fields.Number: {"invalid": "要写成数字。", "too_large": "数字太大。"},
    fields.Integer: {"invalid": "要写成整数。"},
    fields.Float: {"special": "不能是无穷大或非数。"},
    fields.Decimal: {"special": "不能是无穷大或非数。"},
    fields.Boolean: {"invalid": "要写 true 或 false。"},
    fields._TemporalField: {
        "invalid": "时间不对。",
        "format": "这个时间写不出来。",
        "invalid_awareness": "时间要带时区。",
    },
    fields.DateTime: {
        "invalid": "时间写成 2026-11-22T08:00:00+08:00 这样。",
        "invalid_awareness": "时间要带时区，如 2026-11-22T08:00:00+08:00。",
        "format": "这个时间写不出来。",
    },
    fields.Time: {"invalid": "时刻写成 08:00 这样。", "format": "这个时刻写不出来。"},
    fields.Date: {"invalid": "日期写成 2026-11-22 这样。", "format": "这个日期写不出来。"},
    fields.TimeDelta: {"invalid": "时长不对。", "format": "这个时长写不出来。"},
    fields.Mapping: {"invalid": '要写成对象，如 {{"名称": "值"}}。'},
    fields.Url: {"invalid": "不是有效的网址。"},
    fields.Email: {"invalid": "不是有效的邮箱。"},
    **{kind: {"invalid_ip": "不是有效的 IP 地址。"} for kind in (fields.IP, fields.IPv4, fields.IPv6)},
    fields.IPInterface: {"invalid_ip_interface": "不是有效的 IP 网段。"},
    fields.IPv4Interface: {"invalid_ip_interface": "不是有效的 IP 网段。"},
    fields.IPv6Interface: {"invalid_ip_interface": "不是有效的 IP 网段。"},
    fields.Enum: {"unknown": "只能从这些里选：{choices}。"},
    smorest_fields.Upload: {"invalid": "要上传一个文件。"},
}
_SCHEMA = {"type": '内容要写成对象，如 {"名称": "值"}。', "unknown": "没有这一项，请去掉或核对拼写。"}
_RULES: dict[type[Any], dict[str, str]] = {
    validate.URL: {"default_message": "不是有效的网址。"},
    validate.Email: {"default_message": "不是有效的邮箱。"},
    validate.Range: {
        "message_min": "要{min_op} {{min}}。",
        "message_max": "要{max_op} {{max}}。",
        "message_all": "要{min_op} {{min}}，并{max_op} {{max}}。",
        "message_gte": "不小于",
        "message_gt": "大于",
        "message_lte": "不大于",
        "message_lt": "小于",
    },
    validate.Length: {
        "message_min": "至少 {min} 个。",
        "message_max": "最多 {max} 个。",
        "message_all": "要 {min} 到 {max} 个。",
        "message_equal": "要正好 {equal} 个。",
    },
    validate.Equal: {"default_message": "只能是 {other}。"},
    validate.Regexp: {"default_message": "格式不对。"},
    validate.Predicate: {"default_message": "内容不对。"},
    validate.NoneOf: {"default_message": "这个值不能用。"},
    validate.OneOf: {"default_message": "只能从这些里选：{choices}。"},
    validate.ContainsOnly: {"default_message": "只能从这些里选：{choices}。"},
    validate.ContainsNoneOf: {"default_message": "含有不能用的值：{values}。"},
}


def install() -> None:
    """Replace the English defaults; schemas defined before keep theirs."""
    for field, messages in _FIELDS.items():
        field.default_error_messages = {**_own(field), **messages}
    Schema._default_error_messages = dict(_SCHEMA)
    for rule, words in _RULES.items():
        for name, text in words.items():
            setattr(rule, name, text)


def _own(field: type[Any]) -> dict[str, str]:
    """The messages that this very class defines, without those it inherits."""
    found: dict[str, str] = vars(field).get("default_error_messages", {})
    return found
