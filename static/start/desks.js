// What each person of the demo can do here: one function a role, each gives cards.
import { as, newId } from "./api.js";
import { button, card, dateOf, empty, h, points, say, shortDay, state } from "./dom.js";

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value != null)).toString();

/** The cards of a persona's desk; `again` draws the desk anew. */
export async function desk(who, now, again) {
  const me = as(who.persona);
  const kind = who.persona.replace(/_\d+$/, "").replace(/^other_/, "");
  const build = {
    villager, grid_worker: worker, grid_leader: leader, chief_grid_leader: chief, panel_member: panel,
    committee_head: committee, committee_member: committee,
  }[kind] ?? onlooker;
  return build({ me, who, now, again });
}

// —— villager ——
async function villager({ me, who, now, again }) {
  const [account, statement, records, inbox] = await Promise.all([
    me.get(`/households/${who.household}/account`),
    me.get(`/households/${who.household}/statement?limit=8`),
    me.get(`/records?${query({ village: who.village, household: who.household, limit: 20 })}`),
    me.get("/inbox?limit=6"),
  ]);
  const rulebook = await me.get(`/rulebooks/current?village=${who.village}`);
  return [
    card("我家的积分",
      h("div", { class: "figures" },
        h("div", { class: "figure ochre" }, h("small", {}, "可兑换积分"), h("b", {}, account.balance)),
        h("div", { class: "figure" }, h("small", {}, "考核分"), h("b", {}, account.score))),
      statement.items.length
        ? h("p", { class: "muted" }, "最近一笔：", CAUSES[statement.items[0].cause] ?? statement.items[0].cause, "，",
          shortDay(statement.items[0].posted_at), " 入账。往下看是哪些事得来的。")
        : empty("还没有入账。记录评议、公示以后就会到这里。")),
    card("台账", ledger(statement.items)),
    card("我家的记录", recordList(records.items, "还没有记录。可以在右边自己报一件好事。")),
    declare(me, who, now, rulebook, again),
    await notices(me, who, again),
    card("消息", inbox.items.length
      ? h("ul", { class: "list" }, inbox.items.map((item) => h("li", {}, item.text, h("span", { class: "muted" }, shortDay(item.created_at ?? item.at)))))
      : empty("没有消息。")),
  ];
}

const CAUSES = {
  month: "月度积分", held_line: "异议答复后入账", opening_balance: "期初结转", base_points: "年度基础分", correction: "更正", reversal: "冲正",
  reservation: "预约", release: "取消预约", redemption: "兑换", reserved_redemption: "取预约的货", return: "退货", transfer_out: "转出",
  transfer_in: "转入", expiry: "到期", forfeit: "收回",
};

function ledger(items) {
  if (!items.length) return empty("台账还是空的。");
  return h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, ["事由", "日期", "考核分", "可兑换", "余额"].map((title) => h("th", {}, title)))),
    h("tbody", {}, items.map((item) => h("tr", {},
      h("td", {}, CAUSES[item.cause] ?? item.cause, item.refs?.month ? ` ${item.refs.month}` : ""), h("td", {}, shortDay(item.posted_at)),
      h("td", {}, points(item.score_amount ?? "0.00")), h("td", {}, points(item.amount)), h("td", {}, item.balance_after))))));
}

function declare(me, who, now, rulebook, again) {
  const items = rulebook.items.filter((item) => item.declarable && !item.photo_required);
  return recordForm("自己报一件好事", items, async (item, amount, note) => {
    await me.post("/records", body({ household: who.household }, item, amount, now, note));
    say("报上去了，评议小组会看。");
    await again();
  });
}

async function notices(me, who, again) {
  const found = await me.get(`/public/notices?village=${who.village}`);
  const running = found.items.filter((notice) => notice.status === "active" || notice.status === "on_notice");
  if (!running.length) return card("公示", empty("现在没有公示中的月份。"), pastNotices(found.items));
  const text = h("textarea", { maxlength: 500, "aria-label": "异议内容", placeholder: "哪里不对，请写下来" });
  const notice = running[0];
  return card(`${notice.month} 月公示中`,
    h("p", { class: "muted" }, `公示到 ${shortDay(notice.ends_at)}。觉得哪里不对，可以提异议，村委会要答复。`),
    h("a", { class: "button", href: `/notices/${notice.id}`, target: "_blank" }, "看公示"),
    text,
    button("我有异议", async () => {
      await me.post(`/notices/${notice.id}/objections`, { household: who.household, text: text.value });
      say("异议已提交，这一行先不入账，等村委会答复。");
      await again();
    }),
    pastNotices(found.items.filter((other) => other !== notice)));
}

function pastNotices(list) {
  return h("div", { class: "buttons" }, list.slice(0, 3).map((notice) =>
    h("a", { class: "button", href: `/notices/${notice.id}`, target: "_blank" }, `${notice.month} 公示`)));
}

