// The start page: a month to walk through, a clock to move, who you can be, where the real programs are.
import { clock, moveClock, personas, stranger } from "./api.js";
import { addDays, button, card, dateOf, door, h, local, say, sure } from "./dom.js";
import { begin, reached, walkNow } from "./progress.js";
import { switchLanguage, words } from "./words.js";

const FACES = { committee_head: "ochre", committee_member: "ochre", keeper: "ochre", supervisor: "grey", township_officer: "grey",
  county_officer: "grey", auditor: "grey", admin: "grey" };
export const roleOf = (persona) => persona.replace(/_\d+$/, "").replace(/^other_/, "");

const HILLS = `<svg viewBox="0 0 1200 96" preserveAspectRatio="none" aria-hidden="true">
<path d="M0 52 Q300 8 620 44 T1200 30 V96 H0Z" fill="#dcebdf"/><path d="M0 66 Q360 30 760 62 T1200 50 V96 H0Z" fill="#cfe4d4"/>
<path d="M0 82 Q400 58 800 78 T1200 72 V96 H0Z" fill="#f5ead0"/></svg>`;

function hero(now, people, draw) {
  const w = words();
  const villages = new Set(people.map((who) => who.village).filter(Boolean)).size;
  const change = h("button", { class: "language", type: "button", onclick: () => { switchLanguage(); draw(); } }, w.other);
  const banner = h("div", { class: "hero" }, h("div", { class: "inner" },
    h("div", { class: "row" }, h("h1", { class: "grow" }, w.title), h("span", { class: "tag" }, w.fictional), change),
    h("p", { class: "day" }, w.today(now)), h("p", {}, w.lead(villages))));
  banner.insertAdjacentHTML("afterbegin", HILLS);
  return banner;
}

/** Moves the demo to the morning of `date` and says what closed on the way. */
async function goTo(date, draw, done = () => {}) {
  if (!date) throw new Error("请先选一个日子。");
  const { now } = await clock();
  if (date <= dateOf(now)) throw new Error(`今天已经是 ${dateOf(now)}，时钟只能往后拨，请选后面的日子。`);
  const answer = await moveClock(`${date}T08:30:00+08:00`);
  done();
  say(answer.closed.length ? `到了 ${date}，路上办结了 ${answer.closed.length} 件到期的事。` : `到了 ${date}。`);
  await draw();
}

/** The days worth moving to, by step: next Monday, the day after the cut-off, the day after the walk's own notice. */
function stops(now, notices, month) {
  const today = dateOf(now);
  const at = local(now);
  const cutoff = at.day <= 12 ? today.slice(0, 8) : addDays(`${today.slice(0, 8)}28`, 7).slice(0, 8);
  const mine = notices.find((notice) => notice.status === "active" && notice.month >= month);
  const w = words().stops;
  return {
    2: [w.week, addDays(today, ((8 - at.weekday) % 7) || 7)],
    4: [w.cutoff, `${cutoff}13`],
    ...(mine && { 7: [w.notice(Number(mine.month.slice(5))), addDays(dateOf(mine.ends_at), 1)] }),
  };
}

const WHO = {
  1: ["villager_1", "grid_worker_1"], 2: ["grid_leader_1"], 3: ["panel_member_1", "panel_member_2", "panel_member_3"], 4: [],
  5: ["committee_head", "committee_member_1", "committee_member_2", "committee_member_3"], 6: ["committee_head"], 7: ["villager_1"],
};

