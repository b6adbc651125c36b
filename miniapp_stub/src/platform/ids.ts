// Ids made on the phone: an entry has its id before the server has heard of it, so sending it twice is sending it once.

function random(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const source = (globalThis as { crypto?: Crypto }).crypto;
  if (source?.getRandomValues) source.getRandomValues(bytes);
  else for (let at = 0; at < length; at += 1) bytes[at] = Math.floor(Math.random() * 256); // old mini-program cores
  return bytes;
}

/** A UUIDv7: the first 48 bits are the phone's clock in milliseconds, the rest is random. */
export function newId(now: number = Date.now()): string {
  const bytes = random(16);
  let rest = now;
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
