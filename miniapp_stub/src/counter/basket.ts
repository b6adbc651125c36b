// What lies on the counter for one household: what it reserved, and what it takes beside that. Plain.
import { decimal, hundredths } from "@/words/points";

export interface Line {
  goods: string;
  name: string;
  unit: string;
  quantity: number;
  /** Units of it that were reserved, and the price they were reserved at. */
  reserved: number;
  reservedPrice: string;
  /** Today's price, for units beyond the reserved ones. */
  price: string;
  /** The most that may be handed out. */
  most: number;
}

export interface Goods {
  id: string;
  name: string;
  unit: string;
  points_price: string;
  available: number;
  limit: number | null;
}

interface Reserved {
  goods: string;
  name: string;
  unit: string;
  points_price: string;
  quantity: number;
}

/** Units of goods that a household may still take beside what it reserved. `taken`: today's, reserved ones included. */
export function roomFor(goods: Goods, taken: Record<string, number>): number {
  const left = goods.limit === null ? Infinity : goods.limit - (taken[goods.id] ?? 0);
  return Math.max(0, Math.min(goods.available, left));
}

/** A basket as it is reserved; more of the same only as far as the shelf has it. */
export function reservedLines(lines: Reserved[], shelf: Goods[], taken: Record<string, number>): Line[] {
  return lines.map((line) => {
    const goods = shelf.find((one) => one.id === line.goods);
    return {
      goods: line.goods, name: line.name, unit: line.unit, quantity: line.quantity,
      reserved: line.quantity, reservedPrice: line.points_price,
      price: goods?.points_price ?? line.points_price,
      most: line.quantity + (goods ? roomFor(goods, taken) : 0),
    };
  });
}

/** Goods taken from the shelf: one unit, or none where none is left. */
export function fromShelf(goods: Goods, taken: Record<string, number>): Line | null {
  const most = roomFor(goods, taken);
  if (most < 1) return null;
  const { id, name, unit, points_price } = goods;
  return { goods: id, name, unit, quantity: 1, reserved: 0, reservedPrice: points_price, price: points_price, most };
}

const reservedPart = (line: Line) => Math.min(line.quantity, line.reserved) * hundredths(line.reservedPrice);
const extraPart = (line: Line) => Math.max(0, line.quantity - line.reserved) * hundredths(line.price);

export const cost = (line: Line): string => decimal(reservedPart(line) + extraPart(line));
export const total = (lines: Line[]): string => decimal(lines.reduce((sum, line) => sum + reservedPart(line) + extraPart(line), 0));
/** What goes off the balance: everything beyond the reserved points. */
export const offBalance = (lines: Line[]): string => decimal(lines.reduce((sum, line) => sum + extraPart(line), 0));
export const pieces = (lines: Line[]): number => lines.reduce((sum, line) => sum + line.quantity, 0);
export const wishes = (lines: Line[]): { goods: string; quantity: number }[] =>
  lines.filter((line) => line.quantity > 0).map(({ goods, quantity }) => ({ goods, quantity }));
/** "洗衣皂 等 3 件" */
export function titleOf(lines: Line[]): string {
  const some = lines.filter((line) => line.quantity > 0);
  return pieces(some) === 1 ? some[0].name : `${some[0]?.name ?? ""} 等 ${pieces(some)} 件`;
}
