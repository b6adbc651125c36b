"""Every printout of the program with a village's worth of data, and what must be found on its pages.

One place to add a printout: `test_every_printout` renders what stands here and looks at the pages. `python -m
tests.unit.paper.printouts FOLDER` writes each page as a picture, to be looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2

from mall.cards.paper import CardFace, card_pdf
from mall.redemptions.receipt_paper import receipt_pdf
from mall.redemptions.settlement_paper import settlement_pdf
from mall.reservations.pick_paper import pick_list_pdf
from server.assessment.paper.slips import slips_pdf
from server.grid.facts.paper import file_pdf
from server.honours.certificate_paper import certificates_pdf
from server.honours.certificates import Certificate
from server.insight.quarters.document import report
from server.insight.quarters.rules import Figures, HeadingSum, Quarter
from server.insight.quarters.service import Summary
from server.paper.notice_poster import NoticePoster, PosterLine, PosterTotals, poster_pdf
from server.paper.plates import PlateFace, plate_sheet_pdf
from server.paper.report_pdf import report_pdf
from tests.unit.paper.assessment_samples import filing, ranking, registration, score_form, task_list

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)
A4, A3, ACROSS = (210.0, 297.0), (297.0, 420.0), (297.0, 210.0)
HEADINGS = ("公益美德", "乡村建设", "社会治安", "移风易俗")
CODES = [f"7Q2MX-0KF3Z-9TGH4-C1D{number:02}" for number in range(13)]
NOTICE_URL = "https://jifen.qinghe.gov.cn/notices/01JCX7K3ZQ9V"
GOODS = (
    "东北大米 5kg",
    "菜籽油 1.8L",
    "洗衣液 2kg",
    "抽纸 6 包提",
    "挂面 1kg",
    "牙膏 120g",
    "香皂",
    "加碘食盐 400g",
)


@dataclass(frozen=True)
class Printout:
    """How one is made; `qrs`: the symbols of each page; `margin`: mm that stay white; `edge`: mm on the left
    that are coloured on purpose.
    """

    make: Callable[[], bytes]
    size: tuple[float, float] | None
    pages: int
    words: Sequence[str]
    qrs: Callable[[int], list[str]] = field(default=lambda page: [])
    margin: float = 8.0
    edge: float = 0.0


def _lines(count: int) -> tuple[PosterLine, ...]:
    return tuple(
        PosterLine(
            f"{number:04}",
            net=Decimal(number % 7) - Decimal("0.5"),
            name=("王**", "欧阳**", "李*")[number % 3],
            by_heading=(Decimal(number % 7), Decimal("-0.5"), Decimal(0), Decimal("0.25")),
        )
        for number in range(1, count + 1)
    )


def _notice() -> NoticePoster:
    return NoticePoster(
        village="大槐树村",
        issuer="青禾县柳河镇大槐树村村民委员会",
        month_title="2026 年 11 月",
        covers=(date(2026, 10, 13), date(2026, 11, 12)),
        published_on=date(2026, 11, 19),
        ends_on=date(2026, 11, 26),
        posted_on=date(2026, 11, 18),
        url=NOTICE_URL,
        ledger_head="3f9a1c07b2e84d6190c5f7aa1e3d7b52c8064e9f57a1d2b36ef0934ca4d81b7e",
        lines=_lines(204),
        totals=PosterTotals(204, 141, 373, Decimal("647.50"), Decimal("-19.00"), Decimal("628.50")),
        how_to_object="11 月 26 日 24:00 前，扫码、找网格员、或到村委会说一声都行；可请人代提。",
        how_counted="各类为加减后的数，单位：分。",
        headings=HEADINGS,
        remarks=("※ 户号 0017：“参加清扫街道”由 1 分更正为 2 分，异议成立，已于 11 月 21 日答复。",),
        signatures=("负责人：周建民", "监督小组：韩爱民", "问询：村委会值班室"),
    )


def _plates() -> list[PlateFace]:
    return [
        PlateFace(
            f"https://jifen.qinghe.gov.cn/h/{number * 7919:022x}",
            *(f"{number:04}", "大槐树村", "槐北网格", "青禾县 柳河镇", "前街 12 号", "GNDA-67XQ"),
        )
        for number in range(1, 18)
    ]


def _member(number: int) -> dict[str, Any]:
    told = {"id": f"m{number}", "name": ("孟春生", "欧阳淑兰", "孟繁㐆")[number % 3], "sex": "male"}
    told |= {"kinship": ("本人", "配偶", "长子")[number % 3], "birth_date": date(1968 + number, 3, 5)}
    return told | {
        "phone": "138****5678",
        "departure": None,
        "political": "中共党员" if number == 0 else None,
    }


def _file() -> dict[str, Any]:
    fact = {"name": "有人借住", "member": None, "value": "表弟一家三口，在县里工地干活，住到年底" * 2}
    fact |= {"since": date(2026, 9, 1), "recorded_by": "王芳（槐北网格员）"}
    return {
        "code": "9901010012010137",
        "village": {"name": "大槐树村"},
        "grid": {"name": "槐北网格"},
        "as_of": date(2026, 11, 18),
        "head": "孟春生",
        "label": "前街 12 号",
        "address": "青禾县柳河镇大槐树村前街 12 号",
        "members": [_member(number) for number in range(6)],
        "facts": [fact | {"member": f"m{number}" if number % 4 else None} for number in range(34)],
    }


def _pick_list() -> dict[str, Any]:
    lines = [
        {"goods": name, "name": name, "unit": "件", "quantity": 1 + place} for place, name in enumerate(GOODS)
    ]
    households = [
        {
            "household": f"990101001201{number:04}",
            "label": f"前街 {number} 号",
            "slot": "08:30" if number % 2 else "09:30",
            "points": f"{number * 3}.50",
            "lines": lines[: 1 + number % 6],
        }
        for number in range(1, 61)
    ]
    goods = [line | {"quantity": 40 + place, "households": 20} for place, line in enumerate(lines)]
    return {"day": date(2026, 12, 1), "goods": goods, "households": households}


def _receipt() -> dict[str, Any]:
    lines = [
        {
            "name": name,
            "unit": "件",
            "quantity": 2,
            "points_price": "28.00",
            "points": "56.00",
            "reserved": order == 0,
        }
        for order, name in enumerate(GOODS[:4])
    ]
    consent = {"method": "statement", "reason": "本人到场，手机没电，村会计在旁看着", "proxy": False}
    return {
        "number": "20261201-7KQ2",
        "redeemed_at": "2026-12-01T09:05:00+08:00",
        "household": "9901010012010137",
        "label": "前街 12 号",
        "keeper": "蒋素琴",
        "consent": consent,
        "offline": True,
        "lines": lines,
        "points": "224.00",
        "balance_after": "61.50",
        "returns": [{"points": "28.00", "reason": "洗衣液漏了"}],
    }


def _settlement() -> dict[str, Any]:
    goods = [
        {
            **{"goods": name, "name": name, "unit": "件", "redeemed": 15, "returned": place % 2},
            **{
                "points": "840.00",
                "points_returned": "28.00" if place % 2 else "0.00",
                "cost_yuan": "420.00",
            },
            **{
                "booked_out": 15 - (place == 4),
                "difference": -(place == 4),
                "spoiled": 0,
                "counted": -(place == 4),
            },
        }
        for place, name in enumerate(GOODS)
    ]
    households = [
        {
            **{"household": f"990101001201{number:04}", "label": f"前街 {number} 号", "redemptions": 1},
            **{"points": f"{number}.50", "points_returned": "0.00"},
        }
        for number in range(1, 68)
    ]
    part = {
        **{
            "number": 1,
            "goods": goods,
            "households": households,
            "points": "2702.00",
            "points_returned": "28.00",
        },
        **{"points_taken": "2674.00", "consents": {"code": 41, "pin": 17, "statement": 9}, "signed": True},
        "fund": {"goods_value": "1337.00", "purchases": "980.00"},
        "signatures": [
            {"name": "赵素琴", "at": "2026-12-01T12:05:00.000+08:00"},
            {"name": "周建民", "at": "2026-12-01T17:40:00.000+08:00"},
        ],
    }
    later = part | {
        "number": 2,
        "goods": goods[:1],
        "households": households[:1],
        "signed": False,
        "signatures": [],
    }
    return {
        "day": date(2026, 12, 1),
        "settlements": [part, later],
        "open_reservations": 2,
        "refused_replays": 1,
    }


def _scanned(code: str) -> str:
    return f"https://jifen.qinghe.gov.cn/a#{code.replace('-', '')}"


def _quarter() -> Summary:
    headings = tuple(HeadingSum(name, 90, 20_050 * place, -1_050) for place, name in enumerate(HEADINGS, 1))
    whole = Figures(208, 190, 936, 200_500, -4_200, 18, 7, 1, 88, 90_000, headings, (("门前三包达标", 120),))
    grids = tuple((str(number), f"第{name}网格", whole) for number, name in enumerate("一二三四五"))
    mover = {"household": "9901010012010137", "before": "12.00", "now": "33.50"}
    return Summary(
        "990101001201", "大槐树村", "village", Quarter(2026, 3), None, whole, grids, (mover,) * 5, 22,
        "未兑换积分值 1200.00 元，商品和资金共 2200.00 元",
    )  # fmt: skip


HONOURS_URL = "https://jifen.qinghe.gov.cn/honours/01939f3c-0000-7000-8000-000000000001"


def _certificates() -> list[Certificate]:
    common: dict[str, Any] = {"village": "大槐树村", "year": 2026, "how": "村民代表会议", "page": HONOURS_URL}
    common |= {"notice": (date(2026, 12, 22), date(2026, 12, 29)), "awarded_on": date(2026, 12, 30)}
    common |= {"ledger_head": _notice().ledger_head}
    family = {
        "honour": "最美家庭",
        "citation": "您家邻里互助、孝老爱亲，乡亲们看在眼里",
        "name": "孟春生",
        "whole": True,
    }
    person: dict[str, Any] = {
        "honour": "优秀党员",
        "citation": "您冲在前、干在先",
        "name": "欧阳春兰",
        "whole": False,
    }
    return [
        Certificate(number=f"DHSC-990101001201-2026-{code}-003", **common, **own)
        for code, own in (("ZMJT", family), ("YXDY", person))
    ]


_CARD = CardFace("大槐树村", "0137", "前街 12 号", "8812345678", "K7Q2M-card-token", "402918")
PRINTOUTS: dict[str, Printout] = {
    "notice A4": Printout(
        lambda: poster_pdf(_notice(), "A4"), A4, 3,
        ("大槐树村村民委员会", "2026 年 11 月 积分公示", "有异议怎么办", "欧阳**", "更正与说明", "第 3 页　共 3 页"),
        lambda page: [NOTICE_URL], edge=4.2,
    ),
    "notice A3": Printout(
        lambda: poster_pdf(_notice(), "A3"), A3, 3, ("积分公示", "有异议怎么办"), lambda page: [NOTICE_URL], edge=6.0
    ),
    "door plates": Printout(
        lambda: plate_sheet_pdf(_plates(), 8, batch="20261118-01", made_at=NOW), A4, 3,
        ("大槐树村", "槐北网格", "前街 12 号", "自家人扫码看积分", "第 3 张　共 3 张"),
        lambda page: [face.url for face in _plates()[8 * page : 8 * page + 8]],
    ),
    "points card": Printout(
        lambda: card_pdf(_CARD, date(2026, 11, 18), NOW),
        (105.0, 148.0), 1, ("积分卡", "大槐树村", "0137", "402918", "沿虚线向里折两次"),
        lambda page: ["K7Q2M-card-token"], margin=5.0,
    ),
    "household file": Printout(
        lambda: file_pdf(_file(), "王芳", NOW), A4, 3,
        ("一户一册", "户号 0137", "孟春生", "孟繁㐆", "户情台账", "王芳 印于 2026-11-18", "第 3 页　共 3 页"),
    ),
    "pick list": Printout(
        lambda: pick_list_pdf(_pick_list(), "大槐树村", NOW), A4, 4,
        ("大槐树村积分超市备货单", "合计", "每户", "加碘食盐 400g", "第 4 页　共 4 页", "备货人"),
    ),
    "receipt 58 mm": Printout(
        lambda: receipt_pdf(_receipt(), NOW), None, 1,
        ("积分超市兑换单", "东北大米 5kg", "（预约价）", "兑换后余额", "签字", "已退货"), margin=3.0,
    ),
    "settlement sheet": Printout(
        lambda: settlement_pdf(_settlement(), "大槐树村", NOW), ACROSS, 4,
        ("大槐树村积分超市结算单", "实收 2674.00", "按商品", "按户", "赵素琴", "两个人还没有都签字", "补充结算 1"),
    ),
    "ranking": Printout(
        ranking, ACROSS, 1,
        ("青禾县“两委”班子和成员千分制考核 2026H1 排名表", "最终得分", "欧阳淑兰", "负责人（盖章）", "对结果有异议的"),
    ),
    "registration form": Printout(
        registration, A4, 2,
        ("考核登记表", "得分由来", "各步意见", "26／1／0", "异议和答复", "成立，已更正", "整改", "本人确认"),
    ),
    "assessment file": Printout(
        filing, A4, 6,
        ("考核备案表", "办理过程", "青组〔2026〕7号", "建议措施和决定", "考核登记表 2 份，附后", "周海燕 印于"),
    ),
    "task list": Printout(
        task_list, ACROSS, 2, ("目标任务清单", "党建工作任务目标", "第 23 份目标书", "麦岭镇", "2026-07 年中检查进度")
    ),
    "score form": Printout(
        score_form, A4, 4, ("评分表", "两委", "得分", "加分、扣分和事实", "被考核人确认")
    ),
    "certificates": Printout(
        lambda: certificates_pdf(_certificates(), NOW), ACROSS, 2,
        ("荣誉证书", "孟春生", "家庭：", "同志：", "2026 年度　最美家庭", "盖章处", "二〇二六年十二月三十日"),
        lambda page: [HONOURS_URL],
    ),
    "code slips": Printout(
        lambda: slips_pdf(CODES, "民主测评", "https://jifen.qinghe.gov.cn/a", date(2026, 12, 1), NOW), A4, 2,
        ("匿名测评", "民主测评", "12 月 1 日前有效", CODES[0], "https://jifen.qinghe.gov.cn/a", "不要登记谁领了哪一张"),
        lambda page: [_scanned(code) for code in CODES[10 * page : 10 * page + 10]],
    ),
    "quarterly summary": Printout(
        lambda: report_pdf(report(_quarter(), "王芳", NOW), NOW), A4, 2,
        ("2026 年第三季度积分小结", "这个季度还没有结清", "各网格", "合计", "没有个人排名", "第 2 页　共 2 页"),
    ),
}  # fmt: skip


def main(folder: Path) -> None:
    """Every page as a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in PRINTOUTS.items():
        for number, page in enumerate(pypdfium2.PdfDocument(one.make()), 1):
            page.render(scale=1.3).to_pil().save(folder / f"{name.replace(' ', '-')}-{number}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
