// The API for the person who is signed in: typed by the OpenAPI document, tokens renewed once when they end.
import { newId } from "@/platform/ids";
import { forget, keep, stored, type Session } from "@/session/store";
import { Problem, type ProblemBody } from "./problem";
import type { paths } from "./schema";
import { send, type Asked, type Reply } from "./transport";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Version = "/api/v1";
type With<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, infer O> ? ([O] extends [undefined | never] ? never : P) : never;
}[keyof paths];
/** The paths that have a method, without `/api/v1`. */
export type PathOf<M extends Method> = With<M> extends `${Version}${infer Rest}` ? Rest : never;
type Operation<M extends Method, P extends string> = `${Version}${P}` extends keyof paths
  ? M extends keyof paths[`${Version}${P}`] ? NonNullable<paths[`${Version}${P}`][M]> : never
  : never;
type Json<R> = R extends { content: { "application/json": infer B } } ? B : undefined;
type Good<R> = { [S in keyof R]: S extends 200 | 201 ? Json<R[S]> : never }[keyof R];
/** What a call answers. */
export type Answer<M extends Method, P extends string> =
  Operation<M, P> extends { responses: infer R } ? Good<R> : never;
type BodyOf<O> = O extends { requestBody?: infer B } ? (NonNullable<B> extends { content: { "application/json": infer J } } ? J : never) : never;
export type Body<M extends Method, P extends string> = BodyOf<Operation<M, P>>;
export type Values = Record<string, string | number | boolean | null | undefined>;

/** A path with its `{parts}` filled from `values`; what is left becomes the query. */
export function filled(path: string, values: Values = {}): string {
  const rest = { ...values };
  const done = path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const query = Object.entries(rest)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return query.length ? `${done}?${query.join("&")}` : done;
}

const bearer = (session: Session | null): Record<string, string> =>
  session ? { Authorization: `Bearer ${session.access_token}` } : {};

let renewing: Promise<Session | null> | null = null;

/** New tokens, asked for once however many calls need them; null when the sign-in has ended. */
function renewed(old: Session): Promise<Session | null> {
  renewing ??= (async () => {
    const now = stored();
    if (now && now.refresh_token !== old.refresh_token) return now; // another tab was first
    const reply = await send({ method: "POST", path: "/auth/refresh", body: { refresh_token: old.refresh_token } });
    if (reply.status === 200) {
      keep(reply.body as Session);
      return reply.body as Session;
    }
    if (reply.status === 401) {
      forget();
      return null;
    }
    throw new Problem(reply.status, reply.body as ProblemBody);
  })().finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Ask as the person signed in; whatever the status, but a token that ended is renewed and the call repeated. */
export async function ask(asked: Asked): Promise<Reply> {
  const session = stored();
  const first = await send({ ...asked, headers: { ...bearer(session), ...asked.headers } });
  if (first.status !== 401 || !session) return first;
  const again = await renewed(session);
  return again ? send({ ...asked, headers: { ...bearer(again), ...asked.headers } }) : first;
}

async function call<T>(asked: Asked): Promise<T> {
  const reply = await ask(asked);
  if (reply.status >= 400) throw new Problem(reply.status, (reply.body ?? {}) as ProblemBody);
  return reply.body as T;
}

/** A write. `key` names the attempt: the same key again gives the first answer. */
export function write<M extends "post" | "put" | "patch" | "delete", P extends PathOf<M> & string>(
  method: M,
  path: P,
  body?: Body<M, P>,
  values?: Values,
  key: string = newId(),
): Promise<Answer<M, P>> {
  const asked = { method: method.toUpperCase() as Asked["method"], path: filled(path, values), body };
  return call({ ...asked, headers: { "Idempotency-Key": key } });
}

export const post = <P extends PathOf<"post"> & string>(path: P, body?: Body<"post", P>, values?: Values, key?: string) =>
  write("post", path, body, values, key);

/** A read that must be fresh; screens use `useRead`, which knows what the phone has kept. */
export const get = <P extends PathOf<"get"> & string>(path: P, values?: Values): Promise<Answer<"get", P>> =>
  call({ method: "GET", path: filled(path, values) });
