// The rulebook as it is read: items under their headings. Plain.
import type { components } from "@/api/schema";

export type Item = components["schemas"]["RulebookItemAnswer"];
const PER: Record<string, string> = { day: "每天", week: "每周", month: "每月", quarter: "每季度", year: "每年" };

/** How often an item counts: "每天一次，每月最多 10 次". A unit that is a period means once in it. */
export function often(item: Pick<Item, "cap" | "unit">): string {
  const once = PER[item.unit] ? `${PER[item.unit]}一次` : "";
  const same = item.cap && item.cap.times === 1 && item.cap.per === item.unit;
  const most = item.cap && !same ? `${PER[item.cap.per] ?? ""}最多 ${item.cap.times} 次` : "";
  return [once, most].filter(Boolean).join("，") || "不限次数";
}

/** Items by heading in the order of the rulebook, only those that hold the words typed. */
export function chapters(items: Item[], typed: string): { heading: string; items: Item[] }[] {
  const words = typed.trim();
  const parts = new Map<string, Item[]>();
  for (const item of items) {
    if (words && !`${item.name}${item.heading}${item.explanation}`.includes(words)) continue;
    parts.set(item.heading, [...(parts.get(item.heading) ?? []), item]);
  }
  return [...parts].map(([heading, found]) => ({ heading, items: found }));
}
