import { byNeed, handles, isWaiting, mayReopen, ratesNobody, type Event } from "@/event/steps";
import { factDraft, visitDraft, type Visit } from "@/visit/draft";
import { inOrder } from "@/visit/rounds";
import { dated } from "@/words/days";
import { describe, expect, it } from "vitest";

const NOW = Date.parse("2026-11-23T09:00:00+08:00");
const visit: Visit = { household: "9901010012010022", plate: "", way: "door", duties: ["health"], note: "  ", facts: [] };
const event = (more: Partial<Event>): Event => ({ status: "reported", round: 1, due_at: null, closed_at: null, assigned_to: null, handled_by: null, ...more }) as Event;

describe("what the queue keeps of a visit", () => {
  it("names the door by the plate that was scanned, else by the household, never by both", () => {
    expect(visitDraft(visit, NOW).body).toMatchObject({ household: visit.household, way: "door", duties: ["health"] });
    const scanned = visitDraft({ ...visit, plate: "a".repeat(32) }, NOW);
    expect(scanned.body).toMatchObject({ plate: "a".repeat(32) });
    expect(scanned.body).not.toHaveProperty("household");
    expect(scanned).toMatchObject({ household: visit.household, number: "0022" });
  });

  it("says the village's time and leaves an empty note out", () => {
    const { body } = visitDraft(visit, NOW);
    expect(body.device_time).toBe("2026-11-23T09:00:00.000+08:00");
    expect(body).not.toHaveProperty("note");
  });

  it("has an id of its own each time, which is also the body's", () => {
    const [first, second] = [visitDraft(visit, NOW), visitDraft(visit, NOW)];
    expect(first.id).toBe(first.body.id);
    expect(first.id).not.toBe(second.id);
  });

  it("a plate whose door the phone does not know waits without a number", () => {
    expect(visitDraft({ ...visit, household: "", plate: "b".repeat(32) }, NOW)).toMatchObject({ household: undefined, number: "" });
  });

  it("a fact goes to its household", () => {
    const fact = { id: "f", kind: "house_empty" as const, value: "", since: "2026-11-23", ended: false };
    expect(factDraft(visit.household, fact, "房屋空着", NOW)).toMatchObject({ kind: "fact", household: visit.household, body: { facts: [fact] }, title: "户册 · 房屋空着" });
  });
});

describe("words", () => {
  it("counts grids as their names do", () => {
    const names = ["第三网格", "第十二网格", "第十网格", "第一网格", "第二十网格", "东网格"];
    expect(inOrder(names, (name) => name)).toEqual(["东网格", "第一网格", "第三网格", "第十网格", "第十二网格", "第二十网格"]);
  });

  it.each([["2026-05-20", "5月20日"], ["2025-05-20", "2025年5月20日"], ["2025-12-31T23:59:00+08:00", "2025年12月31日"], ["2025-12-31T16:00:00Z", "1月1日"]])("dates %s as %s", (date, words) => {
    expect(dated(date, NOW)).toBe(words);
  });
});

describe("the steps of an event", () => {
  it.each([["reported", true], ["assigned", true], ["escalated", true], ["reopened", true], ["handled", false], ["closed", false], ["withdrawn", false]])("%s waits: %s", (status, waits) => {
    expect(isWaiting(event({ status: status as Event["status"] }))).toBe(waits);
  });

  it.each([
    ["handled", 1, null, true],
    ["handled", 2, null, false],
    ["closed", 1, "2026-10-24T09:00:00+08:00", true],
    ["closed", 1, "2026-10-24T08:59:59+08:00", false],
    ["reported", 1, null, false],
  ])("%s in round %i, closed %s: may be reopened %s", (status, round, closed_at, may) => {
    expect(mayReopen(event({ status: status as Event["status"], round, closed_at }), NOW)).toBe(may);
  });

  it("shows one's own first, then what is due first, then what has no limit any more", () => {
    const mine = event({ id: "mine", assigned_to: { id: "me", name: "我" }, due_at: "2026-11-30T00:00:00+08:00" });
    const [soon, late, top] = ["2026-11-24", "2026-11-28", null].map((due_at, n) => event({ id: `${n}`, due_at }));
    expect(byNeed([top, late, soon, mine], "me").map((one) => one.id)).toEqual(["mine", "0", "1", "2"]);
  });

  it("nobody rates the own handling", () => {
    expect(ratesNobody(event({ handled_by: { id: "me", name: "我" } }), "me")).toBe(true);
    expect(ratesNobody(event({ handled_by: { id: "you", name: "你" } }), "me")).toBe(false);
  });

  it.each([["worker", true], ["leader", true], ["committee", true], ["villager", false], ["keeper", false], ["onlooker", false]] as const)("%s works in the net: %s", (desk, works) => {
    expect(handles(desk, [])).toBe(works);
  });

  it("a township officer does, without a desk of the net", () => {
    expect(handles("onlooker", ["township_officer"])).toBe(true);
  });
});
