import { found, grouped } from "@/public/lines";
import { chapters, often, type Item } from "@/public/rules";
import { villagesOf } from "@/public/village";
import { describe, expect, it } from "vitest";

const lines = ["0004", "0037", "0137", "1370"].map((number) => ({ household: `99${number}`, number }));
const numbers = (typed: string) => found(lines, typed).map((line) => line.number);

describe("one's own line", () => {
  it.each([["137", ["0137"]], ["0137", ["0137"]], ["13", ["0137", "1370"]], ["", ["0004", "0037", "0137", "1370"]], ["9", []], ["4号", ["0004"]]])(
    "typed %s", (typed, expected) => expect(numbers(typed)).toEqual(expected));
  it("a seal in groups of four", () => expect(grouped("8f3a27c10")).toBe("8f3a 27c1 0"));
});

const item = (code: string, heading: string, more: Partial<Item> = {}) => ({ code, heading, name: `条目${code}`, explanation: "", unit: "time", cap: null, ...more }) as Item;

describe("the rulebook", () => {
  it.each<[Partial<Item>, string]>([
    [{}, "不限次数"],
    [{ unit: "month" }, "每月一次"],
    [{ unit: "month", cap: { per: "month", times: 1 } }, "每月一次"],
    [{ unit: "day", cap: { per: "month", times: 10 } }, "每天一次，每月最多 10 次"],
    [{ cap: { per: "quarter", times: 2 } }, "每季度最多 2 次"],
  ])("%o counts %s", (more, words) => expect(often(item("1", "卫生", more))).toBe(words));
  it("keeps its headings in order, and finds by words", () => {
    const items = [item("1", "卫生"), item("2", "孝老", { explanation: "照看老人" }), item("3", "卫生")];
    expect(chapters(items, "").map((part) => [part.heading, part.items.map((one) => one.code)])).toEqual([["卫生", ["1", "3"]], ["孝老", ["2"]]]);
    expect(chapters(items, " 老人 ").map((part) => part.heading)).toEqual(["孝老"]);
    expect(chapters(items, "没有的")).toEqual([]);
  });
});

it("villages of a board, each once", () => {
  const of = (code: string) => ({ village: { code, name: code } });
  expect(villagesOf([of("2"), of("1"), of("2")]).map((one) => one.code)).toEqual(["1", "2"]);
});
