import { counted, figures, ordered, way, type Tally, type TallyLine } from "@/committee/figures";
import { countedLines, differs } from "@/counter/count";
import { describe, expect, it } from "vitest";

const line = (household: string, added: string, deducted: string, change: string, records = 1) =>
  ({ household, added, deducted, score_change: change, balance_change: change, records, entry: null, status: "pending" }) as TallyLine;
const lines = [line("1", "4.10", "0.00", "4.10", 2), line("2", "0.00", "-1.50", "-1.50"), line("3", "0.20", "0.00", "0.20"), line("4", "0.00", "0.00", "0.00", 0)];

describe("a month", () => {
  it("adds up without floating point", () =>
    expect(figures(lines)).toEqual({ net: "2.80", added: "4.30", deducted: "-1.50", records: 4, households: 3 }));
  it("shows deductions first, then the large changes", () => expect(ordered(lines).map((one) => one.household)).toEqual(["2", "1", "3", "4"]));
});

const vote = (person: string, choice: "for" | "against" | "abstain") => ({ person, vote: choice, at: "" });
it.each([
  [5, [], 3, "0 人同意，再有 3 人就通过"],
  [5, [vote("a", "for"), vote("b", "for")], 1, "2 人同意，再有 1 人就通过"],
  [4, [vote("a", "for"), vote("b", "for"), vote("c", "against")], 1, "2 人同意，再有 1 人就通过"],
  [5, [vote("a", "for"), vote("b", "for"), vote("me", "for")], 0, "3 人同意，通过了"],
])("more than half of all %i members: %o", (members, votes, missing, words) => {
  const found = counted({ members, votes }, "me");
  expect([found.missing, found.words]).toEqual([missing, words]);
  expect(found.mine).toBe(votes.some((one) => one.person === "me") ? "for" : null);
});

it.each([["open", "now,later,later,later"], ["resolved", "done,now,later,later"], ["on_notice", "done,done,now,later"], ["posted", "done,done,done,done"]])(
  "the way of a month that is %s", (status, states) => {
    const tally = { status, cutoff_at: "a", vote_due: "b", resolved_at: null, posted_at: null } as Tally;
    expect(way(tally, null).slice(1).map((step) => step.state).join()).toBe(states);
  });

it.each([
  [{ rice: "12", oil: "" }, [{ goods: "rice", counted: 12 }]],
  [{ rice: "0" }, [{ goods: "rice", counted: 0 }]],
  [{ rice: "1.5" }, null], [{ rice: "-1" }, null], [{}, []],
])("counted %o", (typed, expected) => expect(countedLines(typed as Record<string, string>)).toEqual(expected));
it.each([[0, "相符"], [2, "多 2"], [-1, "少 1"]])("a difference of %i is %s", (difference, words) => expect(differs(difference)).toBe(words));
