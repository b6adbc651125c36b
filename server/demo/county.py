"""What the demo county is: places, sizes, names. Pure and fictional; no real division has a code from 99.

Nothing here touches the system; `build.py` plays it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

COUNTY = ("990101000000", "青禾县")
TOWNSHIPS = (("990101001000", "麦岭镇"), ("990101002000", "柳溪镇"))
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_MALE = "建国志强永明国庆海涛文斌春生福贵长河德胜树林立新大山金锁保田玉柱连喜学军"
_FEMALE = "秀英桂兰淑珍玉梅春花丽华凤霞美玲小芳红艳雪梅巧云金凤翠平素琴晓燕"
_GIVEN_MALE = [_MALE[i : i + 2] for i in range(0, len(_MALE), 2)]
_GIVEN_FEMALE = [_FEMALE[i : i + 2] for i in range(0, len(_FEMALE), 2)]
_CHILD = ("子涵", "浩然", "雨桐", "一诺", "梓轩", "欣怡", "宇航", "诗雨", "俊杰", "思源", "乐乐", "佳宁")
LANES = ("槐荫巷", "东井巷", "大街", "南场路", "河沿路", "果园路", "学堂巷", "北坡路")


@dataclass(frozen=True)
class VillagePlan:
    """One village of the demo: its code, township, name, number of households and of grids."""

    code: str
    township: str
    name: str
    households: int
    grids: int


FULL = (
    VillagePlan("990101001201", "990101001000", "大槐树村", 208, 5),
    VillagePlan("990101001202", "990101001000", "东井村", 176, 4),
    VillagePlan("990101001203", "990101001000", "南场村", 232, 6),
    VillagePlan("990101002201", "990101002000", "柳溪村", 190, 5),
    VillagePlan("990101002202", "990101002000", "石桥村", 164, 4),
    VillagePlan("990101002203", "990101002000", "果园村", 234, 6),
)
SMALL = (
    VillagePlan("990101001201", "990101001000", "大槐树村", 120, 3),
    VillagePlan("990101001202", "990101001000", "东井村", 66, 2),
)


@dataclass(frozen=True)
class MemberPlan:
    """A fictional member, as a row of the roster."""

    name: str
    kinship: str
    sex: str
    birth: str
    phone: str
    political: str


@dataclass(frozen=True)
class HouseholdPlan:
    """A fictional household: door, grid, kind (in the roster's Chinese words), head first among the
    members.
    """

    door: str
    grid: str
    kind: str
    members: tuple[MemberPlan, ...]


def adult_name(rng: random.Random) -> str:
    """A fictional name of somebody who stands in no roster."""
    return rng.choice(SURNAMES) + rng.choice(_GIVEN_MALE + _GIVEN_FEMALE)


KINDS = (("普通户", 62), ("纯老年户", 13), ("留守户", 9), ("外出务工户", 8), ("残疾人户", 4), ("多口之家", 4))


def households(village: VillagePlan, rng: random.Random) -> list[HouseholdPlan]:
    """The village's households, door by door along its lanes, grids contiguous and of like size."""
    words, weights = zip(*KINDS, strict=True)
    surnames = rng.sample(SURNAMES, 14)
    made = []
    for index in range(village.households):
        turn = index * len(LANES) // village.households
        lane = LANES[turn]
        number = index - -(-turn * village.households // len(LANES)) + 1
        grid = f"第{'一二三四五六'[index * village.grids // village.households]}网格"
        kind = rng.choices(words, weights)[0]
        made.append(HouseholdPlan(f"{lane}{number}号", grid, kind, _members(kind, rng.choice(surnames), rng)))
    return made


def _members(kind: str, surname: str, rng: random.Random) -> tuple[MemberPlan, ...]:
    if kind == "纯老年户":
        ages: list[tuple[str, str, int]] = [
            ("户主", "男", rng.randint(66, 84)),
            ("配偶", "女", rng.randint(65, 82)),
        ]
        return tuple(_member(k, s, a, surname, rng) for k, s, a in ages[: rng.choice((1, 2, 2))])
    if kind == "留守户":
        ages = [("户主", "女", rng.randint(58, 72)), ("孙子", "男", rng.randint(5, 14))]
        return tuple(_member(k, s, a, surname, rng) for k, s, a in ages)
    head = rng.randint(34, 60)
    ages = [("户主", "男", head), ("配偶", "女", head - rng.randint(0, 3))]
    ages += [("儿子", "男", max(1, head - 25)), ("女儿", "女", max(1, head - 28))][: rng.randint(0, 2)]
    if kind == "多口之家" or rng.random() < 0.25:
        ages += [("父亲", "男", head + 24), ("母亲", "女", head + 22)]
    return tuple(_member(k, s, a, surname, rng) for k, s, a in ages)


def _member(kinship: str, sex: str, age: int, surname: str, rng: random.Random) -> MemberPlan:
    own_surname = surname if kinship not in ("配偶", "母亲") else rng.choice(SURNAMES)
    pool: list[str] | tuple[str, ...] = _CHILD if age < 18 else _GIVEN_MALE if sex == "男" else _GIVEN_FEMALE
    birth = f"{2026 - age}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    # 199 00… is given to nobody here: the county is fictional, its numbers are too
    phone = f"19900{rng.randint(0, 999999):06d}" if age >= 16 and rng.random() < 0.8 else ""
    political = "中共党员" if age >= 25 and rng.random() < 0.09 else "群众"
    return MemberPlan(own_surname + rng.choice(pool), kinship, sex, birth, phone, political)
