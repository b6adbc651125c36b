// A stage for the compiled mini-program: WeChat's component system by miniprogram-simulate, its `wx` as far as the pages
// use it, and a server that answers what a test tells it to. Knows no page.
import { Window } from "happy-dom";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const BUILT = resolve(import.meta.dirname, "../../dist/build/mp-weixin");
const require = createRequire(import.meta.url);

/** What was asked of the server, where the pages went, what WeChat was asked; `answers` and `wechat` say what they get. */
export const asked = [];
export const moves = [];
export const answers = new Map();
export const wechat = { code: "code-1", scan: null, subscribe: null };
const storage = new Map();

// the pages are CommonJS, this package is not: they run from a copy outside of it
const root = mkdtempSync(join(tmpdir(), "mp-weixin-"));
cpSync(BUILT, root, { recursive: true });
process.on("exit", () => rmSync(root, { recursive: true, force: true }));

const dom = new Window({ url: "http://127.0.0.1/" });
dom.JS_SHA256_NO_NODE_JS = true;
globalThis.window = dom;
for (const name of ["document", "Event", "CustomEvent", "Node", "Element", "HTMLElement", "MutationObserver", "Comment", "Text"]) {
  globalThis[name] = dom[name];
}
const simulate = require("miniprogram-simulate");
const exparser = require("miniprogram-exparser");

// WeChat takes a handler's name from the data (`bindtap="{{c}}"`), the simulator does not: there the name goes along in
// the dataset, and one handler of every component looks it up
for (const name of readdirSync(root, { recursive: true }).filter((one) => one.endsWith(".wxml"))) {
  const text = readFileSync(join(root, name), "utf-8");
  const known = (_, way, event, handler) => `${way}${event}="__handle" data-on${event.toLowerCase()}="${handler}"`;
  writeFileSync(join(root, name), text.replace(/\b(bind|catch):?([a-zA-Z]+)="(\{\{[^"]+\}\})"/g, known));
}
const register = globalThis.Component;
function __handle(event) {
  return this[event.currentTarget.dataset[`on${event.type.toLowerCase()}`]]?.(event);
}
globalThis.Component = (options) => register({ ...options, methods: { ...options.methods, __handle } });

const size = { windowWidth: 375, windowHeight: 812, statusBarHeight: 20, pixelRatio: 2, safeArea: { top: 20, bottom: 812 } };
const move = (kind) => (options) => {
  moves.push({ kind, url: options?.url ?? "" });
  options?.success?.({});
};
let pending = 0;
/** Do it later, as WeChat answers; `settle` waits for it. */
function soon(act) {
  pending += 1;
  setTimeout(() => {
    pending -= 1;
    act();
  });
}
/** WeChat answers by callbacks. */
const later = (answer) => (options) => {
  soon(() => {
    try {
      options.success?.(answer(options));
    } catch (refused) {
      options.fail?.(refused);
    }
  });
};

function request(options) {
  const path = options.url.replace(/^.*\/api\/v1/, "");
  asked.push({ method: options.method, path, body: options.data, headers: options.header });
  const found = answers.get(`${options.method} ${path.split("?")[0]}`);
  soon(() => {
    if (found === undefined) return options.fail({ errMsg: "request:fail" });
    const [status, body] = typeof found === "function" ? found(options.data) : found;
    options.success({ statusCode: status, data: body, header: { "Jifen-Now": "2026-11-23T09:00:00.000+08:00" } });
  });
  return { abort() {} };
}

