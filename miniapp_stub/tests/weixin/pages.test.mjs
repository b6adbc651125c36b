// The compiled mini-program in a simulator: every page renders, with and without signal, and the main handlers run. Needs
// the build: `npm run build:mp-weixin`.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { answers, asked, clear, config, moves, open, settle, wechat } from "./stage.mjs";

const HOUSE = "9901011012010004";
const faults = [];
const loud = (error) => faults.push(String(error?.stack ?? error));
process.on("unhandledRejection", loud);
const say = console.error;
console.error = (...words) => loud(words.join(" "));
after(() => (console.error = say));

beforeEach(() => {
  clear();
  faults.length = 0;
});
const to = (method, path) => asked.filter((one) => one.method === method && one.path === path);
const session = (...roles) => ({
  access_token: "access", refresh_token: "refresh", expires_at: "2026-11-24T09:00:00.000+08:00",
  person: { id: "01993a00-0000-7000-8000-000000000001", name: "王芳", household: null, roles: roles.map((role) => ({ role, scope: "990101101201" })) },
});

for (const path of config.pages) {
  test(`${path} renders for a stranger without signal`, async () => {
    const page = await open(path);
    assert.ok(page.text().length > 3 || moves.some((one) => one.url.includes("sign-in")), `shows nothing: “${page.text()}”`);
    assert.doesNotMatch(page.text(), /undefined|NaN|\[object|\bnull\b/);
    page.close();
    assert.deepEqual(faults, []);
  });
}

test("a WeChat that is not bound yet is bound by the village's invitation, once", async () => {
  answers.set("GET /auth/demo", [404, { code: "not_found" }]);
  answers.set("POST /auth/wechat", [401, { code: "unbound", binding_token: "waiting" }]);
  const page = await open("pages/sign-in/sign-in");
  await page.tap("微信登录");
  assert.deepEqual(to("POST", "/auth/wechat")[0].body, { code: "code-1" });
  assert.match(page.text(), /这个微信还没绑定/);
  answers.set("POST /auth/wechat/bind", [200, session("grid_worker")]);
  await page.type("邀请码", " ABCD-EFGH ");
  await page.tap("绑定并登录");
  assert.deepEqual(to("POST", "/auth/wechat/bind")[0].body, { binding_token: "waiting", invitation: "ABCD-EFGH" });
  assert.deepEqual(moves, [{ kind: "reLaunch", url: "/pages/home/home" }]);
  page.close();
});

test("a refusal by WeChat is said in the server's words, and nobody is signed in", async () => {
  answers.set("GET /auth/demo", [404, { code: "not_found" }]);
  answers.set("POST /auth/wechat", [401, { code: "wechat_code_wrong", detail: "微信登录没有成功，请再点一次。" }]);
  const page = await open("pages/sign-in/sign-in");
  await page.tap("微信登录");
  assert.match(page.text(), /微信登录没有成功，请再点一次。/);
  assert.deepEqual(moves, []);
  page.close();
});

test("a bound WeChat signs in by one tap", async () => {
  answers.set("GET /auth/demo", [404, { code: "not_found" }]);
  answers.set("POST /auth/wechat", [200, session("grid_worker")]);
  const page = await open("pages/sign-in/sign-in");
  await page.tap("微信登录");
  assert.deepEqual(moves, [{ kind: "reLaunch", url: "/pages/home/home" }]);
  page.close();
});

// from here on somebody is signed in
test("home of a signed-in worker asks for the round and offers to scan", async () => {
  const page = await open("pages/home/home");
  assert.match(page.text(), /扫门牌/);
  assert.ok(asked.some((one) => one.path.startsWith("/round") && one.headers.Authorization === "Bearer access"));
  page.close();
  assert.deepEqual(faults, []);
});

test("WeChat's scanner reads a plate and the form of its household opens", async () => {
  wechat.scan = "https://points.example.cn/h/tokentokentoken12";
  answers.set("GET /plates/tokentokentoken12", [200, { household: { code: HOUSE, label: "2 组 15 号" }, actions: ["record"] }]);
  const page = await open("pages/scan/scan");
  await settle();
  assert.deepEqual(moves, [{ kind: "redirectTo", url: `/pages/record/log?household=${HOUSE}&plate=tokentokentoken12` }]);
  page.close();
});

const ITEM = {
  code: "J1", name: "打扫巷道", heading: "environment", kind: "positive", points_min: "2.00", points_max: "2.00", step: "1.00", unit: "time",
  cap: null, photo_required: false, place_required: false, declarable: true, initials: "dsxd", explanation: "", loggers: ["grid_worker"], active: true,
};
test("one tap on an item and one on the button logs a record, with the plate that was scanned", async () => {
  answers.set("GET /rulebooks/current", [200, { id: "r1", version: 1, headings: [], items: [ITEM] }]);
  answers.set("POST /records/batch", (body) => [200, { results: body.records.map((one) => ({ id: one.id, status: 201, record: one })) }]);
  const page = await open("pages/record/log", { household: HOUSE, plate: "tokentokentoken12" });
  await page.tap("打扫巷道");
  await page.tap("记下，加 2.00 分");
  await settle();
  const sent = asked.filter((one) => one.method === "POST" && one.path.startsWith("/records"));
  assert.equal(sent.length, 1, "sent exactly once");
  const record = sent[0].body.records?.[0] ?? sent[0].body;
  assert.equal(record.item, "J1");
  assert.equal(record.plate, "tokentokentoken12");
  assert.deepEqual(moves, [{ kind: "reLaunch", url: "/pages/home/home" }]);
  page.close();
});

const OFFERS = {
  available: true, bound: true,
  items: [
    { kind: "notice_published", title: "公示开始", text: "每月公示的时候", template: "t-notice", remaining: 0 },
    { kind: "month_posted", title: "积分入账", text: "入账的时候", template: "t-posted", remaining: 2 },
  ],
};
test("a yes in WeChat's own question is kept as a yes; a no there changes nothing", async () => {
  answers.set("GET /me/subscriptions", [200, OFFERS]);
  answers.set("POST /me/subscriptions", [200, OFFERS]);
  wechat.subscribe = { "t-notice": "accept", "t-posted": "reject" };
  const page = await open("pages/inbox/reminders");
  await page.tap("一次要几样");
  assert.deepEqual(to("WECHAT", "requestSubscribeMessage")[0].body, ["t-notice", "t-posted"]);
  assert.deepEqual(to("POST", "/me/subscriptions").map((one) => one.body), [{ answers: [{ kind: "notice_published", answer: "yes" }] }]);
  await page.tap("不要了");
  const said = to("POST", "/me/subscriptions").slice(1).map((one) => one.body);
  assert.deepEqual(said, [{ answers: [{ kind: "month_posted", answer: "no" }] }], "one tap, said once");
  page.close();
});

test("subscriptions switched off in WeChat are explained", async () => {
  answers.set("GET /me/subscriptions", [200, OFFERS]);
  wechat.subscribe = 20004;
  const page = await open("pages/inbox/reminders");
  await page.tap("一次要几样");
  assert.match(page.text(), /订阅消息关掉了/);
  assert.deepEqual(to("POST", "/me/subscriptions"), []);
  page.close();
});
