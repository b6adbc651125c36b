// Where the phone is, asked only for items whose evidence is a place, and only when the person taps for it.

/** Degrees as the API takes them, with six digits; throws with words when the phone will not tell. */
export function here(): Promise<{ latitude: string; longitude: string }> {
  const shown = (at: { latitude: number; longitude: number }) => ({ latitude: at.latitude.toFixed(6), longitude: at.longitude.toFixed(6) });
  const no = new Error("手机没有给出位置。请打开定位，或先不带位置送出。");
  return new Promise((resolve, reject) => {
    // #ifdef H5
    if (!navigator.geolocation) reject(no);
    else navigator.geolocation.getCurrentPosition((found) => resolve(shown(found.coords)), () => reject(no), { timeout: 10_000 });
    // #endif
    // #ifndef H5
    uni.getLocation({ type: "wgs84", success: (found) => resolve(shown(found)), fail: () => reject(no) });
    // #endif
  });
}
