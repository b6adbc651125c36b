// What changed last on a household's account, with what it was made of.
import type { Answer } from "@/api/calls";
import { causeOf } from "@/words/causes";

type Entry = Answer<"get", "/households/{code}/explanation">["items"][number];
export interface Change {
  at: string;
  title: string;
  amount: string;
  parts: { id: string; name: string; points: string }[];
}
const MOST = 5;

/** The newest entry that moved something; a month's records come along. */
export function lastChange(entries: Entry[]): Change | null {
  const moved = entries.filter((entry) => Number(entry.amount) || Number(entry.score_amount));
  const newest = moved.find((entry) => entry.cause === "month") ?? moved[0];
  if (!newest) return null;
  const records = newest.line?.records ?? [];
  return {
    at: newest.posted_at,
    title: `入账 ${causeOf(newest, newest.line?.month)}`.replace("入账 期", "期"),
    amount: Number(newest.amount) ? newest.amount : newest.score_amount,
    parts: records.slice(0, MOST).map((one) => ({ id: one.id, name: one.name, points: one.points })),
  };
}
