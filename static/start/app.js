// The demo's start page: a month to walk through, a clock to move, and who you can be.
import { clock, moveClock, personas, stranger } from "./api.js";
import { addDays, button, card, dateOf, dayText, door, h, local, monthText, say } from "./dom.js";
import { desk } from "./desks.js";

const root = document.getElementById("app");
const HINTS = {
  villager: ["村民", "看我家的积分怎么来的，提异议", "绿"], grid_worker: ["网格员", "选一户，记一笔", "绿"],
  grid_leader: ["网格长", "报送一周的记录", "绿"], chief_grid_leader: ["总网格长", "看全村的记录", "绿"],
  panel_member: ["评议小组", "评议报上来的记录", "绿"], committee_head: ["村委会主任", "表决、张榜公示、答复异议", "谷"],
  committee_member: ["村委会委员", "表决、张榜公示、答复异议", "谷"], keeper: ["超市管理员", "积分超市", "谷"],
  supervisor: ["监督小组", "看得到，不动手", "灰"], township_officer: ["乡镇", "看各村", "灰"], county_officer: ["县", "看各乡镇", "灰"],
  auditor: ["审计", "查操作日志", "灰"], admin: ["管理员", "设人、设村", "灰"],
};
const roleOf = (persona) => persona.replace(/_\d+$/, "").replace(/^other_/, "");

const HILLS = `<svg viewBox="0 0 1200 96" preserveAspectRatio="none" aria-hidden="true">
<path d="M0 52 Q300 8 620 44 T1200 30 V96 H0Z" fill="#dcebdf"/><path d="M0 66 Q360 30 760 62 T1200 50 V96 H0Z" fill="#cfe4d4"/>
<path d="M0 82 Q400 58 800 78 T1200 72 V96 H0Z" fill="#f5ead0"/></svg>`;

function hero(now, people) {
  const villages = new Set(people.map((who) => who.village).filter(Boolean)).size;
  const banner = h("div", { class: "hero" }, h("div", { class: "inner" },
    h("div", { class: "row" }, h("h1", {}, "青禾县积分演示"), h("span", { class: "tag" }, "虚构数据")),
    h("p", { class: "day" }, `今天是 ${dayText(now)}`),
    h("p", {}, `演示里的人来自 ${villages} 个村，账是系统自己走半年走出来的。点一个人，就用他的身份进去。`)));
  banner.insertAdjacentHTML("afterbegin", HILLS);
  return banner;
}

/** Moves the demo to the morning of `date` and says what closed on the way. */
async function goTo(date) {
  if (!date) throw new Error("请先选一个日子。");
  const { now } = await clock();
  if (date <= dateOf(now)) throw new Error(`今天已经是 ${dateOf(now)}，时钟只能往后拨，请选后面的日子。`);
  const answer = await moveClock(`${date}T08:30:00+08:00`);
  say(answer.closed.length ? `到了 ${date}，路上办结了 ${answer.closed.length} 件到期的事。` : `到了 ${date}。`);
  await draw();
}

/** The days worth moving to, from the demo's now: next Monday, the day after the cut-off, the day after the notice. */
function stops(now, notices) {
  const today = dateOf(now);
  const at = local(now);
  const month = at.day <= 12 ? today.slice(0, 8) : addDays(`${today.slice(0, 8)}28`, 7).slice(0, 8);
  const last = notices.find((notice) => notice.status === "active"); // the newest stands first
  return { week: addDays(today, ((8 - at.weekday) % 7) || 7), cutoff: `${month}13`, notice: last && addDays(dateOf(last.ends_at), 1),
    noticed: last && `${Number(last.month.slice(5))}月` };
}

function clockCard(now) {
  const free = h("input", { type: "date", min: addDays(dateOf(now), 1), value: addDays(dateOf(now), 1), "aria-label": "拨到哪一天" });
  return h("section", { class: "card ochre" }, h("h2", {}, "把日子往后拨"),
    h("p", { class: "muted" }, "周报、汇总、入账到了日子会自己办。拨过去就不能往回拨。"),
    h("div", { class: "buttons" }, free, button("拨到这天", () => goTo(free.value))));
}

function peopleCard(people) {
  return h("section", { class: "card people" }, h("h2", {}, "点一个人，用他的身份进去"), people.map((who) => {
    const [role, hint, colour] = HINTS[roleOf(who.persona)] ?? [who.persona, "", "灰"];
    const face = { 绿: "", 谷: "ochre", 灰: "grey" }[colour];
    const place = [who.village_name, who.grid_name, who.household && `户号 ${door(who.household)}`, hint];
    return h("button", { class: "person", type: "button", onclick: () => { location.hash = `#/${who.persona}`; } },
      h("span", { class: `face ${face}`, "aria-hidden": "true" }, who.name.slice(0, 1)),
      h("span", {}, h("b", {}, role), `　${who.name}`, h("small", {}, place.filter(Boolean).join(" · "))),
      h("span", { class: "go", "aria-hidden": "true" }, "›"));
  }));
}

