import { against, allowance, queuedFor } from "@/counter/allowance";
import { attempt, missing, type Consent } from "@/counter/attempt";
import { cost, fromShelf, offBalance, pieces, reservedLines, titleOf, total, type Goods } from "@/counter/basket";
import { understood } from "@/counter/understood";
import type { Entry } from "@/queue/queue";
import { describe, expect, it } from "vitest";

const V = "990101001201";
const oil: Goods = { id: "oil", name: "菜籽油", unit: "瓶", points_price: "30.00", available: 3, limit: 2 };
const soap: Goods = { id: "soap", name: "洗衣皂", unit: "块", points_price: "6.50", available: 40, limit: null };
const reserved = [{ goods: "oil", name: "菜籽油", unit: "瓶", points_price: "28.00", quantity: 1 }];

describe("the basket", () => {
  it("hands reserved units out at the reserved price, more at today's", () => {
    const [line] = reservedLines(reserved, [oil, soap], { oil: 1 });
    expect(line.most).toBe(2);
    line.quantity = 2;
    expect(cost(line)).toBe("58.00");
    expect(offBalance([line])).toBe("30.00");
  });
  it.each([[{ oil: 2 }, null], [{ oil: 1 }, 1], [{}, 2]])("keeps the limit per household: had %o", (taken, most) => {
    expect(fromShelf(oil, taken as Record<string, number>)?.most ?? null).toBe(most);
  });
  it("adds up without floating point and says what it is", () => {
    const soaps = { ...fromShelf(soap, {})!, quantity: 3 };
    const lines = [...reservedLines(reserved, [oil], {}), soaps];
    expect([total(lines), pieces(lines), titleOf(lines)]).toEqual(["47.50", 4, "菜籽油 等 4 件"]);
    expect(titleOf([fromShelf(soap, {})!])).toBe("洗衣皂");
  });
});

const entry = (id: string, points: string, reservation: string | null, more: Partial<Entry> = {}): Entry => ({
  id, kind: "redemption", person: "k", seq: 1, at: 0, body: { household: "h1", exchange_day: "d1", reservation }, photos: [],
  number: "0061", title: "", points, state: "waiting", ...more,
});

describe("without a line", () => {
  const entries = [entry("a", "-16.00", null), entry("b", "-7.00", "r1"), entry("c", "-9.00", null, { state: "refused" }), entry("d", "-9.00", null, { body: { household: "h2", exchange_day: "d1" } })];
  it("what waits on this phone counts against limit and balance", () => {
    const mine = queuedFor(entries, "h1", "d1");
    expect(mine.map((one) => one.id)).toEqual(["a", "b"]);
    expect(allowance("30.00", "52.00", mine)).toEqual({ left: "7.00", balance: "36.00" });
  });
  it("never goes below nothing", () => expect(allowance("10.00", "5.00", [entry("a", "-16.00", null)])).toEqual({ left: "0.00", balance: "0.00" }));
  it.each([["8.00", "8.00", true, "断网"], ["8.00", "8.00", false, ""], ["7.00", "0.00", true, ""], ["40.00", "40.00", false, "36.00"]])(
    "a basket of %s, %s off the balance, offline %s", (sum, off, offline, words) => {
      const said = against(sum, off, { left: "7.00", balance: "36.00" }, offline);
      if (words) expect(said).toContain(words);
      else expect(said).toBe("");
    });
});

describe("consent", () => {
  const none: Consent = { method: "code", value: "", reason: "", photo: null, proxy: null };
  const line = [fromShelf(soap, {})!];
  it.each<[Partial<Consent>, boolean, boolean, string]>([
    [{ value: "4827 1639" }, true, false, ""],
    [{ value: "4827" }, false, false, "8 位"],
    [{ method: "pin", value: "123456" }, false, false, ""],
    [{ method: "pin", value: "123456" }, true, false, "断网"],
    [{ method: "statement" }, false, false, "写明"],
    [{ method: "statement", reason: "老人没有手机" }, true, false, ""],
    [{ method: "statement", reason: "老人没有手机" }, true, true, "签过字"],
    [{ value: "48271639", proxy: "p" }, false, false, "签过字"],
  ])("%o offline %s photo %s", (given, offline, photoRequired, words) => {
    const said = missing(line, { ...none, ...given }, { offline, photoRequired });
    if (words) expect(said).toContain(words);
    else expect(said).toBe("");
  });
  it("nothing chosen", () => expect(missing([], none, { offline: false, photoRequired: false })).toContain("先选"));
  it("is the same body by the line and in the queue; what was typed for another way is left out", () => {
    const what = { household: "h1", day: "d1", reservation: null, lines: line, consent: { ...none, value: "4827 1639", reason: "x" } };
    const body = attempt("id-1", Date.parse("2026-07-01T01:05:00Z"), what);
    expect(body).toEqual({ id: "id-1", household: "h1", exchange_day: "d1", reservation: null, lines: [{ goods: "soap", quantity: 1 }], consent: { method: "code", value: "48271639", reason: null, photo: null, proxy: null }, redeemed_at: "2026-07-01T09:05:00.000+08:00" });
    expect(JSON.stringify(attempt("id-1", Date.parse("2026-07-01T01:05:00Z"), what))).toBe(JSON.stringify(body));
  });
});

it.each([
  ["137", { household: `${V}0137` }],
  [`${V}0061`, { household: `${V}0061` }],
  [`jifen:pickup:${V}0061:48271639`, { household: `${V}0061`, code: "48271639" }],
  ["https://points.example.cn/h/abcDEF123", { plate: "abcDEF123" }],
  ["3vW0-kQ9xZ_7bTfLmN2s", { card: "3vW0-kQ9xZ_7bTfLmN2s" }],
  ["K7QM2P", { plate: "K7QM2P" }],
  ["48271639", null],
  ["你好", null],
])("%s at the counter", (text, meant) => expect(understood(text, V)).toEqual(meant));
