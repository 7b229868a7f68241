// Screenshots to look at: node tests/look.mjs DIRECTORY [name...]. Not a test.

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const site = join(dirname(fileURLToPath(import.meta.url)), "../../artifacts/publish/Hearsay.Playground.Web/release/wwwroot");
const [out = "/tmp/look", ...only] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

const SHOTS = [
  ["exchange", "scene=exchange&seed=1", async (page) => { await page.click("#exchange .primary"); }],
  ["views", "scene=views&seed=1&b.H=0&b.S=0&t=24000", async () => {}],
  ["views-dark", "scene=views&seed=1&b.H=0&b.S=0&t=24000", async (page) => { await page.click("#tab-matrix"); }, { colorScheme: "dark" }],
  ["healing", "scene=healing&seed=1&b.H=0&t=16000", async () => {}],
  // The picture of the README, and of browsers that cannot run the page: smaller, since it is part of what is loaded.
  ["readme", "scene=healing&seed=1&b.H=0&t=16000", async () => {}, { deviceScaleFactor: 0.75 }],
  ["tree", "scene=tree&seed=1&t=9080", async () => {}],
  ["averaging", "scene=averaging&seed=1&b.tries=1&do=loseanswer@2500&t=14000", async (page) => { await page.click("#tab-curves"); }],
  ["hub", "scene=hub&seed=1&b.propagation=pushpull&t=25000", async () => {}],
  ["partition", "scene=partition&seed=1&b.recontact=1000&t=40000", async () => {}],
  ["random", "scene=random&seed=1&b.policy=ideal&t=20000", async () => {}],
  ...["light", "dark"].map((colorScheme) => [`random-matrix-${colorScheme}`, "scene=random&seed=1&b.policy=ideal&do=draw@30000*5&do=draw@30000:3*5&t=30000",
    async (page) => { await page.click("#tab-matrix"); }, { colorScheme }]),
  ["random-node", "scene=random&seed=1&b.policy=ideal&do=draw@30000*3&t=30000", async (page) => {
    await page.evaluate(() => globalThis.hearsay.select(0, 3));
    await page.click("#tab-node");
  }],
  ["random-phone", "scene=random&seed=1&b.policy=ideal&do=draw@30000*5&t=30000", async (page) => { await page.click("#tab-matrix"); },
    { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
  ["rumors", "scene=rumors&seed=1&b.mode=pushpull&t=5100", async () => {}],
  ["liars", "scene=liars&seed=1&lie=always&cycles=10&t=8000", async () => {}],
  ["maps", "scene=maps&seed=1&t=9000", async () => {}],
  ["maps-after", "scene=maps&seed=1&nodes=16&push=no&t=19000", async (page) => { await page.click("#tab-messages"); }, { colorScheme: "dark" }],
  ["sketch", "scene=sketch&seed=1&b.differ=30&t=9000", async () => {}],
  ["sketch-dark", "scene=sketch&seed=1&b.differ=30&t=12000", async () => {}, { colorScheme: "dark" }],
  ["learning", "scene=learning&seed=1&b.data=one-colour&t=1500", async () => {}],
  ["learning-after", "scene=learning&seed=1&b.data=one-colour&t=40000", async (page) => { await page.evaluate(() => globalThis.hearsay.select(0, 7)); }],
  ["learning-dark", "scene=learning&seed=1&attackers=4&b.guard=clip&t=20000", async (page) => { await page.click("#tab-curves"); }, { colorScheme: "dark" }],
  ["learning-phone", "scene=learning&seed=1&b.data=one-colour&t=6000", async () => {}, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, fullPage: true, colorScheme: "dark" }],
  // HEARSAY_TRACE names a trace file, for instance of samples/CustomProtocol.
  ...(process.env.HEARSAY_TRACE ? ["light", "dark"].map((colorScheme) => [`trace-${colorScheme}`, "", async (page) => {
    await page.setInputFiles("#trace-file", process.env.HEARSAY_TRACE);
    await page.waitForFunction(() => globalThis.hearsay.player.trace !== undefined);
    await page.evaluate(() => globalThis.hearsay.player.scrub(11_000));
    await page.click("#tab-messages");
  }, { colorScheme }]) : []),
  ["api", "", async (page) => { await page.goto(page.url().split("#")[0] + "learn/api/Hearsay.GossipNode.html"); }],
  ["api-phone", "", async (page) => { await page.goto(page.url().split("#")[0] + "learn/api/Hearsay.Simulation.NetworkTrace.html"); },
    { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: "dark" }],
  ["api-index", "", async (page) => { await page.goto(page.url().split("#")[0] + "learn/api/index.html"); await page.fill("#search", "aggregate quantiles"); }],
  ["exchange-asks", "scene=exchange&seed=1", async () => {}],
  ["case", "scene=case&seed=1", async () => {}],
  ...["light", "dark"].map((colorScheme) => [`calculator-${colorScheme}`, "", async (page) => {
    await page.goto(page.url().split("#")[0] + "learn/12-measuring-and-tuning.html#the-calculator");
  }, { colorScheme }]),
  ["calculator-phone", "", async (page) => {
    await page.goto(page.url().split("#")[0] + "learn/12-measuring-and-tuning.html");
    await page.fill("#calculator-fanout", "0");
    await page.locator(".calculator").scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector(".calculator").scrollIntoView());
  }, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: "dark" }],
  ...["1-what-is-gossip", "9-sixty-lines", "10-anti-entropy", "15-how-it-is-built"].map((chapter) => [`chapter-${chapter}`, "", async (page) => {
    await page.goto(page.url().split("#")[0] + `learn/${chapter}.html`);
    await page.locator(".scene").first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(7000);
  }, { viewport: { width: 1100, height: 1100 } }]),
  ["chapter-phone", "", async (page) => {
    await page.goto(page.url().split("#")[0] + "learn/7-churn-and-partitions.html");
    await page.locator(".scene").first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(7000);
  }, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: "dark" }],
  ["learn", "", async (page) => { await page.goto(page.url().split("#")[0] + "learn/3-parameter-space.html"); }],
  ["phone", "scene=healing&seed=1&b.H=0&t=16000", async () => {}, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
  ["thousand", "scene=views&seed=1&nodes=1000&c=20&t=5000", async () => {}],
  ["node", "scene=healing&seed=1&t=15000", async (page) => { await page.keyboard.press("n"); await page.click("#tab-node"); }],
];

const server = await serve(site);
const browser = await launch();
for (const [name, link, then, options] of SHOTS) {
  if (only.length > 0 && !only.includes(name)) continue;
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => console.log(name, message.type(), message.text()));
  page.on("pageerror", (error) => console.log(name, "error", error.message));
  page.on("response", (response) => { if (response.status() >= 400) console.log(name, response.status(), response.url()); });
  const began = Date.now();
  await page.goto(`${server.url}#${link || "scene=exchange"}`);
  await page.waitForSelector("#stage:not([hidden])", { timeout: 600_000 });
  await page.waitForFunction(() => globalThis.hearsay.player.way === undefined, undefined, { timeout: 600_000 });
  console.log(name, "drawn after", Date.now() - began, "ms");
  await then(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(out, `${name}.png`) });
  // docs/playground.jpg; the page has it at 720 x 405, for browsers in which it cannot run.
  if (name === "readme") await page.screenshot({ path: join(out, "playground.jpg"), type: "jpeg", quality: 45 });
  await context.close();
}
await browser.close();
server.close();
