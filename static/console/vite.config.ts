// Builds the console into static/dist/console; Flask serves it at /console/. Nothing is loaded from another host.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import vue from "@vitejs/plugin-vue";
import Components from "unplugin-vue-components/vite";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import { defineConfig, type Plugin } from "vite";

/** Leaves a packed twin beside each text that is worth it: the server sends that one. */
function packed(): Plugin {
  return {
    name: "packed",
    writeBundle({ dir }) {
      for (const name of readdirSync(dir!, { recursive: true, encoding: "utf-8" })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const content = readFileSync(join(dir!, name));
        if (content.length > 1000) writeFileSync(join(dir!, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/console/",
  plugins: [vue(), Components({ dts: "src/components.d.ts", dirs: ["src/parts"], resolvers: [ElementPlusResolver()] }), packed()],
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700, // echarts, loaded when a chart is shown
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
