// Short words to the person: what was done, what failed. Longer ones stand on the screen itself.
import { sayError } from "@/api/problem";
import { reactive } from "vue";

/** What the strip at the foot of the screen says; `undo` gives a way back for a moment. */
export const said = reactive<{ text: string; bad: boolean; undo: (() => void) | null; turn: number }>({ text: "", bad: false, undo: null, turn: 0 });

let timer: ReturnType<typeof setTimeout> | undefined;

function show(text: string, bad: boolean, undo: (() => void) | null, ms: number): void {
  clearTimeout(timer);
  Object.assign(said, { text, bad, undo, turn: said.turn + 1 });
  timer = setTimeout(hush, ms);
}

export function hush(): void {
  said.text = "";
  said.undo = null;
}

/** Something was done. */
export const tell = (text: string, undo: (() => void) | null = null): void => show(text, false, undo, undo ? 30_000 : 4000);

/** Something failed; the error's own words. */
export const fail = (error: unknown): void => show(sayError(error), true, null, 8000);

/** Ask before something that cannot be undone; `lost` says in words what will be lost. */
export function sure(title: string, lost: string, confirm = "确定"): Promise<boolean> {
  return new Promise((resolve) => {
    uni.showModal({ title, content: lost, confirmText: confirm, cancelText: "先不", confirmColor: "#9E3D27", success: (result) => resolve(result.confirm), fail: () => resolve(false) });
  });
}
