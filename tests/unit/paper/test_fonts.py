"""The typeface: where it comes from, what it can draw, what is cut out of it."""

import io

import pytest
from fontTools.ttLib import TTFont

from server.paper.fonts import MISSING_SIGN, Weight, characters, font, font_path, printable, static_subset
from server.paper.typeset import fitting_size, text_width, wrap

SENTENCE = "青禾县柳河镇大槐树村：积分公示 −19.00 分（7 天）。"


def test_the_font_comes_with_the_installation_not_from_the_system() -> None:
    assert font_path().is_file()
    assert "justmytype_intl_cjk" in font_path().parts


def test_every_character_of_gbk_can_be_printed() -> None:
    pairs = (bytes([high, low]) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF) if low != 0x7F)
    hanzi = {pair.decode("gb18030", errors="ignore") for pair in pairs}
    wanted = {char for char in hanzi if len(char) == 1 and "\u4e00" <= char <= "\u9fa5"}
    assert len(wanted) == 20_902
    assert wanted <= characters()


@pytest.mark.parametrize("rare_surname", ["㐆", "䶮", "朤", "仝", "逯", "昝", "镡", "〇"])
def test_rare_surnames_of_the_basic_planes_are_there(rare_surname: str) -> None:
    assert printable(rare_surname) == rare_surname


def test_what_the_typeface_lacks_becomes_a_sign_not_an_empty_box() -> None:
    assert printable("𠮷🎉 0137") == f"{MISSING_SIGN}{MISSING_SIGN} 0137"
    assert MISSING_SIGN in characters()


@pytest.mark.parametrize("weight", list(Weight))
def test_a_subset_is_static_small_and_has_ink_for_every_character(weight: Weight) -> None:
    data = static_subset(frozenset(SENTENCE), weight)
    face = TTFont(io.BytesIO(data))
    assert "fvar" not in face
    assert len(data) < 100_000
    cmap, glyphs = face.getBestCmap(), face["glyf"]
    without_ink = [char for char in set(SENTENCE) - {" "} if not glyphs[cmap[ord(char)]].numberOfContours]
    assert without_ink == []


def test_bold_is_bolder() -> None:
    def ink(weight: Weight) -> int:
        return sum(font(40, weight).getmask("槐").convert("L"))

    assert ink(Weight.BOLD) > ink(Weight.REGULAR) * 1.2


def test_figures_are_as_wide_as_each_other_so_that_columns_align() -> None:
    for weight in Weight:
        assert len({round(text_width(figure, 9, weight), 6) for figure in "0123456789"}) == 1


def test_a_chinese_character_is_one_em_wide() -> None:
    assert text_width("槐", 72) == pytest.approx(25.4, abs=0.01)


def test_lines_break_within_the_width_and_not_before_closing_signs() -> None:
    text = "有异议的那一户先不入账，7 天内答复（不答复自动转柳河镇）。" * 4
    for width in range(20, 90, 3):
        broken = wrap(text, width, 9)
        assert "".join(broken).replace(" ", "") == text.replace(" ", "")
        assert all(text_width(line, 9) <= width for line in broken)
        assert not [line for line in broken if line[0] in "，。）" or line[-1] == "（"]


def test_a_word_too_long_for_any_line_is_cut_rather_than_lost() -> None:
    address = "https://jifen.qinghe.gov.cn/notices/01JCX7K3ZQ9V"
    broken = wrap(address, 20, 9)
    assert "".join(broken) == address
    assert all(text_width(line, 9) <= 20 for line in broken)


@pytest.mark.parametrize("text", ["", "   "])
def test_no_text_is_no_line(text: str) -> None:
    assert wrap(text, 50, 9) == []


def test_long_names_shrink_and_short_ones_keep_their_size() -> None:
    assert fitting_size("大槐树村", 40, 14) == 14
    size = fitting_size("大槐树村民族团结进步示范新社区", 40, 14)
    assert text_width("大槐树村民族团结进步示范新社区", size) == pytest.approx(40)
