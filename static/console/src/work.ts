// Work that takes a while: it goes on whatever page is open, says how long it has been going, and how it ended.
import { computed, reactive } from "vue";
import type { RouteLocationRaw } from "vue-router";

export interface Work {
  id: number;
  title: string;
  since: number;
  ended: number | null;
  failed: string;
  to: RouteLocationRaw | null;
}

const KEPT = 8;
export const works = reactive<Work[]>([]);
export const running = computed(() => works.filter((one) => one.ended === null).length);
let last = 0;

/** Does it and keeps an account of it; what it throws goes on to whoever asked. */
export async function atWork<T>(title: string, doing: () => Promise<T>, to: RouteLocationRaw | null = null): Promise<T> {
  last += 1;
  works.unshift({ id: last, title, since: Date.now(), ended: null, failed: "", to });
  const one = works[0]!;
  works.splice(KEPT);
  try {
    return await doing();
  } catch (error) {
    one.failed = error instanceof Error ? error.message : "没有成功";
    throw error;
  } finally {
    one.ended = Date.now();
  }
}

// a closed tab would cut it off: the browser asks first
addEventListener("beforeunload", (event) => {
  if (running.value) event.preventDefault();
});
