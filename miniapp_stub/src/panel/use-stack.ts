// The records under review in the member's village, and the ways to give a verdict on one or on many.
import { get, post } from "@/api/calls";
import { Problem } from "@/api/problem";
import { useRead } from "@/api/use-read";
import { villageNow } from "@/platform/time";
import { scopeOf, who } from "@/session/store";
import { readHeads } from "@/village/heads";
import { computed, reactive, ref } from "vue";
import { doneBy, keyOf, noteDone } from "./done";
import { simple, sorted, type Story } from "./stack";

export type Verdict = "approve" | "amend" | "reject";
const ENOUGH = 200;

export function useStack() {
  const village = computed(() => (who.person ? scopeOf(who.person, "panel_member") : null) ?? "");
  const me = computed(() => ({ person: who.person?.id ?? "", household: who.person?.household ?? null }));
  const records = useRead("/records", () => ({ village: village.value, status: "submitted", limit: ENOUGH }));
  const book = useRead("/rulebooks/current", () => ({ village: village.value }));
  const settings = useRead("/villages/{code}/settings", () => ({ code: village.value }));
  const reviewed = reactive(new Set<string>());
  const refused = reactive<Record<string, string>>({});
  const story = ref<Story | null>(null);

  const stack = computed(() => {
    const items = records.data?.items ?? [];
    const done = new Set(items.filter((one) => reviewed.has(keyOf(one))).map((one) => one.id));
    return sorted(items, me.value, villageNow(), done, refused);
  });
  const easy = computed(() => stack.value.waiting.filter(simple));
  const item = (code: string) => book.data?.items.find((one) => one.code === code) ?? null;

  async function load(): Promise<void> {
    doneBy(me.value.person).forEach((key) => reviewed.add(key));
    void readHeads(village.value);
    await Promise.all([records.again(), book.again(), settings.again()]);
    await show();
  }
  /** Open the first record that waits; one that has this member's verdict already is passed over. */
  async function show(): Promise<void> {
    for (;;) {
      const next = stack.value.waiting[0];
      if (!next) return void (story.value = null);
      if (story.value?.id === next.id) return;
      const found = await get("/records/{key}", { key: next.id });
      const mine = found.reviews.some((one) => one.round === found.round && one.reviewer === me.value.person);
      if (!mine && found.status === "submitted") return void (story.value = found);
      note([next.id]);
    }
  }
  function note(ids: string[]): void {
    const keys = (records.data?.items ?? []).filter((one) => ids.includes(one.id)).map(keyOf);
    keys.forEach((key) => reviewed.add(key));
    noteDone(me.value.person, keys);
  }
  /** One verdict; gives the record as it is now, or null when one has to step aside. */
  async function give(id: string, verdict: Verdict, reason = "", points: string | null = null): Promise<Story | null> {
    try {
      const after = await post("/records/{key}/reviews", { verdict, reason, points }, { key: id });
      note([id]);
      return after;
    } catch (error) {
      if (!(error instanceof Problem && error.code === "must_recuse")) throw error;
      refused[id] = error.message;
      return null;
    }
  }
  /** The same approval for many; gives what could not be agreed to, by record. */
  async function agreeTo(ids: string[]): Promise<Record<string, string>> {
    const answer = await post("/reviews/batch", { records: ids, verdict: "approve", reason: "", points: null });
    const problems: Record<string, string> = {};
    for (const one of answer.results) if (one.status >= 400 && one.id) problems[one.id] = String((one.problem as { detail?: string }).detail ?? "没有收下");
    for (const [id, why] of Object.entries(problems)) refused[id] = why;
    note(ids.filter((id) => !(id in problems)));
    return problems;
  }
  return { village, records, book, settings, stack, easy, story, item, load, show, give, agreeTo };
}
