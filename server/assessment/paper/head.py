"""What every printout of a cycle says of it: title, period, place, scheme, whether the results stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from server.kit.clock import local_date


@dataclass(frozen=True)
class Head:
    """One cycle in words; `standing_since` None: the results are provisional."""

    title: str
    period: str
    place: str
    scheme: str
    standing_since: datetime | None
    printed_by: str
    printed_on: date

    @property
    def provisional(self) -> bool:
        return self.standing_since is None

    def lines(self) -> Iterator[str]:
        """What stands under the title of a sheet."""
        yield f"{self.place}　周期 {self.period}　方案 {self.scheme}"
        if self.standing_since is None:
            yield "暂算：结果还没有定下，不作为任何依据，请勿张贴。"
        else:
            yield f"结果于 {day(local_date(self.standing_since))}定下"

    @property
    def foot(self) -> str:
        """Who printed it when."""
        return f"{self.printed_by} 印于 {self.printed_on.isoformat()}"


def day(found: date) -> str:
    """2026 年 3 月 5 日."""
    return f"{found.year} 年 {found.month} 月 {found.day} 日"


def moment_day(at: datetime | None) -> str:
    """The local day of an instant, in short; nothing for none."""
    return "" if at is None else local_date(at).isoformat()
