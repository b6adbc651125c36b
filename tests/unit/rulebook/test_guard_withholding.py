"""The guard on entitlements: what law or contract gives is not withheld. Refused examples and near misses."""

from __future__ import annotations

import pytest

from tests.unit.rulebook.reading import errors, of_consequence, of_item

WITHHOLDING_REFUSED = [
    "取消低保",
    "连续两季度末位的，停发低保金三个月",
    "年度低于60分，取消低保户资格",
    "暂停发放种粮补贴",
    "扣发当年粮食补贴",
    "农机补贴缓发半年",
    "其低保、粮补、医保报销一律暂停",
    "不得享受村集体分红",
    "取消年终分红",
    "集体收益分配时减半发放",
    "从分红中扣除 200 元",
    "积分不到80分的，不予审批宅基地",
    "积分达到80分方可申请宅基地",
    "以积分作为宅基地审批的前置条件",
    "宅基地申请推迟一年",
    "收回承包地",
    "子女不得在本村幼儿园入园",
    "限制子女入学",
    "孩子入学不给开证明",
    "不出具入学证明",
    "取消医保报销",
    "看病报销不予办理",
    "合作医疗与积分挂钩",
    "养老金与积分挂钩发放",
    "停缴社保补助",
    "不予办证",
    "缓办身份证、户口等手续",
    "村委会不给盖章",
    "扣完分的户不开证明、不盖章",
    "办理准生证先交清卫生积分再办",
    "打扫干净后才给开证明",
    "户口迁移暂不办理",
    "冻结高龄津贴",
    "剥夺选举权一届",
    "取消村民代表选举权和被选举权",
    "停水停电三天",
    "对该户断水断电直至整改",
    "取消公益岗位和工资",
    "扣发公益岗工资",
    "取消集体福利",
    "不得领取残疾人补贴",
    "危房改造指标予以取消",
    "其低保，暂停发放",
    "取消评优并停发低保",
    "低 保 金 停 发",
    "将影响其子女入学和政审",
    "征地款延期发放",
    "灌溉用水限制供应",
    "取消五保供养救助",
    "积分清零的户，社保补贴降低一档",
]


@pytest.mark.parametrize("text", WITHHOLDING_REFUSED)
def test_what_law_or_contract_gives_is_not_withheld(text: str) -> None:
    assert "guard_withholding" in errors(of_consequence(text))


WITHHOLDING_NEAR = [
    "取消当年文明户评选资格",
    "不影响低保",
    "不得与低保、补贴、分红挂钩",
    "积分不与宅基地审批挂钩",
    "低保、医保照常办理，不因积分停发",
    "任何人不得因扣分取消低保",
    "严禁以积分为由停发补贴",
    "不作为办证、入学的条件",
    "取消评优，低保不受影响",
    "不得参加星级文明户评选，但不影响分红",
    "暂停积分兑换一个月",
    "当年不得参评最美家庭",
    "骗取低保的，由民政部门依法处理",
    "占用耕地的，由自然资源部门依法收回宅基地",
    "志愿者帮助办理残疾证",
    "代缴医保作为奖励",
    "奖励一袋米、一桶油",
    "评为星级文明户，年底表彰",
    "进村时由网格员上门宣传补贴政策",
    "提醒谈话，帮助整改",
    "协助申请低保和临时救助",
    "扣减积分5分",
    "取消低保户评优加分以外的重复加分",
    "减免积分兑换手续",
    "红榜公布，发荣誉证书",
    "入户讲解医保报销办法",
    "不取消任何补贴",
    "社保、医保待遇不降低",
    "村委会不得拒绝办证、盖章",
    "禁止限制子女入学",
    "取消本季度优秀庭院称号",
    "不推荐为最美家庭",
    "照价赔偿损坏的路灯",
    "主动退出低保的户予以表扬",
]


@pytest.mark.parametrize("text", WITHHOLDING_NEAR)
def test_near_misses_of_withholding(text: str) -> None:
    assert errors(of_consequence(text)) == set()


ITEM_WITHHOLDING_REFUSED = [
    ("垃圾不分类", "三次提醒仍不改，取消低保。"),
    ("垃圾不分类", "屡教不改的，停发全家粮补。"),
    ("不参加清洁日", "缺三次者，村委会不予盖章。"),
    ("门前乱堆", "未清理前暂停办理宅基地手续。"),
    ("不交卫生积分，取消分红", ""),
    ("红白事大操大办", "年底分红与本条挂钩。"),
    ("犬只不拴绳", "扣分后方可办证的，以村委会通知为准。"),
    ("私搭乱建", "违者不得享受医保补助。"),
]