/** The seven steps: title, text, whom to be, the clock's stop. `family` is the household that is walked through. */
function walk(family, on) {
  const house = family?.household ? ` ${door(family.household)}（${family.name}家）` : "一户";
  return [
    ["记一笔", `用网格员的身份，选${house}，再选一条，记下来。`, ["grid_worker_1"]],
    ["报送一周", "拨到下周一，周报就出来了；用网格长的身份报送。", ["grid_leader_1"], ["下周一", on.week]],
    ["评议", "评议小组两位成员同意，就定了。扣分的要先等本户三天内说明。", ["panel_member_1", "panel_member_2", "panel_member_3"]],
    ["月度汇总", "拨过 12 日的截止日，这个月每户的账就汇总出来。", [], ["截止次日", on.cutoff]],
    ["表决", "村委会过半数同意，就通过。", ["committee_head", "committee_member_1", "committee_member_2", "committee_member_3"]],
    ["公示", "主任张榜；不登录打开公示页，也看得到这一户。", ["committee_head"]],
    ["入账", `${on.notice ? "拨到公示期满的第二天" : "公示以后，这里可以拨到期满的第二天"}；再看${family?.name ?? "村民"}家的积分，正好变了那么多。`,
      ["villager_1"], on.notice && [`${on.noticed}公示期满`, on.notice]],
  ];
}

function walkCard(people, now, notices) {
  const names = new Map(people.map((who) => [who.persona, who.name]));
  const steps = walk(people.find((who) => who.persona === "villager_1"), stops(now, notices));
  return card("带一户人家走完一个月", h("ol", { class: "steps" }, steps.map(([title, text, who, stop], index) =>
    h("li", {}, h("span", { class: "n" }, String(index + 1)), h("div", {}, h("b", {}, title), h("p", {}, text),
      h("div", { class: "buttons" },
        stop && button(`拨到${stop[0]}（${shortDate(stop[1])}）`, () => goTo(stop[1]), "clock"),
        who.filter((persona) => names.has(persona)).map((persona) =>
          h("a", { class: "button", href: `#/${persona}` }, `${HINTS[roleOf(persona)][0]} ${names.get(persona)}`))))))));
}

const shortDate = (date) => `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日`;

function publicCard(village, notices) {
  return card("不登录也看得到", h("div", { class: "buttons" },
    notices.slice(0, 4).map((notice) => h("a", { class: "button", href: `/notices/${notice.id}`, target: "_blank" }, `${monthText(notice.month)}公示`)),
    village && h("a", { class: "button", href: `/notices?village=${village}`, target: "_blank" }, "全部公示"),
    h("a", { class: "button", href: "/api/docs", target: "_blank" }, "接口文档")));
}

async function home() {
  const [people, { now }] = await Promise.all([personas(), clock()]);
  const village = people.find((who) => who.persona === "villager_1")?.village;
  const notices = village ? (await stranger(`/public/notices?village=${village}`)).items : [];
  return [hero(now, people), h("main", {}, h("div", { class: "columns" },
    h("div", { class: "stack" }, walkCard(people, now, notices), clockCard(now), publicCard(village, notices)),
    h("div", { class: "stack" }, peopleCard(people))))];
}

async function atDesk(persona) {
  const [people, { now }] = await Promise.all([personas(), clock()]);
  const who = people.find((one) => one.persona === persona);
  if (!who) throw new Error("演示里没有这个人，请回首页选一个。");
  const cards = await desk(who, now, draw);
  const place = [who.village_name, who.grid_name, who.household && `户号 ${door(who.household)}`, dayText(now)];
  return [h("main", { class: "desk" },
    h("div", { class: "top" }, h("a", { class: "button", href: "#/" }, "‹ 换个人"),
      h("div", { class: "grow" }, h("h1", {}, `${HINTS[roleOf(persona)]?.[0] ?? persona}　${who.name}`),
        h("p", { class: "muted" }, place.filter(Boolean).join(" · ")))),
    h("div", { class: "columns" }, cards))];
}

function broken(error) {
  return [h("main", { class: "desk" }, card("没有打开", h("p", {}, error.message),
    h("div", { class: "buttons" }, button("再试一次", draw, "main"), h("a", { class: "button", href: "#/" }, "回首页"))))];
}

let drawing = 0;

/** Draws what the address names; a drawing that was overtaken by a later one is thrown away. */
async function draw() {
  const mine = (drawing += 1);
  const persona = location.hash.replace(/^#\//, "");
  const page = await (persona ? atDesk(persona) : home()).catch(broken);
  if (mine === drawing) root.replaceChildren(...page);
}

/** Another address: what is shown belongs to somebody else, so it goes at once. */
function open() {
  root.replaceChildren(h("main", { class: "desk" }, h("p", { class: "empty" }, "正在打开…")));
  window.scrollTo(0, 0);
  draw();
}

window.addEventListener("hashchange", open);
open();
