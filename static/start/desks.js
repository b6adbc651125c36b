// What each person of the demo can do here: one function a role, each gives cards.
import { as, newId } from "./api.js";
import { button, card, dateOf, door, empty, h, monthText, plain, points, say, shortDay, state, sure } from "./dom.js";

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
  const own = query({ village: who.village, household: who.household, limit: 100 });
  const [account, statement, records, inbox, objections] = await Promise.all([
    me.get(`/households/${who.household}/account`),
    me.get(`/households/${who.household}/statement?limit=8`),
    me.get(`/records?${own}`),
    me.get("/inbox?limit=6"),
    me.get("/objections?limit=20"),
  ]);
  const rulebook = await me.get(`/rulebooks/current?village=${who.village}`);
  return [
    card("我家的积分",
      h("div", { class: "figures" },
        h("div", { class: "figure ochre" }, h("small", {}, "可兑换积分"), h("b", {}, account.balance)),
        h("div", { class: "figure" }, h("small", {}, "考核分"), h("b", {}, account.score))),
      statement.items.length
        ? h("p", { class: "muted" }, "最近一笔：", causeText(statement.items[0]), "，", shortDay(statement.items[0].posted_at), "入账。")
        : empty("还没有入账。记录评议、公示以后就会到这里。")),
    card("台账", ledger(statement.items, records.items)),
    card("我家的记录", recordList(records.items.slice(0, 12), "还没有记录。可以自己报一件好事。", null, false)),
    await notices(me, who, objections.items, again),
    declare(me, who, now, rulebook, again),
    card("消息", inbox.items.length
      ? h("ul", { class: "list" }, inbox.items.map((item) => h("li", {}, item.text, h("span", { class: "muted" }, shortDay(item.sent_at)))))
      : empty("没有消息。")),
  ];
}

const CAUSES = {
  month: "月度积分", held_line: "异议答复后入账", opening_balance: "期初结转", base_points: "年度基础分", correction: "更正", reversal: "冲正",
  reservation: "预约", release: "取消预约", redemption: "兑换", reserved_redemption: "取预约的货", return: "退货", transfer_out: "转出",
  transfer_in: "转入", expiry: "到期", forfeit: "收回",
};
const causeText = (item) => (item.refs?.month ? `${monthText(item.refs.month)}积分` : CAUSES[item.cause] ?? item.cause);

/** Every entry, newest first; a month opens down to the records that made it. */
function ledger(items, records) {
  if (!items.length) return empty("台账还是空的。");
  return h("ul", { class: "list" }, items.map((item) => {
    const made = item.refs?.month ? records.filter((record) => record.month === item.refs.month && record.status === "posted") : [];
    return h("li", {},
      h("div", { class: "line" }, h("b", { class: "grow" }, causeText(item)), h("span", { class: "muted" }, shortDay(item.posted_at))),
      h("div", { class: "line amounts" }, amount("考核分", points(item.score_amount ?? "0.00")), amount("可兑换", points(item.amount)),
        amount("余额", item.balance_after)),
      made.length > 0 && h("details", {}, h("summary", {}, `是哪些事（${made.length} 条记录）`), recordList(made, "", null, false)));
  }));
}

const amount = (title, value) => h("span", {}, h("small", { class: "muted" }, title), " ", value);

function declare(me, who, now, rulebook, again) {
  const items = rulebook.items.filter((item) => item.declarable && !item.photo_required);
  return recordForm("自己报一件好事", items, async (item, amount, note) => {
    await me.post("/records", body({ household: who.household }, item, amount, now, note));
    say("报上去了，下周一进周报，评议小组会看。");
    await again();
  });
}

