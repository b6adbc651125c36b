import { inMemory, StorageFull } from "@/platform/kept";
import { Queue, type Draft } from "@/queue/queue";
import { Sender, type Outcome, type Way } from "@/queue/sender";
import { describe, expect, it } from "vitest";

const draft = (id: string, photos: string[] = []): Draft => ({
  id, kind: "record", body: { id, item: "J1" }, photos, number: "0137", title: "庭院整洁", points: "4.00",
});
class NoSignal extends Error {}

/** A server that keeps what it was sent by id, and a line that can be cut before or after it was heard. */
class Server implements Way {
  readonly records = new Map<string, number>();
  readonly photos = new Map<string, number>();
  answers: ((id: string) => number)[] = [];
  line: "up" | "down" | "deaf" = "up";
  gone = new Set<string>();
  freed: string[] = [];
  async photo(id: string): Promise<Outcome> {
    if (this.line === "down") throw new NoSignal();
    if (this.gone.has(id)) return { id, status: 404, problem: { code: "photo_gone", detail: "找不到了" } };
    this.photos.set(id, (this.photos.get(id) ?? 0) + 1);
    return { id, status: 201 };
  }
  async entries(_kind: string, lot: { id: string }[]): Promise<Outcome[]> {
    if (this.line === "down") throw new NoSignal();
    const outcomes = lot.map(({ id }) => this.take(id));
    if (this.line === "deaf") throw new NoSignal(); // it arrived, the answer did not
    return outcomes;
  }
  photoDone(id: string): void {
    this.freed.push(id);
  }
  private take(id: string): Outcome {
    const status = this.answers.map((answer) => answer(id)).find((one) => one !== 0);
    if (status && status >= 400) return { id, status, problem: { code: "cap_exceeded", detail: "本月已满" } };
    const known = this.records.has(id);
    if (!known) this.records.set(id, 1);
    return { id, status: known ? 200 : 201 };
  }
}

function phone(storage = inMemory(), server = new Server()) {
  let now = 1_800_000_000_000;
  const queue = new Queue(storage, () => now);
  return { storage, server, queue, sender: new Sender(queue, server, () => now), tick: (ms: number) => (now += ms) };
}

describe("the queue", () => {
  it("keeps what was logged over a killed app, in the order of logging", () => {
    const first = phone();
    for (const id of ["c", "a", "b"]) first.queue.add("zhou", draft(id));
    const after = phone(first.storage);
    expect(after.queue.waiting("zhou").map((entry) => entry.id)).toEqual(["c", "a", "b"]);
    after.queue.add("zhou", draft("d"));
    expect(after.queue.entries("zhou").at(-1)?.id).toBe("d");
  });

  it("keeps the order when the phone's clock jumps back a day", () => {
    const { queue, tick } = phone();
    queue.add("zhou", draft("first"));
    tick(-86_400_000);
    queue.add("zhou", draft("second"));
    expect(queue.entries("zhou").map((entry) => entry.id)).toEqual(["first", "second"]);
  });

  it("shows each person only their own", () => {
    const { queue } = phone();
    queue.add("zhou", draft("a"));
    queue.add("li", draft("b"));
    expect(queue.waiting("li").map((entry) => entry.id)).toEqual(["b"]);
  });

  it("says that the phone is full, and loses nothing that was there", () => {
    const made = phone(inMemory(900));
    made.queue.add("zhou", draft("a"));
    expect(() => [1, 2, 3, 4].forEach((n) => made.queue.add("zhou", draft(`long-${n}`)))).toThrow(StorageFull);
    expect(made.queue.get("a")?.state).toBe("waiting");
  });

  it("takes 5,000 entries into less than half of ten megabytes", () => {
    const { storage, queue } = phone();
    const long = draft("x");
    long.body = { ...long.body, note: "扫净了，柴垛也码齐了。".repeat(4), photos: ["p".repeat(36), "q".repeat(36)] };
    queue.add("zhou", long);
    const one = storage.keys().reduce((size, key) => size + key.length + (storage.get(key)?.length ?? 0), 0);
    expect(one * 5000).toBeLessThan(5_000_000);
  });
});

describe("sending", () => {
  it("sends each entry exactly once, however often the line breaks", async () => {
    const { server, queue, sender } = phone();
    for (let n = 0; n < 120; n += 1) queue.add("zhou", draft(`id-${n}`));
    for (const line of ["down", "deaf", "up", "deaf", "up", "up"] as const) {
      server.line = line;
      await sender.drain("zhou").catch((error: unknown) => expect(error).toBeInstanceOf(NoSignal));
    }
    expect(server.records.size).toBe(120);
    expect(queue.waiting("zhou")).toEqual([]);
  });

  it("two calls at once are one round", async () => {
    const { server, queue, sender } = phone();
    queue.add("zhou", draft("a", ["p1"]));
    await Promise.all([sender.drain("zhou"), sender.drain("zhou")]);
    expect(server.photos.get("p1")).toBe(1);
    expect(server.freed).toEqual(["p1"]);
  });

  it("a refused entry stops none of the others, keeps its reason and can be corrected", async () => {
    const { server, queue, sender } = phone();
    server.answers.push((id) => (id === "bad" ? 409 : 0));
    ["a", "bad", "c"].forEach((id) => queue.add("zhou", draft(id)));
    await sender.drain("zhou");
    expect([...server.records.keys()]).toEqual(["a", "c"]);
    expect(queue.get("bad")).toMatchObject({ state: "refused", problem: { code: "cap_exceeded", message: "本月已满" } });
    queue.correct("bad", draft("good"));
    await sender.drain("zhou");
    expect(queue.get("bad")).toBeNull();
    expect(queue.get("good")?.state).toBe("sent");
  });

  it.each([500, 503, 429, 401])("an answer %i means later, not refused", async (status) => {
    const { server, queue, sender } = phone();
    server.answers.push(() => status);
    queue.add("zhou", draft("a"));
    await sender.drain("zhou");
    expect(queue.get("a")?.state).toBe("waiting");
    server.answers = [];
    await sender.drain("zhou");
    expect(queue.get("a")?.state).toBe("sent");
  });

  it("a photo that is gone sends its entry back with words, not into nothing", async () => {
    const { server, queue, sender } = phone();
    server.gone.add("p1");
    queue.add("zhou", draft("a", ["p1"]));
    await sender.drain("zhou");
    expect(queue.get("a")).toMatchObject({ state: "refused", problem: { code: "photo_gone" } });
    expect(server.records.size).toBe(0);
  });

  it("forgets old deliveries, never what waits", async () => {
    const { queue, sender, tick } = phone();
    queue.add("zhou", draft("old"));
    await sender.drain("zhou");
    tick(8 * 86_400_000);
    queue.add("zhou", draft("new"));
    await sender.drain("zhou");
    expect(queue.entries("zhou").map((entry) => entry.id)).toEqual(["new"]);
  });
});
