// How far the walk through a month has come in this browser: which steps' days were reached, and which month it is.
import { dateOf, local } from "./dom.js";

const KEY = "jifen-demo-walk";
const read = () => { try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; } };
const write = (walk) => { try { localStorage.setItem(KEY, JSON.stringify(walk)); } catch { /* then it is forgotten with the page */ } };

/** The month that a record of this day belongs to, as `YYYY-MM`; the demo's villages cut off on the 12th. */
function monthOf(iso) {
  const at = local(iso);
  const months = at.year * 12 + at.month - 1 + (at.day > 12 ? 1 : 0);
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;
}

/** The walk that is under way; another demo, or a new one, begins at its first step. */
export function walkNow(now) {
  const found = read();
  if (found && found.from <= dateOf(now)) return found;
  return begin(now);
}

/** From the first step, with the month of today. */
export function begin(now) {
  const walk = { from: dateOf(now), month: monthOf(now), done: 0, clocked: 0 };
  write(walk);
  return walk;
}

/** Steps up to `step` (1 to 7) are behind us; `clocked` is the step whose day was reached by moving the clock. */
export function reached(now, step, clocked = 0) {
  const walk = walkNow(now);
  write({ ...walk, done: Math.max(walk.done, step), clocked: Math.max(walk.clocked, clocked) });
}
