// Points are strings with two digits, as the API gives them; sums are made in hundredths, never in floating point.

/** Hundredths of a decimal string: "-1.5" → -150. */
export function hundredths(text: string): number {
  const found = /^([+-]?)(\d+)(?:\.(\d{1,2}))?$/.exec(text.trim().replace("−", "-"));
  if (!found) throw new Error(`不是分数：${text}`);
  const value = Number(found[2]) * 100 + Number((found[3] ?? "").padEnd(2, "0") || "0");
  return found[1] === "-" ? -value : value;
}

/** A decimal string of hundredths: -150 → "-1.50". */
export function decimal(value: number): string {
  const size = Math.abs(value);
  return `${value < 0 ? "-" : ""}${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}`;
}

/** As people read it: +4.00, −1.50, 0.00. */
export function signed(text: string): string {
  const value = hundredths(text);
  return value === 0 ? "0.00" : `${value > 0 ? "+" : "−"}${decimal(Math.abs(value))}`;
}

export const tone = (text: string): "up" | "dn" | "" => {
  const value = hundredths(text);
  return value > 0 ? "up" : value < 0 ? "dn" : "";
};

/** A range of points as short as it reads: "+2～5", "+4", "−1.5". */
export function range(item: { points_min: string; points_max: string }): string {
  const low = hundredths(item.points_min);
  const high = hundredths(item.points_max);
  const short = (value: number) => decimal(Math.abs(value)).replace(/\.?0+$/, "") || "0";
  const sign = high > 0 ? "+" : low < 0 ? "−" : "";
  const ends = [short(low), short(high)].sort((a, b) => Number(a) - Number(b));
  return sign + (ends[0] === ends[1] ? ends[0] : ends.join("～"));
}

export const sum = (texts: string[]): string => decimal(texts.reduce((total, text) => total + hundredths(text), 0));
export const times = (text: string, count: number): string => decimal(hundredths(text) * count);
