"""The cells of a roster one by one: names, doors, codes, phones, sex, kinship, party, welfare, household
kinds.

Every rule is one function of one cell: it gives a plain value, None where the cell says "nothing", or raises
BadValue. The words it knows stand in `words.py`.
"""

from __future__ import annotations

import re

from server.transfer.columns import read_text
from server.transfer.faults import BadValue, Skip
from server.transfer.roster import words
from server.transfer.roster.model import HouseholdKind, MemberFlag, Sex
from server.transfer.table import CellValue

_CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}·]) (?=[{_CJK}·])")
_NAME = re.compile(rf"[{_CJK}·]{{1,30}}|[{_CJK}A-Za-z][{_CJK}A-Za-z·.' ]{{0,59}}")


def read_name(value: CellValue) -> str:
    """A person's name: spaces inside a Chinese name are padding (`廖 军`), the dot of minority names is `·`.

    Raises BadValue `bad_name`.
    """
    name = re.sub("[•・‧∙●.](?=[\u4e00-\u9fff])", "·", read_text(value))
    name = _BETWEEN_CJK.sub("", name)
    if not _NAME.fullmatch(name):
        raise BadValue("bad_name", "这不像一个人的姓名", "只填姓名，其他内容写到备注", Skip.ROW)
    return name


def read_label(value: CellValue) -> str | None:
    """A door, address, group or grid: half-width, without spaces between Chinese characters and digits."""
    text = re.sub(rf"(?<=[{_CJK}\d号]) +(?=[{_CJK}\d号])", "", read_text(value))
    return None if text in words.NOTHING else text


def door_key(door: str | None) -> str:
    """What makes two spellings of a door the same: `１２ 号`, `12号`, `12#`, `012` → `12`."""
    text = re.sub(r"\s+", "", read_text(door or "")).lower()
    text = re.sub(r"(?<!\d)0+(?=\d)", "", text)
    return re.sub(r"[号號#户]+$", "", text)


