// What waits on the phone to be sent. Plain: knows no screen, no network, no platform; storage is handed in.
//
// Each entry lies under a key of its own and is written whole before the person is told "记下了", so that a killed app
// loses nothing. Its id is made here once: the server takes an id once, however often it is sent.
import type { Kept } from "@/platform/kept";

/** What an entry is; `way.ts` says where each kind goes. */
export type Kind = "record" | "redemption" | "visit" | "event" | "fact";
export type State = "waiting" | "sent" | "refused";

export interface Entry {
  id: string;
  kind: Kind;
  person: string;
  /** Order of making, whatever the phone's clock does. */
  seq: number;
  /** The village's time when it was made, ms. */
  at: number;
  body: Record<string, unknown>;
  /** Photos on this phone that go before it; their ids are in the body. */
  photos: string[];
  /** Whose door it is, as far as the phone knows: 16 digits. */
  household?: string;
  /** What the list shows: the household's number and what was done. */
  number: string;
  title: string;
  /** Signed points with two digits, or "". */
  points: string;
  state: State;
  sentAt?: number;
  problem?: { code: string; message: string; field?: string };
}
export type Draft = Pick<Entry, "id" | "kind" | "body" | "photos" | "household" | "number" | "title" | "points">;

const PREFIX = "jifen.queue.";
const SEQ = "jifen.queue-seq";
const KEEP_SENT = 100;
const KEEP_SENT_MS = 7 * 86_400_000;
/** Of the 10 MB that a mini-program has: what waits may take this much, the kept answers a fifth. */
export const QUEUE_LIMIT = 4_000_000;

export class Queue {
  private readonly watchers = new Set<() => void>();
  constructor(
    private readonly storage: Kept,
    private readonly now: () => number,
    private readonly makeRoom: () => void = () => undefined,
  ) {}

  /** Every entry of a person, the oldest first. */
  entries(person: string): Entry[] {
    return this.all().filter((entry) => entry.person === person).sort((a, b) => a.seq - b.seq);
  }

  waiting(person: string): Entry[] {
    return this.entries(person).filter((entry) => entry.state === "waiting");
  }

  get(id: string): Entry | null {
    const text = this.storage.get(PREFIX + id);
    return text ? (JSON.parse(text) as Entry) : null;
  }

  /** Keep an entry until it is sent. The same id again changes nothing. Throws StorageFull. */
  add(person: string, draft: Draft): Entry {
    const known = this.get(draft.id);
    if (known) return known;
    const entry: Entry = { ...draft, person, seq: this.nextSeq(), at: this.now(), state: "waiting" };
    this.write(entry);
    return entry;
  }

  /** The server has it. */
  sent(id: string): void {
    const entry = this.get(id);
    if (!entry || entry.state === "sent") return;
    this.write({ ...entry, state: "sent", sentAt: this.now(), problem: undefined });
    this.tidy(entry.person);
  }

  /** The server will not take it as it is; the person decides what becomes of it. */
  refused(id: string, problem: Entry["problem"]): void {
    const entry = this.get(id);
    if (entry?.state === "waiting") this.write({ ...entry, state: "refused", problem });
  }

  /** Put a corrected entry in the place of a refused one, as a new entry with a new id. */
  correct(id: string, draft: Draft): Entry {
    const old = this.get(id);
    const entry = this.add(old?.person ?? "", draft);
    if (old?.state === "refused") this.drop(id);
    return entry;
  }

  /** Send a refused entry as it is once more: what stood against it may be gone. */
  retry(id: string): void {
    const entry = this.get(id);
    if (entry?.state === "refused") this.write({ ...entry, state: "waiting", problem: undefined });
  }

  /** Take an entry out: undone before it was sent, or given up after a refusal. */
  drop(id: string): void {
    this.storage.remove(PREFIX + id);
    this.changed();
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private all(): Entry[] {
    const keys = this.storage.keys().filter((key) => key.startsWith(PREFIX));
    return keys.map((key) => this.get(key.slice(PREFIX.length))).filter((entry): entry is Entry => entry !== null);
  }

  private nextSeq(): number {
    const next = Math.max(Number(this.storage.get(SEQ) ?? 0), ...this.all().map((entry) => entry.seq), 0) + 1;
    this.storage.set(SEQ, String(next));
    return next;
  }

  private write(entry: Entry): void {
    const text = JSON.stringify(entry);
    try {
      this.storage.set(PREFIX + entry.id, text);
    } catch {
      this.makeRoom();
      this.storage.set(PREFIX + entry.id, text);
    }
    this.changed();
  }

  /** Old deliveries are history of the server; the phone keeps the latest to show. */
  private tidy(person: string): void {
    const done = this.entries(person).filter((entry) => entry.state === "sent").reverse();
    const old = (entry: Entry, index: number) =>
      index >= KEEP_SENT || this.now() - (entry.sentAt ?? entry.at) > KEEP_SENT_MS;
    for (const entry of done.filter(old)) this.drop(entry.id);
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }
}
