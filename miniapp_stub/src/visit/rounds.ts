// Today's round as this phone knows it: what the server said, and what was ticked here and still waits.
import { keepForLater, keptSince } from "@/api/use-read";
import { dayOf, villageNow } from "@/platform/time";
import { line } from "@/queue/running";
import { daysUntil } from "@/words/days";
import { computed } from "vue";
import type { Round } from "@/pages/record/households";

/** Days after which a household that nobody visited is shown as overdue; a month, as the source asks. */
export const LONG = 30;
type Stop = Pick<Round["items"][number], "household" | "last_visit_on"> & { done?: boolean };

/** Households ticked on this phone today, refused ones left out. */
export const tickedToday = computed(() => {
  const today = dayOf(villageNow());
  const mine = line.entries.filter((one) => one.kind === "visit" && one.state !== "refused" && dayOf(one.at) === today);
  return new Set(mine.map((one) => one.household));
});
/** Those of them that the server does not have yet. */
export const waitingVisits = computed(() => new Set(line.entries.filter((one) => one.kind === "visit" && one.state === "waiting").map((one) => one.household)));

export const isDone = (stop: Stop): boolean => stop.done === true || tickedToday.value.has(stop.household);
export const isOverdue = (stop: Stop): boolean => stop.last_visit_on !== null && -daysUntil(stop.last_visit_on, villageNow()) > LONG;

/** How long nobody came, in words. */
export function ago(last: string | null): string {
  if (last === null) return "还没走访过";
  const days = -daysUntil(last, villageNow());
  return days <= 0 ? "今天去过" : days === 1 ? "昨天去过" : `${days} 天没去`;
}

export const pageUrls = (household: string) => ({ file: { code: household }, visits: { household, limit: 3 }, records: { household, limit: 10 } });

/** Keep the pages of today's households, so that they open at a door without signal; once a day each. */
export async function packForToday(stops: Stop[]): Promise<void> {
  for (const stop of stops) {
    const { file, visits, records } = pageUrls(stop.household);
    const before = keptSince("/households/{code}/file", file);
    if (before !== null && dayOf(before) === dayOf(Date.now())) continue;
    await keepForLater("/households/{code}/file", file);
    await keepForLater("/visits", visits);
    await keepForLater("/records", records);
  }
}

const NUMBERS = "一二三四五六七八九十";

/** Grids as their names count: 第二网格 before 第三网格, which is not the order of the characters. */
export function inOrder<T>(items: T[], name: (item: T) => string): T[] {
  const key = (item: T) => {
    const found = /第([一二三四五六七八九十]+)/.exec(name(item))?.[1] ?? "";
    const [tens, ones] = found.includes("十") ? found.split("十") : ["", found];
    return (found.includes("十") ? (NUMBERS.indexOf(tens || "一") + 1) * 10 : 0) + (ones ? NUMBERS.indexOf(ones) + 1 : 0);
  };
  return [...items].sort((a, b) => key(a) - key(b) || name(a).localeCompare(name(b)));
}
