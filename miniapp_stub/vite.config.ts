import uniPlugin from "@dcloudio/vite-plugin-uni";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { appId } from "./plugins/app-id";
import { compressed } from "./plugins/compressed";
import { withoutForeignHosts } from "./plugins/foreign-hosts";
import { offlineShell } from "./plugins/offline-shell";

// under "type": "module" the plugin's default export is one level down
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin;
const web = process.env.UNI_PLATFORM === "h5";

export default defineConfig({
  plugins: [uni(), withoutForeignHosts(), ...(web ? [offlineShell(), compressed()] : [appId()])],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  css: { preprocessorOptions: { scss: { silenceDeprecations: ["legacy-js-api"] } } },
  build: { reportCompressedSize: false },
});
