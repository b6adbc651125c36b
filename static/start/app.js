// The demo's start page: who you can be, what to try, a clock to move, and a month to walk through.
import { clock, moveClock, personas, stranger } from "./api.js";
import { addDays, button, card, dateOf, dayText, h, local, say } from "./dom.js";
import { desk } from "./desks.js";

const root = document.getElementById("app");
const HINTS = {
  villager: ["村民", "看我家的积分怎么来的，提异议", "绿"], grid_worker: ["网格员", "选一户，记一笔", "绿"],
  grid_leader: ["网格长", "报送一周的记录", "绿"], chief_grid_leader: ["总网格长", "看全村的记录", "绿"],
  panel_member: ["评议小组", "评议报上来的记录", "绿"], committee_head: ["村委会主任", "表决、张榜公示、答复异议", "谷"],
  committee_member: ["村委会委员", "对一个月投票", "谷"], keeper: ["超市管理员", "积分超市", "谷"],
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

/** The dates worth moving to, from the demo's now: what closes then. */
function stops(now) {
  const today = dateOf(now);
  const at = local(now);
  const monday = addDays(today, ((8 - at.weekday) % 7) || 7);
  const month = at.day <= 12 ? today.slice(0, 8) : addDays(`${today.slice(0, 8)}28`, 7).slice(0, 8);
  return [["下周一：周报生成", monday], ["截止次日：月度汇总", `${month}13`], ["七天后：公示期满入账", addDays(today, 8)]];
}

function clockCard(now, again) {
  const free = h("input", { type: "date", min: dateOf(now), value: addDays(dateOf(now), 1), "aria-label": "拨到哪一天" });
  const move = (date) => async () => {
    const answer = await moveClock(`${date}T08:30:00+08:00`);
    say(answer.closed.length ? `到了 ${date}，路上办结了 ${answer.closed.length} 件到期的事。` : `到了 ${date}。`);
    await again();
  };
  const card = h("section", { class: "card ochre" }, h("h2", {}, "拨快日子，看周报、汇总、入账自己走"),
    h("div", { class: "buttons" }, stops(now).map(([text, date]) => button(`${text}（${date.slice(5)}）`, move(date)))),
    h("div", { class: "buttons" }, free, button("拨到这天", () => move(free.value)())));
  return card;
}

function peopleCard(people) {
  return h("section", { class: "card people" }, people.map((who) => {
    const [role, hint, colour] = HINTS[roleOf(who.persona)] ?? [who.persona, "", "灰"];
    const face = { 绿: "", 谷: "ochre", 灰: "grey" }[colour];
    return h("button", { class: "person", type: "button", onclick: () => { location.hash = `#/${who.persona}`; } },
      h("span", { class: `face ${face}`, "aria-hidden": "true" }, who.name.slice(0, 1)),
      h("span", {}, h("b", {}, role), `　${who.name}`, h("small", {}, [who.village_name, who.grid_name, hint].filter(Boolean).join(" · "))),
      h("span", { class: "go", "aria-hidden": "true" }, "›"));
  }));
}

const WALK = [
  ["记一笔", "用网格员的身份，选一户、选一条，记下来。", ["grid_worker_1"]],
  ["报送一周", "把时钟拨到下周一，用网格长的身份报送。", ["grid_leader_1"]],
  ["评议", "评议小组两位成员同意，就定了。负面的要等本户三天内答复。", ["panel_member_1", "panel_member_2", "panel_member_3"]],
  ["月度汇总", "把时钟拨过 12 日，看这个月每户的账。", []],
  ["表决", "村委会过半数同意，就通过。", ["committee_head", "committee_member_1", "committee_member_2", "committee_member_3"]],
  ["公示", "主任张榜；不登录打开公示页也看得到这一户。", ["committee_head"]],
  ["入账", "把时钟往后拨八天；再看村民的积分，正好变了那么多。", ["villager_1", "villager_2"]],
];

function walkCard(people) {
  const names = new Map(people.map((who) => [who.persona, who.name]));
  return card("带一户人家走完一个月", h("ol", { class: "steps" }, WALK.map(([title, text, who], index) =>
    h("li", {}, h("span", { class: "n" }, String(index + 1)), h("div", {}, h("b", {}, title), h("p", {}, text),
      who.length > 0 && h("div", { class: "buttons" }, who.filter((persona) => names.has(persona)).map((persona) =>
        h("a", { class: "button", href: `#/${persona}` }, `${HINTS[roleOf(persona)][0]} ${names.get(persona)}`))))))));
}

async function publicCard(people) {
  const village = people.find((who) => who.persona === "villager_1")?.village;
  const found = village ? await stranger(`/public/notices?village=${village}`) : { items: [] };
  return card("不登录也看得到", h("div", { class: "buttons" },
    found.items.slice(0, 4).map((notice) => h("a", { class: "button", href: `/notices/${notice.id}`, target: "_blank" }, `${notice.month} 公示`)),
    village && h("a", { class: "button", href: `/notices?village=${village}`, target: "_blank" }, "全部公示"),
    h("a", { class: "button", href: "/api/docs", target: "_blank" }, "接口文档")));
}

async function home() {
  const [people, { now }] = await Promise.all([personas(), clock()]);
  root.replaceChildren(hero(now, people), h("main", {}, h("div", { class: "columns" },
    h("div", { class: "columns", style: "grid-template-columns:1fr" }, peopleCard(people)),
    h("div", { class: "columns", style: "grid-template-columns:1fr" }, clockCard(now, draw), walkCard(people), await publicCard(people)))));
}

async function atDesk(persona) {
  const [people, { now }] = await Promise.all([personas(), clock()]);
  const who = people.find((one) => one.persona === persona);
  if (!who) { location.hash = ""; return; }
  const cards = await desk(who, now, draw);
  root.replaceChildren(h("main", { class: "desk" },
    h("div", { class: "top" }, h("a", { class: "button", href: "#/" }, "‹ 换个人"),
      h("div", { class: "grow" }, h("h1", {}, `${HINTS[roleOf(persona)]?.[0] ?? persona}　${who.name}`),
        h("p", { class: "muted" }, [who.village_name, who.grid_name, dayText(now)].filter(Boolean).join(" · ")))),
    h("div", { class: "columns" }, cards)));
}

async function draw() {
  const persona = location.hash.replace(/^#\//, "");
  try {
    await (persona ? atDesk(persona) : home());
  } catch (error) {
    root.replaceChildren(h("main", { class: "desk" }, card("没有打开", h("p", {}, error.message),
      h("div", { class: "buttons" }, button("再试一次", draw, "main"), h("a", { class: "button", href: "#/" }, "回首页")))));
  }
}

window.addEventListener("hashchange", () => { window.scrollTo(0, 0); draw(); });
root.replaceChildren(h("main", { class: "desk" }, h("p", { class: "empty" }, "正在打开…")));
draw();