async function notices(me, who, objections, again) {
  const found = await me.get(`/public/notices?village=${who.village}`);
  const notice = found.items.find((one) => one.status === "active");
  if (!notice) return card("公示", empty("现在没有公示中的月份。"), pastNotices(found.items));
  const others = pastNotices(found.items.filter((other) => other !== notice));
  const title = `${monthText(notice.month)}公示中`;
  const see = h("a", { class: "button", href: `/notices/${notice.id}`, target: "_blank" }, "看公示");
  if (objections.some((one) => one.notice === notice.id && one.household === who.household && one.status === "open")) {
    return card(title, h("p", {}, "您的异议已经收到，等村委会答复；答复以前这一行先不入账。"), see, others);
  }
  const text = h("textarea", { maxlength: 500, "aria-label": "异议内容", placeholder: "哪里不对，请写下来" });
  return card(title,
    h("p", { class: "muted" }, `公示到 ${shortDay(notice.ends_at)}。觉得哪里不对，可以提异议，村委会要答复。`), see, text,
    button("我有异议", async () => {
      if (!text.value.trim()) throw new Error("请先写下哪里不对。");
      await me.post(`/notices/${notice.id}/objections`, { household: who.household, text: text.value.trim() });
      say("异议已提交，这一行先不入账，等村委会答复。");
      await again();
    }), others);
}

function pastNotices(list) {
  return h("div", { class: "buttons" }, list.slice(0, 3).map((notice) =>
    h("a", { class: "button", href: `/notices/${notice.id}`, target: "_blank" }, `${monthText(notice.month)}公示`)));
}

