// The people who work in the village, by id, for those who may see them; others see the office only.
import { shallowRef } from "vue";

import { api, ask, everyPage, type Schemas } from "./api/client";
import { may, village } from "./places";
import { ROLES, named } from "./words/names";

export type Staff = Schemas["PeoplePersonFull"];
export const staff = shallowRef<Staff[]>([]);
let of = "";

export async function loadStaff(anew = false): Promise<Staff[]> {
  if (!may("people") || (of === village.value && !anew)) return staff.value;
  of = village.value;
  const found: Staff[] = [];
  await everyPage((cursor) => ask(api.GET("/api/v1/people", { params: { query: { village: village.value, limit: 200, cursor } } })), (items) => found.push(...items));
  staff.value = found;
  return found;
}

export const personName = (id: string | null | undefined): string => staff.value.find((one) => one.id === id)?.name ?? (id ? "委员" : "");
export const committee = (): Staff[] =>
  staff.value.filter((one) => one.roles.some((grant) => /^committee_/.test(grant.role) && village.value.startsWith(grant.scope.replace(/0+$/, ""))));
export const officeOf = (one: Staff): string => {
  const roles = one.roles.filter((grant) => grant.role !== "villager").map((grant) => named(ROLES, grant.role));
  return [...new Set(roles)].join("、") || "村民";
};
