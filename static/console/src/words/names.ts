// What the API's words are called on the screen, and the colour that goes with a state.
type Shown = [text: string, tone: "" | "g" | "o" | "d"];

export const ROLES: Record<string, string> = {
  villager: "村民", grid_worker: "网格员", grid_leader: "网格长", chief_grid_leader: "总网格长", panel_member: "评议小组",
  committee_member: "村委会委员", committee_head: "村委会主任", keeper: "超市管理员", supervisor: "监督小组",
  township_officer: "乡镇", county_officer: "县", assessor: "考核员", auditor: "审计", admin: "管理员",
};
export const RECORD_STATES: Record<string, Shown> = {
  recorded: ["已记录", ""], submitted: ["评议中", "o"], approved: ["评议通过", "g"], rejected: ["未通过", "d"],
  tallied: ["已汇总", "g"], on_notice: ["公示中", "o"], posted: ["已入账", "g"], withdrawn: ["已撤回", ""], reversed: ["已冲正", "d"],
};
export const TALLY_STATES: Record<string, Shown> = {
  open: ["等待表决", "o"], resolved: ["表决通过", "g"], on_notice: ["公示中", "o"], posted: ["已入账", "g"],
};
export const LINE_STATES: Record<string, Shown> = { pending: ["待入账", ""], held: ["异议未决", "o"], posted: ["已入账", "g"] };
export const NOTICE_STATES: Record<string, Shown> = {
  active: ["公示中", "o"], ended: ["公示期满", "g"], withdrawn: ["已撤回", "d"], taken_down: ["已撤下", ""],
};
export const OBJECTION_STATES: Record<string, Shown> = {
  open: ["等答复", "o"], escalated: ["已转乡镇", "d"], upheld: ["成立", "g"], dismissed: ["不成立", ""], lapsed: ["已失效", ""],
};
export const REPORT_STATES: Record<string, Shown> = { open: ["待报送", "o"], submitted: ["已报送", "g"] };
export const DAY_STATES: Record<string, Shown> = {
  planned: ["计划", ""], open: ["开放预约", "g"], closed: ["备货", "o"], redeeming: ["兑换中", "o"], settled: ["已结算", "g"], cancelled: ["已取消", "d"],
};
export const RESERVATION_STATES: Record<string, Shown> = {
  active: ["待取", "o"], reserved: ["待取", "o"], held: ["待取", "o"], open: ["待取", "o"], redeemed: ["已取", "g"], picked_up: ["已取", "g"],
  collected: ["已取", "g"], cancelled: ["已取消", ""], lapsed: ["过期未取", ""], expired: ["过期未取", ""], released: ["已释放", ""],
};
export const CYCLE_STATES: Record<string, Shown> = { preparing: ["准备中", ""], running: ["进行中", "o"], finished: ["已结束", "g"], cancelled: ["已取消", "d"] };
export const HOUSEHOLD_STATES: Record<string, Shown> = { active: ["参加", "g"], declined: ["不参加", ""], ended: ["已销户", ""] };
export const COUNT_STATES: Record<string, Shown> = { open: ["待确认", "o"], confirmed: ["已确认", "g"], rejected: ["未采用", ""] };
export const SOURCES: Record<string, string> = { scan: "网格员", declaration: "本户申报", committee: "村委会", on_behalf: "代为申报" };
export const KINDS: Record<string, string> = { positive: "正面", negative: "负面", veto: "一票否决" };
export const HOUSEHOLD_KINDS: Record<string, string> = {
  general: "常住户", elders_only: "纯老年户", left_behind: "留守户", disabled: "残疾人户", away_for_work: "在外务工户",
  many_members: "多口之家", low_income: "低收入户", destitute: "特困供养户",
};
export const UNITS: Record<string, string> = { time: "每次", day: "每天", month: "每月", year: "每年" };
export const CAPS: Record<string, string> = { day: "每天", week: "每周", month: "每月", quarter: "每季", year: "每年" };
export const VERDICTS: Record<string, string> = { approve: "同意", amend: "改分", reject: "不通过" };
export const EVALUATION_STATES: Record<string, Shown> = {
  nominating: ["提名", "o"], voting: ["表决", "o"], resolved: ["有结果", "g"], on_notice: ["公示", "o"], awarded: ["已授予", "g"],
};
export const NOMINATION_STATES: Record<string, Shown> = {
  proposed: ["等表决", "o"], withdrawn: ["已撤回", ""], unqualified: ["不符合条件", ""], chosen: ["入选", "g"], not_chosen: ["未入选", ""],
  awarded: ["已授予", "g"], revoked: ["异议成立，不授予", "d"], held: ["异议核实中", "o"],
};
export const CONSENT_STATES: Record<string, Shown> = { given: ["同意", "g"], withdrawn: ["已撤回", ""] };
export const LIST_STATES: Record<string, Shown> = { draft: ["草稿，等发出", "o"], issued: ["已发出", "g"], withdrawn: ["已撤回", ""] };
export const PURPOSES: Record<string, string> = { army: "参军", party: "入党", cadre: "村（社区）干部选拔" };
export const VOTES: Record<string, string> = { for: "赞成", against: "反对", abstain: "弃权" };
export const MOVEMENTS: Record<string, string> = {
  donated: "捐赠入库", bought: "采购入库", redeemed: "兑换出库", returned: "退回", spoiled: "损耗", counted: "盘点调整",
};
export const FUND_KINDS: Record<string, string> = { donation: "捐款", village_money: "村集体", purchase: "采购", correction: "更正" };
export const CAUSES: Record<string, string> = {
  month: "月度入账", held_line: "异议答复后入账", opening_balance: "期初余额", base_points: "基础分", correction: "更正", reversal: "冲正",
  reservation: "预约占用", release: "预约释放", redemption: "兑换", reserved_redemption: "预约兑换", return: "退货", transfer_out: "转出",
  transfer_in: "转入", expiry: "到期失效", forfeit: "结清",
};
export const MEETINGS: Record<string, string> = { villagers: "村民会议", representatives: "村民代表会议", committee: "村委会会议" };
export const RANKINGS: Record<string, string> = { off: "不显示", own: "只看自家名次", first_ten: "前十名", all: "全部" };
export const DIVISIONS: Record<string, string> = { county: "县级", township: "乡镇", village: "村" };
export const LOGGERS: Record<string, string> = ROLES;