// —— grid worker ——
async function worker({ me, who, now, again }) {
  const [rulebook, households, records] = await Promise.all([
    me.get(`/rulebooks/current?village=${who.village}`),
    me.get(`/households?${query({ village: who.village, grid: who.grid, limit: 100 })}`),
    me.get(`/records?${query({ village: who.village, status: "recorded", limit: 20 })}`),
  ]);
  const pick = h("select", { "aria-label": "哪一户" }, h("option", { value: "" }, "请选一户"),
    households.items.map((house) => h("option", { value: house.code }, `${door(house.code)} ${house.label ?? ""}`)));
  const form = recordForm("记一笔", rulebook.items.filter((item) => item.kind !== "veto" && !item.photo_required),
    async (item, amount, note) => {
      if (!pick.value) throw new Error("请先选是哪一户。");
      const record = await me.post("/records", body({ household: pick.value }, item, amount, now, note));
      say(`记下了：${door(record.household)} ${record.name} ${record.points} 分。下周一进周报。`);
      await again();
    }, h("label", {}, "哪一户（扫门牌就直接到这一户）", pick));
  return [
    form,
    card("我的网格记下、还没报送的", recordList(records.items, "没有等报送的记录。", (record) =>
      sure("撤回", "确定撤回", async () => {
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
  const show = () => {
    const item = items.find((one) => one.code === choose.value);
    amount.value = item.kind === "negative" ? item.points_max : item.points_min;
    hint.textContent = `${range(item)} 分，一格 ${item.step}` + (item.cap ? `；每户${PERIODS[item.cap.per]}最多 ${item.cap.times} 次` : "");
  };
  choose.addEventListener("change", show);
  if (!items.length) return card(title, empty("这本细则里没有可以在这里报的条目。"));
  show();
  return card(title, ...before, h("label", {}, "哪一条", choose), h("label", {}, "几分", amount), hint,
    h("label", {}, "补一句", note), button("记下", () => submit(choose.value, amount.value, note.value), "main"));
}

const PERIODS = { day: "每天", week: "每周", month: "每月", quarter: "每季", year: "每年" };
const range = (item) => (item.points_min === item.points_max ? item.points_min : `${item.points_min} 到 ${item.points_max}`);

/** Records as lines; `action` gives what can be done with one, `doors` whether the household's number is shown. */
function recordList(records, nothing, action, doors = true) {
  if (!records.length) return empty(nothing);
  return h("ul", { class: "list" }, records.map((record) => h("li", {},
    h("div", { class: "line" },
      h("span", { class: "grow" }, doors && h("b", {}, `${door(record.household)} `), record.name ?? record.item), points(record.points), state(record.status)),
    h("div", { class: "line muted" }, h("span", { class: "grow" }, record.occurred_on, record.reason ? `，${record.reason}` : ""), action?.(record)))));
}

// —— grid leader ——
async function leader({ me, who, again }) {
  const reports = await me.get(`/weekly-reports?${query({ grid: who.grid })}`);
  const waiting = reports.items.filter((report) => report.status === "open");
  const cards = await Promise.all(waiting.map((report) => reportCard(me, report, again)));
  return cards.length ? cards
    : [card("等我报送的周报", empty("没有等报送的周报。每周一 0 点和每月截止时生成；可以在首页把时钟拨到下周一。"))];
}

async function reportCard(me, report, again) {
  const records = await me.get(`/records?${query({ report: report.id, limit: 100 })}`);
  const days = `${shortDay(report.starts_at)}—${shortDay(new Date(new Date(report.ends_at) - 1).toISOString())}`;
  return card(null,
    h("div", { class: "line" }, h("h2", { class: "grow" }, `${days}的周报`), h("span", { class: "tag ochre" }, "待报送")),
    recordList(records.items, "这一周没有记录。"),
    button("报送评议小组", async () => {
      await me.post(`/weekly-reports/${report.id}/submission`, { remark: "已核对" });
      say(`已报送，${report.records} 条记录到了评议小组。`);
      await again();
    }, "main"));
}

async function chief({ me, who }) {
  const records = await me.get(`/records?${query({ village: who.village, limit: 30 })}`);
  return [card("全村最近的记录", recordList(records.items, "还没有记录。"))];
}

// —— review panel ——
const said = new Map(); // what each panel member said in this tab: persona and record → words

async function panel({ me, who, now, again }) {
  const records = await me.get(`/records?${query({ village: who.village, status: "submitted", limit: 100 })}`);
  const mine = (record) => said.get(`${who.persona} ${record.id}`);
  const review = async (record, verdict, more = {}) => {
    const after = await me.post(`/records/${record.id}/reviews`, { verdict, ...more });
    said.set(`${who.persona} ${record.id}`, { approve: "您已同意", reject: "您不同意" }[verdict]);
    say(after.status === "submitted" ? "已记下您的意见，还要看别的成员。" : "评议有结果了。");
    await again();
  };
  const waiting = records.items.filter((record) => !mine(record) && !listens(record, now));
  return [card(`等评议的记录（${records.items.length}${records.next_cursor ? " 条以上" : " 条"}）`,
    waiting.length > 1 && button(`这 ${waiting.length} 条一起同意`, async () => {
      const answer = await me.post("/reviews/batch", { records: waiting.map((record) => record.id), verdict: "approve" });
      const done = answer.results.filter((result) => result.status < 300);
      for (const result of done) said.set(`${who.persona} ${result.id}`, "您已同意");
      say(`${done.length} 条记下了您的意见${done.length < waiting.length ? `，${waiting.length - done.length} 条要您回避或另看` : ""}。`);
      await again();
    }),
    recordList(records.items, "没有等评议的记录。周报报送以后会到这里。", (record) => {
      if (mine(record)) return h("span", {}, `${mine(record)}，等别的成员`);
      if (listens(record, now)) return h("span", {}, `本户可说明到 ${shortDay(record.reply_until)}`);
      return h("span", { class: "buttons" }, button("同意", () => review(record, "approve"), "main"),
        sure("不同意", "确定不同意", () => review(record, "reject", { reason: "核实后不符合条目" }), "danger"));
    }))];
}

/** Whether the household may still say something before the panel decides. */
const listens = (record, now) => record.reply_until && record.reply_until > now;

// —— village committee ——
async function committee({ me, who, again }) {
  const [self, tallies, objections] = await Promise.all([
    me.get("/me"),
    me.get(`/tallies?${query({ village: who.village, limit: 100 })}`),
    me.get(`/objections?${query({ village: who.village })}`),
  ]);
  const latest = tallies.items.slice(-3).reverse();
  const cards = await Promise.all(latest.map((tally, index) => tallyCard(me, self.id, tally, again, index === 0)));
  return [
    ...(cards.length ? cards : [card("月度研究确定", empty("还没有月份到截止日。可以在首页把时钟拨过 12 日。"))]),
    card("异议", objectionList(me, objections.items.filter((one) => one.status === "open"), again)),
  ];
}

const VOTES = { for: "同意", against: "不同意", abstain: "弃权" };

async function tallyCard(me, person, tally, again, open) {
  const lines = open ? (await me.get(`/tallies/${tally.id}`)).lines : [];
  return card(null,
    h("div", { class: "line" }, h("h2", { class: "grow" }, monthText(tally.month)), state(tally.status === "open" ? "voting" : tally.status)),
    lines.length > 0 && h("details", {}, h("summary", {}, `${lines.length} 户有变动`), tallyTable(lines)),
    tally.status === "open" && ballot(me, person, tally, again),
    tally.status === "resolved" && button("张榜公示", async () => {
      await me.post(`/tallies/${tally.id}/notice`);
      say("已公示，期满没有异议的自动入账。");
      await again();
    }, "main"),
    tally.notice && h("a", { class: "button", href: `/notices/${tally.notice}`, target: "_blank" }, "看公示"));
}

/** What the committee said so far, and the buttons of one's own vote. */
function ballot(me, person, tally, again) {
  const inFavour = tally.votes.filter((one) => one.vote === "for").length;
  const own = tally.votes.find((one) => one.person === person)?.vote;
  const needed = Math.floor(tally.members / 2) + 1;
  return h("div", { class: "ballot" },
    h("p", { class: "muted" }, `${tally.members} 位委员，要 ${needed} 票同意；现在 ${inFavour} 票同意。${own ? `您投了${VOTES[own]}。` : "您还没有投。"}`),
    h("div", { class: "buttons" }, Object.entries(VOTES).map(([vote, words]) => button(words, async () => {
      const after = await me.post(`/tallies/${tally.id}/votes`, { vote });
      say(after.status === "resolved" ? "过半数同意，这个月表决通过，可以张榜公示了。" : "已记下您的一票。");
      await again();
    }, vote === (own ?? "for") ? "main" : ""))));
}

function tallyTable(lines) {
  return h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, ["户", "记录", "加分", "扣分", "考核分", "可兑换"].map((title) => h("th", {}, title)))),
    h("tbody", {}, lines.map((line) => h("tr", {},
      h("td", {}, door(line.household)), h("td", {}, line.records), h("td", {}, line.added), h("td", {}, plain(line.deducted)),
      h("td", {}, points(line.score_change)), h("td", {}, points(line.balance_change)))))));
}

function objectionList(me, objections, again) {
  if (!objections.length) return empty("没有等答复的异议。");
  return h("ul", { class: "list" }, objections.map((one) => {
    const reason = h("input", { "aria-label": "答复", maxlength: 500, value: "已对照记录逐条核对，没有差错。" });
    return h("li", {}, h("div", { class: "line" }, h("b", {}, door(one.household)), h("span", { class: "grow" }, one.text)), reason,
      button("答复：不成立", async () => {
        await me.post(`/objections/${one.id}/answer`, { upheld: false, reason: reason.value });
        say("已答复，这一行可以入账了。");
        await again();
      }));
  }));
}

// —— everybody else ——
async function onlooker({ who }) {
  const kind = who.persona.replace(/_\d+$/, "").replace(/^other_/, "");
  return [card(`${who.name}能做什么`, h("p", {}, ROLES[kind]),
    h("p", { class: "muted" }, "这个身份在这个演示页上没有按钮；要做的事，接口都能做。"),
    h("a", { class: "button", href: "/api/docs", target: "_blank" }, "在接口文档里试"))];
}

const ROLES = {
  supervisor: "监督小组看得到记录、评议、公示和异议，但不评议也不表决。",
  township_officer: "乡镇看各村的月度汇总，答复村里七天没有答复的异议。",
  county_officer: "县里看各村的汇总，设置乡镇和人员。",
  auditor: "审计查操作日志：谁在什么时候对什么做了什么。",
  admin: "管理员设置村、网格、人员和角色。",
  keeper: "超市管理员管积分超市：进货、盘点、开兑换日、给来兑换的人发货。",
};
