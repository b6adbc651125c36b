// Instants and days in Asia/Shanghai, as people write them. Pure.
const WEEKDAYS = "日一二三四五六";
const CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

interface Parts {
  year: number;
  month: number;
  day: number;
  weekday: number;
  time: string;
}

export function parts(iso: string): Parts {
  const at = new Date(new Date(iso.length === 10 ? `${iso}T00:00:00+08:00` : iso).getTime() + 8 * 3600_000);
  const two = (value: number) => String(value).padStart(2, "0");
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    weekday: at.getUTCDay(),
    time: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  };
}

/** `YYYY-MM-DD` of an instant. */
export function dateOf(iso: string): string {
  const { year, month, day } = parts(iso);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

export const longDay = (iso: string): string => {
  const { year, month, day, weekday } = parts(iso);
  return `${year}年${month}月${day}日 星期${WEEKDAYS[weekday]}`;
};
export const shortDay = (iso: string): string => `${parts(iso).month}月${parts(iso).day}日`;
export const dayAndTime = (iso: string): string => `${shortDay(iso)} ${parts(iso).time}`;
export const stamp = (iso: string): string => `${dateOf(iso)} ${parts(iso).time}`;

/** The end of a term: midnight is said as 24:00 of the day before. */
export function until(iso: string): string {
  if (parts(iso).time !== "00:00") return `${dayAndTime(iso)}前`;
  return `${shortDay(new Date(new Date(iso).getTime() - 60_000).toISOString())} 24:00前`;
}

export const addDays = (date: string, days: number): string => {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
};

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${dateOf(to)}T00:00:00Z`) - Date.parse(`${dateOf(from)}T00:00:00Z`)) / 86_400_000);

/** What is left of a term, in words. */
export function left(now: string, iso: string): string {
  const days = daysBetween(now, new Date(new Date(iso).getTime() - 60_000).toISOString());
  if (new Date(iso) <= new Date(now)) return "已过期";
  return days <= 0 ? "今天到期" : `还剩 ${days} 天`;
}

/** `2026-11` as 十一月, with the year where it is another. */
export function monthName(month: string, year?: number): string {
  const [of, number] = month.split("-").map(Number) as [number, number];
  return `${year !== undefined && of !== year ? `${of}年` : ""}${CHINESE[number - 1]}月`;
}
export const monthShort = (month: string): string => `${Number(month.slice(5))}月`;
export const monthLong = (month: string): string => `${month.slice(0, 4)}年${Number(month.slice(5))}月`;
