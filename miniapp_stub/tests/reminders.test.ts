import { accepted, refusal, together, type Offer } from "@/reminders/ask";
import { describe, expect, it } from "vitest";

const offer = (kind: string, remaining = 0): Offer => ({ kind, title: kind, template: `t-${kind}`, remaining });
const offers = [offer("a", 2), offer("b"), offer("c", 1), offer("d")];

describe("reminders", () => {
  it("asks for three at most, those without a yes first", () =>
    expect(together(offers).map((one) => one.kind)).toEqual(["b", "d", "c"]));
  it("takes only what was accepted as a yes", () =>
    expect(accepted(offers, { "t-a": "accept", "t-b": "reject", "t-c": "ban", "t-d": "filter", errMsg: "ok" })).toEqual([
      { kind: "a", answer: "yes" },
    ]));
  it("an answer about something else is no yes", () => expect(accepted([offer("b")], { "t-a": "accept" })).toEqual([]));
  it.each([[20004, "设置"], [20005, "管理员"], [20001, "模板"], [undefined, "再点一次"]])("%s is said in words", (code, word) =>
    expect(refusal(code)).toContain(word));
});
