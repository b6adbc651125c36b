// The ways in: a password, an invitation, WeChat, and in the demo anybody one likes.
import { ask, get } from "@/api/calls";
import { Problem, type ProblemBody } from "@/api/problem";
import { dropReads } from "@/api/reads";
import { send } from "@/api/transport";
import { refresh, sendNow } from "@/queue/running";
import { forget, keep, stored, type Session } from "./store";

async function enter(path: string, body: unknown): Promise<void> {
  const reply = await send({ method: "POST", path, body });
  if (reply.status >= 400) throw new Problem(reply.status, (reply.body ?? {}) as ProblemBody);
  keep(reply.body as Session);
  refresh();
  void sendNow();
}

export const byPassword = (username: string, password: string, otp?: string) =>
  enter("/auth/password", { username, password, ...(otp && { otp }) });
export const byInvitation = (invitation: string, username: string, password: string) =>
  enter("/auth/invitations/accept", { invitation, username, password });
export const asPersona = (persona: string) => enter("/auth/demo", { persona });

/** The people of the demo, or null where this is not a demo. */
export async function personas() {
  try {
    return await get("/auth/demo");
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** Sign in by WeChat; gives a binding token when this WeChat account belongs to nobody yet. */
export async function byWeixin(otp?: string): Promise<string | null> {
  const { code } = await uni.login({ provider: "weixin" });
  const reply = await send({ method: "POST", path: "/auth/wechat", body: { code, ...(otp && { otp }) } });
  const problem = reply.body as ProblemBody & { binding_token?: string };
  if (reply.status === 401 && problem.code === "unbound") return problem.binding_token ?? "";
  if (reply.status >= 400) throw new Problem(reply.status, problem);
  keep(reply.body as Session);
  refresh();
  void sendNow();
  return null;
}

/** Bind the WeChat account to the person whom the invitation names. */
export const bindWeixin = (bindingToken: string, invitation: string) =>
  enter("/auth/wechat/bind", { binding_token: bindingToken, invitation });

/** End the session here and, when there is signal, on the server. What waits to be sent stays for its owner. */
export async function signOut(): Promise<void> {
  if (stored()) await ask({ method: "DELETE", path: "/auth/session" }).catch(() => undefined);
  forget();
  dropReads();
  refresh();
}

