// The words for states, with the colour that goes with each.
export const STATES: Record<string, { word: string; tone: "" | "g" | "o" | "b" }> = {
  // what waits on the phone
  waiting: { word: "待送出", tone: "o" },
  underway: { word: "送出中", tone: "g" },
  sent: { word: "已送达", tone: "" },
  refused: { word: "被退回", tone: "b" },
  // records
  recorded: { word: "已记下", tone: "" },
  submitted: { word: "评议中", tone: "o" },
  approved: { word: "评议通过", tone: "g" },
  rejected: { word: "评议没通过", tone: "b" },
  tallied: { word: "等村委会表决", tone: "o" },
  on_notice: { word: "公示中", tone: "o" },
  posted: { word: "已入账", tone: "g" },
  withdrawn: { word: "已撤回", tone: "" },
  reversed: { word: "已冲正", tone: "b" },
  // notices and tallies
  active: { word: "公示中", tone: "o" },
  ended: { word: "公示期满", tone: "g" },
  taken_down: { word: "已撤下", tone: "" },
  open: { word: "等表决", tone: "o" },
  resolved: { word: "表决通过", tone: "g" },
  pending: { word: "等入账", tone: "o" },
  held: { word: "先不入账", tone: "b" },
};

/** States of an objection; `open` means something else there. */
export const OBJECTIONS: Record<string, { word: string; tone: "" | "g" | "o" | "b" }> = {
  open: { word: "等答复", tone: "o" },
  escalated: { word: "已转镇里", tone: "o" },
  upheld: { word: "成立", tone: "g" },
  dismissed: { word: "不成立", tone: "" },
  lapsed: { word: "已了结", tone: "" },
};

/** States of an event. */
export const EVENTS: Record<string, { word: string; tone: "" | "g" | "o" | "b" }> = {
  reported: { word: "等人去办", tone: "o" },
  assigned: { word: "有人在办", tone: "o" },
  escalated: { word: "转到上一级", tone: "o" },
  reopened: { word: "重新办", tone: "o" },
  handled: { word: "办了，等报的人看", tone: "g" },
  closed: { word: "办结", tone: "g" },
  withdrawn: { word: "撤回了", tone: "" },
};

/** States of an appeal and of a complaint. */
export const ASKED: Record<string, { word: string; tone: "" | "g" | "o" | "b" }> = {
  ...OBJECTIONS,
  answered: { word: "已答复", tone: "g" },
};

/** Kinds of household that are compared with their like. */
export const HOUSEHOLD_KINDS: Record<string, string> = {
  elders_only: "老人户", left_behind: "留守户", disabled: "残疾户", away_for_work: "外出户", many_members: "多口户", low_income: "低收入户", destitute: "特困户",
};

/** Marks of a member that somebody at the door should know. */
export const MEMBER_FLAGS: Record<string, string> = {
  away_for_work: "在外务工", studying_away: "在外上学", in_service: "参军", registered_only: "只有户口在", low_income: "低保", destitute: "特困",
  disabled: "残疾", living_alone: "独居", left_behind_child: "留守儿童",
};

export const ROLES: Record<string, string> = {
  villager: "村民",
  grid_worker: "网格员",
  grid_leader: "网格长",
  chief_grid_leader: "总网格长",
  panel_member: "评议小组",
  committee_member: "村委会委员",
  committee_head: "村委会主任",
  keeper: "超市管理员",
  supervisor: "村务监督",
  township_officer: "镇里",
  county_officer: "县里",
  assessor: "考核员",
  auditor: "审计",
  admin: "系统管理",
};

export const DESK_WORDS: Record<string, string> = {
  villager: "村民", worker: "网格员", leader: "网格长", panel: "评议小组", committee: "村委会", keeper: "超市管理员", onlooker: "查看",
};

/** How a record came about. */
export const SOURCES: Record<string, string> = { scan: "扫门牌记下", declaration: "自己申报", committee: "村委会记下", on_behalf: "代为申报" };
