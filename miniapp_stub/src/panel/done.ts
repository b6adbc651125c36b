// What this phone knows of a member's verdicts: the list of records does not say whom it still waits for.
import { kept } from "@/platform/kept";

const KEEP = 400;
const name = (person: string) => `jifen.reviewed.${person}`;

export const doneBy = (person: string): string[] => JSON.parse(kept.get(name(person)) ?? "[]") as string[];

/** Note verdicts; a record that comes back in a new round has a new key. */
export function noteDone(person: string, keys: string[]): void {
  kept.set(name(person), JSON.stringify([...new Set([...doneBy(person), ...keys])].slice(-KEEP)));
}

export const keyOf = (record: { id: string; round: number }): string => `${record.id}.${record.round}`;
