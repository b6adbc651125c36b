// One handing-over as it is sent. Plain. The same body goes by the line or waits in the queue, so that an answer lost
// on the way and a later replay are one redemption.
import { isoOf } from "@/platform/time";
import { wishes, type Line } from "./basket";

export type Method = "code" | "pin" | "statement";
export interface Consent {
  method: Method;
  value: string;
  reason: string;
  photo: string | null;
  proxy: string | null;
}
export interface Attempt {
  id: string;
  household: string;
  exchange_day: string;
  reservation: string | null;
  lines: { goods: string; quantity: number }[];
  consent: { method: Method; value: string | null; reason: string | null; photo: string | null; proxy: string | null };
  redeemed_at: string;
}

/** What is missing before goods may be handed out, in words, or "". */
export function missing(lines: Line[], consent: Consent, rules: { offline: boolean; photoRequired: boolean }): string {
  if (!wishes(lines).length) return "请先选要发的东西。";
  if (consent.method === "pin" && rules.offline) return "断网时不能用卡密码，请用取货码，或由您说明。";
  if (consent.method === "code" && !/^\d{8}$/.test(consent.value.replace(/\s/g, ""))) return "请输入 8 位取货码。";
  if (consent.method === "pin" && !/^\d{6}$/.test(consent.value)) return "请让这户输入 6 位积分卡密码。";
  if (consent.method === "statement" && !consent.reason.trim()) return "请写明为什么没有取货码和密码。";
  if (!consent.photo && (consent.proxy || (consent.method === "statement" && rules.photoRequired))) return "请拍一张签过字的单子。";
  return "";
}

export function attempt(id: string, at: number, what: { household: string; day: string; reservation: string | null; lines: Line[]; consent: Consent }): Attempt {
  const { method, value, reason, photo, proxy } = what.consent;
  const stated = method === "statement";
  const consent = { method, value: stated ? null : value.replace(/\s/g, ""), reason: stated ? reason.trim() : null, photo, proxy };
  return { id, household: what.household, exchange_day: what.day, reservation: what.reservation, lines: wishes(what.lines), consent, redeemed_at: isoOf(at) };
}
