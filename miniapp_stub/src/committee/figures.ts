// What a month's tally says in figures and in words. Plain.
import type { components } from "@/api/schema";
import { sum } from "@/words/points";

export type Tally = components["schemas"]["SettlementTally"];
export type TallyLine = components["schemas"]["SettlementTallyLine"];

export interface Figures {
  net: string;
  added: string;
  deducted: string;
  records: number;
  households: number;
}

export function figures(lines: TallyLine[]): Figures {
  return {
    net: sum(lines.map((line) => line.score_change)),
    added: sum(lines.map((line) => line.added)),
    deducted: sum(lines.map((line) => line.deducted)),
    records: lines.reduce((total, line) => total + line.records, 0),
    households: lines.filter((line) => line.records > 0).length,
  };
}

/** Deductions first, then by the size of the change: what wants looking at stands on top. */
export const ordered = (lines: TallyLine[]): TallyLine[] =>
  [...lines].sort((a, b) => Number(Number(a.deducted) >= 0) - Number(Number(b.deducted) >= 0) || Math.abs(Number(b.score_change)) - Math.abs(Number(a.score_change)) || a.household.localeCompare(b.household));

export type Vote = "for" | "against" | "abstain";
export const VOTES: Record<Vote, string> = { for: "同意", against: "不同意", abstain: "弃权" };

export interface Count {
  for: number;
  against: number;
  abstain: number;
  /** How many more have to agree; 0 when passed. */
  missing: number;
  mine: Vote | null;
  words: string;
}

/** The vote so far: more than half of all members must agree. */
export function counted(tally: Pick<Tally, "votes" | "members">, person: string): Count {
  const of = (vote: Vote) => tally.votes.filter((one) => one.vote === vote).length;
  const yes = of("for");
  const missing = Math.max(0, Math.floor(tally.members / 2) + 1 - yes);
  const mine = (tally.votes.find((one) => one.person === person)?.vote ?? null) as Vote | null;
  const words = missing ? `${yes} 人同意，再有 ${missing} 人就通过` : `${yes} 人同意，通过了`;
  return { for: yes, against: of("against"), abstain: of("abstain"), missing, mine, words };
}

export interface Step {
  on: string;
  word: string;
  state: "done" | "now" | "later";
}

/** The month's way: cut-off, review over, vote, notice, in the ledger. */
export function way(tally: Tally, ends: string | null): Step[] {
  const order = ["open", "resolved", "on_notice", "posted"];
  const at = order.indexOf(tally.status);
  const state = (step: number): Step["state"] => (at > step ? "done" : at === step ? "now" : "later");
  return [
    { on: tally.cutoff_at, word: "截止", state: "done" },
    { on: tally.resolved_at ?? tally.vote_due, word: "表决", state: state(0) },
    { on: "", word: "贴公示", state: state(1) },
    { on: ends ?? "", word: "公示完", state: state(2) },
    { on: tally.posted_at ?? "", word: "入账", state: at === 3 ? "done" : "later" },
  ];
}
