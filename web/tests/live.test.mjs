// Live nodes in the page: those of `hearsay up --play`, and what an agent knows. Run by tests/run.mjs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const site = process.env.HEARSAY_SITE ?? join(root, "artifacts/publish/Hearsay.Playground.Web/release/wwwroot");
const hearsay = process.env.HEARSAY_COMMAND ?? join(root, "artifacts/bin/Hearsay.Cli/release/hearsay");
const PATIENCE = 60_000;

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

/** A command that runs until `end`; what it prints can be waited for. */
function run(...words) {
  const child = spawn(hearsay, words, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const waiting = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => { said += data; for (const look of waiting) look(); });
  }
  child.on("exit", () => { for (const look of waiting) look(); });
  return {
    says: (pattern) => new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`never said ${pattern}: ${said}`)), PATIENCE);
      const look = () => {
        const found = pattern.exec(said);
        if (!found && child.exitCode === null) return;
        clearTimeout(late);
        waiting.delete(look);
        if (found) resolve(found);
        else reject(new Error(`ended without ${pattern}: ${said}`));
      };
      waiting.add(look);
      look();
    }),
    end: () => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
      child.on("exit", (code) => resolve(code));
      child.kill("SIGINT");
    }),
  };
}

async function open(url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== "data:" && hostname !== "127.0.0.1") wrong.push(`asked ${request.url()}`);
    if (request.url().includes("live=")) wrong.push("the token travels in an address");
  });
  await page.goto(url);
  await page.waitForSelector("#stage:not([hidden])", { timeout: PATIENCE });
  return { page, wrong, close: () => context.close() };
}

const frames = (page, more) => page.waitForFunction(
  (least) => globalThis.hearsay.player.recording.frames.length >= least, more, { timeout: PATIENCE });

test("the nodes of up are shown, recorded and gone back to; their end is told, and the record stays", async () => {
  const up = run("up", "--nodes", "12", "--cycle-time", "100ms", "--play", "--no-browser", "--json");
  try {
    const [url] = await up.says(/http:\S+#live=[0-9a-f]{32}/);
    const { page, wrong, close } = await open(url);
    assert.match(await page.textContent("h1"), /Live nodes/);
    await frames(page, 5);
    const seen = await page.evaluate(() => {
      const { player } = globalThis.hearsay;
      return { nodes: player.frame.sides[0].nodes, up: player.frame.up(0), view: player.frame.linkCount(0, 3) };
    });
    assert.deepEqual([seen.nodes, seen.up], [12, 12]);
    assert.ok(seen.view > 0, "a node knows others");
    assert.ok(await page.evaluate(() => document.getElementById("network-0").toDataURL().length) > 5000);

    await page.click("#play");
    const stopped = await page.evaluate(() => globalThis.hearsay.player.cursor);
    await frames(page, 10);
    assert.equal(await page.evaluate(() => globalThis.hearsay.player.cursor), stopped);
    await page.evaluate(() => globalThis.hearsay.select(0, 3));
    await page.click("#tab-node");
    await page.waitForFunction( // What is told of one node is asked for, and comes a little later.
      () => /address127\.0\.0\.1:\d+/.test(document.getElementById("panel-node").textContent), undefined,
      { timeout: PATIENCE });

    await up.says(/live on until Ctrl-C/);
    await up.end();
    await page.waitForSelector("#message:not([hidden])", { timeout: PATIENCE });
    assert.match(await page.textContent("#message-text"), /has ended, and its nodes with it.*still here/);
    await page.evaluate(() => globalThis.hearsay.player.scrub(0));
    assert.equal(await page.evaluate(() => globalThis.hearsay.player.cursor), 0);
    assert.deepEqual(wrong, []);
    await close();
  } finally {
    await up.end();
  }
});

test("an agent shows what it knows and says so; when it stops, the page says that", async () => {
  const agents = [run("agent", "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--cluster", "page")];
  try {
    const [, address] = await agents[0].says(/(127\.0\.0\.1:\d+)/);
    const [, http] = await agents[0].says(/http (http:[^\s,]+)/);
    agents.push(run("agent", "--bind", "127.0.0.1:0", "--http", "none", "--cluster", "page", "--seed", address));
    const play = run("play", "--attach", http, "--no-browser");
    agents.push(play);
    const [url] = await play.says(/http:\S+#live=[0-9a-f]{32}/);
    const { page, wrong, close } = await open(url);
    assert.match(await page.textContent("#text"), /what one agent knows, and no more/);
    await page.waitForFunction(() => globalThis.hearsay.player.frame.sides[0].nodes === 2
      && globalThis.hearsay.player.frame.linkCount(0, 0) === 1, undefined, { timeout: PATIENCE });
    await agents[0].end();
    await page.waitForFunction(() => /does not answer/.test(document.getElementById("message-text").textContent),
      undefined, { timeout: PATIENCE });
    assert.deepEqual(wrong, []);
    await close();
  } finally {
    for (const agent of agents) await agent.end();
  }
});

test("play --attach passes the feed of up on", async () => {
  const up = run("up", "--nodes", "6", "--cycle-time", "100ms", "--play", "--no-browser", "--json");
  const [link] = await up.says(/http:\S+#live=[0-9a-f]{32}/);
  const play = run("play", "--attach", link, "--no-browser");
  try {
    const [url] = await play.says(/http:\S+#live=[0-9a-f]{32}/);
    assert.notEqual(url, link);
    const { page, close } = await open(url);
    await frames(page, 3);
    assert.equal(await page.evaluate(() => globalThis.hearsay.player.frame.sides[0].nodes), 6);
    await close();
  } finally {
    await play.end();
    await up.end();
  }
});

test("a link to live nodes that are not there shows a scene and says why", async () => {
  const server = await serve(site);
  try {
    const { page, close } = await open(`${server.url}#live=0123456789abcdef`);
    assert.match(await page.textContent("#message-text"), /Nobody shows live nodes at this address/);
    assert.ok(await page.evaluate(() => !globalThis.hearsay.player.isLive));
    await close();
  } finally {
    server.close();
  }
});

test("a token of another run is refused, and a page of another origin gets nothing", async () => {
  const up = run("up", "--nodes", "4", "--cycle-time", "100ms", "--play", "--no-browser", "--json");
  const other = await serve(site);
  try {
    const [url] = await up.says(/http:\S+#live=[0-9a-f]{32}/);
    const stale = await open(url.replace(/live=.*/, "live=00000000000000000000000000000000"));
    assert.match(await stale.page.textContent("#message-text"), /refuses this link/);
    await stale.close();

    const foreign = await open(`${other.url}#scene=views`);
    const [, base, token] = /^(.*)#live=(.*)$/.exec(url);
    const got = await foreign.page.evaluate(async ([feed, bearer]) => {
      const ask = (headers, mode) => fetch(feed, { headers, mode }).then((answer) => `${answer.type} ${answer.status}`,
        () => "refused");
      return [await ask({ authorization: `Bearer ${bearer}` }, "cors"), await ask({}, "cors")];
    }, [`${base}live/events`, token]);
    assert.deepEqual(got, ["refused", "refused"]);
    await foreign.close();
  } finally {
    other.close();
    await up.end();
  }
});
