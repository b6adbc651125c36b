"""What a remark says about a person or a household: 已去世, 空挂户, 外出务工, 在外上学 …

A remark counts only when it says the thing and nothing else: `丈夫已去世` on the widow's row must not bury
the widow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.transfer.columns import read_text
from server.transfer.roster import words
from server.transfer.roster.model import Departure, MemberFlag
from server.transfer.table import CellValue


@dataclass(frozen=True, slots=True)
class Remark:
    """What a remark was taken for; `known` is False when some part of it was not understood."""

    text: str
    flags: frozenset[MemberFlag] = frozenset()
    departure: Departure | None = None
    party_member: bool | None = None
    example: bool = False
    known: bool = True
    doubtful: bool = False


MEANINGS: dict[MemberFlag | Departure, str] = {
    Departure.DECEASED: "不作为在世成员导入",
    Departure.MOVED_OUT: "户口已不在本户，不作为成员导入",
    MemberFlag.AWAY_FOR_WORK: "成员标记：外出务工",
    MemberFlag.STUDYING_AWAY: "成员标记：在外上学",
    MemberFlag.IN_SERVICE: "成员标记：服役",
    MemberFlag.REGISTERED_ONLY: "户口在册、人不住本村；写在户主行或写满全家时，整户标为空挂户",
    MemberFlag.LOW_INCOME: "成员标记：低保",
    MemberFlag.DESTITUTE: "成员标记：五保（特困）",
    MemberFlag.DISABLED: "成员标记：残疾",
    MemberFlag.LIVING_ALONE: "成员标记：独居",
    MemberFlag.LEFT_BEHIND_CHILD: "成员标记：留守儿童",
}

_DATE = re.compile(r"\d{2,4}[年./-]\d{1,2}(?:[月./-]\d{1,2}日?|月)?|\d{4}年?|于")
_PLACE = re.compile(r"^(?:在|去|到)[\u4e00-\u9fff]{2,8}?(务工|打工|上学|读书|上大学)$")


def read_remark(value: CellValue) -> Remark:
    """What a remark says; parts are separated by ; , 、 or a space, dates and brackets around them do not
    matter."""
    text = read_text(value)
    if re.match(r"[(\[【]?(示例|样例|例)", text):
        return Remark(text, example=True)
    flags: set[MemberFlag] = set()
    departure: Departure | None = None
    party: bool | None = None
    known = True
    for part in re.split(r"[;,、/ 。\n]+", text):
        word = _word(part)
        if not word:
            continue
        if word in words.DEPARTURES:
            departure = words.DEPARTURES[word]
        elif word in words.FLAGS:
            flags.add(words.FLAGS[word])
        elif word in words.PARTY:
            party = True
        else:
            known = False
    return Remark(text, frozenset(flags), departure, party, known=known, doubtful=_doubtful(text, departure))


def _word(part: str) -> str:
    """A part of a remark without dates and brackets; `在石家庄打工` becomes 打工."""
    bare = re.sub(r"[()\[\]【】:]", "", _DATE.sub("", part))
    place = _PLACE.match(bare)
    if place:
        return {"上学": "在外上学", "读书": "在外读书"}.get(place[1], place[1])
    return bare


def _doubtful(text: str, departure: Departure | None) -> bool:
    """Whether it speaks of a death or a move that was not taken for this person's own."""
    return departure is None and re.search(r"去世|死亡|过世|病故|迁出|销户", text) is not None


def remark_meaning(remark: Remark) -> str:
    """The Chinese sentence for the list of remarks; "" when nothing was understood."""
    parts: list[str] = []
    if remark.departure is not None:
        parts.append(MEANINGS[remark.departure])
    parts.extend(MEANINGS[flag] for flag in sorted(remark.flags))
    if remark.party_member:
        parts.append("成员标记：党员")
    if remark.doubtful:
        parts.append("说到去世或迁出，但不像是说本人，没有改动，请核对")
    return "；".join(parts)
