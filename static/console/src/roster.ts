// The households of the village on the screen, loaded page by page and kept: every table needs their names.
import { computed, shallowRef, triggerRef } from "vue";

import { api, ask, everyPage, type Schemas } from "./api/client";
import { village } from "./places";

export type HouseholdRow = Schemas["PeopleHouseholdRow"];

const rows = shallowRef<HouseholdRow[]>([]);
const byCode = shallowRef(new Map<string, HouseholdRow>());
export const rosterBusy = shallowRef(false);
export const rosterFailed = shallowRef("");
let of = "";
let under: Promise<void> | null = null;

export const households = computed(() => rows.value);

/** Loads the roster of the village unless it is there; `anew` after a change. */
export function roster(anew = false): Promise<void> {
  if (!anew && of === village.value && under) return under;
  of = village.value;
  under = load(of);
  return under;
}

async function load(code: string): Promise<void> {
  rosterBusy.value = true;
  rosterFailed.value = "";
  const found: HouseholdRow[] = [];
  const names = new Map<string, HouseholdRow>();
  try {
    await everyPage(
      (cursor) => ask(api.GET("/api/v1/households", { params: { query: { village: code, limit: 200, cursor } } })),
      (items) => {
        if (code !== of) return;
        for (const item of items) {
          found.push(item);
          names.set(item.code, item);
        }
        if (found.length % 1000 < 200 || found.length < 400) show();
      },
    );
    show();
  } catch (error) {
    rosterFailed.value = error instanceof Error ? error.message : "";
    under = null;
  } finally {
    rosterBusy.value = false;
  }
  function show(): void {
    if (code !== of) return;
    rows.value = [...found];
    byCode.value = names;
    triggerRef(byCode);
  }
}

export const headOf = (code: string): string => byCode.value.get(code)?.head ?? "";
export const gridOf = (code: string): string => byCode.value.get(code)?.grid?.name ?? "";
export const labelOf = (code: string): string => byCode.value.get(code)?.label ?? "";
