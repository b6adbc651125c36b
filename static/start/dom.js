// Small building blocks of the page: elements, messages, numbers. No framework: the page is one folder of plain files.

/** An element; children are nodes or text, null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

let hiding = 0;

/** Says something at the foot of the page; errors stay longer. */
export function say(text, error = false) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.className = error ? "error" : "";
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { toast.hidden = true; }, error ? 9000 : 4000);
}

/** A button that shows that it is at work and says what went wrong. */
export function button(text, act, kind = "") {
  const element = h("button", { class: `button ${kind}`, type: "button" }, text);
  element.addEventListener("click", async () => {
    element.disabled = true;
    element.textContent = "请稍候…";
    try {
      await act();
    } catch (error) {
      say(error.message, true);
    } finally {
      element.disabled = false;
      element.textContent = text;
    }
  });
  return element;
}

/** A button for what is not easily undone: it asks once more in its own place, and forgets after five seconds. */
export function sure(text, question, act, kind = "") {
  const slot = h("span", { class: "slot" });
  const first = h("button", { class: `button ${kind}`, type: "button" }, text);
  let waiting = 0;
  const rest = () => { clearTimeout(waiting); slot.replaceChildren(first); };
  first.addEventListener("click", () => {
    slot.replaceChildren(button(question, act, `${kind} asking`), h("button", { class: "button", type: "button", onclick: rest }, "不"));
    waiting = setTimeout(rest, 5000);
  });
  slot.append(first);
  return slot;
}

/** A signed figure without colour, with a true minus sign. */
export const plain = (text) => text.replace("-", "−");

/** Points with a sign and the colour of gain or loss. */
export function points(text) {
  const negative = text.startsWith("-");
  const zero = /^-?0+(\.0+)?$/.test(text);
  const shown = negative || zero ? plain(text) : `+${text}`;
  return h("span", { class: zero ? "" : negative ? "minus" : "plus" }, shown);
}

const STATES = {
  recorded: ["已记，待报送", "ochre"], submitted: ["评议中", "ochre"], approved: ["评议通过", "green"],
  rejected: ["没有通过", "brick"], withdrawn: ["已撤回", ""], tallied: ["已汇总", "green"],
  on_notice: ["公示中", "ochre"], posted: ["已入账", "green"], reversed: ["已冲正", "brick"],
  open: ["待办", "ochre"], voting: ["等表决", "ochre"], resolved: ["已表决通过", "green"], upheld: ["成立", "green"], dismissed: ["不成立", "brick"],
};

/** A state as words with a colour. */
export function state(code) {
  const [text, colour] = STATES[code] ?? [code, ""];
  return h("span", { class: `tag ${colour}` }, text);
}

/** What to show where there is nothing yet: what to do next. */
export function empty(text) {
  return h("p", { class: "empty" }, text);
}

export function card(title, ...children) {
  return h("section", { class: "card" }, title ? h("h2", {}, title) : null, ...children);
}

const WEEKDAYS = "日一二三四五六";

/** The parts of an instant as Asia/Shanghai has them. */
export function local(iso) {
  const shifted = new Date(new Date(iso).getTime() + 8 * 3600_000);
  return {
    year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() + 1, day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(), hour: shifted.getUTCHours(), minute: shifted.getUTCMinutes(),
  };
}

export function dayText(iso) {
  const at = local(iso);
  return `${at.year}年${at.month}月${at.day}日，星期${WEEKDAYS[at.weekday]}`;
}

export function shortDay(iso) {
  const at = local(iso);
  return `${at.month}月${at.day}日`;
}

/** `2026-12` as 2026年12月. */
export function monthText(month) {
  const [year, number] = month.split("-");
  return `${year}年${Number(number)}月`;
}

/** The last four digits of a household's code, as on its door. */
export const door = (code) => code.slice(-4);

/** `YYYY-MM-DD` of an instant in Asia/Shanghai. */
export function dateOf(iso) {
  const at = local(iso);
  return `${at.year}-${String(at.month).padStart(2, "0")}-${String(at.day).padStart(2, "0")}`;
}

export function addDays(date, days) {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}