@pytest.mark.parametrize(("name", "explanation"), ITEM_WITHHOLDING_REFUSED)
def test_withholding_hidden_in_an_item_is_found(name: str, explanation: str) -> None:
    assert "guard_withholding" in errors(of_item(name, explanation))


ITEM_WITHHOLDING_NEAR = [
    ("骗取低保", "隐瞒收入骗取低保，经民政部门查实。"),
    ("克扣老人养老金", "把老人的养老金拿走不给老人用。"),
    ("不送孩子上学", "家里有适龄孩子，没有正当理由不送去上学。"),
    ("占道堆物影响邻居就医", "堵住救护车过路。"),
    ("违规占用宅基地", "一户多宅不腾退，经乡镇依法认定。"),
    ("阻挠邻居办证", "别人办手续时无理取闹，不让办。"),
    ("冒领补贴", "用他人名字领补贴，经查实。"),
    ("私拉电线偷水偷电", "不经允许接集体的水电。"),
    ("扣留老人低保存折", "把父母的低保折子扣下，不给父母。"),
    ("不如实申报补贴面积", "多报种粮面积。"),
    ("挖断灌溉水渠", "损坏集体水渠，影响别人浇地。"),
]


@pytest.mark.parametrize(("name", "explanation"), ITEM_WITHHOLDING_NEAR)
def test_what_a_household_does_to_others_may_be_an_item(name: str, explanation: str) -> None:
    assert errors(of_item(name, explanation)) == set()


MORE_REFUSED = [
    "全家一年内不得申请低保",
    "不再享受村里的医保补助",
    "取消其家庭成员的医保报销资格",
    "低于60分的家庭，子女上学村里不出证明",
    "宅基地一律不批",
    "停发养老金",
    "分红打八折",
    "年终分红按积分系数发放",
    "扣一分少分红10元",
    "取消年底发放的米面油等村民福利",
    "积分排名后十位的，公示并取消低保申请资格",
    "列入后进户，贷款、办证、参军一律不予支持",
    "粮补暂缓发放，待整改后补发",
    "不整改就断电",
    "停止供水",
    "拒绝为其办理各类证明",
    "不给办事",
    "入党参军政审不予通过",
    "三年内不予审批建房",
    "扣除公益性岗位补贴",
    "医保财政补助部分由个人自付，村里不再代发补贴",
    "取消孩子上学补助",
    "积分排名末位的低保户重新核定并清退低保",
    "违者取消当年一切惠农补贴",
    "村集体分红推迟到整改完成再发",
    "不符合积分要求的，不得参加换届选举",
    "对积分低的户，村里不开介绍信",
    "取消享受政策性补贴的资格",
]


@pytest.mark.parametrize("text", MORE_REFUSED)
def test_more_ways_to_withhold(text: str) -> None:
    assert "guard_withholding" in errors(of_consequence(text))


ORDINARY_CONSEQUENCES = [
    "年终表彰前十名并发给奖品",
    "积分可在积分超市兑换生活用品",
    "取消当月流动红旗",
    "不得评为十星级文明户",
    "当季度不参加最美庭院评比",
    "网格员上门谈心，一起想办法",
    "由村调解员上门调解",
    "积分高的优先推荐参军、入党",
    "推荐为县级道德模范候选人",
    "年度积分前三名奖励全家免费体检",
    "组织免费体检一次",
    "积分可兑换理发、看病挂号陪同服务",
    "取消兑换资格一次",
    "家庭困难的照样享受低保",
    "不影响看病、上学、办证等各项权利",
    "扣分户子女上学、参军不受任何影响",
    "骗取补贴的移交公安机关依法处理",
    "投诉举报渠道畅通，任何人不得打击报复",
    "对评议结果不服的可以向乡镇申诉",
    "停止评优一年",
    "暂停积分兑换",
    "收回流动红旗",
    "收回“最美家庭”牌子",
    "减少扣分，需参加一次志愿服务",
    "奖励子女上学书包一个",
    "为考上大学的家庭送贺信和奖学金",
    "补贴志愿者午餐",
    "降低当季评星一档",
    "在积分超市张贴红榜",
    "限一周内清理干净",
]


@pytest.mark.parametrize("text", ORDINARY_CONSEQUENCES)
def test_ordinary_consequences_pass(text: str) -> None:
    assert errors(of_consequence(text)) == set()


def test_there_are_forty_of_each() -> None:
    assert min(len(WITHHOLDING_REFUSED), len(WITHHOLDING_NEAR) + len(ITEM_WITHHOLDING_NEAR)) >= 40
