// The API as one person sees it. Tokens live in this tab only.

const sessions = new Map();

export class Problem extends Error {
  constructor(body, status) {
    const said = [body.detail ?? `没有成功（${status}）`, ...(body.errors ?? []).map((fault) => fault.message)];
    super([...new Set(said)].filter(Boolean).join(" ")); // one fault is often the detail itself
    this.code = body.code;
    this.status = status;
  }
}

async function send(method, path, body, token) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = newId();
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
/** Moves the clock forward; sessions last two hours of its time, so everybody signs in anew. */
export const moveClock = async (to) => {
  const answer = await send("POST", "/demo/clock", { to });
  sessions.clear();
  return answer;
};
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

/** A client-made id: a random UUID. `crypto.randomUUID` is missing where the page is not on 127.0.0.1 or https. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
