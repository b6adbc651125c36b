"""Random valid entry sheets of every scheme, for the comparison with the naive implementation. Seeded, so
repeatable."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from server.assessment.entries import COLUMNS
from server.assessment.pack_reader import load_pack

Row = dict[str, str]
BONUS = ("red_flag", "dual_top3", "state_council", "ministry_province", "city_breakthrough")
PENALTY = ("violation", "conduct", "criticism")
VETO = ("public_security", "farmers_burden", "environment", "energy", "food_safety", "work_safety")
SECOND = ("teams", "after_election", "theme_education", "branches", "rural", "urban", "coverage", "talent")
SECOND_MOST = (15, 10, 15, 15, 15, 10, 10, 10)


class Case:
    """One sheet being drawn: `add` makes a row; coarse values make ties likely."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.rows: list[Row] = []
        self.coarse = chance.random() < 0.4

    def add(self, subject: str, category: str, indicator: str, value: str, **more: str) -> None:
        """One row; every row of a repeatable indicator gets its own note."""
        row = dict.fromkeys(COLUMNS, "") | {"subject": subject, "name": f"名{subject}", "category": category}
        row |= {"indicator": indicator, "value": value, "note": f"第{len(self.rows)}项"} | more
        self.rows.append(row)

    def value(self, lowest: int, highest: int) -> str:
        """A decimal within the bounds, of up to three places; coarse sheets use few different numbers."""
        if self.coarse:
            return str(self.chance.choice((lowest, highest, (lowest + highest) // 2)))
        places = self.chance.choice((0, 0, 1, 2, 3))
        scaled = self.chance.randint(lowest * 10**places, highest * 10**places)
        return f"{scaled / 10**places:.{places}f}"

    def times(self, most: int) -> range:
        """0 to `most` repetitions."""
        return range(self.chance.randint(0, most))


def dinghai(case: Case, pack: str) -> None:
    organ = pack.endswith("organ")
    category = "organ" if organ else "town"
    if pack == "dinghai-2017":
        base = {"triple_work": 60, "overall": 40}
    elif organ:
        base = {"key_breakthrough": 40, "common_work": 30, "leader_appraisal": 15, "grassroots_appraisal": 15}
    else:
        base = {
            "economic": 30,
            "social": 25,
            "other_work": 15,
            "leader_appraisal": 15,
            "democratic_appraisal": 15,
        }
    party = ["party_discipline", "party_publicity", "party_united_front"] + (["party_organ"] if organ else [])
    for number in range(case.chance.randint(1, 29 if organ else 15)):
        subject = f"U{number:02d}"
        dinghai_extras(case, subject, category)
        for indicator in party:
            case.add(subject, category, indicator, case.value(60, 100))
        if case.chance.random() < 0.3:
            for name, most in zip(SECOND, SECOND_MOST, strict=True):
                case.add(subject, category, f"party_organisation.{name}", case.value(0, most))
        else:
            case.add(subject, category, "party_organisation", case.value(60, 100))
        lowest = 0 if case.chance.random() < 0.2 else 1
        for indicator, most in base.items():
            case.add(subject, category, indicator, case.value(most // 2 * lowest, most))


def dinghai_extras(case: Case, subject: str, category: str) -> None:
    """Bonus, penalties, and now and then a veto or an incident."""
    for _ in case.times(3):
        case.add(subject, category, "bonus", case.value(0, 5), kind=case.chance.choice(BONUS))
    for _ in case.times(2):
        case.add(subject, category, "penalty", case.value(1, 5), kind=case.chance.choice(PENALTY))
    for indicator, kinds in (("veto", VETO), ("major_incident", ("",)), ("city_criticism", ("",))):
        if case.chance.random() < 0.08:
            case.add(subject, category, indicator, "1", kind=case.chance.choice(kinds))


def hangjin(case: Case, pack: str) -> None:
    people = []
    chosen: list[tuple[str, str, str]] = []
    for number in range(case.chance.randint(1, 25)):
        category = case.chance.choice(("head", "deputy", "rank_only"))
        people.append(f"P{number:02d}")
        chosen.append((people[-1], category, f"U{case.chance.randint(0, 9)}"))
    for number in range(case.chance.randint(1, 25)):
        category = case.chance.choice(("party_mass", "government", "social", "vertical", "town"))
        chosen.append((f"U{number:02d}", category, ""))
    for subject, category, unit in chosen:
        for indicator in ("routine", "special", "periodic"):
            for occasion in range(case.chance.randint(1, 3)):
                case.add(subject, category, indicator, case.value(0, 100), unit=unit, rater=f"第{occasion}次")
        if not unit:
            for _ in case.times(3):
                case.add(subject, category, "task_loss", case.value(1, 6), kind=case.chance.choice(people))


def dongguan(case: Case, pack: str) -> None:
    tree = load_pack(pack).indicators.values()
    kinds = list(load_pack(pack).indicators["honour"].kinds)
    periods = case.chance.choice(([""], ["2026Q1"], ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]))
    for number in range(case.chance.randint(1, 12)):
        category = case.chance.choice(("department", "field_office"))
        codes = [one for one in tree if one.level == "standard" and category in one.categories]
        for period in case.chance.sample(periods, case.chance.randint(1, len(periods))):
            where = {"period": period}
            for _ in range(case.chance.choice((1, 2, 5, 60))):
                one = case.chance.choice(codes)
                case.add(f"D{number}", category, one.code, case.value(0, int(one.maximum or 0)), **where)
            for _ in case.times(5):
                case.add(
                    f"D{number}",
                    category,
                    "honour",
                    case.value(0, 8),
                    kind=case.chance.choice(kinds),
                    **where,
                )


def rating(case: Case, pack: str) -> None:
    for number in range(case.chance.randint(1, 45)):
        category = case.chance.choice(("general", "enforcement", "window", "township"))
        unit = case.chance.choice(("A", "B", ""))
        lowest = case.chance.choice((20, 50, 70))
        for indicator in ("de", "neng", "qin", "ji", "lian"):
            superiors = case.chance.choice(
                (["superior"], ["superior:1", "superior:2"], ["superior:1", "superior:2", "superior:3"])
            )
            for rater in ["self", "group", *superiors]:
                case.add(
                    f"C{number:02d}", category, indicator, case.value(lowest, 100), unit=unit, rater=rater
                )


def licence(case: Case, pack: str) -> None:
    tree = load_pack(pack).indicators
    for number in range(case.chance.randint(1, 8)):
        dated = case.chance.random() < 0.7
        for _ in range(case.chance.randint(1, 14)):
            year, month, of_month = (case.chance.randint(*ends) for ends in ((2025, 2026), (1, 12), (1, 28)))
            day = f"{year}-{month:02d}-{of_month:02d}"
            where = {"date": day if dated else ""}
            indicator = case.chance.choice(("deduct", "deduct", "merit", "training_passed"))
            if indicator == "training_passed":
                case.add(f"M{number}", "member", indicator, "1", **where)
                continue
            kind = case.chance.choice(list(tree[indicator].kinds))
            case.add(f"M{number}", "member", indicator, case.value(0, 6), kind=kind, **where)
    if not case.rows:
        case.add("M0", "member", "training_passed", "1")


def achievement(case: Case, pack: str) -> None:
    kinds = list(load_pack(pack).indicators["result"].kinds)
    for number in range(case.chance.randint(1, 15)):
        for _ in range(case.chance.randint(1, 12)):
            case.add(f"S{number}", "staff", "result", case.value(0, 15), kind=case.chance.choice(kinds))


def party(case: Case, pack: str) -> None:
    tree = load_pack(pack).indicators.values()
    for number in range(case.chance.randint(1, 20)):
        category = case.chance.choice("ABCDEF")
        codes = [one.code for one in tree if one.level == "task" and category in one.categories]
        for _ in range(case.chance.randint(1, 25)):
            case.add(f"M{number:02d}", category, case.chance.choice(codes), case.value(1, 12))


def thousand(case: Case, pack: str) -> None:
    tree = load_pack(pack).indicators
    for number in range(case.chance.randint(1, 15)):
        category = case.chance.choice(("team", "member"))
        where = {"unit": "V1" if category == "member" else ""}
        lowest = case.chance.choice((0, 10, 20, 30))
        for one in tree.values():
            if one.level in ("task", "item") and case.chance.random() < 0.95:
                case.add(
                    f"V{number + 2}", category, one.code, case.value(lowest, int(one.maximum or 0)), **where
                )
        for indicator in ("bonus", "penalty"):
            for _ in case.times(3):
                kind = case.chance.choice(list(tree[indicator].kinds))
                case.add(f"V{number + 2}", category, indicator, case.value(1, 60), kind=kind, **where)


GENERATORS: dict[str, Callable[[Case, str], None]] = {
    "dinghai-2017": dinghai,
    "dinghai-2018-town": dinghai,
    "dinghai-2018-organ": dinghai,
    "hangjin": hangjin,
    "dongguan": dongguan,
    "nanjiang-rating": rating,
    "nanjiang-licence": licence,
    "nanjiang-achievement": achievement,
    "gaoyang-party": party,
    "gaoyang-thousand": thousand,
}


def sheets(pack: str, count: int, seed: int = 20261122) -> Iterator[list[Row]]:
    """`count` random sheets; the rows of each in random order."""
    for number in range(count):
        case = Case(random.Random(f"{pack}/{seed}/{number}"))
        GENERATORS[pack](case, pack)
        case.chance.shuffle(case.rows)
        if case.rows:
            yield case.rows
