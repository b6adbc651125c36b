// Fills the list of files into the service worker, so that the page opens without signal. The list's hash names the
// cache: a new build is a new cache, and the old one goes when no tab uses it any more.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const WORKER = fileURLToPath(new URL("./service-worker.js", import.meta.url));

export function offlineShell(): Plugin {
  return {
    name: "offline-shell",
    apply: "build",
    async generateBundle(_options, bundle) {
      const files = Object.keys(bundle).filter((name) => name !== "index.html").sort();
      const source = await readFile(WORKER, "utf-8");
      const version = createHash("sha256").update(source + files.join("\n")).digest("hex").slice(0, 12);
      const filled = source.replace('"%VERSION%"', JSON.stringify(version)).replace('"%FILES%"', JSON.stringify(files));
      this.emitFile({ type: "asset", fileName: "service-worker.js", source: filled });
    },
  };
}
