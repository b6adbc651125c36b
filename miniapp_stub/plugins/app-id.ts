// Writes the mini-program's own app id, from WECHAT_APP_ID, where WeChat's developer tools look for it. Without one they open
// the build as a tourist's.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

export function appId(): Plugin {
  let folder = "";
  return {
    name: "app-id",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const wanted = process.env.WECHAT_APP_ID;
        if (!wanted) return;
        const path = join(folder, "project.config.json");
        const project = JSON.parse(await readFile(path, "utf-8"));
        await writeFile(path, JSON.stringify({ ...project, appid: wanted }, null, 2));
      },
    },
  };
}