def read_code(value: CellValue, village_code: str) -> str:
    """A household code: the village's 12 digits and a serial from 0001.

    Raises BadValue: `code_lost_digit`, `bad_code`, `other_village`.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 10**15:
        raise BadValue(
            "code_lost_digit",
            "Excel 把户编号当成了数字，最后一位靠不住",
            "把这一列设成文本，重新填编号",
            Skip.HOUSEHOLD,
        )
    text = read_text(value).replace(" ", "")
    if not re.fullmatch(r"[0-9]{16}", text) or text.endswith("0000"):
        raise BadValue(
            "bad_code",
            "户编号应是 16 位数字：村代码 12 位加序号 4 位",
            "改正编号，新增的户请留空",
            Skip.HOUSEHOLD,
        )
    if not text.startswith(village_code):
        raise BadValue(
            "other_village",
            f"这是别的村的编号（本村是 {village_code}）",
            "核对是不是放错了名册",
            Skip.HOUSEHOLD,
        )
    return text


def looks_like_code(value: CellValue) -> bool:
    """Whether a cell of a column 户编号 or 户号 holds one of our codes, rather than a serial or a police
    number."""
    return re.fullmatch(r"[0-9]{15,17}", read_text(value).replace(" ", "")) is not None


def read_phones(value: CellValue) -> tuple[str, ...]:
    """All phone numbers of a cell, mobile ones as 11 digits, land lines as `0312-6612345`.

    `19900009968`, `199 0000 2147`, `199-0000-6163`, `+8619900008132`, full-width digits, a number cell;
    several are
    separated by / 、 ; or a comma. Raises BadValue: `phone_scientific`, `bad_phone`.
    """
    text = read_text(value)
    if text in words.NOTHING:
        return ()
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", text):
        raise BadValue(
            "phone_scientific", "Excel 把号码变成了科学计数，后几位已经丢了", "把这一列设成文本，重新填号码"
        )
    parts = [part for part in re.split(r"[/、;,|]|(?<=\d{11}) +(?=1\d{10})|或", text) if part.strip()]
    return tuple(dict.fromkeys(_phone(part) for part in parts))


def _phone(text: str) -> str:
    bare = re.sub(r"[\s().\-—–]", "", re.sub(r"^[^\d+]*[:：]|[(][^)\d]*[)]", "", text))
    bare = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", bare)
    if re.fullmatch(r"1[3-9]\d{9}", bare):
        return bare
    land = re.fullmatch(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})", bare)
    if land:
        return f"{land[1]}-{land[2]}"
    digits = len(re.sub(r"\D", "", bare))
    if bare.isdigit() and digits != 11:
        raise BadValue("bad_phone", f"手机号应是 11 位，这里是 {digits} 位", "核对后补全，没有就留空")
    raise BadValue("bad_phone", "这不是电话号码", "核对后改正，没有就留空")


def read_sex(value: CellValue) -> Sex:
    """男 or 女, or the codes 1 and 2 of GB/T 2261.1. Raises BadValue `bad_sex`."""
    sex = words.SEXES.get(read_text(value))
    if sex is None:
        raise BadValue("bad_sex", "看不懂这个性别", "填“男”或“女”")
    return sex


def read_kinship(value: CellValue) -> str:
    """Kinship to the head in the usual word: `户 主` → 户主, `妻子` → 配偶. Unknown words stay as they are.

    Raises BadValue `bad_kinship` for what is no word at all.
    """
    word = read_text(value).replace(" ", "")
    word = re.sub(r"^(与户主|户主之|户主的)", "", word) or word
    word = words.KINSHIP_SAME.get(word, word)
    if not re.fullmatch(rf"[{_CJK}/()]{{1,12}}", word):
        raise BadValue("bad_kinship", "看不懂这个关系", "填户主、配偶、长子这样的称呼")
    return word


def is_known_kinship(word: str) -> bool:
    return word in words.MALE_KINSHIP or word in words.FEMALE_KINSHIP or word in words.OTHER_KINSHIP


def kinship_sex(word: str) -> Sex | None:
    """The sex that a kinship word implies; None for head, spouse and the like."""
    if word in words.MALE_KINSHIP:
        return Sex.MALE
    return Sex.FEMALE if word in words.FEMALE_KINSHIP else None


def read_party(value: CellValue) -> bool:
    """A column 党员: √ or 是, × or 否. Raises BadValue `bad_tick`."""
    text = read_text(value)
    if text in words.YES:
        return True
    if text in words.NO:
        return False
    raise BadValue("bad_tick", "看不懂，应是“是”或“否”", "填“是”或“否”")


def read_political(value: CellValue) -> str | None:
    """A column 政治面貌 in the usual word. Raises BadValue `bad_political` for what is no word at all."""
    text = read_text(value).replace(" ", "")
    if text in words.NOTHING:
        return None
    if not re.fullmatch(rf"[{_CJK}()]{{2,20}}", text):
        raise BadValue("bad_political", "看不懂这个政治面貌", "填中共党员、共青团员或群众")
    return words.POLITICAL_SAME.get(text, text)


def is_party_member(political: str) -> bool:
    return political in ("中共党员", "中共预备党员")


def read_welfare(value: CellValue, title: str) -> frozenset[MemberFlag]:
    """A column 低保/五保: which of them, by the cell; a tick says only what a column of one kind is headed.

    Raises BadValue `unclear_welfare`, as for a tick under `低保/五保`.
    """
    text = read_text(value)
    if text in words.NO:
        return frozenset()
    named = frozenset(flag for flag, names in words.WELFARE.items() if any(name in text for name in names))
    if not named and text in words.YES:
        named = frozenset(
            flag for flag, names in words.WELFARE.items() if any(name in title for name in names)
        )
        if len(named) > 1:
            named = frozenset()
    if not named:
        raise BadValue("unclear_welfare", "看不出是低保还是五保", "写明“低保”或“五保”，都不是就留空")
    return named


def read_kind(value: CellValue) -> HouseholdKind | None:
    """A column 户类型; None for 空挂户, which is a flag. Raises BadValue `unknown_kind`."""
    text = read_text(value).replace(" ", "")
    if text in words.NOTHING or text in words.REGISTERED_ONLY_KINDS:
        return None
    kind = words.KINDS.get(text)
    if kind is None:
        raise BadValue("unknown_kind", "没有这种户类型", "从模板的下拉框里选，说不准就填“一般户”")
    return kind
