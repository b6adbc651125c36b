// The households that the worker at the door may mean, also without signal: from the round that the phone keeps.
import { get, type Answer } from "@/api/calls";
import { keptAnswer } from "@/api/reads";
import { who } from "@/session/store";
import { door } from "@/words/days";
import { sha256 } from "js-sha256";

export type Round = Answer<"get", "/round">;
export interface House {
  code: string;
  /** As it is called: 于福贵家, or the place on the door. */
  name: string;
  place: string;
}
const MARK = 16;

const kept = <T>(path: string): T | null => (keptAnswer(who.person?.id ?? "", path)?.body as T | undefined) ?? null;

/** Every household that the phone knows of, by number. */
export function known(): House[] {
  const rows = kept<Answer<"get", "/households">>("/households?limit=100")?.items ?? [];
  const named = new Map(rows.map((row) => [row.code, { code: row.code, name: `${row.head}家`, place: row.label }]));
  for (const one of kept<Round>("/round")?.doors ?? []) {
    if (!named.has(one.household)) named.set(one.household, { code: one.household, name: one.label, place: one.label });
  }
  return [...named.values()].sort((a, b) => a.code.localeCompare(b.code));
}

/** The household of a code, as far as the phone knows it. */
export const houseOf = (code: string): House => known().find((one) => one.code === code) ?? { code, name: `${door(code)} 号`, place: "" };

/** Whose plate this is by its mark alone, without asking; null when the phone does not know it. */
export function houseByPlate(token: string): House | null {
  const mark = sha256(token).slice(0, MARK);
  const found = kept<Round>("/round")?.doors.find((one) => one.plate_mark === mark);
  return found ? houseOf(found.household) : null;
}

/** Ask the server whose plate this is; what it offers there comes along. */
export async function askPlate(token: string): Promise<{ house: House | null; actions: string[] }> {
  const found = await get("/plates/{token}", { token });
  if (!found.household) return { house: null, actions: [] };
  const near = houseOf(found.household.code);
  return { house: near.place ? near : { ...near, name: found.household.label, place: found.household.label }, actions: found.actions ?? [] };
}

/** Those whose number ends so, or whose name or place has these words in it. */
export function matching(houses: House[], typed: string): House[] {
  const words = typed.trim();
  if (!words) return houses;
  if (/^\d+$/.test(words)) {
    const number = words.padStart(4, "0");
    const exact = houses.filter((one) => door(one.code) === number || one.code === words);
    return exact.length ? exact : houses.filter((one) => one.code.endsWith(words));
  }
  return houses.filter((one) => one.name.includes(words) || one.place.includes(words));
}
