// Who is signed in on this phone. Tokens stay in the platform's storage; several tabs share them.
import type { components } from "@/api/schema";
import { kept, type Kept } from "@/platform/kept";
import { reactive } from "vue";

export type Person = components["schemas"]["PeopleSignedInPerson"];
export type Role = Person["roles"][number]["role"];
export interface Session {
  access_token: string;
  refresh_token: string;
  expires_at: string;
  person: Person;
}

export const SESSION_KEY = "jifen.session";
const DESK_KEY = "jifen.desk";

/** What screens watch: the person, and as which of their roles they work now. */
export const who = reactive<{ person: Person | null; desk: Desk | null }>({ person: null, desk: null });

/** A desk is a set of screens; a person with several roles may change desks. */
export type Desk = "villager" | "worker" | "leader" | "panel" | "committee" | "keeper" | "onlooker";

const DESKS: Record<Role, Desk> = {
  villager: "villager",
  grid_worker: "worker",
  grid_leader: "leader",
  chief_grid_leader: "leader",
  panel_member: "panel",
  committee_member: "committee",
  committee_head: "committee",
  keeper: "keeper",
  supervisor: "onlooker",
  township_officer: "onlooker",
  county_officer: "onlooker",
  assessor: "onlooker",
  auditor: "onlooker",
  admin: "onlooker",
};
const FIRST: Desk[] = ["worker", "keeper", "panel", "committee", "leader", "villager", "onlooker"];

/** The desks that a person has, the working ones first. */
export function desksOf(person: Person): Desk[] {
  const found = new Set(person.roles.map((role) => DESKS[role.role]));
  if (person.household) found.add("villager");
  return FIRST.filter((desk) => found.has(desk));
}

/** The session as stored now (another tab may have renewed it). */
export function stored(storage: Kept = kept): Session | null {
  const text = storage.get(SESSION_KEY);
  return text ? (JSON.parse(text) as Session) : null;
}

/** Keep a session and show its person. */
export function keep(session: Session): void {
  kept.set(SESSION_KEY, JSON.stringify(session));
  show(session.person);
}

function show(person: Person): void {
  const desks = desksOf(person);
  const chosen = kept.get(DESK_KEY) as Desk | null;
  who.person = person;
  who.desk = chosen && desks.includes(chosen) ? chosen : (desks[0] ?? "onlooker");
}

/** Work at another desk from now on. */
export function sitAt(desk: Desk): void {
  kept.set(DESK_KEY, desk);
  who.desk = desk;
}

/** Read who was signed in when the page opened. */
export function wake(): void {
  const session = stored();
  if (session) show(session.person);
}

/** Forget the session on this phone. */
export function forget(): void {
  kept.remove(SESSION_KEY);
  kept.remove(DESK_KEY);
  who.person = null;
  who.desk = null;
}

/** The division or grid of the first role that fits. */
export const scopeOf = (person: Person, ...roles: Role[]): string | null =>
  person.roles.find((one) => roles.includes(one.role))?.scope ?? null;

/** The village of the person's current work, 12 digits; a grid's scope needs the grid list instead. */
export function villageOf(person: Person): string | null {
  const divisions = person.roles.map((one) => one.scope).filter((scope) => /^\d{12}$/.test(scope));
  return divisions.find((code) => !code.endsWith("000")) ?? person.household?.slice(0, 12) ?? divisions[0] ?? null;
}
