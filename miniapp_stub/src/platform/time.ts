// What time it is for the village: the server's, carried forward by the phone's clock. A phone that is a day off still
// logs under the right day, because what counts is the difference to the server's clock when it was last heard.
import { kept } from "./kept";

const KEY = "jifen.clock";
const CHINA = 8 * 3600_000;

let offset: number | null = null;

/** Milliseconds that the server is ahead of this phone, as last heard. */
export function clockOffset(): number {
  offset ??= Number(kept.get(KEY) ?? 0) || 0;
  return offset;
}

/** Note the server's time as an answer gave it. */
export function heard(serverTime: string | undefined, device: number = Date.now()): void {
  const server = serverTime ? Date.parse(serverTime) : NaN;
  if (Number.isNaN(server)) return;
  const difference = server - device;
  if (Math.abs(difference - clockOffset()) < 2000) return;
  offset = difference;
  kept.set(KEY, String(difference));
}

/** The village's time in milliseconds. */
export const villageNow = (): number => Date.now() + clockOffset();

/** An instant's day in China, `YYYY-MM-DD`. */
export const dayOf = (instant: number): string => new Date(instant + CHINA).toISOString().slice(0, 10);

/** An instant as the API takes it, with China's offset. */
export const isoOf = (instant: number): string => new Date(instant + CHINA).toISOString().replace("Z", "+08:00");
