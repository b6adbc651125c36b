// What holds for photos on every platform.
import type { Outcome } from "@/queue/sender";

/** The longest side of what is sent, in pixels: enough to see, small enough for a village's network. */
export const LONGEST = 1600;
export const QUALITY = 0.8;

export interface Photos {
  /** Let the person take or choose up to `count`; each is made small and kept. Gives their ids; none when cancelled. */
  take(count: number, from?: "camera" | "album"): Promise<string[]>;
  /** An address to show a photo by, or null when it is not on this phone. */
  show(id: string): Promise<string | null>;
  /** Send one; the same id again is harmless. */
  upload(id: string): Promise<Outcome>;
  remove(id: string): Promise<void>;
}

export const GONE: Omit<Outcome, "id"> = {
  status: 404,
  problem: { code: "photo_gone", detail: "手机里的照片找不到了，请重新拍一张，或不带照片送出。" },
};
