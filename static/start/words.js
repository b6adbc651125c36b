// The words of the start page in its two languages. The desks behind it are the program's own, in Chinese.
import { dayText } from "./dom.js";

const KEY = "jifen-demo-language";

const zh = {
  other: "English", title: "青禾县积分演示", fictional: "虚构数据", today: (iso) => `今天是 ${dayText(iso)}`,
  lead: (villages) => `演示里的人来自 ${villages} 个村，账是系统自己走半年走出来的。点一个人，就用他的身份进去。`,
  walk: "带一户人家走完一个月", again: "从第 1 步重新走", to: (what, day) => `拨到${what}（${day}）`, sure: "还要再往后拨，确定",
  family: (family) => `${family.door}（${family.name}家）`, someHouse: "一户",
  steps: (house, name, noticed) => [
    ["记一笔", `先用村民的身份看一眼积分；再用网格员的身份，选${house}，选一条，记下来。`],
    ["报送一周", "拨到下周一，周报就出来了；用网格长的身份报送。"],
    ["评议", "评议小组两位成员同意，就定了；没评的记录不进这个月，可以点“一起同意”都评了。扣分的要先等本户三天内说明。"],
    ["月度汇总", "拨过 12 日的截止日，这个月每户的账就汇总出来。"],
    ["表决", "村委会过半数同意，就通过。"],
    ["公示", "主任张榜；不登录打开公示页，也看得到这一户。"],
    ["入账", `${noticed ? "拨到公示期满的第二天" : "公示以后，这里可以拨到期满的第二天"}；再看${name}家的台账：多了这个月一行，和公示上的一样。别的入账各有一行。`],
  ],
  stops: { week: "下周一", cutoff: "截止次日", notice: (month) => `${month}月公示期满` }, day: (month, day) => `${month}月${day}日`,
  clock: "把日子往后拨", clockText: "周报、汇总、入账到了日子会自己办。拨过去就不能往回拨。", anyDay: "拨到这天", which: "拨到哪一天",
  people: "点一个人，用他的身份进去", door: (number) => `户号 ${number}`,
  open: "不登录也看得到", notice: (year, month) => `${year}年${month}月公示`, notices: "全部公示", docs: "接口文档",
  programs: "真的用起来是这样", programsText: "演示里的人在这两处也能登录：选“演示身份”。", phone: "手机端", console: "电脑管理台",
  roles: {
    villager: ["村民", "看我家的积分怎么来的，提异议"], grid_worker: ["网格员", "选一户，记一笔"], grid_leader: ["网格长", "报送一周的记录"],
    chief_grid_leader: ["总网格长", "看全村的记录"], panel_member: ["评议小组", "评议报上来的记录"],
    committee_head: ["村委会主任", "表决、张榜公示、答复异议"], committee_member: ["村委会委员", "表决、答复异议"], keeper: ["超市管理员", "积分超市"],
    supervisor: ["监督小组", "看得到，不动手"], township_officer: ["乡镇", "看各村"], county_officer: ["县", "看各乡镇"],
    auditor: ["审计", "查操作日志"], admin: ["管理员", "设人、设村"],
  },
};

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const en = {
  other: "中文", title: "Qinghe county, a demo of points", fictional: "fictional",
  today: (iso) => `Today is ${new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", dateStyle: "full" }).format(new Date(iso))}`,
  lead: (villages) => `People of ${villages} villages; the books were made by running the program for half a year. Pick somebody to be that person. The screens behind are in Chinese, as villagers use them.`,
  walk: "Take one household through a month", again: "Begin again at step 1", to: (what, day) => `Move to ${what} (${day})`, sure: "Yes, move on once more",
  family: (family) => `${family.door} (family ${family.name})`, someHouse: "a household",
  steps: (house, name, noticed) => [
    ["Record 记一笔", `Look at the points as the villager first; then, as the grid worker, pick ${house} and an item and log it (记下).`],
    ["Week 报送", "Move to next Monday: the week's report is there. Submit it (报送) as the grid leader."],
    ["Review 评议", "Two panel members who agree (同意) decide. What nobody reviews stays out of the month; 一起同意 agrees to all. A deduction waits three days for the household's reply."],
    ["Tally 汇总", "Move past the cut-off on the 12th: each household's month is added up."],
    ["Vote 表决", "More than half of the committee resolves the month."],
    ["Notice 公示", "The committee head publishes it (张榜公示). Anybody can read it without signing in."],
    ["Posting 入账", `${noticed ? "Move to the day after the notice ends" : "Once published, the day after the notice ends is offered here"}; ${name}'s ledger then has a line for this month, the same as on the notice. Other postings have lines of their own.`],
  ],
  stops: { week: "next Monday", cutoff: "the day after the cut-off", notice: (month) => `the end of ${MONTHS[month - 1]}'s notice` },
  day: (month, day) => `${day} ${MONTHS[month - 1]}`,
  clock: "Move the clock on", clockText: "Reports, tallies and postings happen when their day comes. There is no way back.", anyDay: "Move to this day", which: "Move to which day",
  people: "Pick somebody and be that person", door: (number) => `door ${number}`,
  open: "Open to anybody", notice: (year, month) => `Notice of ${MONTHS[month - 1]} ${year}`, notices: "All notices", docs: "API documentation",
  programs: "What people really use", programsText: "The demo's people can sign in there too: 演示身份.", phone: "Phone client", console: "Desktop console",
  roles: {
    villager: ["Villager 村民", "see where my points come from, object"], grid_worker: ["Grid worker 网格员", "pick a household, log conduct"],
    grid_leader: ["Grid leader 网格长", "submit the week"], chief_grid_leader: ["Chief grid leader 总网格长", "see the village's records"],
    panel_member: ["Review panel 评议小组", "review what was submitted"], committee_head: ["Committee head 村委会主任", "vote, publish, answer objections"],
    committee_member: ["Committee member 委员", "vote, answer objections"], keeper: ["Shop keeper 超市管理员", "the points supermarket"],
    supervisor: ["Supervisor 监督小组", "sees, does not act"], township_officer: ["Township 乡镇", "sees the villages"], county_officer: ["County 县", "sees the townships"],
    auditor: ["Auditor 审计", "reads the audit log"], admin: ["Administrator 管理员", "people and villages"],
  },
};

const kept = () => { try { return localStorage.getItem(KEY); } catch { return null; } }; // private windows may refuse
let language = kept() === "en" ? "en" : "zh";

/** The words of the language that is on. */
export const words = () => (language === "en" ? en : zh);

/** The other language from now on, on this computer. */
export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
  try { localStorage.setItem(KEY, language); } catch { /* then only until the page is closed */ }
  applyLanguage();
}

/** Tells the document which language it is in. */
export function applyLanguage() {
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  document.title = words().title;
}
