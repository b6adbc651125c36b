// Which village's public pages are shown: the one of whoever is signed in, else the one looked at last, else the first.
import { kept } from "@/platform/kept";
import { villageOf, who } from "@/session/store";
import { reactive } from "vue";

const KEY = "jifen.public-village";

export interface Village {
  code: string;
  name: string;
}

/** What screens watch: the village shown, and the villages that have public notices. */
export const place = reactive<{ shown: Village | null; known: Village[] }>({ shown: null, known: [] });

/** Read what was looked at last. */
export function wakePlace(wanted?: string): void {
  const text = kept.get(KEY);
  place.shown = text ? (JSON.parse(text) as Village) : null;
  const own = who.person ? villageOf(who.person) : null;
  const code = wanted || own;
  if (code && code.length === 12 && place.shown?.code !== code) choose(place.known.find((one) => one.code === code) ?? { code, name: "" });
}

export function choose(village: Village): void {
  place.shown = village;
  kept.set(KEY, JSON.stringify(village));
}

/** The villages of a list of notices, each once, in the order of their codes. */
export function villagesOf(notices: { village: Village }[]): Village[] {
  const found = new Map(notices.map((one) => [one.village.code, one.village]));
  return [...found.values()].sort((a, b) => a.code.localeCompare(b.code));
}

/** Learn villages from notices; without a choice the first is shown, and a village without a name gets its own. */
export function learn(notices: { village: Village }[]): void {
  place.known = villagesOf([...place.known.map((village) => ({ village })), ...notices]);
  const shown = place.shown;
  const named = place.known.find((one) => one.code === shown?.code);
  if (!shown && place.known.length) choose(place.known[0]);
  else if (shown && named && named.name !== shown.name) choose(named);
}
