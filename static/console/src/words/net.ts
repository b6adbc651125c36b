// What grid work, complaints and hints are called on the screen.
type Shown = [text: string, tone: "" | "g" | "o" | "d"];

export const EVENT_STATES: Record<string, Shown> = {
  reported: ["待分派", "o"], assigned: ["处理中", "o"], escalated: ["已上报", "d"], reopened: ["重新打开", "o"],
  handled: ["待报的人确认", ""], closed: ["办结", "g"], withdrawn: ["已撤回", ""],
};
export const EVENT_STEPS: Record<string, string> = {
  reported: "报上来", assigned: "分派", escalated: "报上一级", reopened: "重新打开", handled: "办好了", closed: "确认办结", withdrawn: "撤回",
};
export const EVENT_WAITS = ["reported", "assigned", "escalated", "reopened"];
export const CHANGE_KINDS: Record<string, string> = { split: "分户", merge: "并户", move: "迁往外村", end: "销户" };
export const CHANGE_STATES: Record<string, Shown> = { agreed: ["等结清", "o"], left: ["在路上", "o"], done: ["已办好", "g"], cancelled: ["已取消", ""] };
export const SETTLE_FIRST: Record<string, string> = { records: "没审完的记录", lines: "没入账的月份", objections: "没答复的异议", appeals: "没答复的申诉" };
export const COMPLAINT_STATES: Record<string, Shown> = { open: ["等答复", "o"], answered: ["已答复", "g"] };
export const COMPLAINT_TIERS: Record<string, string> = { village: "村委会", township: "乡镇", county: "县" };
export const ABOUTS: Record<string, string> = { person: "对人", rule: "对规矩", program: "对系统" };
export const WAYS: Record<string, string> = { door: "上门", phone: "电话" };
export const HINTS: Record<string, string> = {
  burst: "短时间记得很多", reused_photo: "同一张照片", favours_relatives: "亲属户偏多", one_household: "集中在一户",
  level: "给分松紧", item_mix: "条目集中", grid_unseen: "网格没有记录", household_unseen: "户好久没有记录",
};

const NUMERALS = "零一二三四五六七八九十";
const numbered = (name: string) => name.replace(/[一二三四五六七八九]?十?[一二三四五六七八九十]/g, (word) => {
  const [tens, ones] = word.includes("十") ? word.split("十") : ["0", word];
  return String((tens === "" ? 1 : Number(tens) || NUMERALS.indexOf(tens!)) * (word.includes("十") ? 10 : 0) + (ones ? NUMERALS.indexOf(ones) : 0)).padStart(3, "0");
});
/** Grids in the order of the numbers in their names: 第二 before 第十, not by pinyin. */
export const byNumber = (a: string, b: string): number => numbered(a).localeCompare(numbered(b), "zh-CN", { numeric: true });
