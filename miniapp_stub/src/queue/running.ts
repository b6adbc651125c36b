// The one queue of this phone at work: sends when something is added, when signal comes back, when the app is opened,
// and every half minute while something waits.
import { NoSignal } from "@/api/problem";
import { dropReads } from "@/api/reads";
import { kept } from "@/platform/kept";
import { photos } from "@/platform/photos";
import { villageNow } from "@/platform/time";
import { wake, who } from "@/session/store";
import { reactive } from "vue";
import { Queue, type Draft, type Entry } from "./queue";
import { Sender } from "./sender";
import { way } from "./way";

const EVERY = 30_000;

/** What screens watch. */
export const line = reactive<{ entries: Entry[]; underway: string[]; lastSentAt: number | null; offline: boolean }>({
  entries: [], underway: [], lastSentAt: null, offline: false,
});

export const queue = new Queue(kept, villageNow, dropReads);
const sender = new Sender(queue, way, villageNow, refresh);

/** Read the queue anew for the person signed in. */
export function refresh(): void {
  line.entries = who.person ? queue.entries(who.person.id) : [];
  line.underway = [...sender.underway];
  line.lastSentAt = sender.lastSentAt ?? line.lastSentAt;
}

/** Try to send what waits; without signal it goes on waiting. */
export async function sendNow(): Promise<void> {
  const person = who.person;
  if (!person || !queue.waiting(person.id).length) return;
  try {
    await sender.drain(person.id);
    line.offline = false;
  } catch (error) {
    if (!(error instanceof NoSignal)) throw error;
    line.offline = true;
  }
}

/** Keep something and try to send it. It is safe on the phone when this returns. */
export function put(draft: Draft): Entry {
  if (!who.person) throw new Error("请先登录。");
  const entry = queue.add(who.person.id, draft);
  void sendNow();
  return entry;
}

/** Take back what has not gone yet; false when the server has it or may have it. */
export function undo(id: string): boolean {
  const entry = queue.get(id);
  if (!entry || entry.state === "sent" || sender.underway.has(id)) return false;
  queue.drop(id);
  entry.photos.forEach((photo) => void photos.remove(photo));
  return true;
}

let started = false;

/** Begin to watch; harmless when called again. */
export function startSending(): void {
  if (!started) {
    started = true;
    wake();
    queue.watch(refresh);
    uni.onNetworkStatusChange((state) => {
      line.offline = !state.isConnected;
      if (state.isConnected) void sendNow();
    });
    setInterval(() => void sendNow(), EVERY);
  }
  refresh();
  void sendNow();
}