// —— grid worker ——
async function worker({ me, who, now, again }) {
  const [rulebook, households, records] = await Promise.all([
    me.get(`/rulebooks/current?village=${who.village}`),
    me.get(`/households?${query({ village: who.village, grid: who.grid, limit: 100 })}`),
    me.get(`/records?${query({ village: who.village, status: "recorded", limit: 20 })}`),
  ]);
  const pick = h("select", { "aria-label": "哪一户" },
    households.items.map((house) => h("option", { value: house.code }, `${house.code.slice(-4)} ${house.label ?? ""}`)));
  const form = recordForm("记一笔", rulebook.items.filter((item) => item.kind !== "veto" && !item.photo_required),
    async (item, amount, note) => {
      await me.post("/records", body({ household: pick.value }, item, amount, now, note));
      say("记下了，下周一成为周报。");
      await again();
    }, h("label", {}, "哪一户（扫门牌就直接到这一户）", pick));
  return [
    form,
    card("我的小组这周记的", recordList(records.items, "这周还没有记录。", (record) =>
      button("撤回", async () => {
        await me.post(`/records/${record.id}/withdrawal`, { reason: "记错了" });
        say("已撤回。");
        await again();
      }, "danger"))),
  ];
}

function body(place, item, amount, now, note) {
  return { id: newId(), ...place, item, points: amount, occurred_on: dateOf(now), ...(note ? { note } : {}) };
}

/** A form: item, points within its range, a note. */
function recordForm(title, items, submit, ...before) {
  const choose = h("select", { "aria-label": "条目" }, items.map((item) =>
    h("option", { value: item.code }, `${item.name}（${range(item)}）`)));
  const amount = h("input", { inputmode: "decimal", "aria-label": "分数" });
  const hint = h("p", { class: "muted" });
  const note = h("input", { maxlength: 200, placeholder: "可不写", "aria-label": "补一句" });
  const chosen = () => items.find((item) => item.code === choose.value);
  const show = () => {
    const item = chosen();
    if (!item) return;
    amount.value = item.kind === "negative" ? item.points_max : item.points_min;
    hint.textContent = `${range(item)} 分，一格 ${item.step}` + (item.cap ? `；每户${PERIODS[item.cap.per]}最多 ${item.cap.times} 次` : "");
  };
  choose.addEventListener("change", show);
  show();
  if (!items.length) return card(title, empty("这本细则里没有可以在这里报的条目。"));
  return card(title, ...before, h("label", {}, "哪一条", choose), h("label", {}, "几分", amount), hint,
    h("label", {}, "补一句", note), button("记下", () => submit(choose.value, amount.value, note.value), "main"));
}

const PERIODS = { day: "每天", week: "每周", month: "每月", quarter: "每季", year: "每年" };
const range = (item) => (item.points_min === item.points_max ? item.points_min : `${item.points_min} 到 ${item.points_max}`);

function recordList(records, nothing, action) {
  if (!records.length) return empty(nothing);
  return h("ul", { class: "list" }, records.map((record) => h("li", {},
    h("div", { class: "line" }, h("span", { class: "grow" }, h("b", {}, record.household.slice(-4)), " ", record.name ?? record.item), points(record.points), state(record.status)),
    h("div", { class: "line muted" }, h("span", { class: "grow" }, record.occurred_on, record.reason ? `，${record.reason}` : ""), action?.(record)))));
}

// —— grid leader ——
async function leader({ me, who, again }) {
  const reports = await me.get(`/weekly-reports?${query({ grid: who.grid })}`);
  const waiting = reports.items.filter((report) => report.status === "open");
  return [card("等我报送的周报",
    waiting.length ? h("ul", { class: "list" }, waiting.map((report) => h("li", {},
      h("div", { class: "line" }, h("b", { class: "grow" }, report.week), h("span", {}, `${report.records ?? report.count ?? ""} 条记录`), state(report.status)),
      button("报送评议小组", async () => {
        await me.post(`/weekly-reports/${report.id}/submission`, { remark: "已核对" });
        say("已报送。");
        await again();
      }, "main")))) : empty("没有等报送的周报。每周一 0 点和每月截止时生成；可以在首页把时钟拨到下周一。"))];
}

async function chief({ me, who }) {
  const records = await me.get(`/records?${query({ village: who.village, limit: 30 })}`);
  return [card("全村最近的记录", recordList(records.items, "还没有记录。"))];
}

