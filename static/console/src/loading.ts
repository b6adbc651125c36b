// Something that a page shows: under way, failed with words, or there; loaded again after each change.
import { onUnmounted, reactive, watch, type WatchSource } from "vue";

import { Problem } from "./api/problems";

export interface Loading<T> {
  here: T | null;
  busy: boolean;
  failed: string;
  again: () => Promise<void>;
}

/** Loads at once and whenever `sources` change; an answer that was overtaken is dropped. */
export function loading<T>(get: () => Promise<T>, ...sources: WatchSource[]): Loading<T> {
  let turn = 0;
  let gone = false;
  const state = reactive({ here: null, busy: false, failed: "", again }) as Loading<T>;
  async function again(): Promise<void> {
    const mine = ++turn;
    state.busy = true;
    try {
      const found = await get();
      if (mine === turn && !gone) Object.assign(state, { here: found, failed: "" });
    } catch (error) {
      if (!(error instanceof Problem)) console.error(error);
      const words = error instanceof Problem ? error.message : "页面出了错，请刷新后再试。";
      if (mine === turn && !gone) state.failed = words;
    } finally {
      if (mine === turn) state.busy = false;
    }
  }
  watch(sources, () => void again(), { immediate: true });
  onUnmounted(() => (gone = true));
  return state;
}
