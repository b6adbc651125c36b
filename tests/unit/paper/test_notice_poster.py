"""The notice poster, checked as rendered pages."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from server.paper.marks import Qr, Text
from server.paper.notice_layout import poster_pages
from server.paper.notice_poster import NoticePoster, PosterLine, poster_pdf
from server.paper.qr import SMALLEST_MM
from server.paper.typeset import text_width

Poster = Callable[..., NoticePoster]
TEN_REMARKS = tuple(
    f"※ 户号 {n:04}：“参加清扫街道”由 1 分更正为 2 分，异议成立，已于 11 月 21 日答复。" for n in range(1, 11)
)


def test_three_hundred_households_each_stand_on_it_once(poster: Poster, printed: Any, qr_texts: Any) -> None:
    whole = poster(300)
    pdf = printed(poster_pdf(whole))
    assert len(pdf) == 4
    numbers = re.findall(r"\b0\d{3}\b", "\n".join(pdf.texts()))
    assert sorted(numbers) == [f"{n:04}" for n in range(1, 301)]
    assert [qr_texts(image) for image in pdf.images()] == [[whole.url]] * 4


def test_every_page_has_head_foot_number_and_ledger_head(poster: Poster, printed: Any) -> None:
    texts = printed(poster_pdf(poster(300))).texts()
    for number, text in enumerate(texts, start=1):
        assert "青禾县柳河镇大槐树村村民委员会" in text
        assert "2026 年 11 月 积分公示" in text
        assert "11 月 19 日 至 11 月 26 日（7 天）" in text.replace("\r\n", "")
        assert f"第 {number} 页　共 4 页" in text
        assert "3f9a1c07 b2e84d61 90c5f7aa 1e3d7b52 c8064e9f 57a1d2b3 6ef0934c a4d81b7e" in text
        assert "2026 年 11 月 18 日张贴" in text


def test_the_first_page_says_totals_and_how_to_object(poster: Poster, printed: Any) -> None:
    text = printed(poster_pdf(poster(300))).text(0).replace("\r\n", "")
    for words in ("647.50", "−19.00", "628.50", "有异议怎么办", "可请人代提", "公益", "美德", "王**", "−0.5"):
        assert words in text, words


@pytest.mark.parametrize(
    ("changes", "pages"),
    [({}, 4), ({"headings": (), "show": "sums"}, 3), ({"headings": (), "show": "totals"}, 2)],
    ids=["by heading", "added and deducted", "totals only"],
)
def test_the_less_a_line_says_the_fewer_pages(changes: dict[str, Any], pages: int, poster: Poster) -> None:
    shown = changes.pop("show", "")
    lines = poster(300).lines
    if shown:
        lines = tuple(replace(line, by_heading=()) for line in lines)
    if shown == "sums":
        lines = tuple(replace(line, added=line.net + 1, deducted=Decimal(-1)) for line in lines)
    assert len(poster_pages(poster(300, lines=lines, **changes))) == pages


def test_totals_only_shows_neither_names_nor_deductions_of_a_household(poster: Poster, printed: Any) -> None:
    lines = tuple(PosterLine(f"{n:04}", Decimal("2.50")) for n in range(1, 21))
    text = printed(poster_pdf(poster(0, lines=lines, headings=()))).text(0)
    assert "0020" in text and "2.50" in text
    assert "户主" not in text and "*" not in text and "−0.5" not in text


@pytest.mark.parametrize(("paper", "size"), [("A4", (210, 297)), ("A3", (297, 420))])
def test_a3_is_a4_enlarged(
    paper: Any, size: tuple[int, int], poster: Poster, printed: Any, qr_texts: Any
) -> None:
    pdf = printed(poster_pdf(poster(72), paper))
    assert len(pdf) == 1
    assert [round(side) for side in pdf.size_mm()] == list(size)
    assert qr_texts(pdf.image(0, dpi=150)) == [poster(0).url]


def test_another_paper_is_refused(poster: Poster) -> None:
    paper: Any = "B5"
    with pytest.raises(ValueError, match="没有 B5"):
        poster_pdf(poster(1), paper)


@pytest.mark.parametrize("count", [0, 1, 71, 72, 73, 160, 161, 300])
@pytest.mark.parametrize("remarks", [(), TEN_REMARKS, TEN_REMARKS * 12], ids=["none", "ten", "pages of them"])
def test_nothing_leaves_the_page_or_runs_into_something_else(
    count: int, remarks: tuple[str, ...], poster: Poster
) -> None:
    pages = poster_pages(poster(count, remarks=remarks))
    printed_remarks = 0
    for page in pages:
        boxes = [_extent(mark) for mark in page if isinstance(mark, Text) and mark.text != "·"]
        assert all(left >= 12.9 and right <= 197.1 and bottom < 290 for left, _, right, bottom in boxes)
        assert _overlapping(boxes) == []
        assert all(mark.side >= SMALLEST_MM for mark in page if isinstance(mark, Qr))
        printed_remarks += sum(
            1 for mark in page if isinstance(mark, Text) and mark.text.startswith("※ 户号")
        )
    assert printed_remarks == len(remarks)


def _extent(mark: Text) -> tuple[float, float, float, float]:
    em = mark.size / 72 * 25.4
    long = text_width(mark.text, mark.size, mark.weight, mark.tracking)
    left = {"left": mark.x, "center": mark.x - long / 2, "right": mark.x - long}[mark.align]
    return left, mark.y - em * 0.75, left + long, mark.y


def _overlapping(boxes: list[tuple[float, float, float, float]]) -> list[Any]:
    """Pairs of texts that share paper."""
    edges = np.array(boxes)
    left, top, right, bottom = edges.T
    slack = 0.01
    across = (left[:, None] < right[None, :] - slack) & (left[None, :] < right[:, None] - slack)
    down = (top[:, None] < bottom[None, :] - slack) & (top[None, :] < bottom[:, None] - slack)
    return [(boxes[a], boxes[b]) for a, b in np.argwhere(np.triu(across & down, 1))]


def test_rendered_ink_keeps_a_margin_except_for_the_green_edge(poster: Poster, printed: Any) -> None:
    image = printed(poster_pdf(poster(300, remarks=TEN_REMARKS))).image(0, dpi=100)
    edge = round(4.2 / 25.4 * 100)
    rows, cols = np.where(image[:, edge:] < 200)
    assert cols.min() + edge >= 12 / 25.4 * 100
    assert cols.max() + edge <= 198 / 25.4 * 100
    assert rows.min() >= 9 / 25.4 * 100 and rows.max() <= 289 / 25.4 * 100


def test_an_empty_month_says_so(poster: Poster, printed: Any) -> None:
    text = printed(poster_pdf(poster(0))).text(0)
    assert "这个月没有哪一户有记录" in text
    assert "有异议怎么办" in text


def test_a_marked_line_is_explained_below(poster: Poster, printed: Any) -> None:
    first, *rest = poster(5).lines
    text = printed(
        poster_pdf(
            poster(0, lines=(replace(first, mark="※"), *rest), remarks=("※ 户号 0001：异议正在办理。",))
        )
    ).text(0)
    assert "0001※" in text and "更正与说明" in text and "异议正在办理" in text


def test_an_unmasked_name_never_gets_on_a_poster() -> None:
    with pytest.raises(ValueError, match="没有脱敏"):
        PosterLine("0001", Decimal(1), name="王建国")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"headings": ("公益美德",)}, "类数不一致"),
        ({"ends_on": date(2026, 11, 18)}, "止日早于起日"),
        ({"covers": (date(2026, 11, 12), date(2026, 10, 13))}, "止日早于起日"),
    ],
)
def test_a_contradictory_poster_is_refused(changes: dict[str, Any], words: str, poster: Poster) -> None:
    with pytest.raises(ValueError, match=words):
        poster(2, **changes)


def test_lines_that_differ_in_what_they_show_are_refused(poster: Poster) -> None:
    lines = (
        PosterLine("0001", Decimal(1)),
        PosterLine("0002", Decimal(1), added=Decimal(1), deducted=Decimal(0)),
    )
    with pytest.raises(ValueError, match="只列合计"):
        poster(0, lines=lines, headings=())


def test_half_a_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="要么都列"):
        PosterLine("0001", Decimal(1), added=Decimal(1))


def test_endless_paragraphs_are_refused_in_words(poster: Poster) -> None:
    with pytest.raises(ValueError, match="写得太长"):
        poster_pages(poster(10, how_to_object="可以请人代提。" * 400))


def test_long_words_shrink_instead_of_running_over(poster: Poster) -> None:
    long = poster(
        3,
        issuer="青禾自治县柳河回族满族乡大槐树民族团结进步示范新社区居民委员会筹备工作领导小组办公室",
        signatures=tuple(f"监督小组第 {n} 组：欧阳震华、司马相如" for n in range(1, 6)),
    )
    [page] = poster_pages(long)
    boxes = [_extent(mark) for mark in page if isinstance(mark, Text) and mark.text != "·"]
    assert all(right <= 197.1 for _, _, right, _ in boxes)
    assert _overlapping(boxes) == []


def test_the_same_poster_gives_the_same_bytes(poster: Poster) -> None:
    assert poster_pdf(poster(80)) == poster_pdf(poster(80))


def test_posters_made_at_the_same_time_do_not_mix(poster: Poster) -> None:
    """A server prints for several villages at once; each document has its own cut of the font."""
    posters = [
        poster(20 + n, village=name) for n, name in enumerate(["大槐树村", "柳河湾", "青石桥", "杏花坞"])
    ]
    one_by_one = [poster_pdf(each) for each in posters]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(poster_pdf, posters)) == one_by_one
