"""What a reading collects on its way: faults, things worth telling, the use of remarks. Decides nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from server.transfer.faults import Fault
from server.transfer.roster.model import Observation, RemarkUse

# What each observation says; {n} is the number of rows.
TEXTS = {
    "hidden_rows": "有 {n} 行是隐藏的，也读了",
    "old_id": "{n} 个 15 位旧身份证号已按国标换算成 18 位",
    "birth_completed": "{n} 人只写了出生年月，日由身份证号补全",
    "birth_from_id": "{n} 人没填出生日期，取自身份证号",
    "birth_month": "{n} 人只有出生年月，日记为 1 日，标为“只到月”",
    "birth_year": "{n} 人只有出生年份，记为 1 月 1 日，标为“只到年”",
    "birth_unknown": "{n} 人没有出生日期",
    "sex_from_id": "{n} 人没填性别，取自身份证号",
    "more_phones": "{n} 人填了几个电话，取第一个",
    "new_kinship": "{n} 行的与户主关系不是常用称呼，照原样保留",
    "head_departed": "{n} 户的户主已去世或迁出，户保留，导入后请确认新户主",
    "nobody_left": "{n} 户已没有在世成员，户保留，导入后请村委会决定是否销户",
    "registered_only": "{n} 户标为空挂户",
    "foreign_number": "“{title}”不是 16 位户编号，只用来分户，编号由系统分配",
    "no_code": "{n} 户没有户编号，按门牌和户主认，新户由系统分配",
    "no_door": "{n} 户没有门牌",
    "head_only": "名册每户只有一行，户主记为唯一的成员",
    "split_household": "{n} 行和前面的同一户没有排在一起，已归到那一户",
}


@dataclass(slots=True)
class Findings:
    """Grows while a roster is read; `faults` are put in the order of the sheet at the end."""

    faults: list[Fault] = field(default_factory=list)
    notes: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    remarks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    remark_meanings: dict[str, str] = field(default_factory=dict)
    fashions: Counter[str] = field(default_factory=Counter)

    def note(self, code: str, sheet: str, row: int, **words: str) -> None:
        """Count a row towards an observation of TEXTS."""
        self.notes[code, sheet].append(row)
        if words:
            self.texts[code, sheet] = TEXTS[code].format(n="{n}", **words)

    def remark(self, text: str, meaning: str, row: int) -> None:
        self.remarks[text].append(row)
        self.remark_meanings[text] = meaning

    def observations(self) -> tuple[Observation, ...]:
        """Everything noted, in the order of TEXTS, the fashions of dates first."""
        made = []
        if len(self.fashions) > 1:
            kinds = "、".join(f"{name} {count}" for name, count in self.fashions.most_common())
            made.append(Observation("date_fashions", f"出生日期有 {len(self.fashions)} 种写法：{kinds}"))
        order = list(TEXTS)
        for (code, sheet), rows in sorted(self.notes.items(), key=lambda item: order.index(item[0][0])):
            text = self.texts.get((code, sheet), TEXTS[code]).format(n=len(rows), title="")
            made.append(Observation(code, text, sheet, tuple(rows)))
        return tuple(made)

    def remark_uses(self) -> tuple[RemarkUse, ...]:
        uses = [
            RemarkUse(text, self.remark_meanings[text], tuple(rows)) for text, rows in self.remarks.items()
        ]
        return tuple(sorted(uses, key=lambda use: (-len(use.rows), use.text)))

    def ordered_faults(self, sheets: tuple[str, ...]) -> tuple[Fault, ...]:
        """By sheet, row and column; faults of the whole file first."""
        place = {name: index for index, name in enumerate(sheets)}
        return tuple(
            sorted(
                self.faults, key=lambda f: (f.row > 0, place.get(f.sheet, 0), f.row, len(f.column), f.column)
            )
        )
