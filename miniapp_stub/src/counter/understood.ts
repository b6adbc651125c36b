// What was typed or scanned at the counter: a household's number or code, a plate or card, a pick-up code with its
// household. Plain.

/** A points card's QR is its token alone, longer than the short code under a plate. */
const CARD = 16;

export interface Understood {
  household?: string;
  plate?: string;
  card?: string;
  /** A pick-up code that came with the household. */
  code?: string;
}

/** `village`: 12 digits of the shop's village. Null when it is none of these. */
export function understood(text: string, village: string): Understood | null {
  const said = text.trim();
  const household = /(?:^|\D)(\d{16})(?!\d)/.exec(said)?.[1];
  const code = /(?:^|\D)(\d{4}\s?\d{4})(?!\d)/.exec(said)?.[1].replace(/\s/g, "");
  if (household) return code ? { household, code } : { household };
  if (/^\d{1,4}$/.test(said)) return { household: village + said.padStart(4, "0") };
  const plate = /\/h\/([\w-]{6,})/.exec(said)?.[1];
  if (plate) return { plate };
  if (/^\d+$/.test(said) || !/^[\w-]{6,}$/.test(said)) return null;
  return said.length >= CARD ? { card: said } : { plate: said };
}
