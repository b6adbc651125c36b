// The exchange day that comes next.
import type { Answer } from "@/api/calls";
import { dayOf } from "@/platform/time";

type Day = Answer<"get", "/mall/exchange-days">["items"][number];
const OVER = new Set(["settled", "cancelled"]);

/** The first day from today on that still takes place. */
export const nextDay = (days: Day[], now: number): Day | null =>
  days.find((one) => one.day >= dayOf(now) && !OVER.has(one.status)) ?? null;
