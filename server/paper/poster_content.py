"""What the notice poster says, as plain values.

Owns the fields of the poster and what must never stand on it. It must not choose what a village shows (names,
headings or totals only): whoever fills it in puts in no more than was decided.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PosterLine:
    """One household. Points are exact to 0.01.

    `household` is its number within the village (0137). `name` is desensitised (王**); one without a star is
    refused with ValueError. `added` is zero or more and `deducted` zero or less; both, or neither where the
    village shows totals only. `by_heading` follows the poster's headings. `mark` is one sign, such as ※, that
    the remarks explain.
    """

    household: str
    net: Decimal
    name: str = ""
    added: Decimal | None = None
    deducted: Decimal | None = None
    by_heading: tuple[Decimal, ...] = ()
    mark: str = ""

    def __post_init__(self) -> None:
        if self.name and "*" not in self.name:
            raise ValueError(f"户号 {self.household} 的姓名没有脱敏，不能上公示海报")
        if (self.added is None) != (self.deducted is None):
            raise ValueError(f"户号 {self.household} 的加分和扣分要么都列，要么都不列")


@dataclass(frozen=True, slots=True)
class PosterTotals:
    """The strip under the title: households taking part, those with records, records, and points to 0.01."""

    households: int
    with_records: int
    records: int
    added: Decimal
    deducted: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class NoticePoster:
    """A month on public notice.

    `issuer` is who publishes (柳河镇大槐树村村民委员会), `month_title` the month (2026 年 11 月), `covers`
    first and last day of the records. The notice is open from `published_on`, which does not count as a
    day, to `ends_on`; `posted_on` is the day the sheet is hung up. `url` is the page of the notice,
    `ledger_head` its seal. `headings` name the columns of every line's `by_heading`; none means added and
    deducted, or totals alone. `how_to_object` and `how_counted` are paragraphs, `remarks` (corrections,
    held lines) one entry each, `signatures` short words for the foot (负责人：周建民). ValueError where a line
    does not fit the headings, where the lines differ in what they show, or where the days run backwards.
    """

    village: str
    issuer: str
    month_title: str
    covers: tuple[date, date]
    published_on: date
    ends_on: date
    posted_on: date
    url: str
    ledger_head: str
    lines: tuple[PosterLine, ...]
    totals: PosterTotals
    how_to_object: str
    how_counted: str = ""
    headings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.ends_on < self.published_on or self.covers[1] < self.covers[0]:
            raise ValueError("公示期或记录期的止日早于起日")
        for line in self.lines:
            if len(line.by_heading) != len(self.headings):
                raise ValueError(f"户号 {line.household} 的分类分数与表头的类数不一致")
        if len({line.added is None for line in self.lines}) > 1:
            raise ValueError("各户要么都列加分和扣分，要么都只列合计")

    @property
    def days(self) -> int:
        """Days the notice is open; the day of publication does not count (Civil Code, article 201)."""
        return (self.ends_on - self.published_on).days
