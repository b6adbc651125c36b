// The API as the person signed in sees it: typed paths, tokens, one renewal on 401, one idempotency key per write.
import createClient from "openapi-fetch";

import { atWork } from "../work";
import { newId } from "./ids";
import { dropSession, renewed, session } from "./session";
import type { components, paths } from "./schema";
import { problemOf, Problem } from "./problems";

export type Schemas = components["schemas"];

async function send(request: Request): Promise<Response> {
  if (request.method !== "GET" && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", newId());
  const again = request.clone(); // a body can be sent once
  const answer = await once(request);
  if (answer.status !== 401 || !session.access) return answer;
  if (await renewed()) return once(again);
  dropSession();
  return answer;
}

async function once(request: Request): Promise<Response> {
  if (session.access) request.headers.set("Authorization", `Bearer ${session.access}`);
  try {
    return await fetch(request);
  } catch {
    throw new Problem({ detail: "连不上服务器。请看看网线和服务器是不是开着，再试一次；填好的内容还在。", code: "offline" }, 0);
  }
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });

/** The answer's content, or a thrown `Problem` with words for the person. */
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(error, response.status);
  return data as NonNullable<T>;
}

/** All pages of a list, a page at a time through `got`. */
export async function everyPage<T>(
  page: (cursor?: string) => Promise<{ items: T[]; next_cursor: string | null }>,
  got: (items: T[]) => void,
): Promise<void> {
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    got(answer.items);
    cursor = answer.next_cursor ?? undefined;
  } while (cursor);
}

/** A file of the API (a PDF, an Excel sheet), asked for with the person's token. */
export async function file(path: string, method: "GET" | "POST" = "GET"): Promise<Blob> {
  const answer = await send(new Request(new URL(path, location.origin), { method }));
  if (!answer.ok) throw problemOf(await answer.json().catch(() => undefined), answer.status);
  return answer.blob();
}

/** Puts a file of the API into the person's downloads. */
export async function download(path: string, name: string, method: "GET" | "POST" = "GET"): Promise<void> {
  save(await atWork(name, () => file(path, method)), name);
}

export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
