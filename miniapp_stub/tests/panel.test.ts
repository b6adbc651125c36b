import { sorted, simple, soFar, type Record_, type Story } from "@/panel/stack";
import { describe, expect, it } from "vitest";

const NOW = Date.parse("2026-11-23T00:00:00Z");
const record = (id: string, more: Partial<Record_> = {}): Record_ =>
  ({ id, logged_at: `2026-11-1${id}`, logged_by: "worker", household: "h1", kind: "positive", source: "scan", round: 1, points: "2.00", reply_until: null, to_meeting: false, ...more }) as Record_;
const me = { person: "he", household: "h9" };
const ids = (list: { id: string }[]) => list.map((one) => one.id);

describe("the panel's stack", () => {
  it("steps aside, listens, leaves to the meeting, and shows the oldest first", () => {
    const records = [
      record("5"), record("1"), record("2", { logged_by: "he" }), record("3", { household: "h9" }),
      record("4", { kind: "negative", reply_until: "2026-11-24T00:00:00Z" }), record("6", { kind: "negative", reply_until: "2026-11-22T00:00:00Z" }),
      record("7", { to_meeting: true }), record("8", { kind: "veto" }), record("9"),
    ];
    const stack = sorted(records, me, NOW, new Set(["9"]), { "5": "这一户有您的亲属" });
    expect(ids(stack.waiting)).toEqual(["1", "6"]);
    expect(stack.aside.map((one) => [one.record.id, one.why])).toEqual([["2", "这条是您记的"], ["3", "这是您自家的"], ["5", "这一户有您的亲属"]]);
    expect([ids(stack.listening), ids(stack.meeting)]).toEqual([["4"], ["7", "8"]]);
  });
  it.each<[Partial<Record_>, boolean]>([
    [{}, true], [{ points: "5.00" }, true], [{ points: "5.50" }, false], [{ kind: "negative", points: "-1.00" }, false], [{ source: "declaration" }, false], [{ round: 2 }, false],
  ])("simple: %o", (more, yes) => expect(simple(record("1", more))).toBe(yes));
});

const vote = (verdict: string, round = 1) => ({ round, reviewer: "p", reviewer_name: "何素琴", verdict, points: verdict === "amend" ? "3.00" : null, reason: "", at: "" });
it.each([
  [[], 2, "还没有人评。还要 2 人评"],
  [[vote("approve")], 2, "何素琴同意。再有 1 人同意就定了"],
  [[vote("amend")], 2, "何素琴想改成 3.00。还要 1 人评"],
  [[vote("approve"), vote("reject")], 2, "何素琴同意，何素琴不同意。意见不一，再听一位"],
  [[vote("reject", 0)], 2, "还没有人评。还要 2 人评"],
])("the round so far: %o of %i", (reviews, quorum, words) => {
  const { said, rest } = soFar({ ...record("1"), reviews } as unknown as Story, quorum);
  expect(said + rest).toBe(words);
});
