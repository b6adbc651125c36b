// What a screen shows of one answer: loading, there, kept from before, or failed. From the phone first, then fresh.
import { who } from "@/session/store";
import { shallowReactive } from "vue";
import { ask, filled, type Answer, type PathOf, type Values } from "./calls";
import { NoSignal, Problem, type ProblemBody } from "./problem";
import { keepAnswer, keptAnswer } from "./reads";

export interface Read<T> {
  /** The answer, once there is one. */
  data: T | null;
  /** Why there is none, or why what is shown is old. */
  problem: Error | null;
  /** When what is shown was fetched, if it could not be fetched anew. */
  keptAt: number | null;
  busy: boolean;
  again: () => Promise<void>;
}

/** One read that a screen can show; `values` may change between two `again`s (null: nothing to ask yet). */
export function useRead<P extends PathOf<"get"> & string>(
  path: P,
  values: () => Values | null = () => ({}),
): Read<Answer<"get", P>> {
  let latest = 0;
  const read = shallowReactive<Read<Answer<"get", P>>>({ data: null, problem: null, keptAt: null, busy: false, again });

  async function again(): Promise<void> {
    const given = values();
    if (given === null) return;
    const turn = (latest += 1);
    const where = filled(path, given);
    const person = who.person?.id ?? "anyone";
    const before = keptAnswer(person, where);
    if (before) read.data = before.body as Answer<"get", P>;
    read.busy = true;
    read.problem = null;
    try {
      const fresh = await fetchAnswer(person, where, before?.etag ?? null);
      if (turn !== latest) return;
      read.keptAt = null;
      if (fresh !== undefined) read.data = fresh as Answer<"get", P>;
    } catch (error) {
      if (turn !== latest) return;
      read.problem = error as Error;
      if (error instanceof Problem && error.status < 500) read.data = null;
      else if (before) read.keptAt = before.at;
    } finally {
      if (turn === latest) read.busy = false;
    }
  }
  return read;
}

/** The fresh body, or undefined when what the phone has is still right. */
async function fetchAnswer(person: string, where: string, etag: string | null): Promise<unknown> {
  const headers: Record<string, string> = etag ? { "If-None-Match": etag } : {};
  const reply = await ask({ method: "GET", path: where, headers });
  if (reply.status === 304) return undefined;
  if (reply.status >= 400) throw new Problem(reply.status, (reply.body ?? {}) as ProblemBody);
  keepAnswer(person, where, { at: Date.now(), etag: reply.etag, body: reply.body });
  return reply.body;
}

/** Read something that no screen shows yet, so that it is there without signal. Without signal it does nothing. */
export async function keepForLater<P extends PathOf<"get"> & string>(path: P, values: Values): Promise<void> {
  const person = who.person?.id ?? "anyone";
  const where = filled(path, values);
  try {
    await fetchAnswer(person, where, keptAnswer(person, where)?.etag ?? null);
  } catch (error) {
    if (!(error instanceof NoSignal || error instanceof Problem)) throw error;
  }
}

/** When the phone last kept an answer, ms of this phone's clock; null when it has none. */
export const keptSince = <P extends PathOf<"get"> & string>(path: P, values: Values): number | null =>
  keptAnswer(who.person?.id ?? "anyone", filled(path, values))?.at ?? null;

export const isOffline = (error: Error | null): boolean => error instanceof NoSignal;
