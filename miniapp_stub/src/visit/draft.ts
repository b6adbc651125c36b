// What the queue keeps of grid work: a visit, a fact, an event. Plain; the ids are made here, once.
import type { Body } from "@/api/calls";
import { newId } from "@/platform/ids";
import { isoOf } from "@/platform/time";
import type { Draft } from "@/queue/queue";

export type Fact = Body<"post", "/households/{code}/facts">["facts"][number];
export interface Visit {
  household: string;
  plate: string;
  way: "door" | "phone";
  duties: string[];
  note: string;
  facts: Fact[];
}

const number = (household: string): string => household.slice(-4);

/** A visit at `now` (the village's time, ms): by the plate that was scanned, else by the household's code. */
export function visitDraft(visit: Visit, now: number): Draft {
  const id = newId(now);
  const where = visit.plate ? { plate: visit.plate } : { household: visit.household };
  const note = visit.note.trim();
  const body = { id, ...where, way: visit.way, duties: visit.duties, facts: visit.facts, device_time: isoOf(now), ...(note ? { note } : {}) };
  const title = visit.facts.length ? `走访 · 记了 ${visit.facts.length} 条变化` : "走访";
  return { id, kind: "visit", body, photos: [], household: visit.household || undefined, number: number(visit.household), title, points: "" };
}

/** One fact of a household's file, learnt otherwise than on a visit. */
export function factDraft(household: string, fact: Fact, name: string, now: number): Draft {
  return { id: newId(now), kind: "fact", body: { facts: [fact] }, photos: [], household, number: number(household), title: `户册 · ${name}`, points: "" };
}
