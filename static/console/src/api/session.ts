// Who is signed in. Tokens live in this tab; with 「记住我」 in this browser.
import { reactive } from "vue";

import type { components } from "./schema";

type Session = components["schemas"]["PeopleSession"];
type Person = components["schemas"]["PeoplePerson"];
interface Kept {
  access: string;
  refresh: string;
  persona: string;
  person: Person | null;
}

const KEY = "jifen.session";
const stored = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
const empty: Kept = { access: "", refresh: "", persona: "", person: null };

export const session = reactive<Kept>(stored ? { ...empty, ...(JSON.parse(stored) as Kept) } : { ...empty });

export function keepSession(answer: Session, options: { persona?: string; remember?: boolean } = {}): void {
  session.access = answer.access_token;
  session.refresh = answer.refresh_token;
  session.person = answer.person;
  if (options.persona !== undefined) session.persona = options.persona;
  const remembered = options.remember ?? localStorage.getItem(KEY) !== null;
  const text = JSON.stringify(session);
  sessionStorage.setItem(KEY, text);
  if (remembered) localStorage.setItem(KEY, text);
  else localStorage.removeItem(KEY);
}

export function dropSession(): void {
  Object.assign(session, empty);
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}

let renewing: Promise<boolean> | null = null;

/** One renewal for all requests that found the session expired at the same time. */
export function renewed(): Promise<boolean> {
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

async function renew(): Promise<boolean> {
  const tries: [string, object][] = [["refresh", { refresh_token: session.refresh }]];
  if (session.persona) tries.push(["demo", { persona: session.persona }]); // the demo's clock ended it
  for (const [way, body] of tries) {
    const answer = await fetch(`/api/v1/auth/${way}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) continue;
    keepSession((await answer.json()) as Session);
    return true;
  }
  return false;
}
