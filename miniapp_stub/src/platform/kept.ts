// What stays on the phone between two openings: small texts by key. The only place that touches the platform's storage.

/** Small texts by key, written at once. `set` throws StorageFull when the phone has no room left. */
export interface Kept {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

export class StorageFull extends Error {
  constructor() {
    super("手机里的存储满了。请先在有信号的地方送出记录，再接着记。");
  }
}

/** The platform's own storage, the same on web and in the mini-program. */
export const kept: Kept = {
  get(key) {
    const value: unknown = uni.getStorageSync(key);
    return typeof value === "string" && value !== "" ? value : null;
  },
  set(key, value) {
    try {
      uni.setStorageSync(key, value);
    } catch {
      throw new StorageFull();
    }
    if (uni.getStorageSync(key) !== value) throw new StorageFull(); // the mini-program may fail in silence
  },
  remove(key) {
    uni.removeStorageSync(key);
  },
  keys() {
    return [...uni.getStorageInfoSync().keys];
  },
};

/** Storage in memory, for tests. */
export function inMemory(limit = Infinity): Kept {
  const values = new Map<string, string>();
  const size = () => [...values].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return {
    get: (key) => values.get(key) ?? null,
    set(key, value) {
      const before = values.get(key);
      values.set(key, value);
      if (size() <= limit) return;
      if (before === undefined) values.delete(key);
      else values.set(key, before);
      throw new StorageFull();
    },
    remove: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}