function walkCard(people, now, notices, draw) {
  const w = words();
  const walk = walkNow(now);
  const names = new Map(people.map((who) => [who.persona, who.name]));
  const family = people.find((who) => who.persona === "villager_1");
  const house = family?.household ? w.family({ door: door(family.household), name: family.name }) : w.someHouse;
  const on = stops(now, notices, walk.month);
  const steps = w.steps(house, family?.name ?? w.roles.villager[0], Boolean(on[7]));
  return card(w.walk, h("ol", { class: "steps" }, steps.map(([title, text], index) => {
    const step = index + 1;
    const passed = step <= walk.done;
    const people = WHO[step].filter((persona) => names.has(persona)).map((persona) =>
      h("a", { class: "button", href: `#/${persona}`, onclick: () => reached(now, step === 7 && walk.clocked === 7 ? 7 : step - 1) }, `${w.roles[roleOf(persona)][0]} ${names.get(persona)}`));
    const tick = passed ? h("span", { class: "n", "aria-hidden": "true" }, "✓") : h("span", { class: "n" }, String(step));
    return h("li", { class: passed ? "done" : step === walk.done + 1 ? "now" : "" }, tick, h("div", {}, h("b", {}, title), h("p", {}, text),
      h("div", { class: "buttons" }, on[step] && stopButton(now, step, on[step], walk, draw), people)));
  })), walk.done > 0 && button(w.again, async () => { begin(now); await draw(); }));
}

/** Moves to a step's day. Where the walk has been there already, it asks before it goes further. */
function stopButton(now, step, [what, date], walk, draw) {
  const w = words();
  const text = w.to(what, w.day(Number(date.slice(5, 7)), Number(date.slice(8))));
  const act = async () => {
    await goTo(date, draw, () => reached(now, step === 4 ? 4 : step - 1, step)); // on the fourth day nobody has to do anything
  };
  return step <= Math.max(walk.done, walk.clocked) ? sure(text, w.sure, act, "clock") : button(text, act, "clock");
}

function clockCard(now, draw) {
  const w = words();
  const free = h("input", { type: "date", min: addDays(dateOf(now), 1), value: addDays(dateOf(now), 1), "aria-label": w.which });
  return h("section", { class: "card ochre" }, h("h2", {}, w.clock), h("p", { class: "muted" }, w.clockText),
    h("div", { class: "buttons" }, free, button(w.anyDay, () => goTo(free.value, draw))));
}

function peopleCard(people) {
  const w = words();
  return h("section", { class: "card people" }, h("h2", {}, w.people), people.map((who) => {
    const [role, hint] = w.roles[roleOf(who.persona)] ?? [who.persona, ""];
    const place = [who.village_name, who.grid_name, who.household && w.door(door(who.household)), hint];
    return h("button", { class: "person", type: "button", onclick: () => { location.hash = `#/${who.persona}`; } },
      h("span", { class: `face ${FACES[roleOf(who.persona)] ?? ""}`, "aria-hidden": "true" }, who.name.slice(0, 1)),
      h("span", {}, h("b", {}, role), `　${who.name}`, h("small", {}, place.filter(Boolean).join(" · "))),
      h("span", { class: "go", "aria-hidden": "true" }, "›"));
  }));
}

const link = (href, text) => h("a", { class: "button", href, target: "_blank" }, text);

function publicCard(village, notices) {
  const w = words();
  return card(w.open, h("div", { class: "buttons" },
    notices.slice(0, 4).map((notice) => link(`/notices/${notice.id}`, w.notice(notice.month.slice(0, 4), Number(notice.month.slice(5))))),
    village && link(`/notices?village=${village}`, w.notices), link("/api/docs", w.docs)));
}

function programsCard() {
  const w = words();
  return card(w.programs, h("p", { class: "muted" }, w.programsText),
    h("div", { class: "buttons" }, link("/m/", w.phone), link("/console/", w.console)));
}

/** The nodes of the start page; `draw` draws it anew. */
export async function home(draw) {
  const [people, { now }] = await Promise.all([personas(), clock()]);
  const village = people.find((who) => who.persona === "villager_1")?.village;
  const notices = village ? (await stranger(`/public/notices?village=${village}`)).items : [];
  return [hero(now, people, draw), h("main", {}, h("div", { class: "columns" },
    h("div", { class: "stack" }, walkCard(people, now, notices, draw), clockCard(now, draw), publicCard(village, notices)),
    h("div", { class: "stack" }, programsCard(), peopleCard(people))))];
}
