// The items of the rulebook in force, the ones most used first, found by words or by pinyin initials.
import type { Answer } from "@/api/calls";
import { kept } from "@/platform/kept";
import { decimal, hundredths } from "@/words/points";

export type Rulebook = Answer<"get", "/rulebooks/current">;
export type Item = Rulebook["items"][number];
const USED = "jifen.used";
const FIRST = 5;

const used = (): Record<string, number> => JSON.parse(kept.get(USED) ?? "{}") as Record<string, number>;

/** Count a use, so that the item is nearer at hand next time. */
export function countUse(code: string): void {
  const counts = used();
  kept.set(USED, JSON.stringify({ ...counts, [code]: (counts[code] ?? 0) + 1 }));
}

/** What a worker may log: not what only a meeting decides. */
export const loggable = (rulebook: Rulebook, roles: string[]): Item[] =>
  rulebook.items.filter((item) => item.kind !== "veto" && item.loggers.some((role) => roles.includes(role)));

/** What a household may declare itself. */
export const declarable = (rulebook: Rulebook): Item[] => rulebook.items.filter((item) => item.declarable && item.kind === "positive");

/** By words or initials; without words the most used, or all of them. */
export function found(items: Item[], typed: string, all: boolean): Item[] {
  const words = typed.trim().toLowerCase();
  const counts = used();
  const sorted = [...items].sort((a, b) => (counts[b.code] ?? 0) - (counts[a.code] ?? 0));
  if (!words) return all ? sorted : sorted.slice(0, FIRST);
  const fits = (item: Item) =>
    item.name.includes(words) || item.initials.includes(words) || item.code.toLowerCase() === words || item.heading.includes(words);
  const place = (item: Item) => (item.initials.startsWith(words) || item.name.startsWith(words) ? 0 : 1);
  return sorted.filter(fits).sort((a, b) => place(a) - place(b));
}

const PER: Record<string, string> = { day: "每天", week: "每周", month: "每月", quarter: "每季", year: "每年" };

/** What holds for an item in a line. */
export function rulesOf(item: Item): string {
  const cap = item.cap ? `${PER[item.cap.per] ?? ""}最多 ${item.cap.times} 次` : "不限次数";
  return [cap, item.photo_required ? "要拍照" : "", item.kind === "negative" ? "先告知本户，可回复" : ""].filter(Boolean).join(" · ");
}

/** The points to begin with: the least that the item gives, or takes. */
export const startOf = (item: Item): string => (item.kind === "negative" ? item.points_max : item.points_min);

/** One step up or down inside the item's range. */
export function stepped(item: Item, points: string, direction: 1 | -1): string {
  const next = hundredths(points) + direction * hundredths(item.step);
  return decimal(Math.min(hundredths(item.points_max), Math.max(hundredths(item.points_min), next)));
}
export const fixed = (item: Item): boolean => item.points_min === item.points_max;
