// The demo's two kinds of page: the start page, and one person's desk at `#/persona`.
import { clock, personas } from "./api.js";
import { button, card, dayText, door, h } from "./dom.js";
import { desk } from "./desks.js";
import { home, roleOf } from "./home.js";
import { applyLanguage, words } from "./words.js";

const root = document.getElementById("app");

async function atDesk(persona) {
  const [people, { now }] = await Promise.all([personas(), clock()]);
  const who = people.find((one) => one.persona === persona);
  if (!who) throw new Error("演示里没有这个人，请回首页选一个。");
  const cards = await desk(who, now, draw);
  const place = [who.village_name, who.grid_name, who.household && `户号 ${door(who.household)}`, dayText(now)];
  return [h("main", { class: "desk" },
    h("div", { class: "top" }, h("a", { class: "button", href: "#/" }, "‹ 换个人"),
      h("div", { class: "grow" }, h("h1", {}, `${words().roles[roleOf(persona)]?.[0] ?? persona}　${who.name}`),
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
  const page = await (persona ? atDesk(persona) : home(draw)).catch(broken);
  if (mine === drawing) root.replaceChildren(...page);
}

/** Another address: what is shown belongs to somebody else, so it goes at once. */
function open() {
  root.replaceChildren(h("main", { class: "desk" }, h("p", { class: "empty" }, "正在打开…")));
  window.scrollTo(0, 0);
  draw();
}

applyLanguage();
window.addEventListener("hashchange", open);
open();
