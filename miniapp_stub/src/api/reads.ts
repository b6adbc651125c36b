// Answers kept on the phone, by person: shown first on a slow network, and alone without one. The oldest go first when
// there are too many; nothing here is needed to send what waits.
import { kept, StorageFull, type Kept } from "@/platform/kept";

export interface KeptAnswer {
  at: number;
  etag: string | null;
  body: unknown;
}

const PREFIX = "jifen.read.";
export const READS_LIMIT = 2_000_000;

const name = (person: string, path: string) => `${PREFIX}${person}.${path}`;

export function keptAnswer(person: string, path: string, storage: Kept = kept): KeptAnswer | null {
  const text = storage.get(name(person, path));
  return text ? (JSON.parse(text) as KeptAnswer) : null;
}

/** Keep an answer; room is made by dropping the oldest ones. An answer that does not fit is not kept. */
export function keepAnswer(person: string, path: string, answer: KeptAnswer, storage: Kept = kept): void {
  const text = JSON.stringify(answer);
  if (text.length > READS_LIMIT / 2) return;
  try {
    storage.set(name(person, path), text);
    trim(storage);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    dropReads(storage);
  }
}

/** Forget every kept answer of every person: at sign-out, and to make room for what waits to be sent. */
export function dropReads(storage: Kept = kept): void {
  for (const key of storage.keys()) if (key.startsWith(PREFIX)) storage.remove(key);
}

function trim(storage: Kept): void {
  const mine = storage.keys().filter((key) => key.startsWith(PREFIX));
  const sized = mine.map((key) => ({ key, text: storage.get(key) ?? "" }));
  let total = sized.reduce((sum, one) => sum + one.text.length, 0);
  if (total <= READS_LIMIT) return;
  const at = (text: string) => Number(/"at":(\d+)/.exec(text)?.[1] ?? 0);
  for (const one of sized.sort((a, b) => at(a.text) - at(b.text))) {
    if (total <= READS_LIMIT * 0.8) return;
    storage.remove(one.key);
    total -= one.text.length;
  }
}
