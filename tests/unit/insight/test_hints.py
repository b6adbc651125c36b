"""Planted cases are found; what chance brings is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from server.insight.rules import (
    Kind,
    Logged,
    bursts,
    favoured,
    level_and_mix,
    one_household,
    participation,
    reused_photos,
    unseen_grids,
)

START = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)
ITEMS = ("J1", "J2", "J3", "J4", "J5", "J6")
HOUSES = [f"{number:04d}" for number in range(160)]
KIN = {f"w{worker}": frozenset(HOUSES[worker * 40 : worker * 40 + 3]) for worker in range(4)}
REACH = {f"w{worker}": 40 for worker in range(4)}


def month(pick: Random, fair: int = 4, each: int = 80) -> list[Logged]:
    """A clean village: four workers with forty households each, the same habits, some livelier households."""
    weights = [pick.lognormvariate(0, 0.7) for _ in HOUSES]
    found = []
    for worker in range(fair):
        own = slice(worker * 40, worker * 40 + 40)
        for number in range(each):
            household = pick.choices(HOUSES[own], weights[own])[0]
            at = START + timedelta(days=number % 28, minutes=pick.randint(0, 600))
            item = pick.choices(ITEMS, (6, 5, 4, 3, 2, 1))[0]
            points = pick.choice((100, 150, 200))
            key = f"{worker}-{number}"
            found.append(Logged(key, f"w{worker}", household, f"g{worker}", item, points, at))
    return found


def hints(records: list[Logged]) -> list[Kind]:
    found = [*bursts(records), *favoured(records, KIN, REACH), *one_household(records)]
    found += [*level_and_mix(records), *unseen_grids({f"g{w}": 40 for w in range(4)}, records)]
    return [hint.kind for hint in found]


def test_clean_villages_raise_at_most_two_in_a_hundred() -> None:
    raised = [kind for seed in range(60) for kind in hints(month(Random(seed)))]
    assert len(raised) <= 60 * 4 * 0.02, raised  # of 240 workers in as many months


def test_a_worker_who_favours_relatives() -> None:
    pick = Random(1)
    records = month(pick)
    kin = sorted(KIN["w1"])
    planted = [
        Logged(f"x{n}", "w1", pick.choice(kin), "g1", "J1", 200, START + timedelta(days=n)) for n in range(25)
    ]
    assert Kind.FAVOURS_RELATIVES in hints(records + planted)


def test_thirty_records_in_two_minutes() -> None:
    records = month(Random(2))
    planted = [
        Logged(f"x{n}", "w2", HOUSES[80 + n], "g2", "J1", 100, START + timedelta(seconds=4 * n))
        for n in range(30)
    ]
    (hint,) = bursts(records + planted)
    assert (hint.kind, hint.subject, len(hint.records)) == (Kind.BURST, "w2", 30)
    assert bursts(records + planted[:29]) == []
    together = [Logged(**{**vars(one), "group": "clean-up"}) for one in planted]
    assert bursts(records + together) == []  # one action for many households


def test_one_photo_used_five_times() -> None:
    looks = {f"p{n}": (f"r{n}", "f0e1d2c3b4a59687") for n in range(5)}
    looks |= {f"q{n}": (f"s{n}", f"{Random(n).getrandbits(64):016x}") for n in range(200)}
    looks |= {f"z{n}": (f"t{n}", "0" * 16) for n in range(9)}
    (hint,) = reused_photos(looks)
    assert hint.records == ("r0", "r1", "r2", "r3", "r4")
    near = {"a": ("r1", "f0e1d2c3b4a59687"), "b": ("r2", "f0e1d2c3b4a59686"), "c": ("r3", "f0e1d2c3b4a59683")}
    assert len(reused_photos(near)) == 1


def test_a_grid_that_nobody_visits() -> None:
    records = [one for one in month(Random(3)) if one.grid != "g3"]
    assert Kind.GRID_UNSEEN in hints(records)
    assert unseen_grids({"g3": 40}, []) == []  # nothing at all was logged yet


def test_a_worker_far_from_the_others() -> None:
    pick = Random(4)
    records = [Logged(**{**vars(one), "points": 200}) if one.worker == "w0" else one for one in month(pick)]
    assert Kind.LEVEL in hints(records)
    records = [Logged(**{**vars(one), "item": "J6"}) if one.worker == "w0" else one for one in month(pick)]
    assert Kind.ITEM_MIX in hints(records)
    records = [
        Logged(**{**vars(one), "household": HOUSES[9]}) if one.worker == "w0" else one for one in month(pick)
    ]
    assert Kind.ONE_HOUSEHOLD in hints(records)


def test_participation_by_kind() -> None:
    records = month(Random(5))
    kinds = {house: "elders_only" if number % 8 == 0 else "general" for number, house in enumerate(HOUSES)}
    kinds["9999"] = "elders_only"
    elders, general = participation(kinds, records)
    assert (elders.kind, elders.households, general.households) == ("elders_only", 21, 140)
    assert elders.records + general.records == len(records) and elders.with_records <= 20
