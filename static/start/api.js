// The API as one person sees it. Tokens live in this tab only.

const sessions = new Map();

export class Problem extends Error {
  constructor(body, status) {
    const faults = (body.errors ?? []).map((fault) => fault.message).join(" ");
    super([body.detail ?? `没有成功（${status}）`, faults].filter(Boolean).join(" "));
    this.code = body.code;
    this.status = status;
  }
}

async function send(method, path, body, token) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = crypto.randomUUID();
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error("连不上演示程序，请看看它是不是还开着。");
  }
  const content = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(content ?? {}, answer.status);
  return content;
}

/** The demo's people: `[{persona, name, village, grid?, household?, plate?}]`. */
export const personas = () => send("GET", "/auth/demo");
export const clock = () => send("GET", "/demo/clock");
export const moveClock = (to) => send("POST", "/demo/clock", { to });
export const stranger = (path) => send("GET", path);

/** One person's phone: signs in when first used, and again when the clock ended the session. */
export function as(persona) {
  const call = async (method, path, body, again = true) => {
    if (!sessions.has(persona)) sessions.set(persona, await send("POST", "/auth/demo", { persona }));
    try {
      return await send(method, path, body, sessions.get(persona).access_token);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401 || !again) throw error;
      sessions.delete(persona);
      return call(method, path, body, false);
    }
  };
  return {
    get: (path) => call("GET", path),
    post: (path, body = {}) => call("POST", path, body),
    delete: (path) => call("DELETE", path),
  };
}

/** A client-made id (any UUID will do; the server's own are v7). */
export const newId = () => crypto.randomUUID();
