"""What happens in the grids of a demo village: events, and what a visit finds at some doors. Pure and fictional."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """An event as a villager tells it, and what was done about it."""

    type: str
    urgency: str
    said: str
    done: str


EVENTS = (
    Told("hazard", "soon", "巷口的井盖松了，走过去会响。", "换了新井盖，周围补了水泥。"),
    Told("dispute", "normal", "两家为滴水檐的事说不到一块。", "请两家坐下来谈，改了檐口的朝向。"),
    Told("request", "normal", "想给老人装个扶手。", "联系了民政，扶手已经装好。"),
    Told("facility", "soon", "学堂巷的路灯不亮了。", "换了灯头，晚上看过，亮了。"),
    Told("hazard", "urgent", "电线被树枝压着，刮风时冒火花。", "请供电所剪了树枝，换了一段线。"),
    Told("request", "normal", "东头的垃圾桶总是满的，想再加一个。", "加了一个桶，清运改成一天一趟。"),
)
TRIED_AGAIN = ("过了两天又这样了", "又去了一趟，这回修牢了。")


@dataclass(frozen=True)
class Late:
    """An event of the last days: whose (a villager's number), and how many days until it is handled, if it is."""

    days_before: int
    event: int
    villager: int
    handled_after: int | None


LATELY = (
    Late(6, 3, 0, None),  # nobody came: it went up to the grid leader
    Late(4, 2, 1, 2),  # handled: the household can look at it and rate it
    Late(1, 0, 0, None),  # just reported: waits for the grid worker
)

# what changes in a household month by month: month of the story, kind of fact, value; in order
STORIES: tuple[tuple[tuple[int, str, str], ...], ...] = (
    ((0, "safety_checked", "要整改"), (1, "safety_checked", "没问题"), (3, "insured", "2026 年度")),
    ((1, "away_for_work", "省外"), (4, "returned", "")),
    ((0, "needs_care", "行动不便"), (1, "carer", "隔壁的堂弟"), (3, "benefit_certified", "养老")),
    ((2, "house_unsafe", "屋顶"), (3, "safety_checked", "已当面提醒")),
    ((1, "job_wanted", "镇上的缝纫活"), (2, "insured", "2026 年度"), (4, "vaccinated", "流感疫苗")),
)
