// The QR reader, in a file of ours: uni-app names the chunks of lazily loaded packages so that browsers cannot find them.
import jsQR from "jsqr";

/** The text of a symbol in pixels, or null. */
export const readSymbol = (pixels: Uint8ClampedArray, width: number, height: number): string | null =>
  jsQR(pixels, width, height, { inversionAttempts: "dontInvert" })?.data || null;
