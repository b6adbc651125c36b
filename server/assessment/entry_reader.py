"""Rows of an entry sheet → checked `Sheet`, or every fault at once. Knows packs, not file formats.

`EntryReader` takes the header, then row after row, then `finish`. What one row shows by itself is checked
as it passes; what needs a subject's other rows is in `sheet_checks`. Lookups are remembered per combination
of words, so that the cost of a row hardly depends on the pack.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from .cell_faults import CONTROL, INVISIBLE, PERIOD, Wrong, not_a_number, odd_text, out_of_range, parse_day
from .entries import COLUMN_TITLES, COLUMNS, REQUIRED_COLUMNS, Entry, Sheet, Subject
from .exact import ZERO, parse_decimal
from .faults import Fault, Faulty
from .reference_faults import wrong_category, wrong_indicator, wrong_kind, wrong_rater, wrong_unit
from .scheme import Indicator, Pack
from .sheet_checks import check_sheet

MOST_ROWS = 1_048_575
MOST_FAULTS = 5000
_REMEMBERED = 100_000
_BY_TITLE = {title: name for name, title in COLUMN_TITLES.items()}
Combination = tuple[Indicator | None, tuple[tuple[str, Wrong], ...]]


class EntryReader:
    """One sheet being read."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.faults: list[Fault] = []
        self.more = 0
        self.subjects: dict[str, Subject] = {}
        self.rows = 0
        self._width = 0
        self._places: dict[str, int] = {}
        self._order: list[int] = []
        self._combinations: dict[tuple[str, str, str, str], Combination] = {}
        self._values: dict[tuple[str, str], Fraction | Wrong] = {}
        self._days: dict[str, date | None] = {"": None}
        self._periods: dict[str, str] = {"": ""}

    def note(self, row: int | None, column: str, value: str, wrong: Wrong) -> None:
        """Keeps a fault, or counts it when there are more than anybody reads."""
        if len(self.faults) >= MOST_FAULTS:
            self.more += 1
            return
        position = letter(self._places[column]) if column in self._places else ""
        shown = value[2:] if value.startswith("\x01") else value
        self.faults.append(Fault(wrong.code, wrong.reason, wrong.remedy, row, column, position, shown))

    @property
    def has_header(self) -> bool:
        """Whether the header has been taken."""
        return bool(self._order)

    def header(self, cells: Iterable[str], number: int = 1) -> None:
        """Takes the first row (number 1); raises Faulty when columns are missing, doubled or unknown:
        nothing else can be read."""
        names = [cell.strip() for cell in cells]
        while names and not names[-1]:
            names.pop()
        if number != 1 or not names:
            remedy = "列名要在第 1 行，请删去上面的空行和标题"
            raise Faulty([Fault("header_row", "第 1 行没有列名", remedy, 1)])
        self._width = len(names)
        for place, raw in enumerate(names):
            name = _BY_TITLE.get(raw, raw.lower())
            if name in self._places:
                self._header_fault(place, raw, Wrong("column_double", "这一列出现了两次", "请删去重复的列"))
            elif name not in COLUMNS:
                remedy = f"只能有这些列：{'、'.join(COLUMNS)}；可用 assess template 生成空表"
                reason = "第一行没有列名" if not raw else "没有这样的列"
                self._header_fault(place, raw, Wrong("column_unknown", reason, remedy))
            else:
                self._places[name] = place
        for name in REQUIRED_COLUMNS:
            if name not in self._places:
                remedy = f"请在第一行补上 {name}（{COLUMN_TITLES[name]}）；没有内容也要保留这一列"
                self.faults.append(Fault("column_missing", f"缺少 {name} 列", remedy, 1, name))
        if self.faults:
            raise Faulty(self.faults)
        self._order = [self._places.get(name, self._width) for name in COLUMNS]

    def _header_fault(self, place: int, value: str, wrong: Wrong) -> None:
        self.faults.append(
            Fault(wrong.code, wrong.reason, wrong.remedy, 1, f"第 {place + 1} 列", letter(place), value)
        )

    def row(self, number: int, cells: list[str]) -> None:
        """Takes one row of text cells; blank rows are passed over."""
        if not any(cells):
            return
        if len(cells) != self._width and not self._fit(number, cells):
            return
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise Faulty(
                [Fault("too_many_rows", f"超过 {MOST_ROWS} 行", "请按类别或单位分成几个文件", number)]
            )
        joined = "".join(cells)
        if (CONTROL.search(joined) or INVISIBLE.search(joined)) and self._odd(number, cells):
            return
        stripped = [cell.strip() for cell in cells]
        stripped.append("")
        self.take(number, [stripped[place] for place in self._order])

    def _fit(self, number: int, cells: list[str]) -> bool:
        """Pads short rows of spreadsheets, drops empty cells beyond the last column; otherwise a fault."""
        while len(cells) > self._width and not cells[-1].strip():
            cells.pop()
        if len(cells) == self._width:
            return any(cells)
        reason = f"这一行有 {len(cells)} 格，表头有 {self._width} 格"
        remedy = "请检查是否多了或少了逗号；含逗号的文字要用双引号括起来"
        self.note(number, "", "", Wrong("row_width", reason, remedy))
        return False

    def _odd(self, number: int, cells: list[str]) -> bool:
        found = False
        for name, place in self._places.items():
            wrong = odd_text(
                name, cells[place].strip() if not cells[place].startswith("\x01") else cells[place]
            )
            if wrong:
                self.note(number, name, cells[place], wrong)
                found = True
        return found

    def take(self, number: int, cells: list[str]) -> None:
        """Takes the cells of one row in the order of the contract's columns."""
        subject_id, name, category, unit, code, rater, value, kind, note, period, day = cells
        subject = self.subjects.get(subject_id)
        if subject is None:
            subject = self._new_subject(number, subject_id, name, category, unit)
        elif subject.name != name or subject.category != category or subject.unit != unit:
            self._disagrees(number, subject, {"name": name, "category": category, "unit": unit})
        key = (code, category, rater, kind)
        combination = self._combinations.get(key)
        if combination is None:
            combination = self._combine(key)
        indicator, wrongs = combination
        for column, wrong in wrongs:
            words = {"indicator": code, "rater": rater, "kind": kind}
            self.note(number, column, words[column], wrong)
        amount = self._value(number, code, indicator, value)
        when = self._day(number, day)
        period = self._period(number, period)
        if len(note) > 1000:
            self.note(number, "note", note, Wrong("too_long", "超过 1000 个字", "请缩短"))
        if subject is not None and indicator is not None:
            # a faulty value is kept as 0: its row should not be told as missing too
            entry = Entry(
                number, indicator.code, ZERO if amount is None else amount, rater, kind, note, period, when
            )
            subject.entries.setdefault(indicator.code, []).append(entry)

    def _new_subject(
        self, number: int, subject_id: str, name: str, category: str, unit: str
    ) -> Subject | None:
        if not subject_id:
            self.note(
                number, "subject", "", Wrong("subject_empty", "编号是空的", "每一行都要写被考核对象的编号")
            )
        for column, text in (("subject", subject_id), ("name", name), ("category", category), ("unit", unit)):
            wrong = odd_text(column, text)
            if wrong:
                self.note(number, column, text, wrong)
        if not name:
            self.note(number, "name", "", Wrong("name_empty", "名称是空的", "请写姓名或单位名称"))
        wrong = wrong_category(self.pack, category)
        if wrong:
            self.note(number, "category", category, wrong)
        else:
            wrong = wrong_unit(self.pack, category, unit, subject_id)
            if wrong:
                self.note(number, "unit", unit, wrong)
        if not subject_id:
            return None
        subject = Subject(subject_id, name, category, unit, number)
        self.subjects[subject_id] = subject
        return subject

    def _disagrees(self, number: int, subject: Subject, row: dict[str, str]) -> None:
        for column, text in row.items():
            first = getattr(subject, column)
            if text != first:
                title = COLUMN_TITLES[column]
                reason = f"{subject.id} 的{title}与第 {subject.first_row} 行不一致（那里是“{first}”）"
                remedy = f"同一编号各行的{title}必须一样；不是同一对象就换编号"
                self.note(number, column, text, Wrong(f"{column}_differs", reason, remedy))

    def _combine(self, key: tuple[str, str, str, str]) -> Combination:
        code, category, rater, kind = key
        if len(self._combinations) > _REMEMBERED:
            self._combinations.clear()
        wrongs: list[tuple[str, Wrong]] = []
        indicator = self.pack.indicators.get(code)
        wrong = wrong_indicator(self.pack, code, category)
        if wrong:
            wrongs.append(("indicator", wrong))
        wrongs += [(name, one) for name, one in (("rater", odd_text("rater", rater)),) if one]
        if indicator is not None and indicator.entry:
            wrongs += [("rater", one) for one in [wrong_rater(self.pack, indicator, rater)] if one]
            wrongs += [("kind", one) for one in [wrong_kind(indicator, kind)] if one]
        combination = (indicator if indicator is not None and indicator.entry else None, tuple(wrongs))
        self._combinations[key] = combination
        return combination

    def _value(self, number: int, code: str, indicator: Indicator | None, text: str) -> Fraction | None:
        found = self._values.get((code, text))
        if found is None:
            found = _checked_value(indicator, text)
            if len(self._values) > _REMEMBERED:
                self._values.clear()
            self._values[code, text] = found
        if isinstance(found, Wrong):
            self.note(number, "value", text, found)
            return None
        return found

    def _day(self, number: int, text: str) -> date | None:
        if text not in self._days:
            day = parse_day(text)
            if day is None:
                remedy = "请写成 2026-03-05；并核对这一天存在"
                self.note(number, "date", text, Wrong("date_unreadable", "不是有效日期", remedy))
                return None
            self._days[text] = day
        return self._days[text]

    def _period(self, number: int, text: str) -> str:
        if text not in self._periods:
            if not PERIOD.fullmatch(text):
                remedy = "年 2026、半年 2026H1、季 2026Q3、月 2026-07、周 2026-W31"
                self.note(number, "period", text, Wrong("period_unreadable", "周期写法不对", remedy))
                return ""
            self._periods[text] = text
        return self._periods[text]

    def finish(self) -> Sheet:
        """The sheet; raises Faulty with everything found, in order of rows."""
        if not self._width:
            raise Faulty(
                [Fault("empty_file", "文件是空的", "第一行要有列名；可用 assess template 生成空表", 1)]
            )
        if not self.rows and not self.faults:
            raise Faulty([Fault("no_entries", "只有表头，没有数据", "请从第 2 行起填写", 2)])
        for fault_row, column, value, wrong in check_sheet(self.pack, self.subjects):
            self.note(fault_row, column, value, wrong)
        if self.faults:
            order = self._places
            raise Faulty(sorted(self.faults, key=lambda f: (f.row or 0, order.get(f.column, -1))), self.more)
        periods = tuple(sorted(period for period in self._periods if period))
        return Sheet(self.subjects, periods, self.rows)


def _checked_value(indicator: Indicator | None, text: str) -> Fraction | Wrong:
    if not text:
        return Wrong("value_empty", "分值是空的", "请填数字；没有这项记录就删去这一行")
    value = parse_decimal(text)
    if value is None:
        return not_a_number(text)
    wrong = out_of_range(indicator, value) if indicator is not None else None
    return wrong if wrong else value


def letter(place: int) -> str:
    """The spreadsheet's letter of a column, counted from 0."""
    return letter(place // 26 - 1) + chr(65 + place % 26) if place >= 26 else chr(65 + place)
