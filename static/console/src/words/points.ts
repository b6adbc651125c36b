// Points and yuan as text: the API gives decimal strings, sums are made in hundredths. Never floats.
export function hundredths(text: string | null | undefined): number {
  if (!text) return 0;
  const [, sign, whole, part = ""] = /^([-+−]?)(\d+)(?:\.(\d{1,2}))?/.exec(text) ?? [];
  if (whole === undefined) return 0;
  const amount = Number(whole) * 100 + Number(part.padEnd(2, "0"));
  return sign === "-" || sign === "−" ? -amount : amount;
}

/** `1234567` as `12,345.67`, with a true minus. */
export function plain(amount: number): string {
  const whole = Math.floor(Math.abs(amount) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "−" : ""}${whole}.${String(Math.abs(amount) % 100).padStart(2, "0")}`;
}
export const signed = (amount: number): string => (amount > 0 ? "+" : "") + plain(amount);
export const points = (text: string | null | undefined): string => plain(hundredths(text));
export const change = (text: string | null | undefined): string => signed(hundredths(text));
export const yuan = (text: string | null | undefined): string => `¥${points(text)}`;
export const total = (texts: (string | null | undefined)[]): number => texts.reduce((sum, text) => sum + hundredths(text), 0);
export const tone = (amount: number): string => (amount > 0 ? "up" : amount < 0 ? "dn" : "");
export const share = (part: number, whole: number): number => (whole ? Math.round((part / whole) * 100) : 0);
export const door = (code: string): string => code.slice(-4);
