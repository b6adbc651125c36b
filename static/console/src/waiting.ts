// What waits for the person signed in: one question to each part, asked for what the roles may do.
import { reactive, shallowRef } from "vue";
import type { RouteLocationRaw } from "vue-router";

import { api, ask, type Schemas } from "./api/client";
import { session } from "./api/session";
import { may, now, today, village } from "./places";
import { addDays, monthName, shortDay } from "./words/days";
import { EVENT_WAITS } from "./words/net";

export interface Waiting {
  badge: string;
  word: string;
  tone: "" | "g" | "o" | "d";
  title: string;
  sub: string;
  until: string | null;
  action: string;
  to: RouteLocationRaw;
  count: number;
}

export const waiting = shallowRef<Waiting[]>([]);
export const badges = reactive<Record<string, number>>({});

const at = (name: string, params: Record<string, string> = {}, query: Record<string, string> = {}): RouteLocationRaw => ({
  name, params: { village: village.value, ...params }, query,
});
const me = () => session.person?.id ?? "";
const many = (count: number, more: boolean) => `${count}${more ? " 多" : ""}`;

/** Asks anew; parts that fail are left out, the rest is shown. */
export async function countWaiting(): Promise<void> {
  const of = village.value;
  const parts = await Promise.allSettled([reviews(), weeks(), month(), objections(), appeals(), counts(), days(), stock(), events(), complaints(), visits(), changes(), assessments()]);
  if (of !== village.value) return;
  const found = parts.flatMap((part) => (part.status === "fulfilled" ? part.value : []));
  found.sort((a, b) => (a.until ?? "9").localeCompare(b.until ?? "9"));
  waiting.value = found;
  for (const key of Object.keys(badges)) delete badges[key];
  for (const one of found) if (one.badge) badges[one.badge] = (badges[one.badge] ?? 0) + one.count;
}

async function reviews(): Promise<Waiting[]> {
  if (!may("review") && !may("decide")) return [];
  const { items, next_cursor } = await ask(api.GET("/api/v1/records", { params: { query: { village: village.value, status: "submitted", limit: 200 } } }));
  const meeting = items.filter((one) => one.to_meeting);
  const panel = items.filter((one) => !one.to_meeting);
  const found: Waiting[] = [];
  if (may("review") && panel.length)
    found.push({ badge: "reviews", word: "评议", tone: "o", count: panel.length, title: `${many(panel.length, next_cursor !== null)} 条记录等评议`, sub: itemsOf(panel), until: null, action: "去评议", to: at("reviews") });
  if (may("decide") && meeting.length)
    found.push({ badge: "reviews", word: "评议", tone: "o", count: meeting.length, title: `${meeting.length} 条由村委会会议决定`, sub: itemsOf(meeting), until: null, action: "看记录", to: at("reviews", {}, { part: "meeting" }) });
  return found;
}

function itemsOf(records: Schemas["ConductRecordAnswer"][]): string {
  const counts = new Map<string, number>();
  for (const one of records) counts.set(one.name, (counts.get(one.name) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1]);
  return most.slice(0, 2).map(([name, count]) => `${name} ${count} 条`).join("、") + (most.length > 2 ? "等" : "");
}

async function weeks(): Promise<Waiting[]> {
  if (!may("submit")) return [];
  const { items } = await ask(api.GET("/api/v1/weekly-reports", { params: { query: { village: village.value, status: "open" } } }));
  const ended = items.filter((one) => one.ends_at <= now());
  return ended.slice(0, 3).map((one) => ({
    badge: "weeks", word: "周报送", tone: "o", count: 1, title: `${one.grid_name ?? "未分网格"} ${shortDay(one.starts_at)}起的一周`, sub: `${one.records} 条记录，到期会自动报送`, until: one.due_at, action: "去报送", to: at("weeks"),
  }));
}