export const named = (table: Record<string, string>, key: string | null | undefined): string => (key ? (table[key] ?? key) : "");
export const state = (table: Record<string, Shown>, key: string): Shown => table[key] ?? [key, ""];

/** What the audit log calls the acts; one that is not here is shown as it is kept. */
export const ACTS: Record<string, string> = {
  "village.settings": "改村设置", "village.create": "建村", "tally.vote": "月度表决", "tally.resolved": "月度汇总通过", "stock.move": "库存进出", "stock.export": "导出库存",
  "stock.count": "盘点", "stock.count_settled": "确认盘点", "settlement.sign": "签字结算", "rulebook.draft": "起草细则", "rulebook.adopt": "通过细则", "roster.import": "导入花名册",
  "reservation.make": "预约", "report.submit": "报送周报", "replay.resolve": "处理断线补传", "redemption.make": "兑换", "record.withdraw": "撤回记录", "record.review": "评议",
  "record.reply": "本户答复", "record.meeting": "会议决定", "record.log": "记录", "record.correct": "更正记录", "plate.reissue": "换门牌", "person.create": "登记人员",
  "password.reset": "重设密码", "invitation.issue": "发邀请", "invitation.accept": "接受邀请", "instance.init": "建实例", "household.view": "查看户资料", "household.create": "登记户",
  "household.change": "改户资料", "grid.households": "调整网格", "grid.create": "建网格", "grant.give": "给角色", "grant.end": "结束角色", "goods.export": "导出商品", "goods.change": "改商品",
  "fund.enter": "记资金", "exchange_day.slots": "改兑换时段", "exchange_day.move": "兑换日改期", "donor.create": "登记爱心人士", "donor.change": "改爱心人士", "card.pin": "改积分卡密码", "card.issue": "发积分卡",
};