Object.assign(globalThis.wx, {
  request,
  getStorageSync: (key) => storage.get(key) ?? "",
  setStorageSync: (key, value) => void storage.set(key, value),
  removeStorageSync: (key) => void storage.delete(key),
  getStorageInfoSync: () => ({ keys: [...storage.keys()], currentSize: 1, limitSize: 10240 }),
  getWindowInfo: () => size,
  getSystemInfoSync: () => ({ ...size, platform: "devtools", language: "zh_CN" }),
  getDeviceInfo: () => ({ platform: "devtools", brand: "", model: "", system: "" }),
  getAppBaseInfo: () => ({ language: "zh_CN", version: "8.0.0", SDKVersion: "3.5.0" }),
  getMenuButtonBoundingClientRect: () => ({ top: 24, right: 365, left: 278, width: 87, height: 32, bottom: 56 }),
  getLaunchOptionsSync: () => ({}),
  getEnterOptionsSync: () => ({}),
  getAccountInfoSync: () => ({ miniProgram: {} }),
  getNetworkType: later(() => ({ networkType: "wifi" })),
  canIUse: () => true,
  login: later(() => ({ code: wechat.code })),
  scanCode: later(() => {
    if (wechat.scan === null) throw { errMsg: "scanCode:fail cancel" };
    return { result: wechat.scan };
  }),
  requestSubscribeMessage: later((options) => {
    asked.push({ method: "WECHAT", path: "requestSubscribeMessage", body: options.tmplIds });
    if (typeof wechat.subscribe === "number") throw { errCode: wechat.subscribe, errMsg: "requestSubscribeMessage:fail" };
    return { errMsg: "ok", ...wechat.subscribe };
  }),
  showModal: later(() => ({ confirm: true, cancel: false })),
  navigateTo: move("navigateTo"),
  redirectTo: move("redirectTo"),
  reLaunch: move("reLaunch"),
  navigateBack: move("navigateBack"),
});
for (const name of ["onAppShow", "onAppHide", "onNetworkStatusChange", "onError", "onUnhandledRejection"]) globalThis.wx[name] = () => {};

let app = null;
globalThis.App = (options) => void (app = options);
globalThis.Page = () => {
  throw new Error("pages of this build are components");
};
globalThis.getApp = () => app;
globalThis.getCurrentPages = () => [];
require(join(root, "app.js"));
app.onLaunch({});
app.onShow({});

export const config = JSON.parse(readFileSync(join(root, "app.json"), "utf-8"));
/** Wait until nothing is under way any more. */
export async function settle() {
  for (let quiet = 0; quiet < 4; quiet = pending ? 0 : quiet + 1) await simulate.sleep(10);
}

/** Forget what was asked and answered; who is signed in stays. */
export function clear() {
  asked.length = moves.length = 0;
  answers.clear();
  Object.assign(wechat, { code: "code-1", scan: null, subscribe: null });
}

const loaded = new Map();
/** A page as WeChat opens it: its text, its taps and its fields. */
export async function open(path, query = {}) {
  if (!loaded.has(path)) loaded.set(path, simulate.load(join(root, path), path.replace(/\W/g, "-"), { compiler: "simulate", rootPath: root }));
  const page = simulate.render(loaded.get(path));
  const place = document.createElement("div");
  document.body.append(place);
  page.attach(place);
  for (const [hook, given] of [["onLoad", query], ["onShow", undefined], ["onReady", undefined]]) page.instance[hook]?.(given);
  await settle();
  const text = () => page.dom.textContent.replace(/\s+/g, " ").trim();
  const find = (selector, words) => {
    const found = [...page.dom.querySelectorAll(selector)].filter((one) => one.textContent.includes(words));
    if (!found.length) throw new Error(`no ${selector} says “${words}” in: ${text()}`);
    return found.at(-1);
  };
  const trigger = async (element, name, detail = {}) => {
    exparser.Event.dispatchEvent(element.__wxElement, exparser.Event.create(name, detail, { bubbles: true, composed: true }));
    await settle();
  };
  return {
    text,
    tap: (words, selector = '[class*="--tap"], wx-button') => trigger(find(selector, words), "tap"),
    type: (label, value) => trigger(find("wx-label", label).querySelector("wx-input"), "input", { value }),
    close() {
      page.instance.onUnload?.();
      page.detach();
      place.remove();
    },
  };
}
