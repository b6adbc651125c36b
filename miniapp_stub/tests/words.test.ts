import { decimal, hundredths, range, signed, sum, times } from "@/words/points";
import { daysUntil, given, greeting, moment, weekday } from "@/words/days";
import { newId } from "@/platform/ids";
import { withoutForeign } from "../plugins/foreign-hosts";
import { keepAnswer, keptAnswer, READS_LIMIT } from "@/api/reads";
import { inMemory } from "@/platform/kept";
import { wordsOf } from "@/api/problem";
import { describe, expect, it } from "vitest";

describe("points", () => {
  it.each([["1.5", 150], ["-0.01", -1], ["−2.50", -250], ["12", 1200], ["0.00", 0]])("%s is %i hundredths", (text, value) => {
    expect(hundredths(text)).toBe(value);
  });
  it.each([["4.00", "+4.00"], ["-1.5", "−1.50"], ["0", "0.00"]])("%s reads %s", (text, shown) => expect(signed(text)).toBe(shown));
  it("refuses what is no number of points", () => expect(() => hundredths("1.234")).toThrow("不是分数"));
  it("adds without floating point", () => {
    expect(sum(Array.from({ length: 10 }, () => "0.10"))).toBe("1.00");
    expect(times("28.35", 3)).toBe("85.05");
    expect(decimal(-5)).toBe("-0.05");
  });
  it.each([
    [{ points_min: "2.00", points_max: "5.00" }, "+2～5"],
    [{ points_min: "4.00", points_max: "4.00" }, "+4"],
    [{ points_min: "-1.50", points_max: "-1.50" }, "−1.5"],
    [{ points_min: "-3.00", points_max: "-1.00" }, "−1～3"],
    [{ points_min: "10.00", points_max: "20.00" }, "+10～20"],
  ])("a range %o reads %s", (item, shown) => expect(range(item)).toBe(shown));
});

describe("days are China's, whatever the phone is set to", () => {
  it("moment", () => expect(moment("2026-06-08T16:30:00Z")).toBe("6月9日 0:30"));
  it("weekday", () => expect(weekday("2026-06-09")).toBe("周二"));
  it("days until", () => expect(daysUntil("2026-07-01", Date.parse("2026-06-26T17:00:00Z"))).toBe(4));
  it.each([["李桂兰", "桂兰"], ["周敏", "周敏"]])("%s is called %s", (name, called) => expect(given(name)).toBe(called));
  it("greets by the hour", () => expect(greeting(Date.parse("2026-06-09T01:12:00Z"))).toBe("早"));
});

it("ids are UUIDv7 in the order of the clock, and all different", () => {
  const ids = Array.from({ length: 500 }, (_, n) => newId(1_800_000_000_000 + n));
  expect(new Set(ids).size).toBe(500);
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it("style sheets name no other host afterwards", () => {
  const css = `@font-face{font-family:i;src:url("//at.example.com/a.woff")}.a{background:url(https://cdn.example.com/x.png)}.b{background:url(/m/y.png)}`;
  expect(withoutForeign(css)).toBe(".a{background:none}.b{background:url(/m/y.png)}");
});

it("kept answers make room by the oldest", () => {
  const storage = inMemory();
  const big = "x".repeat(READS_LIMIT / 4);
  for (let n = 0; n < 6; n += 1) keepAnswer("zhou", `/r${n}`, { at: 1000 + n, etag: null, body: big }, storage);
  expect(keptAnswer("zhou", "/r0", storage)).toBeNull();
  expect(keptAnswer("zhou", "/r5", storage)?.body).toBe(big);
  expect(keptAnswer("li", "/r5", storage)).toBeNull();
});

it.each([
  [422, { detail: "请按细则填。", errors: [{ field: "points", message: "请按细则填。" }] }, "请按细则填。"],
  [500, {}, "服务器出了问题，请过一会儿再试。"],
])("a refusal %i says what to do", (status, body, words) => expect(wordsOf(status, body)).toBe(words));
