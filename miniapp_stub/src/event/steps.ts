// What may be done with an event now, by whom. Plain; the server decides, this only chooses what is offered.
import type { Answer } from "@/api/calls";
import type { Desk } from "@/session/store";

export type Event = Answer<"get", "/events">["items"][number];
export type Story = Answer<"get", "/events/{key}">;
const WAITING = new Set(["reported", "assigned", "escalated", "reopened"]);
const REOPENABLE = 30 * 86_400_000;

export const isWaiting = (event: Pick<Event, "status">): boolean => WAITING.has(event.status);

/** Desks whose people work in the net. */
export const handles = (desk: Desk | null, roles: string[]): boolean =>
  desk === "worker" || desk === "leader" || desk === "committee" || roles.includes("township_officer");

/** Whose own handling it was gets no rating: nobody rates oneself. */
export const ratesNobody = (event: Pick<Event, "handled_by">, person: string): boolean => event.handled_by?.id === person;

/** Once, and not long after it was closed. */
export const mayReopen = (event: Pick<Event, "status" | "round" | "closed_at">, now: number): boolean =>
  event.round === 1 && (event.status === "handled" || (event.status === "closed" && event.closed_at !== null && now - Date.parse(event.closed_at) <= REOPENABLE));

/** What is urgent first, then what is due first. */
export function byNeed(events: Event[], person: string): Event[] {
  const mine = (one: Event) => (one.assigned_to?.id === person ? 0 : 1);
  return [...events].sort((a, b) => mine(a) - mine(b) || (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
}
export const RATINGS = ["", "没办好", "不太好", "一般", "不错", "很好"];
