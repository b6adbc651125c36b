// What the counter shows of a household: as the server says now, as it was last seen, or as the pick list has it.
import { Problem } from "@/api/problem";
import { isOffline, useRead } from "@/api/use-read";
import { allowance, queuedFor } from "@/counter/allowance";
import { shopVillage } from "@/counter/shop";
import { line } from "@/queue/running";
import { computed, ref } from "vue";

export type Asked = { household?: string; plate?: string; card?: string };

export function useCounter() {
  const asked = ref<Asked | null>(null);
  const counter = useRead("/mall/counter", () => asked.value as Record<string, string> | null);
  const days = useRead("/mall/exchange-days", () => ({ village: shopVillage.value }));
  const goods = useRead("/mall/goods", () => ({ village: shopVillage.value }));
  const settings = useRead("/mall/settings", () => ({ village: shopVillage.value }));
  const day = computed(() => counter.data?.exchange_day ?? days.data?.items.filter((one) => one.status === "redeeming").at(-1)?.id ?? null);
  const list = useRead("/mall/exchange-days/{key}/pick-list", () => (day.value ? { key: day.value } : null));

  const offline = computed(() => isOffline(counter.problem));
  const code = computed(() => counter.data?.household.code ?? asked.value?.household ?? "");
  /** The balance is not known: never seen on this phone, and no line. */
  const unknown = computed(() => offline.value && !counter.data && code.value !== "");
  const picked = computed(() => list.data?.households.find((one) => one.household === code.value) ?? null);
  const queued = computed(() => queuedFor(line.entries, code.value, day.value));
  const may = computed(() => allowance(settings.data?.offline_limit ?? "0.00", counter.data?.balance ?? "0.00", queued.value));

  /** Reservations for this day that are neither handed out nor waiting on this phone. */
  const reservations = computed(() => {
    const gone = new Set(queued.value.map((entry) => entry.body.reservation));
    const known = counter.data?.reservations.filter((one) => one.exchange_day === day.value && one.status === "open")
      ?? (picked.value ? [{ id: picked.value.reservation, lines: picked.value.lines, points: picked.value.points }] : []);
    return known.filter((one) => !gone.has(one.id));
  });
  const household = computed(() => {
    if (counter.data) return counter.data.household;
    return unknown.value ? { code: code.value, head: "", label: picked.value?.label ?? "" } : null;
  });

  async function load(what: Asked): Promise<void> {
    asked.value = what.household ? { household: what.household } : what;
    await Promise.all([counter.again(), days.again(), goods.again(), settings.again()]);
    if (what.plate && !what.household && counter.problem instanceof Problem && counter.problem.status === 404) {
      asked.value = { card: what.plate }; // a points card's symbol is a bare token, like a plate's
      await counter.again();
    }
    await list.again();
  }
  return { counter, goods, settings, list, day, days, offline, unknown, queued, may, reservations, household, load };
}
