"""The words village offices use, and what each stands for. Tables only: to teach the reader a word, add it
here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from server.transfer.roster.model import Departure, HouseholdKind, MemberFlag, Sex

K = TypeVar("K")


def listed(text: str) -> frozenset[str]:
    """The words of a text, separated by blanks."""
    return frozenset(text.split())


def by_word(table: Mapping[K, str]) -> dict[str, K]:
    """A table of meaning → words turned round: word → meaning."""
    return {word: meaning for meaning, words in table.items() for word in words.split()}


NOTHING = listed("无 没有 暂无 无电话 无手机 不详 未知 / - -- — —— \\ 0 空 N/A n/a") | {""}
YES = listed("√ ✓ ✔ ☑ 是 有 对 Y y yes 1 党员 中共党员 正式党员 预备党员 中共预备党员")
NO = listed("× ✗ ✘ ☒ 否 不是 N n no 群众 非党员") | NOTHING

SEXES = by_word({Sex.MALE: "男 男性 1 M m ♂", Sex.FEMALE: "女 女性 2 F f ♀"})

HEAD = "户主"
KINSHIP_SAME = by_word(
    {
        HEAD: "本人 本人或户主 户主本人",
        "配偶": "妻 妻子 夫 丈夫 爱人 老伴",
        "子": "儿子",
        "女": "女儿",
        "长子": "大儿子",
        "长女": "大女儿",
        "次子": "二儿子 二子",
        "次女": "二女儿 二女",
        "儿媳": "儿媳妇 媳妇",
        "父亲": "父",
        "母亲": "母",
        "孙子": "孙",
        "祖父": "爷爷",
        "祖母": "奶奶",
    }
)
MALE_KINSHIP = listed(
    "长子 次子 三子 四子 五子 六子 子 独生子 养子 继子 女婿 孙子 外孙 外孙子 父亲 公公 岳父 "
    "祖父 外祖父 曾孙 哥哥 弟弟 兄 弟 侄子 外甥 伯父 叔父 舅父 孙女婿"
)
FEMALE_KINSHIP = listed(
    "长女 次女 三女 四女 五女 六女 女 独生女 养女 继女 儿媳 孙女 外孙女 母亲 婆婆 岳母 祖母 "
    "外祖母 曾孙女 孙媳 孙媳妇 姐姐 妹妹 姐 妹 侄女 外甥女 伯母 婶母 姑母 姨母 舅母 弟媳 嫂子"
)
OTHER_KINSHIP = listed("户主 配偶 兄弟姐妹 其他 其他亲属 非亲属 孙子女 外孙子女 父母")

POLITICAL_SAME = by_word(
    {
        "中共党员": "党员 中国共产党党员 正式党员 共产党员",
        "中共预备党员": "预备党员",
        "共青团员": "团员",
        "群众": "一般群众 普通群众",
        "无党派人士": "无党派",
    }
)

KINDS = by_word(
    {
        HouseholdKind.GENERAL: "一般户 普通户 一般农户 一般",
        HouseholdKind.ELDERS_ONLY: "独居老人 独居老人户 纯老年户 空巢老人 空巢户 纯老户 老人户 高龄户 "
        "留守老人",
        HouseholdKind.LEFT_BEHIND: "留守儿童家庭 留守户 留守儿童 留守儿童户 留守家庭",
        HouseholdKind.DISABLED: "残疾人家庭 残疾户 残疾人户 残疾",
        HouseholdKind.AWAY_FOR_WORK: "外出务工户 在外务工户 外出户 务工户 全家外出 外出务工",
        HouseholdKind.MANY_MEMBERS: "多人口户 多口之家 人口较多户 多子女户 多子女家庭 大户",
        HouseholdKind.LOW_INCOME: "低保户 低保",
        HouseholdKind.DESTITUTE: "五保户 特困户 特困供养户 五保",
    }
)
REGISTERED_ONLY_KINDS = listed("空挂户 空户 空挂")
KIND_TITLES = {
    HouseholdKind.GENERAL: "一般户",
    HouseholdKind.ELDERS_ONLY: "独居老人",
    HouseholdKind.LEFT_BEHIND: "留守儿童家庭",
    HouseholdKind.DISABLED: "残疾人家庭",
    HouseholdKind.AWAY_FOR_WORK: "外出务工户",
    HouseholdKind.MANY_MEMBERS: "多人口户",
    HouseholdKind.LOW_INCOME: "低保户",
    HouseholdKind.DESTITUTE: "五保户",
}

DEPARTURES = by_word(
    {
        Departure.DECEASED: "去世 已去世 死亡 已死亡 亡故 已亡故 已故 过世 已过世 病故 已病故 病逝 已病逝 "
        "逝世 已逝世 故去 殁 亡 身故 已身故 死亡销户 去世销户",
        Departure.MOVED_OUT: "迁出 已迁出 户口迁出 户口已迁出 迁走 已迁走 户口迁走 户口已迁走 "
        "已迁移 户口已迁移 已销户 销户",
    }
)
FLAGS = by_word(
    {
        MemberFlag.AWAY_FOR_WORK: "外出务工 外出打工 在外务工 在外打工 务工 打工 外出 常年外出 常年在外 "
        "长期在外 外出务工人员 务工在外",
        MemberFlag.STUDYING_AWAY: "在外上学 在外读书 外出上学 外出求学 在外求学 上大学 大学在读 "
        "在校大学生 住校 大学生",
        MemberFlag.IN_SERVICE: "参军 服役 当兵 现役 现役军人 服兵役 在部队",
        MemberFlag.REGISTERED_ONLY: "空挂户 空挂 空户 人户分离 户在人不在 挂户 空挂户口",
        MemberFlag.LOW_INCOME: "低保 低保户 享受低保 低保对象",
        MemberFlag.DESTITUTE: "五保 五保户 特困 特困户 特困供养 特困人员 分散供养 集中供养",
        MemberFlag.DISABLED: "残疾 残疾人 一级残疾 二级残疾 三级残疾 四级残疾 肢体残疾 听力残疾 视力残疾 "
        "智力残疾 精神残疾 言语残疾",
        MemberFlag.LIVING_ALONE: "独居 独居老人 空巢老人 孤寡老人",
        MemberFlag.LEFT_BEHIND_CHILD: "留守儿童 留守",
    }
)
PARTY = listed("党员 中共党员 预备党员 中共预备党员")
WELFARE = {
    MemberFlag.DESTITUTE: ("五保", "特困", "供养"),
    MemberFlag.LOW_INCOME: ("低保", "最低生活保障"),
    MemberFlag.DISABLED: ("残",),
}
