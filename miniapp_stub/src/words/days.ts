// Days and times as people in the village say them. Everything is China's time, whatever the phone is set to.
import { dayOf } from "@/platform/time";

const CHINA = 8 * 3600_000;
const WEEK = "日一二三四五六";
type Instant = string | number;

const at = (instant: Instant): Date => new Date((typeof instant === "number" ? instant : Date.parse(instant)) + CHINA);

/** 6月9日 */
export const day = (instant: Instant): string => {
  const time = at(/^\d{4}-\d\d-\d\d$/.test(String(instant)) ? `${instant}T00:00:00+08:00` : instant);
  return `${time.getUTCMonth() + 1}月${time.getUTCDate()}日`;
};
/** 6月9日, with its year when that is not this one: 2025年6月9日 */
export function dated(instant: Instant, now: number): string {
  const year = /^\d{4}-\d\d-\d\d$/.test(String(instant)) ? Number(String(instant).slice(0, 4)) : at(instant).getUTCFullYear();
  return `${year === at(now).getUTCFullYear() ? "" : `${year}年`}${day(instant)}`;
}
/** 9:05 */
export const clock = (instant: Instant): string => `${at(instant).getUTCHours()}:${String(at(instant).getUTCMinutes()).padStart(2, "0")}`;
/** 6月9日 9:05 */
export const moment = (instant: Instant): string => `${day(instant)} ${clock(instant)}`;
/** 周二 */
export const weekday = (date: string): string => `周${WEEK[new Date(`${date}T00:00:00Z`).getUTCDay()]}`;
/** 2026年6月 of `2026-06` */
export const month = (text: string): string => `${Number(text.slice(0, 4))}年${Number(text.slice(5, 7))}月`;
/** Whole days from one instant's day to a date. */
export const daysUntil = (date: string, now: number): number =>
  Math.round((Date.parse(`${date.slice(0, 10)}T00:00:00Z`) - Date.parse(`${dayOf(now)}T00:00:00Z`)) / 86_400_000);

/** What one says at this hour. */
export function greeting(now: number): string {
  const hour = at(now).getUTCHours();
  if (hour < 5) return "夜里好";
  if (hour < 11) return "早";
  if (hour < 13) return "中午好";
  return hour < 18 ? "下午好" : "晚上好";
}

/** The number on the door: the last four digits of a household's code. */
export const door = (code: string): string => code.slice(-4);

/** A name as one is called: the given name of a three-character one. */
export const given = (name: string): string => (/^[\u4e00-\u9fff]{3}$/.test(name) ? name.slice(1) : name);

/** An hour of the day as the API gives it, "08:30", as one says it. */
export const hour = (text: string): string => text.replace(/^0/, "");
