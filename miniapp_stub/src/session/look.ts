// How this phone shows things: large type or not, and reading aloud where the platform can.
import { kept } from "@/platform/kept";
import { reactive } from "vue";

const KEY = "jifen.large";

export const look = reactive({ large: false, speaking: false });

/** Read what was chosen before. */
export function wakeLook(): void {
  look.large = kept.get(KEY) === "yes";
}

export function setLarge(large: boolean): void {
  look.large = large;
  kept.set(KEY, large ? "yes" : "no");
}

/** Whether this platform can read aloud; mini-programs cannot without a foreign service. */
export function canSpeak(): boolean {
  // #ifdef H5
  return typeof window !== "undefined" && "speechSynthesis" in window;
  // #endif
  // #ifndef H5
  return false;
  // #endif
}

/** Read a text aloud; called while it speaks, it stops. */
export function speak(text: string): void {
  if (!canSpeak()) return;
  const voice = window.speechSynthesis;
  if (look.speaking) {
    voice.cancel();
    look.speaking = false;
    return;
  }
  const said = new SpeechSynthesisUtterance(text);
  said.lang = "zh-CN";
  said.rate = 0.85;
  said.onend = said.onerror = () => (look.speaking = false);
  look.speaking = true;
  voice.speak(said);
}
