// The chapters as pages: the calculator of chapter 12 against what the lab and the simulator measure. Run by run.mjs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { opened } from "./visit.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const site = process.env.HEARSAY_SITE ?? join(root, "artifacts/publish/Hearsay.Playground.Web/release/wwwroot");
const hearsay = process.env.HEARSAY_COMMAND ?? join(root, "artifacts/bin/Hearsay.Cli/release/hearsay");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CHAPTER = "12-measuring-and-tuning";

let server, browser;
before(async () => { [server, browser] = [await serve(site), await launch()]; });
after(async () => { await browser?.close(); server?.close(); });

const lab = (...words) => JSON.parse(execFileSync(hearsay, ["lab", "run", ...words, "--json"],
  { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 26 }));

/** The calculator; whatever goes wrong in its page, or is asked of another host, fails the test. */
async function calculator(use, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, bypassCSP: true, ...options });
  const wrong = [];
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") wrong.push(message.text()); });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => { if (!request.url().startsWith(server.url)) wrong.push(`asked ${request.url()}`); });
  page.on("response", (response) => { if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`); });
  // The scene of the chapter is another page, which this test does not wait for.
  await page.route("**/index.html*", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>scene</title>" }));
  await page.goto(`${server.url}learn/${CHAPTER}.html`);
  try {
    await use(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

const fill = async (page, setting) => {
  for (const [key, value] of Object.entries(setting)) await page.fill(`#calculator-${key}`, String(value));
};

const rows = (page) => page.evaluate(() => Object.fromEntries(
  [...document.querySelectorAll(".calculator dt")].map((term) => [term.textContent, term.nextElementSibling.textContent])));

/** The first number of a row, after some fields were set. */
const reckon = async (page, setting, row) => {
  await fill(page, setting);
  return Number((await rows(page))[row].replaceAll(",", "").split(" ")[0]);
};

/** The block of the chapter: its words and what stands behind them. */
function example() {
  const text = readFileSync(join(root, `docs/learn/${CHAPTER}.md`), "utf8");
  const [settings, results] = /```calculator\n(.*?)```/s.exec(text)[1].trimEnd().split("\n\n")
    .map((part) => part.split("\n").map((line) => line.split(/ {2,}/)));
  return { settings, results };
}

test("the calculator shows the example of the chapter, in its words", () => calculator(async (page) => {
  const { settings, results } = example();
  const fields = await page.evaluate(() => [...document.querySelectorAll(".calculator label")].map((label) =>
    [label.textContent, Number(document.getElementById(label.htmlFor).value).toLocaleString("en-US")]));
  assert.deepEqual(fields, settings);
  assert.deepEqual(Object.entries(await rows(page)), results);
  await fill(page, { nodes: 100, fanout: 3 });
  assert.notDeepEqual(Object.entries(await rows(page)), results);
  await page.click("text=As in the text");
  await page.waitForFunction((first) => document.getElementById("calculator-nodes").value === first, "10000");
  assert.deepEqual(Object.entries(await rows(page)), results);
}));

test("cycles until all have heard are those that the lab measures, one more or less", () => calculator(async (page) => {
  const row = "until all have heard a rumor";
  for (const { nodes, rounds, dead } of lab("claim-c1").results) {
    if (dead !== "0 % dead") continue;
    const cycles = await reckon(page, { nodes, fanout: 1 }, row);
    assert.ok(Math.abs(cycles - rounds) <= 1, `${nodes} nodes: ${cycles}, measured ${rounds}`);
  }
  for (const { propagation, fanout, rounds } of lab("claim-c6", "--nodes", "1000").results) {
    if (propagation !== "pushpull") continue;
    const cycles = await reckon(page, { nodes: 1000, fanout }, row);
    assert.ok(Math.abs(cycles - rounds) <= 1, `fanout ${fanout}: ${cycles}, measured ${rounds}`);
  }
}));

test("cycles until the dead are forgotten are those that the lab measures, within two or a quarter", () => calculator(async (page) => {
  for (const [view, healing, fanout] of [[30, 1, 1], [30, 6, 1], [30, 15, 1], [20, 2, 1], [16, 1, 1], [60, 12, 1], [30, 6, 2]]) {
    const { summary } = lab("heal", "--nodes", "3000", "--view-size", `${view}`, "--healing", `${healing}`, "--fanout", `${fanout}`,
      "--warmup", "40", "--cycles", "40");
    const cycles = await reckon(page, { view, healing, fanout }, "until the dead are forgotten, if half die");
    const measured = summary.cyclesToNoDeadLink;
    assert.ok(Math.abs(cycles - measured) <= Math.max(2, measured / 4), `c ${view}, H ${healing}, f ${fanout}: ${cycles}, ${measured}`);
  }
}));

test("cycles for a digit and bytes for messages are those that the lab measures", () => calculator(async (page) => {
  const { meanFactor } = lab("averaging", "--nodes", "10000").summary;
  const digit = await reckon(page, {}, "for one more digit of an average");
  assert.ok(Math.abs(digit - 2 * Math.log(10) / -Math.log(meanFactor)) < 0.1, `${digit}, factor ${meanFactor}`);
  for (const bytes of [50, 1000]) {
    const { bytesPerNode } = lab("broadcast", "--nodes", "100", "--messages", "40", "--payload-bytes", `${bytes}`).summary;
    const sent = await reckon(page, { bytes, rate: 1 }, "bytes a node sends for messages");
    assert.ok(Math.abs(sent - bytesPerNode) / bytesPerNode < 0.03, `${bytes} bytes: ${sent}, measured ${bytesPerNode}`);
  }
}));

test("packets and bytes for the view are those that nodes send in the simulator", () => calculator(async (page) => {
  const play = await page.context().newPage();
  await play.goto(`${server.url}#scene=views&seed=1&nodes=40&c=20`);
  await play.waitForSelector("#stage:not([hidden])", { timeout: 60_000 });
  for (const [view, fanout, cycle] of [[20, 1, 1], [10, 2, 0.5], [30, 1, 2]]) {
    await opened(play, `scene=views&seed=1&nodes=40&c=${view}&fanout=${fanout}&cycle=${cycle * 1000}`);
    const [packets, bytes] = await play.evaluate(() => {
      const { core } = globalThis.hearsay;
      const { player } = globalThis.hearsay;
      for (let t = 10_000; t <= 30_000; t += 500) {
        core.runUntil(t);
        player.recording.add(core.frame());
      }
      const sent = player.recording.packets[0].filter((packet) => packet.sentAt >= 10_000 && packet.sentAt < 30_000);
      return [sent.length / 40 / 20, sent.reduce((sum, packet) => sum + packet.bytes, 0) / 40 / 20];
    });
    await fill(page, { view, fanout, cycle });
    const reckoned = await reckon(page, {}, "bytes a node sends for its view");
    const count = await reckon(page, {}, "packets a node sends for its view");
    assert.ok(Math.abs(reckoned - bytes) / bytes < 0.08, `c ${view}, f ${fanout}: ${reckoned} bytes, sent ${bytes}`);
    assert.ok(Math.abs(count - packets) / packets < 0.08, `c ${view}, f ${fanout}: ${count} packets, sent ${packets}`);
  }
}));

for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
  test(`the calculator tells what is wrong with a number, and has no serious fault of accessibility, ${colorScheme}`, () =>
    calculator(async (page) => {
      const shown = await rows(page);
      await page.focus("#calculator-fanout");
      await page.keyboard.press("ArrowUp");
      assert.notDeepEqual(await rows(page), shown);
      assert.match(await page.textContent(".calculator [role=status]"), /until all have heard a rumor: 8 cycles/);
      await page.keyboard.press("ArrowDown");
      for (const bad of ["0", "-1", "1.5", "17", ""]) {
        await fill(page, { fanout: bad });
        assert.match(await page.textContent(".calculator .said"), /fanout f: a whole number from 1 to 16/);
        assert.equal(await page.getAttribute("#calculator-fanout", "aria-invalid"), "true");
        assert.deepEqual(await rows(page), shown, "what was reckoned before stays");
      }
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
      await page.addScriptTag({ content: axe });
      const found = await page.evaluate(() => globalThis.axe.run({ exclude: ["iframe"] }));
      assert.deepEqual(found.violations.filter((fault) => ["serious", "critical"].includes(fault.impact))
        .map((fault) => `${fault.id}: ${fault.nodes[0].html}`), []);
    }, { colorScheme, viewport: { width, height: 720 } }));
}

test("without a script the block of the chapter stays as it is", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}learn/${CHAPTER}.html`);
  assert.match(await page.locator("code.language-calculator").innerText(), /nodes {2,}10,000[\s\S]*12 cycles, 12 s/);
  await context.close();
});
