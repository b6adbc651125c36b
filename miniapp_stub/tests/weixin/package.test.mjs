// The compiled mini-program as WeChat's tools would take it: `app.json`, the files of every page and component, sizes,
// and no address of another host. Needs the build: `npm run build:mp-weixin`.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, relative, resolve } from "node:path";
import { test } from "node:test";

const BUILT = resolve(import.meta.dirname, "../../dist/build/mp-weixin");
const json = (name) => JSON.parse(readFileSync(join(BUILT, name), "utf-8"));
const files = readdirSync(BUILT, { recursive: true, withFileTypes: true })
  .filter((one) => one.isFile())
  .map((one) => relative(BUILT, join(one.parentPath, one.name)).replaceAll("\\", "/"));
const app = json("app.json");
const MAIN_PACKAGE = 2 * 1024 * 1024;
// names of formats and of documentation inside comments and messages; nothing is ever asked of them
const NAMES = new Set(["www.w3.org", "github.com", "uniapp.dcloud.net.cn", "vuejs.org"]);

const missing = (path, endings) => endings.map((ending) => path + ending).filter((name) => !existsSync(join(BUILT, name)));

test("app.json names every page of the sources, and each has its files", () => {
  const sources = JSON.parse(readFileSync(resolve(BUILT, "../../../src/pages.json"), "utf-8")).pages.map((one) => one.path);
  assert.deepEqual(app.pages, sources);
  assert.equal(new Set(app.pages).size, app.pages.length);
  assert.deepEqual(app.pages.flatMap((path) => missing(path, [".js", ".json", ".wxml"])), []);
});

test("app.json is as the tools want it", () => {
  assert.equal(app.window.navigationStyle, "custom");
  assert.equal(app.lazyCodeLoading, "requiredComponents");
  for (const key of ["plugins", "functionalPages", "requiredBackgroundModes"]) assert.ok(!(key in app), key);
  for (const name of ["app.js", "app.wxss", "project.config.json"]) assert.ok(files.includes(name), name);
  assert.equal(json("project.config.json").compileType, "miniprogram");
});

test("every component that a page or component uses is there", () => {
  const lost = [];
  for (const name of files.filter((one) => one.endsWith(".json") && one !== "app.json" && one !== "project.config.json")) {
    for (const used of Object.values(json(name).usingComponents ?? {})) {
      const path = used.startsWith("/") ? used.slice(1) : posix.join(posix.dirname(name), used);
      lost.push(...missing(path, [".js", ".json", ".wxml"]).map((one) => `${name}: ${one}`));
      if (existsSync(join(BUILT, `${path}.json`)) && json(`${path}.json`).component !== true) lost.push(`${path}.json is no component`);
    }
  }
  assert.deepEqual(lost, []);
});

test("every module that is required, and every style that is imported, is there", () => {
  const lost = [];
  for (const name of files.filter((one) => /\.(js|wxss)$/.test(one))) {
    const text = readFileSync(join(BUILT, name), "utf-8");
    const named = name.endsWith(".js") ? /require\("(\.[^"]+)"\)/g : /@import\s+["']([^"']+)["']/g;
    for (const [, path] of text.matchAll(named)) {
      if (!existsSync(join(BUILT, posix.join(posix.dirname(name), path)))) lost.push(`${name}: ${path}`);
    }
  }
  assert.deepEqual(lost, []);
});

test("the main package is under 2 MB, and no file alone is near it", () => {
  const sizes = files.map((name) => statSync(join(BUILT, name)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`main package: ${(total / 1024).toFixed(0)} kB in ${files.length} files, ${app.pages.length} pages`);
  assert.ok(total < MAIN_PACKAGE, `${total} bytes`);
  assert.ok(Math.max(...sizes) < 512 * 1024);
});

test("only what WeChat packs: no source maps, no fonts, no pictures of 200 kB", () => {
  assert.deepEqual(files.filter((name) => !/\.(js|json|wxml|wxss|svg|png|jpg)$/.test(name)), []);
  assert.deepEqual(files.filter((name) => /\.(svg|png|jpg)$/.test(name) && statSync(join(BUILT, name)).size > 200 * 1024), []);
});

test("no foreign host", () => {
  const own = process.env.VITE_SERVER ? new URL(process.env.VITE_SERVER).host : "";
  const found = files.flatMap((name) =>
    [...readFileSync(join(BUILT, name), "utf-8").matchAll(/(?:https?:|wss?:|url\(["']?)\/\/([\w.-]+)/g)]
      .filter(([, host]) => host !== own && !NAMES.has(host))
      .map(([all]) => `${name}: ${all}`),
  );
  assert.deepEqual(found, []);
});
