// Months to choose from: the present one and those before, newest first.
import { today } from "../places";

export function lastMonths(count: number): string[] {
  const [year, month] = today().split("-").map(Number) as [number, number];
  return Array.from({ length: count }, (_, back) => new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7));
}
export const monthEnd = (month: string): string => {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
};
