// The web page keeps its own files on the phone, so that it opens without signal; a mini-program is on the phone anyway.

/** Register the service worker. Browsers offer it on https and on localhost only; without it the page needs signal. */
export function registerShell(): void {
  // #ifdef H5
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  navigator.serviceWorker.register("/m/service-worker.js", { scope: "/m/" }).catch((reason: unknown) => {
    console.warn("没有信号时将打不开这一页：", reason);
  });
  // #endif
}
