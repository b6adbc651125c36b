// The basket of a household: kept on the phone while one looks around, priced in hundredths.
import type { Answer } from "@/api/calls";
import { kept } from "@/platform/kept";
import { sum, times } from "@/words/points";

export type Goods = Answer<"get", "/mall/goods">[number];
export type Basket = Record<string, number>;
const KEY = "jifen.basket";

export const readBasket = (): Basket => JSON.parse(kept.get(KEY) ?? "{}") as Basket;
export const keepBasket = (basket: Basket): void => kept.set(KEY, JSON.stringify(basket));

/** How many of these one may take: what is there and what the village allows a household. */
export const mostOf = (goods: Goods): number => Math.max(0, Math.min(goods.available, goods.limit ?? Infinity));

/** One more or one less of some goods. */
export function changed(basket: Basket, goods: Goods, direction: 1 | -1): Basket {
  const count = Math.min(mostOf(goods), Math.max(0, (basket[goods.id] ?? 0) + direction));
  const rest = Object.fromEntries(Object.entries(basket).filter(([id]) => id !== goods.id));
  return count ? { ...rest, [goods.id]: count } : rest;
}

/** What the basket costs, and how many pieces it holds, of the goods that are still offered. */
export function priced(basket: Basket, offered: Goods[]): { points: string; pieces: number; lines: { goods: string; quantity: number }[] } {
  const found = offered.filter((one) => basket[one.id]);
  return {
    points: sum(found.map((one) => times(one.points_price, basket[one.id]))),
    pieces: found.reduce((total, one) => total + basket[one.id], 0),
    lines: found.map((one) => ({ goods: one.id, quantity: basket[one.id] })),
  };
}
