// The villages that the person has to do with, the one on the screen, the time, and what the person may do there.
import { computed, reactive, ref, shallowRef } from "vue";

import { api, ask, everyPage, type Schemas } from "./api/client";
import { session } from "./api/session";
import { MANAGES, WHOLE, type Act } from "./rights";
import { dateOf } from "./words/days";

export type Village = Schemas["PeopleVillage"];

export const villages = shallowRef<Village[]>([]);
export const village = ref("");
export const instance = reactive({ demo: false, offset: 0 });

export const here = computed(() => villages.value.find((one) => one.code === village.value));
/** The instant of the instance: the demo has a clock of its own. */
export const now = (): string => new Date(Date.now() + instance.offset).toISOString();
export const today = (): string => dateOf(now());

let loaded: Promise<void> | null = null;

/** Loads villages and clock once for a sign-in. */
export function ready(): Promise<void> {
  loaded ??= load().catch((error) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

export function forget(): void {
  loaded = null;
  villages.value = [];
  village.value = "";
}

async function load(): Promise<void> {
  const found: Village[] = [];
  const clock = api.GET("/api/v1/demo/clock").then(({ data, response }) => {
    instance.demo = response.ok;
    instance.offset = data ? Date.parse(data.now) - Date.now() : 0;
  });
  await everyPage((cursor) => ask(api.GET("/api/v1/villages", { params: { query: { cursor, limit: 200 } } })), (items) => found.push(...items));
  await clock;
  villages.value = found;
}

/** Whether a role of the person allows an act in the village on the screen. The server decides; this only hides doors. */
export function may(act: Act, place: string = village.value): boolean {
  const roles = MANAGES[act];
  return (session.person?.roles ?? []).some((grant) => roles.includes(grant.role) && (!place || covers(grant.scope, place, act)));
}

function covers(scope: string, place: string, act: Act): boolean {
  if (scope.length !== 12) return !WHOLE.includes(act) && (scope.length === 36 || scope.startsWith(place)); // a grid or a household of some village
  const prefix = scope.endsWith("000000") ? 6 : scope.endsWith("000") ? 9 : 12;
  return place.startsWith(scope.slice(0, prefix));
}
