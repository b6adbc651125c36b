// Photos in the web page: blobs in IndexedDB, which survive a reload and a killed tab.
import { ask } from "@/api/calls";
import { NoSignal } from "@/api/problem";
import { stored } from "@/session/store";
import type { Outcome } from "@/queue/sender";
import { newId } from "../ids";
import { chosenFiles } from "./files";
import { GONE, LONGEST, QUALITY, type Photos } from "../photo-rules";

const DATABASE = "jifen-photos";
const STORE = "photos";

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error("这个浏览器不让存照片，请换一个浏览器，或不带照片送出。"));
  });
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(new Error("手机里的存储满了，照片没有存下。请先送出等着的记录。"));
    });
  } finally {
    database.close();
  }
}

export const putBlob = (id: string, blob: Blob) => within("readwrite", (store) => store.put(blob, id));
export const getBlob = (id: string) => within<Blob | undefined>("readonly", (store) => store.get(id));

/** A picture at most LONGEST pixels long, as JPEG; what the camera knew about place and owner is left behind. */
async function small(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!made) throw new Error("这张照片读不出来，请换一张。");
  return made;
}

async function post(id: string, blob: Blob): Promise<Response> {
  const form = new FormData();
  form.append("id", id);
  form.append("file", blob, `${id}.jpg`);
  const headers = { Authorization: `Bearer ${stored()?.access_token ?? ""}` };
  try {
    return await fetch("/api/v1/photos", { method: "POST", headers, body: form });
  } catch {
    throw new NoSignal();
  }
}

export const webPhotos: Photos = {
  async take(count, from) {
    const ids: string[] = [];
    for (const file of await chosenFiles(count, from)) {
      const id = newId();
      await putBlob(id, await small(file));
      ids.push(id);
    }
    return ids;
  },
  async show(id) {
    const blob = await getBlob(id);
    return blob ? URL.createObjectURL(blob) : null;
  },
  async upload(id): Promise<Outcome> {
    const blob = await getBlob(id);
    if (!blob) return { id, ...GONE };
    let answer = await post(id, blob);
    if (answer.status === 401) {
      await ask({ method: "GET", path: "/me" }); // renews the tokens
      answer = await post(id, blob);
    }
    const problem = answer.ok ? undefined : ((await answer.json().catch(() => ({}))) as Outcome["problem"]);
    return { id, status: answer.status, problem };
  },
  async remove(id) {
    await within("readwrite", (store) => store.delete(id));
  },
};