async function month(): Promise<Waiting[]> {
  if (!may("vote")) return [];
  const tallies = await newestTallies();
  const found: Waiting[] = [];
  for (const tally of tallies) {
    const name = monthName(tally.month);
    const to = at("tally", { month: tally.month });
    const base = { badge: "tallies", word: "月度研究确定", tone: "g", count: 1, to } as const;
    const votes = tally.votes.filter((vote) => vote.vote === "for").length;
    const missing = Math.floor(tally.members / 2) + 1 - votes;
    if (tally.status === "open" && tally.frozen && !tally.votes.some((vote) => vote.person === me()))
      found.push({ ...base, title: `${name}等您投票`, sub: `${votes} 票赞成，差 ${missing} 票过半`, until: tally.vote_due, action: "去投票" });
    if (tally.status === "open" && tally.resolution?.status === "entered" && tally.resolution.entered_by !== me())
      found.push({ ...base, title: `${name}的会议纪要等第二人确认`, sub: `纪要 ${tally.resolution.minutes_number}`, until: tally.vote_due, action: "去确认" });
    if (tally.status === "resolved") found.push({ ...base, title: `${name}已通过，等张榜公示`, sub: "公示至少 7 天，期满才入账", until: null, action: "去公示" });
  }
  return found;
}

/** The last months of the village, newest last. */
export async function newestTallies(): Promise<Schemas["SettlementTally"][]> {
  let cursor: string | undefined;
  const found: Schemas["SettlementTally"][] = [];
  do {
    const page = await ask(api.GET("/api/v1/tallies", { params: { query: { village: village.value, limit: 200, cursor } } }));
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found.slice(-24);
}

async function objections(): Promise<Waiting[]> {
  if (!may("answer")) return [];
  const township = session.person?.roles.some((one) => one.role === "township_officer");
  const { items } = await ask(api.GET("/api/v1/objections", { params: { query: { village: village.value, status: township ? "escalated" : "open", limit: 50 } } }));
  return items.slice(0, 4).map((one) => ({
    badge: "objections", word: "异议", tone: "o", count: 1, title: `${one.household.slice(-4)} 户对公示提出异议`, sub: one.text.slice(0, 36), until: one.due_at, action: "去答复", to: at("notice", { id: one.notice }, { part: "objections" }),
  }));
}

async function appeals(): Promise<Waiting[]> {
  if (!may("answer")) return [];
  const township = session.person?.roles.some((one) => one.role === "township_officer");
  const { items } = await ask(api.GET("/api/v1/appeals", { params: { query: { village: village.value, status: township ? "escalated" : "open", limit: 50 } } }));
  return items.slice(0, 4).map((one) => ({
    badge: "objections", word: "申诉", tone: "o", count: 1, title: `${one.household.slice(-4)} 户对入账提出申诉`, sub: one.text.slice(0, 36), until: one.due_at, action: "去答复", to: at("notices", {}, { part: "appeals" }),
  }));
}

async function counts(): Promise<Waiting[]> {
  if (!may("shopManage")) return [];
  const { items } = await ask(api.GET("/api/v1/mall/stock-counts", { params: { query: { village: village.value, status: "open" } } }));
  return items.filter((one) => one.counted_by !== me()).map((one) => ({
    badge: "goods", word: "盘点", tone: "", count: 1, title: `${shortDay(one.counted_at)}的盘点等第二人确认`, sub: `${one.lines.filter((line) => line.difference).length} 种有差异`, until: null, action: "去确认", to: at("goods", {}, { part: "counts" }),
  }));
}

async function days(): Promise<Waiting[]> {
  if (!may("shopManage")) return [];
  const { items } = await ask(api.GET("/api/v1/mall/exchange-days", { params: { query: { village: village.value, from: addDays(today(), -40), to: addDays(today(), 2) } } }));
  return items.filter((one) => one.status === "redeeming" || (one.status === "closed" && one.day <= today())).map((one) => ({
    badge: "days", word: "兑换日", tone: "o", count: 1, title: `${shortDay(one.day)}兑换日${one.status === "redeeming" ? "等结算" : "可以开始兑换"}`, sub: "结算要两个人签字", until: null, action: "去看", to: at("day", { id: one.id }),
  }));
}

async function stock(): Promise<Waiting[]> {
  if (!may("shopManage")) return [];
  const suggested = await ask(api.GET("/api/v1/mall/suggested-purchases", { params: { query: { village: village.value } } }));
  if (!suggested.items.length) return [];
  const names = suggested.items.slice(0, 2).map((one) => one.name).join("、");
  return [{ badge: "", word: "进货", tone: "", count: 1, title: `建议进货 ${suggested.items.length} 种，约 ¥${suggested.cost}`, sub: `${names}按往月需求不够${suggested.within_fund ? "" : "；资金也不够"}`, until: null, action: "看建议", to: at("goods", {}, { part: "suggested" }) }];
}

/** Events of the net that wait for a tier of the village, the nearest end first. */
async function events(): Promise<Waiting[]> {
  if (!may("eventHandle")) return [];
  const { items } = await ask(api.GET("/api/v1/events", { params: { query: { village: village.value, limit: 100 } } }));
  const open = items.filter((one) => EVENT_WAITS.includes(one.status)).sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
  return open.slice(0, 3).map((one) => ({
    badge: "events", word: "事件", tone: one.urgency === "urgent" ? "d" : "o", count: 1, title: `${one.grid?.name ?? ""}有一件${one.status === "reported" ? "新报上来的事" : "事等着办"}`, sub: one.text.slice(0, 36), until: one.due_at, action: "去办", to: at("events", {}, { event: one.id }),
  }));
}

async function complaints(): Promise<Waiting[]> {
  if (!may("complaints")) return [];
  const { items } = await ask(api.GET("/api/v1/complaints", { params: { query: { village: village.value, status: "open", limit: 50 } } }));
  const roles = (session.person?.roles ?? []).map((one) => one.role as string);
  const tier = roles.includes("county_officer") ? "county" : roles.includes("township_officer") ? "township" : "village";
  if (!roles.some((role) => /^committee_|_officer$/.test(role))) return [];
  return items.filter((one) => one.tier === tier && (one.on_behalf || one.person !== me())).slice(0, 3).map((one) => ({
    badge: "complaints", word: "意见", tone: one.overdue ? "d" : "o", count: 1, title: "意见箱里有一条等答复", sub: one.text.slice(0, 36), until: one.due_at, action: "去答复", to: at("complaints", {}, { complaint: one.id }),
  }));
}

/** In a month's last ten days: doors that nobody has been to. */
async function visits(): Promise<Waiting[]> {
  if (!may("visits") || Number(today().slice(8)) < 20) return [];
  const { items } = await ask(api.GET("/api/v1/coverage", { params: { query: { village: village.value } } }));
  const left = items.reduce((sum, one) => sum + one.households - one.visited, 0);
  if (!left) return [];
  const grids = items.filter((one) => one.visited < one.households).map((one) => `${one.grid.name} ${one.households - one.visited} 户`);
  return [{ badge: "coverage", word: "走访", tone: "", count: left, title: `本月还有 ${left} 户没走访`, sub: grids.slice(0, 3).join("、"), until: `${addDays(items[0]!.ends_on, 1)}T00:00:00+08:00`, action: "看是哪几户", to: at("coverage") }];
}

async function changes(): Promise<Waiting[]> {
  if (!may("changes")) return [];
  const { items } = await ask(api.GET("/api/v1/household-changes", { params: { query: { village: village.value, status: "left", limit: 20 } } }));
  return items.filter((one) => one.to_village === village.value).map((one) => ({
    badge: "changes", word: "落户", tone: "o", count: 1, title: `${one.head}一户迁来，等登记落户`, sub: `协议 ${one.agreement.number}`, until: null, action: "去登记", to: at("changes"),
  }));
}

/** Steps of assessments in which it is one's turn; also on the county's page. */
export async function assessments(): Promise<Waiting[]> {
  const { items } = await ask(api.GET("/api/v1/assessments/cycles", { params: { query: { status: "running", limit: 50 } } }));
  return items.flatMap((cycle) => {
    const step = cycle.steps.find((one) => ["open", "held"].includes(one.status));
    if (!step?.mine) return [];
    return [{ badge: "", word: "考核", tone: step.status === "held" ? "d" : "g", count: 1, title: `${step.title}`, sub: `${cycle.title} ${cycle.period}${step.status === "held" ? "：分数不齐，卡在这一步" : ""}`, until: step.due_at, action: "去办", to: { name: "assessment", params: { id: cycle.id } } } satisfies Waiting];
  });
}
