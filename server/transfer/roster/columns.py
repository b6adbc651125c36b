"""The columns of a roster: their fields, the titles in our template, and what village offices call them.

Owns the words only; values are read in `values.py`, `dates.py`, `idnumber.py` and `remarks.py`.
"""

from __future__ import annotations

from server.transfer.columns import Column

COLUMNS: tuple[Column, ...] = (
    Column("code", "户编号", ("户编码", "户代码", "家庭编号", "户号", "户籍号", "家庭编码", "农户编号")),
    Column("door", "门牌", ("门牌号", "门牌号码", "房号", "住房号", "楼栋房号", "门号", "院号")),
    Column("head", "户主", ("户主姓名", "户主名", "户主名字", "户主名称")),
    Column(
        "name",
        "姓名",
        ("家庭成员姓名", "成员姓名", "家庭成员", "成员", "人员姓名", "村民姓名", "居民姓名", "名字"),
    ),
    Column(
        "kinship",
        "与户主关系",
        ("关系", "与户主的关系", "家庭关系", "同户主关系", "与户主之关系", "称谓", "和户主关系"),
    ),
    Column(
        "birth",
        "出生日期",
        ("出生年月", "出生年月日", "生日", "出生时间", "出生", "出生日月"),
    ),
    Column("sex", "性别"),
    Column(
        "phone",
        "手机号",
        ("手机", "联系电话", "电话", "手机号码", "联系方式", "电话号码", "移动电话", "本人电话", "户主电话"),
        secret=True,
    ),
    Column(
        "id_number",
        "身份证号",
        (
            "身份证",
            "身份证号码",
            "公民身份号码",
            "身份号码",
            "证件号码",
            "证件号",
            "居民身份证号",
            "公民身份证号码",
        ),
        secret=True,
    ),
    Column("political", "政治面貌", ("政治身份",)),
    Column("party", "党员", ("是否党员", "党员否", "中共党员", "是否为党员")),
    Column("kind", "户类型", ("家庭类型", "户类别", "家庭类别", "户别类型", "户属性", "农户类型")),
    Column(
        "welfare", "低保/五保", ("低保五保", "低保或五保", "低保、五保", "救助类别", "困难类型", "享受待遇")
    ),
    Column("low_income", "低保", ("低保户", "是否低保", "是否低保户")),
    Column("destitute", "五保", ("五保户", "特困", "特困户", "是否五保", "是否特困")),
    Column("disabled", "残疾", ("是否残疾", "残疾人", "残疾等级", "残疾类别", "残疾情况")),
    Column("group", "村民小组", ("组别", "小组", "组", "村民组", "所属小组", "生产队", "自然村", "队")),
    Column("grid", "网格", ("所属网格", "网格名称", "网格编号", "网格号")),
    Column("address", "住址", ("家庭住址", "地址", "家庭地址", "详细地址", "现住址", "居住地址", "户籍地址")),
    Column("village", "村", ("村名", "所属村", "行政村", "村委会", "村居", "村社区", "所在村")),
    Column("remark", "备注", ("说明", "备考", "其他说明", "备注说明")),
)

MEANINGS = {
    "code": "户编号",
    "door": "门牌",
    "head": "户主姓名",
    "name": "成员姓名",
    "kinship": "与户主关系",
    "birth": "出生日期",
    "sex": "性别（1 男 2 女也认）",
    "phone": "电话",
    "id_number": "身份证号，只用来核对，默认不保存",
    "political": "政治面貌",
    "party": "是否党员",
    "kind": "户类型",
    "welfare": "低保、五保",
    "low_income": "低保",
    "destitute": "五保（特困）",
    "disabled": "残疾",
    "group": "村民小组",
    "grid": "网格",
    "address": "住址",
    "village": "村名",
    "remark": "备注",
}

# Cells that a household shares: empty ones continue the household above.
HOUSEHOLD_FIELDS = ("code", "group", "door", "head")

# Columns that tell of benefits: a tick means what the column is headed.
WELFARE_FIELDS = ("welfare", "low_income", "destitute", "disabled")
