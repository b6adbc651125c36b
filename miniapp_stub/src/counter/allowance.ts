// What a household may still take while the counter has no line: its last known balance, and the village's limit per
// household and exchange day, both less what already waits on this phone. Plain.
import type { Entry } from "@/queue/queue";
import { decimal, hundredths } from "@/words/points";

/** Redemptions of a household and day that wait on this phone; what was refused or sent is the server's matter. */
export const queuedFor = (entries: Entry[], household: string, day: string | null): Entry[] =>
  entries.filter((entry) => entry.kind === "redemption" && entry.state === "waiting" && entry.body.household === household && (!day || entry.body.exchange_day === day));

const spent = (entries: Entry[]) => entries.reduce((sum, entry) => sum + Math.abs(hundredths(entry.points)), 0);

export interface Allowance {
  /** Points that may still be handed out without a line. */
  left: string;
  /** Points of the balance that are not spoken for on this phone. */
  balance: string;
}

export function allowance(limit: string, balance: string, entries: Entry[]): Allowance {
  const used = spent(entries);
  const walkIn = spent(entries.filter((entry) => !entry.body.reservation));
  return { left: decimal(Math.max(0, hundredths(limit) - used)), balance: decimal(Math.max(0, hundredths(balance) - walkIn)) };
}

/** Why a basket cannot be handed out, in words, or "". */
export function against(total: string, offBalance: string, may: Allowance, offline: boolean): string {
  if (hundredths(offBalance) > hundredths(may.balance)) return `还能换的只有 ${may.balance} 分，请少拿一样。`;
  if (offline && hundredths(total) > hundredths(may.left)) return `断网时这一户还能换 ${may.left} 分，超出的等来网再换。`;
  return "";
}
