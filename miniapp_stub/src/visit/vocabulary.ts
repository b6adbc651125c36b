// The words of grid work as the server has them, kept on the phone: duty tags, kinds of facts, types of events.
import { useRead } from "@/api/use-read";
import type { Answer } from "@/api/calls";

export type Vocabulary = Answer<"get", "/grid-vocabulary">;
export type FactKind = Vocabulary["facts"][number];
export const useVocabulary = () => useRead("/grid-vocabulary");

/** The name of a code in one of the lists. */
export const nameOf = (words: { code: string; name: string }[] | undefined, code: string): string => words?.find((one) => one.code === code)?.name ?? code;
export const tierName = (words: Vocabulary | null, tier: number): string => words?.tiers.find((one) => one.tier === tier)?.name ?? "";

/** How long something is kept, as one says it. */
export const keptFor = (days: number): string => (days % 365 === 0 ? `${days / 365} 年` : `${days} 天`);
