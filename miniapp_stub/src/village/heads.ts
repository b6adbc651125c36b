// The names on a village's doors, read once while the page is open: lists of records and lines know only numbers.
import { get } from "@/api/calls";
import { reactive } from "vue";

interface Head {
  head: string;
  label: string;
}

/** What screens watch: by household code. */
export const heads = reactive<Record<string, Head>>({});
const asked = new Set<string>();
const PAGE = 200;

/** Read the households of a village that one may know of; harmless when called again. */
export async function readHeads(village: string): Promise<void> {
  if (!village || asked.has(village)) return;
  asked.add(village);
  try {
    let cursor: string | null | undefined;
    do {
      const page = await get("/households", { village, limit: PAGE, cursor });
      for (const one of page.items) heads[one.code] = { head: one.head, label: one.label };
      cursor = page.next_cursor;
    } while (cursor);
  } catch (error) {
    asked.delete(village);
    console.warn("户名没有取到，先只看门牌号。", error);
  }
}

export const headOf = (code: string): string => (heads[code]?.head ? `${heads[code].head}家` : `${code.slice(-4)} 号`);