// —— review panel ——
async function panel({ me, who, again }) {
  const records = await me.get(`/records?${query({ village: who.village, status: "submitted", limit: 100 })}`);
  const review = async (record, verdict, more = {}) => {
    const after = await me.post(`/records/${record.id}/reviews`, { verdict, ...more });
    say(after.status === "submitted" ? "已记下您的意见，还要一位成员同意。" : "评议有结果了。");
    await again();
  };
  return [card(`等评议的记录（${records.items.length}${records.next_cursor ? " 条以上" : " 条"}）`,
    records.items.length > 1 && button("简单的一起同意", async () => {
      const answer = await me.post("/reviews/batch", { records: records.items.map((record) => record.id), verdict: "approve" });
      const done = answer.results.filter((result) => result.status < 300).length;
      say(`${done} 条记下了您的意见${done < answer.results.length ? `，${answer.results.length - done} 条要您回避或另看` : ""}。`);
      await again();
    }),
    recordList(records.items, "没有等评议的记录。周报报送以后会到这里。", (record) => h("span", { class: "buttons" },
      button("同意", () => review(record, "approve"), "main"),
      button("不同意", () => review(record, "reject", { reason: "核实后不符合条目" }), "danger"))))];
}

// —— village committee ——
async function committee({ me, who, again }) {
  const [tallies, objections] = await Promise.all([
    me.get(`/tallies?${query({ village: who.village })}`),
    me.get(`/objections?${query({ village: who.village })}`).catch(() => ({ items: [] })),
  ]);
  const latest = tallies.items.slice(-3).reverse();
  const cards = await Promise.all(latest.map((tally, index) => tallyCard(me, tally, again, index === 0)));
  return [
    ...(cards.length ? cards : [card("月度研究确定", empty("还没有月份到截止日。可以在首页把时钟拨过 12 日。"))]),
    card("异议", objectionList(me, objections.items.filter((one) => one.status === "open"), again)),
  ];
}

async function tallyCard(me, tally, again, open) {
  const whole = open ? await me.get(`/tallies/${tally.id}`) : tally;
  const lines = whole.lines ?? [];
  return card(null,
    h("div", { class: "line" }, h("h2", { class: "grow" }, `${tally.month} 月`), state(tally.status)),
    lines.length ? h("details", {}, h("summary", {}, `${lines.length} 户有变动`), tallyTable(lines)) : null,
    tally.status === "open" && h("div", { class: "buttons" },
      ["for", "against", "abstain"].map((vote) => button({ for: "同意", against: "不同意", abstain: "弃权" }[vote], async () => {
        const after = await me.post(`/tallies/${tally.id}/votes`, { vote });
        say(after.status === "resolved" ? "过半数同意，这个月表决通过。" : "已记下您的一票。");
        await again();
      }, vote === "for" ? "main" : ""))),
    tally.status === "resolved" && button("张榜公示", async () => {
      await me.post(`/tallies/${tally.id}/notice`);
      say("已公示，期满没有异议的自动入账。");
      await again();
    }, "main"),
    tally.notice && h("a", { class: "button", href: `/notices/${tally.notice.id ?? tally.notice}`, target: "_blank" }, "看公示"));
}

function tallyTable(lines) {
  return h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, ["户", "记录", "加分", "扣分", "考核分", "可兑换"].map((title) => h("th", {}, title)))),
    h("tbody", {}, lines.map((line) => h("tr", {},
      h("td", {}, line.household.slice(-4)), h("td", {}, line.records), h("td", {}, line.added), h("td", {}, line.deducted),
      h("td", {}, points(line.score_change)), h("td", {}, points(line.balance_change)))))));
}

function objectionList(me, objections, again) {
  if (!objections.length) return empty("没有等答复的异议。");
  return h("ul", { class: "list" }, objections.map((one) => {
    const reason = h("input", { "aria-label": "答复", value: "已对照记录逐条核对，没有差错。" });
    return h("li", {}, h("div", { class: "line" }, h("b", {}, one.household.slice(-4)), h("span", { class: "grow" }, one.text)), reason,
      button("答复：不成立", async () => {
        await me.post(`/objections/${one.id}/answer`, { upheld: false, reason: reason.value });
        say("已答复，这一行可以入账了。");
        await again();
      }));
  }));
}

// —— everybody else ——
async function onlooker({ me, who }) {
  const self = await me.get("/me");
  return [card(`${who.name}能做什么`,
    h("p", {}, ROLES[who.persona.replace(/_\d+$/, "").replace(/^other_/, "")] ?? "这个身份的页面在后面的版本里，接口已经可用。"),
    h("p", { class: "muted" }, `身份：${self.roles.map((role) => `${role.role}（${role.scope}）`).join("，")}`),
    h("a", { class: "button", href: "/api/docs", target: "_blank" }, "在接口文档里试"))];
}

const ROLES = {
  supervisor: "监督小组看得到记录、评议、公示和异议，但不评议也不表决。",
  township_officer: "乡镇看各村的月度汇总，答复村里七天没有答复的异议。",
  county_officer: "县里看各村的汇总，设置乡镇和人员。",
  auditor: "审计查操作日志：谁在什么时候对什么做了什么。",
  admin: "管理员设置村、网格、人员和角色。",
  keeper: "积分超市管理员。",
};
