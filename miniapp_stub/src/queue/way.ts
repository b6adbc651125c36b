// Where each kind of entry goes: the API's batch routes, whose answer has an outcome for each entry, else one by one.
import { ask } from "@/api/calls";
import { photos } from "@/platform/photos";
import type { Entry, Kind } from "./queue";
import type { Outcome, Way } from "./sender";

interface Route {
  path: string | ((entry: Entry) => string);
  /** Whether one request carries many. */
  batch?: string;
}

const ROUTES: Record<Kind, Route> = {
  record: { path: "/records/batch", batch: "records" },
  redemption: { path: "/mall/redemptions/batch", batch: "redemptions" },
  visit: { path: "/visits/batch", batch: "visits" },
  event: { path: "/events" },
  fact: { path: (entry) => `/households/${entry.household}/facts` },
};
const pathOf = (route: Route, entry: Entry): string => (typeof route.path === "string" ? route.path : route.path(entry));

export const way: Way = {
  photo: (id) => photos.upload(id),
  photoDone: (id) => void photos.remove(id),
  async entries(kind, lot) {
    const route = ROUTES[kind];
    if (route.batch) return many(pathOf(route, lot[0]), route.batch, lot);
    const outcomes: Outcome[] = [];
    for (const entry of lot) outcomes.push(await one(pathOf(route, entry), entry));
    return outcomes;
  },
};

async function many(path: string, name: string, lot: Entry[]): Promise<Outcome[]> {
  const reply = await ask({ method: "POST", path, body: { [name]: lot.map((entry) => entry.body) } });
  if (reply.status < 300) return (reply.body as { results: Outcome[] }).results;
  const problem = reply.body as Outcome["problem"];
  if (lot.length === 1 || reply.status === 401 || reply.status === 429 || reply.status >= 500) {
    return lot.map((entry) => ({ id: entry.id, status: reply.status, problem }));
  }
  // the lot as a whole was refused: each by itself, so that one does not hold the others
  const outcomes: Outcome[] = [];
  for (const entry of lot) outcomes.push(...(await many(path, name, [entry])));
  return outcomes;
}

async function one(path: string, entry: Entry): Promise<Outcome> {
  const headers = { "Idempotency-Key": entry.id };
  const reply = await ask({ method: "POST", path, body: entry.body, headers });
  return { id: entry.id, status: reply.status, problem: reply.body as Outcome["problem"] };
}
