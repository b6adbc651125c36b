// Finding one's own line on a notice. Plain.

export interface Line {
  household: string;
  number: string;
}

/** The lines whose number holds what was typed; everything when nothing was. Leading zeros may be left out. */
export function found<T extends Line>(lines: T[], typed: string): T[] {
  const digits = typed.replace(/\D/g, "");
  if (!digits) return lines;
  const exact = digits.padStart(4, "0");
  const same = lines.filter((line) => line.number === exact);
  return same.length ? same : lines.filter((line) => line.number.includes(digits));
}

/** In groups of four, as one reads a seal aloud. */
export const grouped = (seal: string): string => (seal.match(/.{1,4}/g) ?? []).join(" ");
