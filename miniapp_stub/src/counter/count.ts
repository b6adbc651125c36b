// A stock count as it is typed in. Plain.

/** Lines with a figure; what was left empty was not counted. Null when a figure is no whole number. */
export function countedLines(typed: Record<string, string>): { goods: string; counted: number }[] | null {
  const filled = Object.entries(typed).filter(([, text]) => String(text).trim() !== "");
  if (filled.some(([, text]) => !/^\d{1,6}$/.test(String(text).trim()))) return null;
  return filled.map(([goods, text]) => ({ goods, counted: Number(text) }));
}

/** "多 2"、"少 1"、"相符" */
export const differs = (difference: number): string => (difference === 0 ? "相符" : difference > 0 ? `多 ${difference}` : `少 ${-difference}`);
