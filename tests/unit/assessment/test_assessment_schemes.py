"""The schemes of the sources through the engine: their figures, grades, flags and proposals."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from server.assessment.exact import fixed
from tests.unit.assessment.sheets import Row, outcome, results, row

TOWN_BASE = {
    "economic": "27",
    "social": "22",
    "other_work": "13",
    "leader_appraisal": "14",
    "democratic_appraisal": "13",
}
PARTY = ("party_discipline", "party_organisation", "party_publicity", "party_united_front")


def town(subject: str, party: str, **base: str) -> list[Row]:
    rows = [row(subject, "town", indicator, party) for indicator in PARTY]
    return rows + [
        row(subject, "town", indicator, value) for indicator, value in {**TOWN_BASE, **base}.items()
    ]


def towns(count: int) -> list[Row]:
    return [one for number in range(count) for one in town(f"T{number + 1:02d}", str(100 - number))]


def test_eleven_towns() -> None:
    found = results("dinghai-2018-town", towns(11))
    coefficients = [found[f"T{number:02d}"].values["coefficient"] for number in range(1, 12)]
    assert coefficients == [F("1.025") - F("0.005") * step for step in range(11)]
    assert coefficients[5] == 1
    assert fixed(found["T01"].final) == "91.23"  # 89 × 1.025 = 91.225, half up


def test_twenty_nine_organs() -> None:
    base = {
        "key_breakthrough": "36",
        "common_work": "27",
        "leader_appraisal": "13",
        "grassroots_appraisal": "13",
    }
    rows = []
    for number in range(29):
        indicators = dict.fromkeys((*PARTY, "party_organ"), str(100 - number)) | base
        rows += [
            row(f"O{number + 1:02d}", "organ", indicator, value) for indicator, value in indicators.items()
        ]
    found = results("dinghai-2018-organ", rows)
    coefficients = [found[f"O{number:02d}"].values["coefficient"] for number in range(1, 30)]
    assert coefficients == [F("1.028") - F("0.002") * step for step in range(29)]
    assert (coefficients[0], coefficients[14], coefficients[28]) == (F("1.028"), 1, F("0.972"))


def test_a_town_climbs_and_falls_by_several_ranks_through_the_coefficient_alone() -> None:
    rows = []
    for number in range(
        11
    ):  # close together by base; the seventh is the best party town, the second the worst
        party = {6: "100", 1: "60"}.get(number, str(95 - number))
        rows += town(f"T{number + 1:02d}", party, economic=f"{28 - number / 5:.1f}")
    with_it = results("dinghai-2018-town", rows)
    without = results("dinghai-2018-town", rows, coefficient_step="0")
    climbed = without["T07"].rank - with_it["T07"].rank
    fallen = with_it["T02"].rank - without["T02"].rank
    assert (climbed, fallen) == (
        5,
        6,
    )  # 88.8 × 1.025 passes all but 90 × 1.02; 89.8 × 0.975 falls behind 88.6 × 0.99


def test_equal_party_scores_share_the_mean_of_their_ranks() -> None:
    rows = town("A", "90") + town("B", "80") + town("C", "80") + town("D", "70")
    found = results("dinghai-2018-town", rows)
    assert [found[key].values["coefficient"] for key in "ABCD"] == [F("1.0075"), 1, 1, F("0.9925")]


def test_2017_multiplies_only_the_overall_part() -> None:
    rows = []
    for subject, party in (("A", "90"), ("B", "80"), ("C", "70")):
        rows += [row(subject, "town", indicator, party) for indicator in PARTY]
        rows += [row(subject, "town", "triple_work", "50"), row(subject, "town", "overall", "40")]
    rows.append(row("A", "town", "bonus", "2", kind="red_flag"))
    rows.append(row("C", "town", "penalty", "1.5", kind="criticism"))
    found = results("dinghai-2017", rows)
    assert [found[key].final for key in "ABC"] == [F("92.2"), F(90), F("88.3")]


def test_second_level_indicators_may_stand_for_the_sum() -> None:
    parts = {"teams": "14", "after_election": "9", "theme_education": "14", "branches": "13", "rural": "12"}
    parts |= {"urban": "9", "coverage": "9", "talent": "10"}
    rows = [one for one in town("A", "90") if one["indicator"] != "party_organisation"]
    rows += [row("A", "town", f"party_organisation.{name}", value) for name, value in parts.items()]
    assert results("dinghai-2018-town", rows)["A"].values["party_score"] == 90 * 4


@pytest.mark.parametrize(
    ("when", "facts", "low", "expected"),
    [
        ("any", ("major_incident",), False, True),
        ("any", ("city_criticism",), False, True),
        ("any", (), True, True),
        ("any", (), False, False),
        ("all", ("major_incident", "city_criticism"), False, False),
        ("all", ("major_incident", "city_criticism"), True, True),
        ("incident_and_criticism_or_score", ("major_incident",), False, False),
        ("incident_and_criticism_or_score", ("major_incident", "city_criticism"), False, True),
        ("incident_and_criticism_or_score", (), True, True),
    ],
)
def test_each_reading_of_unqualified(when: str, facts: tuple[str, ...], low: bool, expected: bool) -> None:
    rows = town("BEST", "90") + town("X", "80", **({"economic": "0", "social": "0"} if low else {}))
    rows += [row("X", "town", fact, "1") for fact in facts]
    one = results("dinghai-2018-town", rows, unqualified_when=when)["X"]
    assert (("unqualified" in one.flags), one.grade == "unqualified") == (expected, expected)


def test_exactly_sixty_per_cent_of_the_best_is_qualified() -> None:
    rows = []
    for subject, base in (("BEST", "100"), ("X", "60")):
        rows += [row(subject, "town", indicator, "90") for indicator in PARTY]
        rows += [
            row(subject, "town", "triple_work", base if base == "60" else "60"),
            row(subject, "town", "overall", "0"),
        ]
    rows.append(row("BEST", "town", "bonus", "40", kind="red_flag"))
    assert results("dinghai-2017", rows)["X"].flags == []
    rows.append(row("X", "town", "penalty", "0.01", kind="criticism"))
    assert results("dinghai-2017", rows)["X"].flags == ["unqualified"]


def test_a_veto_takes_honours_and_leaves_the_score() -> None:
    rows = town("A", "90")
    plain = results("dinghai-2018-town", rows)["A"]
    vetoed = results("dinghai-2018-town", [*rows, row("A", "town", "veto", "1", kind="environment")])["A"]
    assert vetoed.flags == ["no_honours"]
    assert vetoed.final == plain.final


def test_the_last_fifth_by_party_score_is_talked_with() -> None:
    found = outcome("dinghai-2018-town", towns(11)).results
    talked = {one.subject.id for one in found if any(c.code == "talk_with_head" for c in one.consequences)}
    assert talked == {"T10", "T11"}
    assert all(not one.flags for one in found)


def scored(subject: str, category: str, score: str, **more: str) -> list[Row]:
    return [
        row(subject, category, indicator, score, **more) for indicator in ("routine", "special", "periodic")
    ]


def test_hangjin_quotas_by_floor_with_ties_flagged() -> None:
    rows = [one for n in range(10) for one in scored(f"U{n}", "town", str(90 - n), rater="一季度")]
    rows += [
        one
        for n in range(14)
        for one in scored(f"P{n:02d}", "head", str(90 - n // 2 * 2 - n % 2 * (n > 3)), unit="U1")
    ]
    rows += [
        one
        for n in range(14)
        for one in scored(f"Q{n:02d}", "deputy", str(90 - max(1, n)), unit="U1", note="x")
    ]
    rows += [one for n in range(7) for one in scored(f"R{n:02d}", "rank_only", "70", unit="U1")]
    found = results("hangjin", rows)
    assert {key for key, one in found.items() if one.grade == "advanced"} == {"U0", "U1", "U2"}
    # floor(14 × 0.15) = 2: two heads share the first place and fill it; two deputies too;
    # seven equal ones would share one place
    assert {key for key, one in found.items() if one.grade == "excellent"} == {"P00", "P01", "Q00", "Q01"}
    assert {key for key, one in found.items() if "tie_at_quota" in one.flags} == {
        f"R{n:02d}" for n in range(7)
    }


def test_hangjin_weights_and_shared_loss() -> None:
    rows = [
        row("U1", "town", "routine", "80", rater="一月"),
        row("U1", "town", "routine", "100", rater="二月"),
    ]
    rows += [row("U1", "town", "special", "70"), row("U1", "town", "periodic", "85")]
    rows += scored("P1", "head", "90", unit="U1")
    rows.append(row("U1", "town", "task_loss", "3", kind="P1", note="造林任务"))
    found = results("hangjin", rows)
    assert (found["U1"].final, found["P1"].final) == (F(81), F(87))  # 0.4·90 + 0.2·70 + 0.4·85 − 3; 90 − 3
    halved = results("hangjin", rows, person_share="0.5")
    assert (halved["U1"].final, halved["P1"].final) == (F(81), F("88.5"))


def test_hangjin_quota_over_all() -> None:
    rows = [one for n in range(4) for one in scored(f"U{n}", "town", str(90 - n))]
    rows += [one for n in range(4) for one in scored(f"V{n}", "social", str(80 - n))]
    one_each = {key for key, one in results("hangjin", rows).items() if one.grade}
    assert one_each == {"U0", "V0"}
    assert {key for key, one in results("hangjin", rows, quota_scope="all").items() if one.grade} == {
        "U0",
        "U1",
    }


def test_dongguan_of_one_kind_only_the_highest_and_the_year_is_the_mean() -> None:
    def quarter(period: str, lost: str, *honours: tuple[str, str]) -> list[Row]:
        rows = [row("D1", "department", "A05.3.2", lost, period=period)]
        return rows + [
            row("D1", "department", "honour", value, kind=kind, period=period, note=str(number))
            for number, (kind, value) in enumerate(honours)
        ]

    first = quarter("2026Q1", "5", ("annual", "3"), ("annual", "5"), ("party", "4"))
    found = results("dongguan", first)["D1"]
    assert (found.final, found.values["honours"]) == (F(104), F(9))
    year = results("dongguan", first + quarter("2026Q2", "0"))["D1"]
    assert year.final == F(102)


def test_dongguan_below_the_pass_mark_and_a_low_branch() -> None:
    rows = [row("D1", "department", "A01.1.1", "5", unit="支部一", note=str(n)) for n in range(5)]
    rows.append(row("D2", "department", "A01.1.1", "0", unit="支部二"))
    found = outcome("dongguan", rows)
    low = next(one for one in found.results if one.subject.id == "D1")
    assert [one.code for one in low.consequences] == ["talk", "criticism", "out_of_honours"]
    assert [(one.unit, one.rank, bool(one.consequences)) for one in found.units] == [
        ("支部二", 1, False),
        ("支部一", 2, True),
    ]


def rated(subject: str, score: str, unit: str = "", category: str = "general") -> list[Row]:
    indicators, raters = ("de", "neng", "qin", "ji", "lian"), ("self", "group", "superior")
    return [
        row(subject, category, one, score, rater=rater, unit=unit) for one in indicators for rater in raters
    ]


@pytest.mark.parametrize(
    ("score", "grade"), [("80", "steady"), ("79.99", "snail"), ("60", "snail"), ("59.99", "lying_flat")]
)
def test_rating_thresholds(score: str, grade: str) -> None:
    assert results("nanjiang-rating", rated("C1", score))["C1"].grade == grade


def test_rating_pacesetters_are_a_tenth_of_each_unit() -> None:
    rows = [one for n in range(20) for one in rated(f"A{n:02d}", str(95 - n), "甲")]
    rows += [one for n in range(9) for one in rated(f"B{n:02d}", "99", "乙")]
    found = results("nanjiang-rating", rows)
    assert {key for key, one in found.items() if one.grade == "pacesetter"} == {"A00", "A01"}


def test_heads_have_special_indicators_and_others_do_not_need_them() -> None:
    head = rated("H", "80") + [
        row("H", "general", one, "100", rater="superior") for one in ("ecology", "investment")
    ]
    found = results("nanjiang-rating", head + rated("C", "80"))
    assert (found["H"].final, found["C"].final) == (F(84), F(80))


@pytest.mark.parametrize(
    ("lost", "expected"),
    [("3", set()), ("4", {"training"}), ("7", {"training", "reminder_talk"}), ("10", {"proposal_to_branch"})],
)
def test_licence_bands(lost: str, expected: set[str]) -> None:
    found = results(
        "nanjiang-licence", [row("M", "member", "deduct", lost, kind="meetings", date="2026-03-01")]
    )["M"]
    assert {one.code for one in found.consequences} == expected
    assert found.final == 12 - F(lost)


def test_licence_is_processed_by_date_not_by_row() -> None:
    rows = [
        row("M", "member", "merit", "2", kind="rural", date="2026-06-01"),
        row("M", "member", "deduct", "5", kind="economy", date="2026-02-01"),
    ]
    found = results("nanjiang-licence", rows)["M"]
    assert (found.final, found.values["merit"]) == (F(9), F(0))
    rows[1]["date"] = "2026-08-01"
    found = results("nanjiang-licence", rows)["M"]
    assert (found.final, found.values["merit"]) == (F(7), F(2))


def test_party_points_from_a_base_and_not_below_zero() -> None:
    rows = [row("A", "C", "duty.01", "30", note=str(number)) for number in range(4)]
    rows += [row("B", "C", "duty.01", "10"), row("B", "C", "prosperity.01", "7.5")]
    found = results("gaoyang-party", rows)
    assert (found["A"].final, found["B"].final) == (F(0), F("97.5"))


@pytest.mark.parametrize(
    ("score", "team", "member"),
    [
        ("900", "excellent", "excellent"),
        ("899.99", "qualified", "qualified"),
        ("700", "qualified", "qualified"),
        ("600", "basic", "basic"),
        ("599", "unqualified", "unqualified"),
        ("500", "unqualified", "unqualified"),
        ("499.99", "unqualified", "incompetent"),
    ],
)
def test_thousand_point_grades(score: str, team: str, member: str) -> None:
    rows = [
        row("V", "team", "bonus", score, kind="project"),
        row("M", "member", "bonus", score, kind="project", unit="V"),
    ]
    found = results("gaoyang-thousand", rows)
    assert (found["V"].grade, found["M"].grade) == (team, member)


def test_thousand_point_caps() -> None:
    headings = ("party", "governance", "development", "livelihood")
    rows = [row("V", "team", f"quant.{name}.{number}", "40") for name in headings for number in range(1, 6)]
    rows += [row("V", "team", f"qual.{number}", "70") for number in range(1, 7)]
    rows.append(row("V", "team", "penalty", "20", kind="delay"))
    found = results("gaoyang-thousand", rows)["V"]
    assert (found.values["quant"], found.values["qual"], found.final) == (F(600), F(400), F(980))


def test_achievement_is_capped_by_kind() -> None:
    rows = [row("S", "staff", "result", "30", kind="project", note=str(number)) for number in range(2)]
    rows.append(row("S", "staff", "result", "4", kind="service"))
    assert results("nanjiang-achievement", rows)["S"].final == F(44)
