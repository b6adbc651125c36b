"""One table per rule of one cell: what village offices write, and what it is taken for."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from server.transfer.faults import BadValue, mask_number
from server.transfer.roster import values
from server.transfer.roster.dates import read_birth
from server.transfer.roster.idnumber import check_character, read_id_number
from server.transfer.roster.model import Departure, HouseholdKind, MemberFlag, Precision, Sex
from server.transfer.roster.remarks import read_remark
from server.transfer.table import MonthOf

TODAY = date(2026, 10, 12)
DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.YEAR


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("1989-08-07", date(1989, 8, 7), DAY),
        ("1989年09月", date(1989, 9, 1), MONTH),
        (date(1983, 11, 1), date(1983, 11, 1), DAY),
        ("1983.02.15", date(1983, 2, 15), DAY),
        ("19660112", date(1966, 1, 12), DAY),
        ("2011/2/11", date(2011, 2, 11), DAY),
        (19660112, date(1966, 1, 12), DAY),
        (30621, date(1983, 11, 1), DAY),
        ("30621", date(1983, 11, 1), DAY),
        (30621.0, date(1983, 11, 1), DAY),
        (datetime(1983, 11, 1, 8, 30), date(1983, 11, 1), DAY),  # noqa: DTZ001 - a cell has no zone
        (MonthOf(1989, 9, 1), date(1989, 9, 1), MONTH),
        ("１９８９－０８－０７", date(1989, 8, 7), DAY),
        ("1989年8月7日", date(1989, 8, 7), DAY),
        ("1989 年 8 月 7 日", date(1989, 8, 7), DAY),
        ("一九八九年八月七日", date(1989, 8, 7), DAY),
        ("1989-08-07 00:00:00", date(1989, 8, 7), DAY),
        ("1989-8", date(1989, 8, 1), MONTH),
        ("198908", date(1989, 8, 1), MONTH),
        ("1989年", date(1989, 1, 1), YEAR),
        (1989, date(1989, 1, 1), YEAR),
        ("2026-10-12", date(2026, 10, 12), DAY),
    ],
)
def test_birth_dates_are_read_in_every_fashion(written: object, day: date, precision: Precision) -> None:
    birth = read_birth(written, TODAY)  # type: ignore[arg-type]
    assert (birth.day, birth.precision) == (day, precision)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1990-02-30", "no_such_date"),
        ("1990-13-01", "no_such_date"),
        ("19901301", "no_such_date"),
        (1990.1, "unclear_date"),
        ("05/08/1990", "unclear_date"),
        ("66.3.15", "unclear_date"),
        ("不记得", "unclear_date"),
        ("农历八月十五", "lunar_date"),
        ("2026-10-13", "future_date"),
        ("1901-01-01", "too_old"),
        (0, "unclear_date"),
        (60, "unclear_date"),  # 29 February 1900 exists in Excel only
        (True, "unclear_date"),
    ],
)
def test_unclear_birth_dates_are_refused(written: object, code: str) -> None:
    with pytest.raises(BadValue) as refusal:
        read_birth(written, TODAY)  # type: ignore[arg-type]
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        ("19900009968", ("19900009968",)),
        (19900003992, ("19900003992",)),
        (19900003992.0, ("19900003992",)),
        ("199 0000 2147", ("19900002147",)),
        ("199-0000-6163", ("19900006163",)),
        ("+8619900008132", ("19900008132",)),
        ("+86 199 0000 8132", ("19900008132",)),
        ("008619900008132", ("19900008132",)),
        ("１９９００００５８３６", ("19900005836",)),
        ("'19900009968", ("19900009968",)),
        ("手机：19900009968", ("19900009968",)),
        ("19900009968(儿子)", ("19900009968",)),
        ("19900009968/19900009969", ("19900009968", "19900009969")),
        ("19900009968、19900009968", ("19900009968",)),
        ("19900009968 19900009969", ("19900009968", "19900009969")),
        ("0312-6612345", ("0312-6612345",)),
        ("(0312)6612345", ("0312-6612345",)),
        ("01066123456", ("010-66123456",)),
        ("无", ()),
        ("/", ()),
        ("无电话", ()),
    ],
)
def test_phones_are_read_however_typed(written: object, phones: tuple[str, ...]) -> None:
    assert values.read_phones(written) == phones  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1990000996", "bad_phone"),
        ("199000099688", "bad_phone"),
        ("12900009968", "bad_phone"),
        ("在儿子家", "bad_phone"),
        ("1.99E+10", "phone_scientific"),
    ],
)
def test_bad_phones_are_refused(written: str, code: str) -> None:
    with pytest.raises(BadValue) as refusal:
        values.read_phones(written)
    assert refusal.value.code == code


def test_check_character_of_the_published_example() -> None:
    """The example of GB 11643-1999, annex A: 110105 19491231 002 → X."""
    assert check_character("11010519491231002") == "X"


@pytest.mark.parametrize(
    ("written", "text", "born", "sex"),
    [
        ("11010519491231002X", "11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
        (" 11010519491231002x", "11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
        ("'99010119831101183X", "99010119831101183X", date(1983, 11, 1), Sex.MALE),
        ("９９０１０１１９８９０９２７２６２０", "990101198909272620", date(1989, 9, 27), Sex.FEMALE),
        ("990101 19890927 2620", "990101198909272620", date(1989, 9, 27), Sex.FEMALE),
        ("110105491231002", "11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
    ],
)
def test_id_numbers_are_read(written: str, text: str, born: date, sex: Sex) -> None:
    number = read_id_number(written, TODAY)
    assert (number.text, number.birth_date, number.sex) == (text, born, sex)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("99010119890807441", "id_length"),
        ("990101198909272621", "id_check"),
        ("990101198909722620", "id_birth"),
        ("990101203009272620", "id_birth"),
        ("99010119890927262A", "id_characters"),
        ("9901O1198909272620", "id_characters"),
        (990101198909272000, "id_lost_digits"),
        (9.90101198909272e17, "id_lost_digits"),
    ],
)
def test_bad_id_numbers_are_refused(written: object, code: str) -> None:
    with pytest.raises(BadValue) as refusal:
        read_id_number(written, TODAY)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert "1989" not in refusal.value.reason + refusal.value.remedy


def test_every_single_slip_in_an_id_number_is_found() -> None:
    """One wrong digit, or two neighbours swapped: what people do when they copy."""
    right = "990101198909272620"
    for place in range(6, 17):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            if wrong != right:
                with pytest.raises(BadValue):
                    read_id_number(wrong, TODAY)
    swapped = right[:14] + right[15] + right[14] + right[16:]
    with pytest.raises(BadValue):
        read_id_number(swapped, TODAY)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("董壮勇", "董壮勇"),
        ("吴丽环 ", "吴丽环"),
        ("廖 军", "廖军"),
        ("潘\u3000静红", "潘静红"),
        ("董\u200b霞", "董霞"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_names(written: str, name: str) -> None:
    assert values.read_name(written) == name


@pytest.mark.parametrize("written", ["张三1", "19900009968", "@#", "张三(去世)", "—"])
def test_what_is_no_name(written: str) -> None:
    with pytest.raises(BadValue):
        values.read_name(written)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("１２号", "12号", True),
        ("12 号", "012号", True),
        ("12", "12号", True),
        ("12#", "12号", True),
        ("东街１号", "东街1号", True),
        ("东街1号", "西街1号", False),
        ("1号", "11号", False),
        ("3-2-101", "3-2-102", False),
        ("10号", "1号", False),
    ],
)
def test_spellings_of_one_door(one: str, other: str, same: bool) -> None:
    assert (values.door_key(one) == values.door_key(other)) is same


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("990101101201001", "bad_code"),
        ("9901011012010000", "bad_code"),
        ("9901011012020001", "other_village"),
        (9901011012010001, "code_lost_digit"),
    ],
)
def test_bad_household_codes(written: object, code: str) -> None:
    with pytest.raises(BadValue) as refusal:
        values.read_code(written, "990101101201")  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_household_code_in_full_width_digits() -> None:
    assert values.read_code("９９０１０１１０１２０１０００１", "990101101201") == "9901011012010001"


@pytest.mark.parametrize(
    ("written", "sex"), [("男 ", Sex.MALE), ("女", Sex.FEMALE), ("1", Sex.MALE), (2, Sex.FEMALE)]
)
def test_sex(written: object, sex: Sex) -> None:
    assert values.read_sex(written) is sex  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("户 主", "户主"),
        ("长子 ", "长子"),
        ("妻子", "配偶"),
        ("本人", "户主"),
        ("女儿", "女"),
        ("表弟", "表弟"),
    ],
)
def test_kinship(written: str, word: str) -> None:
    assert values.read_kinship(written) == word


@pytest.mark.parametrize(
    ("written", "title", "flags"),
    [
        ("低保", "低保/五保", {MemberFlag.LOW_INCOME}),
        ("五保", "低保/五保", {MemberFlag.DESTITUTE}),
        ("√", "是否低保", {MemberFlag.LOW_INCOME}),
        ("二级残疾", "残疾等级", {MemberFlag.DISABLED}),
        ("否", "低保", set()),
    ],
)
def test_welfare(written: str, title: str, flags: set[MemberFlag]) -> None:
    assert values.read_welfare(written, title) == flags


def test_a_tick_under_two_benefits_is_unclear() -> None:
    with pytest.raises(BadValue) as refusal:
        values.read_welfare("√", "低保/五保")
    assert refusal.value.code == "unclear_welfare"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("一般户", HouseholdKind.GENERAL),
        ("独居老人", HouseholdKind.ELDERS_ONLY),
        ("残疾人家庭", HouseholdKind.DISABLED),
        ("留守儿童家庭", HouseholdKind.LEFT_BEHIND),
        ("外出务工户", HouseholdKind.AWAY_FOR_WORK),
        ("空挂户", None),
    ],
)
def test_kinds_of_household(written: str, kind: HouseholdKind | None) -> None:
    assert values.read_kind(written) is kind


@pytest.mark.parametrize(
    ("written", "departure", "flags"),
    [
        ("已去世", Departure.DECEASED, set()),
        ("去世(2025.3)", Departure.DECEASED, set()),
        ("2025年3月病故", Departure.DECEASED, set()),
        ("户口已迁出", Departure.MOVED_OUT, set()),
        ("空挂户", None, {MemberFlag.REGISTERED_ONLY}),
        ("外出务工", None, {MemberFlag.AWAY_FOR_WORK}),
        ("在石家庄打工", None, {MemberFlag.AWAY_FOR_WORK}),
        ("在外上学", None, {MemberFlag.STUDYING_AWAY}),
        ("低保；独居", None, {MemberFlag.LOW_INCOME, MemberFlag.LIVING_ALONE}),
        ("丈夫已去世", None, set()),
        ("父母去世", None, set()),
        ("爱养花", None, set()),
    ],
)
def test_remarks(written: str, departure: Departure | None, flags: set[MemberFlag]) -> None:
    remark = read_remark(written)
    assert (remark.departure, set(remark.flags)) == (departure, flags)


def test_a_remark_about_somebody_elses_death_is_pointed_out() -> None:
    assert read_remark("丈夫已去世").doubtful
    assert not read_remark("已去世").doubtful


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("990101198909272620", "990101********2620"),
        ("19900009968", "199****9968"),
        ("199-0000-9968", "199-****-9968"),
        ("12号", "12号"),
        ("", ""),
    ],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_number(number) == masked
