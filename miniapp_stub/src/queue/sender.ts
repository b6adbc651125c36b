// Empties the queue when there is signal: photos first, then their entries in lots. Plain: the network is handed in.
import type { Entry, Kind, Queue } from "./queue";

/** One entry's answer: `ok`, refused for good, or to be tried again later. */
export interface Outcome {
  id: string;
  status: number;
  problem?: { code?: string; detail?: string; errors?: { field: string; message: string }[] };
}

/** The way out. Both throw when there is no signal. */
export interface Way {
  /** Send one photo that lies on this phone; 404 when it is no longer there. */
  photo(id: string): Promise<Outcome>;
  /** Send entries of one kind; an outcome for each. */
  entries(kind: Kind, lot: Entry[]): Promise<Outcome[]>;
  /** The server has the photo: the phone need not keep it. */
  photoDone(id: string): void;
}

const LOT = 50;
const LATER = new Set([401, 408, 425, 429]);
const laterOn = (status: number) => status >= 500 || LATER.has(status);

export class Sender {
  /** Ids that are on their way now. */
  readonly underway = new Set<string>();
  lastSentAt: number | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly queue: Queue,
    private readonly way: Way,
    private readonly now: () => number,
    private readonly changed: () => void = () => undefined,
  ) {}

  /** Send all that waits of a person. A second call while one runs waits for that one. Throws without signal. */
  drain(person: string): Promise<void> {
    this.running ??= this.run(person).finally(() => {
      this.running = null;
      this.underway.clear();
      this.changed();
    });
    return this.running;
  }

  private async run(person: string): Promise<void> {
    const tried = new Set<string>();
    for (;;) {
      const next = this.queue.waiting(person).filter((entry) => !tried.has(entry.id));
      if (!next.length) return;
      const lot = next.filter((entry) => entry.kind === next[0].kind).slice(0, LOT);
      lot.forEach((entry) => tried.add(entry.id));
      await this.sendLot(lot);
    }
  }

  private async sendLot(lot: Entry[]): Promise<void> {
    lot.forEach((entry) => this.underway.add(entry.id));
    this.changed();
    const ready: Entry[] = [];
    for (const entry of lot) if (await this.photosOf(entry)) ready.push(entry);
    if (ready.length) {
      const outcomes = await this.way.entries(ready[0].kind, ready);
      for (const outcome of outcomes) this.settle(outcome, ready.find((entry) => entry.id === outcome.id));
    }
    lot.forEach((entry) => this.underway.delete(entry.id));
    this.changed();
  }

  private async photosOf(entry: Entry): Promise<boolean> {
    for (const photo of entry.photos) {
      const outcome = await this.way.photo(photo);
      if (outcome.status < 300) continue;
      if (!laterOn(outcome.status)) this.queue.refused(entry.id, problemOf(outcome, "照片"));
      return false;
    }
    return true;
  }

  private settle(outcome: Outcome, entry: Entry | undefined): void {
    if (!entry) return;
    if (outcome.status < 300) {
      this.queue.sent(entry.id);
      this.lastSentAt = this.now();
      entry.photos.forEach((photo) => this.way.photoDone(photo));
    } else if (!laterOn(outcome.status)) this.queue.refused(entry.id, problemOf(outcome, ""));
  }
}

function problemOf(outcome: Outcome, about: string): Entry["problem"] {
  const said = outcome.problem ?? {};
  const message = said.detail || said.errors?.[0]?.message || `没有收下（${outcome.status}），请核对后再送。`;
  return { code: said.code ?? String(outcome.status), message: about ? `${about}：${message}` : message, field: said.errors?.[0]?.field };
}
