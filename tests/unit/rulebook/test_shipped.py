"""The shipped rulebook: the counts of source 004, every item checkable, and nothing the guard refuses."""

from __future__ import annotations

from importlib import resources

from server.rulebook.document import read_file, shipped
from server.rulebook.findings import Level
from server.rulebook.items import ItemKind
from server.rulebook.rules import caps_of, counts

BOOK = shipped()
DATA = resources.files("server.rulebook").joinpath("data", "gaoyang-illustrative.yaml").read_bytes()


def test_twenty_five_nineteen_and_four() -> None:
    count = counts(BOOK)
    assert (count["positive"], count["negative"], count["veto"]) == (25, 19, 4)


def test_the_headings_of_the_source_and_more() -> None:
    assert {item.heading for item in BOOK.items} == {
        "乡村建设",
        "公益美德",
        "社会治安",
        "移风易俗",
        "一票否决",
    }


def test_it_says_that_it_is_illustrative_and_where_its_frame_is_from() -> None:
    head = DATA.decode().partition("title:")[0]
    assert "ILLUSTRATIVE" in head and "source 004" in head and "示例" in head
    assert BOOK.illustrative and "高阳县" in BOOK.source and "示例" in BOOK.title


def test_no_errors_and_one_reminder() -> None:
    findings = read_file(DATA).findings
    assert [(one.level, one.code, one.item) for one in findings] == [(Level.WARNING, "guard_mention", "G4")]


def test_few_photos() -> None:
    assert counts(BOOK)["photo_required"] * 2 < len(BOOK.items)


def test_every_item_is_concrete() -> None:
    for item in BOOK.items:
        assert len(item.evidence) >= 5, f"{item.code}: what evidence"
        assert len(item.explanation) >= 15, f"{item.code}: who did what, counted how"
        assert item.points_min % item.step == 0 and item.points_max % item.step == 0
        if item.kind is ItemKind.POSITIVE:
            assert caps_of(item), f"{item.code} has no cap"


def test_routine_items_may_be_declared_and_only_positive_ones() -> None:
    declarable = [item for item in BOOK.items if item.declarable]
    assert {"J1", "J2", "J4", "G5"} <= {item.code for item in declarable}
    assert {item.kind for item in declarable} == {ItemKind.POSITIVE}


def test_a_veto_is_the_committee_s_and_rests_on_an_authority_s_paper() -> None:
    for item in BOOK.items:
        if item.kind is ItemKind.VETO:
            assert item.loggers == {"committee_member", "committee_head"}
            assert "法院" in item.evidence or "公安" in item.evidence
            assert "村委会会议决定" in item.explanation
