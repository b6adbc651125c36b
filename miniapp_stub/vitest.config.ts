import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// modules only, without uni-app's compiler: what they need of the platform is handed in
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
