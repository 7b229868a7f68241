// The page in a browser: it draws, steps, goes back, and runs the same as natively. Run by tests/run.mjs.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { growth, LINK as BUSY, watch } from "./memory.mjs";
import { arrived, drawn, opened, root, site, visits } from "./visit.mjs";
import { weigh } from "./weight.mjs";

const hearsay = process.env.HEARSAY_COMMAND ?? join(root, "artifacts/bin/Hearsay.Cli/release/hearsay");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let server, browser, at, close;
before(async () => { ({ server, browser, at, close } = await visits()); });
after(() => close?.());

const now = (page) => page.evaluate(() => ({
  cursor: globalThis.hearsay.player.cursor, head: globalThis.hearsay.player.head,
  events: globalThis.hearsay.player.frame.events, up: globalThis.hearsay.player.frame.up(0),
}));

const until = (page, ms) => page.evaluate((time) => {
  const { player } = globalThis.hearsay;
  player.core.runUntil(time);
  player.cursor = player.recording.add(player.core.frame()).time;
  player.onChange();
}, ms);

test("the page weighs two megabytes at most, whatever is added to it", () => {
  const { page, chapters, reference } = weigh(site);
  assert.ok(page > 1e6 && page <= 2e6, `${page} bytes`);
  assert.ok(chapters > 1e5 && reference > 1e5, `${chapters} and ${reference} bytes`);
});

test("it loads, draws, and what it draws changes while it runs", () => at("scene=views&seed=1", async (page) => {
  const first = await drawn(page, "network-0");
  assert.ok(first.length > 5000, "the network is a picture");
  await page.click("#play");
  await page.waitForFunction(() => globalThis.hearsay.player.head > 3000, undefined, { timeout: 30_000 });
  await page.click("#play");
  assert.notEqual(await drawn(page, "network-0"), first);
  assert.ok((await drawn(page, "curves")).length > 3000, "curves are drawn");
}));

test("a step is one event, and the picture before comes back when the time bar is moved", () =>
  at("scene=views&seed=1", async (page) => {
    await page.click("#step");
    const one = await now(page);
    await page.click("#step");
    const two = await now(page);
    assert.ok(two.events > one.events && two.events - one.events < 10, `${one.events}, ${two.events}`);
    await until(page, 2000);
    const before = await drawn(page, "network-0");
    await until(page, 6000);
    assert.notEqual(await drawn(page, "network-0"), before);
    await page.evaluate(() => globalThis.hearsay.player.scrub(2000));
    assert.equal(await drawn(page, "network-0"), before);
    assert.equal(await page.textContent("#time"), "2.0 s");
  }));

test("what is done in the past makes another future", () => at("scene=views&seed=1", async (page) => {
  await until(page, 2000);
  await until(page, 5000);
  await page.evaluate(() => globalThis.hearsay.player.scrub(2000));
  await page.click("button.tool:text-is('Kill half')");
  await page.waitForFunction(() => globalThis.hearsay.player.way === undefined);
  const after = await now(page);
  assert.deepEqual([after.cursor, after.head, after.up], [2000, 2000, 20]);
  assert.match(await page.evaluate(() => location.hash), /do=crash@2000:/);
}));

test("killing and healing change the picture, and the address says so", () => at("scene=healing&seed=1&b.H=0", async (page) => {
  const whole = await drawn(page, "network-0");
  await page.click("button.tool:text-is('Kill half')");
  const broken = await drawn(page, "network-0");
  assert.notEqual(broken, whole);
  assert.equal((await now(page)).up, 20);
  await page.click("button.tool:text-is('Heal')");
  assert.equal((await now(page)).up, 40);
  assert.notEqual(await drawn(page, "network-0"), broken);
  assert.match(await page.evaluate(() => location.hash), /do=crash@0:.*&do=calm@0/);
}));

test("every scene runs as it does natively: the same trace, with the same actions", () => at("", async (page) => {
  const scenes = await page.evaluate(() => globalThis.hearsay.core.scenes().scenes
    .map((scene) => [scene.name, scene.preset]));
  for (const [name, preset] of scenes) {
    const link = [`scene=${name}`, "seed=4", ...preset.split(";").filter((part) => part && !part.startsWith("do=")),
      "do=crash@1000:1,2", "do=loss@2000*20", "do=split@2500:3,4,5+1500", "do=restart@3000:1", "do=churn@3500*5",
      "do=calm@5000", "t=7000"].join("&");
    const here = await page.evaluate((text) => {
      const { core } = globalThis.hearsay;
      const error = core.make(text);
      if (error) return { error };
      while (core.approach(500) < 1);
      core.runUntil(7000);
      return core.state();
    }, link);
    const there = JSON.parse(execFileSync(hearsay, ["play", "replay", link, "--json"], { encoding: "utf8" }));
    assert.equal(here.error, null);
    assert.deepEqual([name, here.traceHash, here.events], [name, there.traceHash, there.events]);
  }
}));

test("an exchange goes step by step: picked, prepared, sent; both merges by hand, and only then the rule", () =>
  at("scene=exchange&seed=1", async (page) => {
    const cards = page.locator("#exchange .card");
    const numbers = async (list = cards) => list.evaluateAll((all) => all.map((card) =>
      [...card.querySelectorAll("b, small")].map((part) => Number(part.textContent))));
    const press = (label) => page.click(`#exchange button:text-is("${label}")`);
    const untold = async () => assert.doesNotMatch(
      await page.textContent("#exchange") + await page.textContent("#text"), /H =|S =|oldest go|just sent go|[Hh]ealed/);
    await press("Run to the next exchange");
    const view = await numbers();
    assert.equal(view.length, 6);
    const [partner, age] = (await numbers(page.locator("#exchange .card.own")))[0];
    assert.equal(age, Math.max(...view.map((entry) => entry[1])), "the oldest is picked");
    const began = (await now(page)).cursor;
    await press("Prepare a buffer");
    const [own, ...buffer] = await numbers();
    assert.equal(own[1], 0);
    assert.ok(buffer.length > 0);
    for (const entry of buffer) assert.deepEqual(entry, view.find(([node]) => node === entry[0]), "what it sends it has");
    await press("Send it");
    assert.match(await page.textContent("#exchange"), new RegExp(`on its way to node ${partner}`));
    assert.equal((await now(page)).cursor, began);
    await untold();
    await press("Let it arrive");
    assert.ok((await now(page)).cursor > began);
    for (const [title, next] of [[`4. Node ${partner} merges`, "Let the answer arrive"], [`5. Node ${own[0]} merges`, "Next exchange"]]) {
      assert.equal(await page.textContent("#exchange h3"), title);
      if (title.startsWith("4")) await untold();
      const count = await cards.count();
      assert.ok(count > 6, `${count} entries for 6 places`);
      assert.equal(await page.locator("text=Compare with the node").isDisabled(), true);
      for (let i = 0; i < count - 6; i++) await cards.nth(i).click();
      await press("Compare with the node");
      assert.equal(await page.locator("#exchange .card.off").count(), count - 6);
      assert.match(await page.textContent(".verdict"), /up to H = 1 of the oldest.*Healing took .*Swap took .*Chance took/s);
      await press(next);
    }
    assert.match(await page.textContent("#exchange h3"), /^1\. A partner is picked/);
  }));

test("a prediction is asked for, and the run answers it", () => at("scene=healing&seed=1&b.H=0", async (page) => {
  await page.click(".answers label:last-child");
  assert.equal((await page.textContent("#play")).trim(), "Pause");
  await page.click("#play");
  // All at once: the run stands still long before half a second is over, and nothing changes after it.
  await page.evaluate(() => {
    const { player } = globalThis.hearsay;
    for (let t = 1000; t <= 21_000; t += 1000) {
      player.core.runUntil(t);
      player.cursor = player.recording.add(player.core.frame()).time;
    }
    player.onChange();
  });
  await page.waitForFunction(() => /At 20.0 s/.test(document.getElementById("prediction").textContent));
}));

/** What the panel of the prediction says in the end. */
const told = async (page, pattern) => {
  await page.waitForFunction((source) => new RegExp(source).test(document.getElementById("prediction").textContent), pattern.source);
  return page.textContent("#prediction h3");
};

test("every scene asks for a prediction, and leads to its chapter", () => at("", async (page) => {
  const links = await page.locator("#scenes a").evaluateAll((all) => all.map((a) => [a.dataset.scene, a.getAttribute("href")]));
  for (const [name, link] of links) {
    await page.evaluate((hash) => { location.hash = hash; }, link);
    await page.waitForFunction((wanted) => globalThis.hearsay.player.scene.name === wanted, name, { timeout: 60_000 });
    assert.ok(await page.isVisible("#prediction"), name);
    assert.ok(await page.locator(".answers input").count() >= 3, name);
    assert.match(await page.textContent("#prediction"), /Before you run it.*\?.*The run answers at /s, name);
    const chapter = await page.getAttribute("#text a", "href");
    readFileSync(join(site, chapter));
  }
}));

test("a question about other knobs than those of a link says so, and a chapter shows it above its scene", async () => {
  await at("scene=healing&seed=7&b.H=0", async (page) =>
    assert.doesNotMatch(await page.textContent("#prediction"), /set otherwise/));
  await at("scene=healing&seed=1&c=12&b.H=0", async (page) => {
    assert.match(await page.textContent("#prediction"), /Here some knobs are set otherwise/);
    await page.evaluate(() => document.documentElement.classList.add("embedded"));
    assert.ok(await page.isVisible("#prediction") && !(await page.isVisible("h1")));
    const [networks, prediction] = await Promise.all(["#networks", "#prediction"].map((id) => page.locator(id).boundingBox()));
    assert.ok(networks.height >= 120 && prediction.y + prediction.height <= networks.y, "above");
    const play = await page.locator("#play").boundingBox();
    assert.ok(play.y + play.height <= 620, "all within the frame of a chapter");
  }, { viewport: { width: 760, height: 620 } });
});

test("a case of the fuzzer is asked which lamp goes out first: the first that does is the answer, or none at the end", () =>
  at("scene=views&seed=1", async (page) => {
    await page.click("#scenes a[data-scene=case]");
    await page.waitForFunction(() => globalThis.hearsay.player.scene.name === "case");
    assert.match(page.url(), /scene=case&seed=1&do=/);
    await page.click(".answers label:has-text('merges obey H and S')");
    await page.click("#play");
    await page.evaluate(() => {
      const { player } = globalThis.hearsay;
      const { state } = player.core;
      player.core.state = function broken() {
        const now = state.call(player.core);
        now.worlds[0].broken = { swap: "made up by this test" };
        return now;
      };
      player.onChange();
    });
    assert.equal(await told(page, /A rule is broken: merges obey H and S\./), "You were right");
    await page.reload();
    await page.waitForSelector("#stage:not([hidden])");
    await until(page, 159_000);
    assert.match(await page.textContent("#prediction"), /Before you run it/);
    await until(page, 160_000);
    assert.equal(await told(page, /At 160\.0 s all lamps burn: None\./), "What happened");
  }));

test("a trace asks, too, and does not answer before its moment is shown", () => at("scene=views&seed=1", async (page) => {
  const show = async (...lines) => {
    await page.evaluate(() => { location.hash = "scene=views&seed=1"; });
    await page.waitForFunction(() => globalThis.hearsay.player.trace === undefined);
    await page.setInputFiles("#trace-file", trace(...lines));
    await page.waitForFunction(() => globalThis.hearsay.player.trace !== undefined);
  };
  const end = '{"t":3000,"end":true,"events":7,"hash":"00000000000000ff"}';
  const scrub = (time) => page.evaluate((to) => globalThis.hearsay.player.scrub(to), time);
  await show(HEAD, NODE, '{"t":1600,"broken":"my rule","text":"the sum is wrong"}', end);
  await page.click(".answers label:has-text('In its last third')");
  await page.click("#play");
  await scrub(1500);
  assert.match(await page.textContent("#prediction"), /A rule breaks in this run\. When\?/);
  await scrub(1600);
  assert.equal(await told(page, /“my rule” broke at 1\.6 s: In its second third\..*the sum is wrong/), "It went otherwise");
  const metric = HEAD.replace('"metrics":[]', '"metrics":[{"label":"heard","unit":"%"}]');
  await show(metric, NODE, '{"t":10,"metrics":[4]}', '{"t":2900,"metrics":[9]}', end);
  assert.match(await page.textContent("#prediction"), /“heard” is 4\.00 % at 0\.0 s\. And at the end\?/);
  await scrub(Infinity);
  assert.equal(await told(page, /At 3\.0 s it is 9\.00 %: More\./), "What happened");
  await show(HEAD, NODE, end);
  assert.match(await page.textContent("#prediction"), /“v, mean” is 1\.00 at 0\.0 s/);
  await scrub(Infinity);
  await told(page, /it is 1\.00: About the same/);
}));

test("keys do what buttons do", () => at("scene=views&seed=1", async (page) => {
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await page.keyboard.press("k");
  assert.equal(await page.evaluate(() => globalThis.hearsay.player.frame.isUp(0, 1)), false);
  await page.keyboard.press("h");
  assert.equal((await now(page)).up, 40);
  await page.keyboard.press(" ");
  assert.equal(await page.evaluate(() => globalThis.hearsay.player.playing), true);
  await page.keyboard.press(" ");
  await page.keyboard.press("3");
  await arrived(page);
  assert.match(await page.textContent("h1"), /die/);
  await page.keyboard.press("?");
  assert.equal(await page.evaluate(() => document.getElementById("help").open), true);
}));

test("a broken or hostile link is refused with what is wrong, as text", async () => {
  for (const [link, expected] of [
    ["scene=nowhere", /no scene 'nowhere'/], ["scene=views&c=1e9", /c is a number from 4 to 60/],
    ["scene=views&do=%3Cimg%20src=x%20onerror=alert(1)%3E@1", /no action/], [`scene=views&seed=${"9".repeat(99)}`, /seed/],
    ["%00%ff", /name=value/], [`scene=${"x".repeat(40_000)}`, /more than 32768/]]) {
    await at(link, async (page) => {
      assert.match(await page.textContent("#message-text"), expected);
      assert.equal(await page.locator("#message img").count(), 0);
      assert.ok((await page.textContent("h1")).length > 0, "a scene is shown all the same");
    });
  }
});

test("forty lines turn into one, in the plane and in the needles", () => at("scene=learning&seed=1", async (page) => {
  const spread = () => page.evaluate(() => {
    const { player } = globalThis.hearsay;
    const lines = Array.from({ length: 40 }, (_, node) => [2, 3].map((value) => player.frame.value(0, node, value)));
    const whole = lines.map(([x, y]) => [x / Math.hypot(x, y), y / Math.hypot(x, y)]);
    return 1 - Math.hypot(...[0, 1].map((axis) => whole.reduce((sum, line) => sum + line[axis], 0) / 40));
  });
  const [plane, needles, before] = [await drawn(page, "plane"), await drawn(page, "network-0"), await spread()];
  assert.ok(plane.length > 5000, "points and lines are drawn");
  await until(page, 30_000);
  assert.notEqual(await drawn(page, "plane"), plane);
  assert.notEqual(await drawn(page, "network-0"), needles);
  const after = await spread();
  assert.ok(after < before / 5, `directions differ by ${before} at first and by ${after} after 30 s`);
}));

/** A trace with one node, to spoil. */
const HEAD = '{"hearsay":"trace","version":1,"title":"T","text":"","values":[{"label":"v","least":0,"most":1}],"metrics":[]}';
const NODE = '{"t":0,"node":0,"up":true,"values":[1],"links":[]}';
const trace = (...lines) => ({ name: "x.trace", mimeType: "text/plain", buffer: Buffer.from(lines.join("\n")) });

test("a trace of the fuzzer opens, plays, and goes back; a scene opens after it", () => at("scene=views&seed=1", async (page) => {
  const folder = mkdtempSync(join(tmpdir(), "hearsay-trace-"));
  try {
    const file = join(folder, "case.trace");
    execFileSync(hearsay, ["lab", "fuzz", "--security", "key", "--replay", "5", "--trace", file], { stdio: "ignore" });
    const last = JSON.parse(readFileSync(file, "utf8").trim().split("\n").at(-1));
    await page.setInputFiles("#trace-file", file);
    await page.waitForFunction(() => globalThis.hearsay.player.trace !== undefined);
    assert.match(await page.textContent("h1"), /Seed 5 of the fuzzer/);
    assert.equal(await page.locator("#tools").isVisible(), false);
    const first = await drawn(page, "network-0");
    await page.click("#step");
    assert.ok(await page.evaluate(() => globalThis.hearsay.player.cursor) > 0);
    await page.evaluate(() => globalThis.hearsay.player.scrub(Infinity));
    const end = await page.evaluate(() => {
      const { player } = globalThis.hearsay;
      return [player.frame.hash, player.frame.events, player.head, player.recording.packets[0].length];
    });
    assert.deepEqual(end.slice(0, 2), [last.hash, last.events]);
    assert.ok(Math.abs(end[2] - last.t) < 1 && end[3] > 100, `${end}`);
    assert.notEqual(await drawn(page, "network-0"), first);
    for (const lens of ["matrix", "messages", "node", "curves"]) await page.click(`#tab-${lens}`);
    await page.evaluate(() => globalThis.hearsay.player.scrub(0));
    assert.equal(await drawn(page, "network-0"), first);
    await page.evaluate(() => { location.hash = "scene=healing&seed=1"; });
    await page.waitForFunction(() => globalThis.hearsay.player.trace === undefined);
    assert.match(await page.textContent("h1"), /die/);
    await page.click("#step");
  } finally {
    rmSync(folder, { recursive: true });
  }
}));

test("hearsay play FILE opens the trace of an experiment of the lab, also after the page is loaded again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hearsay-trace-"));
  const file = join(folder, "heal of 30.trace");
  execFileSync(hearsay, ["lab", "run", "heal", "--engine", "event", "--nodes", "30", "--view-size", "8", "--warmup", "10",
    "--cycles", "10", "--trace", file], { stdio: "ignore" });
  const play = spawn(hearsay, ["play", file, "--no-browser"], { stdio: ["ignore", "pipe", "ignore"] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  try {
    const url = await new Promise((resolve, reject) => {
      let said = "";
      play.stdout.on("data", (data) => {
        said += data;
        const found = /http:\S+/.exec(said);
        if (found && said.includes("\n")) resolve(found[0]);
      });
      play.on("exit", () => reject(new Error(`it ended: ${said}`)));
    });
    assert.match(url, /#trace=heal-of-30\.trace$/);
    const page = await context.newPage();
    const open = () => page.waitForFunction(() => globalThis.hearsay?.player.trace !== undefined, undefined, { timeout: 60_000 });
    await page.goto(url);
    await open();
    assert.match(await page.textContent("h1"), /lab run heal/);
    assert.match(await page.textContent("#question"), /--nodes 30/);
    assert.equal(page.url(), url);
    const up = (place) => page.evaluate((time) => {
      globalThis.hearsay.player.scrub(time);
      return [globalThis.hearsay.player.frame.up(0), globalThis.hearsay.player.frame.linkCount(0, 0)];
    }, place);
    const [before, after] = [await up(9000), await up(19_000)];
    assert.ok(before[0] === 30 && before[1] > 3 && after[0] === 15, `${before}, ${after}`);
    assert.equal(await page.locator("#ribbon .crash").count(), 1);
    await page.reload();
    await open();
    assert.match(await page.textContent("h1"), /lab run heal/);
    const kept = await page.evaluate(async () => (await caches.keys()).length > 0
      && (await (await caches.open("hearsay")).keys()).some((request) => request.url.includes("/trace/")));
    assert.equal(kept, false, "a trace is not kept for later");

    rmSync(file);
    await page.reload();
    await page.waitForSelector("#message:not([hidden])", { timeout: 60_000 });
    assert.match(await page.textContent("#message-text"), /There is no trace heal-of-30\.trace at this address/);
    assert.ok(await page.evaluate(() => globalThis.hearsay.player.trace === undefined));
  } finally {
    play.removeAllListeners("exit");
    play.kill("SIGINT");
    await context.close();
    rmSync(folder, { recursive: true });
  }
});

test("a link to a trace that lies beside the page opens it on any host, and a bad one says what is wrong", async () => {
  const folder = join(site, "trace");
  mkdirSync(folder, { recursive: true });
  const put = (name, text) => writeFileSync(join(folder, name), text);
  const whole = [HEAD, NODE, '{"t":2000,"end":true,"events":7,"hash":"00000000000000ff"}'].join("\n");
  put("test-good.trace", whole);
  put("test-half.trace", whole.slice(0, HEAD.length + NODE.length - 9));
  put("test-page.trace", "<!doctype html>");
  put("test-long.trace", `${HEAD}\n${NODE}\n${" ".repeat(64 << 20)}`);
  const said = { "test-half.trace": /tells of no node/, "test-page.trace": /no trace of Hearsay/,
    "test-long.trace": /longer than 64 MiB/, "..%2Findex.html": /names no trace/, "": /names no trace/ };
  try {
    await at("trace=test-good.trace", async (page) => {
      await page.waitForFunction(() => globalThis.hearsay.player.trace !== undefined);
      assert.match(page.url(), /#trace=test-good\.trace$/);
      assert.equal(await page.evaluate(() => globalThis.hearsay.player.head), 2000);
      await page.evaluate(() => { location.hash = "scene=views&seed=1"; });
      await page.waitForFunction(() => globalThis.hearsay.player.trace === undefined);
      for (const [name, expected] of Object.entries(said)) {
        await page.evaluate((link) => { location.hash = link; }, `trace=${name}`);
        await page.waitForFunction((pattern) =>
          new RegExp(pattern).test(document.getElementById("message-text").textContent), expected.source);
        assert.equal(await page.evaluate(() => globalThis.hearsay.player.scene.name), "views");
      }
    });
  } finally {
    for (const name of readdirSync(folder).filter((file) => file.startsWith("test-"))) rmSync(join(folder, name));
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  }
});

test("a trace that is dropped on the page opens, and a broken rule lights its lamp when its moment has come", () =>
  at("scene=views&seed=1", async (page) => {
    const lines = [HEAD, NODE, '{"fault":"crash@500:0"}', '{"t":5,"from":0,"to":-1,"kind":4097,"bytes":9}',
      '{"t":1000,"broken":"my <b>rule</b>","text":"the sum is wrong"}', '{"t":2000,"node":0,"up":false,"values":[null],"links":[]}',
      '{"t":2000,"end":true,"events":7,"hash":"00000000000000ff","full":true}'];
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "dropped.trace"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, lines.join("\n"));
    await page.waitForFunction(() => globalThis.hearsay.player.trace !== undefined);
    assert.match(await page.textContent("#message-text"), /full before the run ended/);
    assert.equal(await page.locator(".lamp.broken").count(), 0);
    await page.evaluate(() => globalThis.hearsay.player.scrub(Infinity));
    await page.waitForSelector(".lamp.broken");
    assert.match(await page.textContent(".lamp.broken"), /my <b>rule<\/b>/);
    assert.equal(await page.locator("#ribbon .crash").count(), 1);
    assert.equal(await page.textContent("#hash"), "00000000000000ff");
    await page.click("#tab-messages");
    await page.click("#tab-curves");
  }));

test("a file that is no trace, or a broken or hostile one, is refused with what is wrong, and the scene stays", () =>
  at("scene=views&seed=1", async (page) => {
    const link = '{"t":0,"node":0,"up":true,"values":[1],"links":';
    const cases = [
      [[""], /is empty/], [["PK\u0003\u0004"], /Line 1 .*no trace of Hearsay/], [["[]"], /not an object/],
      [['{"hearsay":"map"}'], /does not say so/], [['{"hearsay":"trace","version":2}'], /version 2; this page reads version 1/],
      [[HEAD], /tells of no node/], [[HEAD, "{", NODE], /Line 2 .*not JSON/],
      [[HEAD, '{"t":0,"node":1000,"up":true,"values":[1],"links":[]}'], /node is a whole number from 0 to 999/],
      [[HEAD, '{"t":0,"node":0,"up":true,"values":[1,2],"links":[]}'], /values is a list of 1 numbers/],
      [[HEAD, `${link}[[-1,0]]}`], /a link leads to a node/], [[HEAD, `${link}[${Array(1001).fill("[0,0]")}]}`], /more than 1000/],
      [[HEAD, '{"t":9,"node":0,"up":true,"values":[1],"links":[]}', NODE], /Line 3 .*before that of a line above/],
      [[HEAD, '{"t":1e99,"metrics":[]}'], /t is a number from 0/], [[HEAD, NODE, '{"t":1,"end":true}', NODE], /follows the last line/],
      [[HEAD, NODE, '{"t":0,"from":"<img src=x onerror=alert(1)>","to":0,"kind":1,"bytes":1}'], /from is a whole number/],
      [[HEAD.replace('"T"', `"${"x".repeat(2000)}"`)], /at most 1000 characters/],
      [[HEAD.replace('"metrics":[]', `"metrics":[${Array(13).fill('{"label":"m"}')}]`)], /more than 12/],
    ];
    for (const [lines, expected] of cases) {
      await page.evaluate(() => { document.getElementById("message-text").textContent = ""; });
      await page.setInputFiles("#trace-file", trace(...lines));
      await page.waitForFunction(() => document.getElementById("message-text").textContent !== "");
      assert.match(await page.textContent("#message-text"), expected);
      assert.equal(await page.evaluate(() => globalThis.hearsay.player.scene.name), "views");
    }
    await page.setInputFiles("#trace-file", trace(HEAD, NODE, '{"t":1,"no'));
    await page.waitForFunction(() => globalThis.hearsay.player.trace !== undefined);
    assert.match(await page.textContent("#message-text"), /has no last line/);
    await page.evaluate(() => { location.hash = "trace"; });
  }));

test("the API reference has a page for each public type, all links of it lead somewhere, and the search finds it", () =>
  at("scene=views&seed=1", async (page) => {
    const folder = join(site, "learn", "api");
    const pages = readdirSync(folder).filter((file) => file.endsWith(".html"));
    assert.ok(pages.length > 150, `${pages.length} pages`);
    const texts = new Map(pages.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
    for (const [file, text] of texts) {
      for (const [, target, anchor = ""] of text.matchAll(/href="(?!\.\.|#)([^"#]*)#?([^"]*)"/g)) {
        assert.ok(texts.get(target), `${file} links to ${target}`);
        assert.ok(!anchor || texts.get(target).includes(`id="${anchor}"`), `${file} links to ${target}#${anchor}`);
      }
    }
    const listed = readFileSync(join(root, "tests/Hearsay.House.Tests/PublicApi.Hearsay.txt"), "utf8");
    for (const [, name] of listed.matchAll(/^ {4}public (?:[a-z]+ )*(?:class|record|struct|interface|enum) (\w+)/gm)) {
      assert.ok(pages.some((file) => file.endsWith(`.${name}.html`) || file.includes(`.${name}-`)), `no page of ${name}`);
    }
    await page.goto(`${server.url}learn/api/index.html`);
    await page.fill("#search", "GossipNode.StartAsync");
    await page.click("#found a >> nth=0");
    assert.match(await page.textContent("h1"), /GossipNode/);
    await page.fill("#search", "hub");
    await page.waitForSelector("#found a[href*='/learn/']:not([href*='/api/'])");
    await page.addScriptTag({ content: axe });
    const found = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(found.violations.filter((fault) => ["serious", "critical"].includes(fault.impact))
      .map((fault) => `${fault.id}: ${fault.nodes[0].html}`), []);
  }, { bypassCSP: true }));

test("a browser without WebAssembly gets a picture and a sentence", async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => { delete globalThis.WebAssembly; });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForSelector("#failed:not([hidden])");
  assert.match(await page.textContent("#failed"), /no WebAssembly/);
  await context.close();
});

test("a thousand nodes on a phone: it says that this is slow", () =>
  at("scene=views&seed=1&nodes=1000&c=10", async (page) => {
    assert.match(await page.textContent("#message-text"), /slow on a small device/);
  }, { viewport: { width: 390, height: 844 } }));

test("after the first visit no network is needed", () => at("scene=views&seed=1", async (page, context) => {
  // waitForFunction takes the promise of an async function for an answer, so it cannot wait for this.
  const isKept = () => page.evaluate(async () => {
    const cache = await caches.open("hearsay");
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name)
      .filter((name) => name.startsWith(location.origin));
    const kept = await Promise.all([location.href.split("#")[0], ...loaded].map((name) => cache.match(name)));
    return loaded.some((name) => name.includes("dotnet.native")) && kept.every((answer) => answer !== undefined)
      && navigator.serviceWorker.controller !== null;
  });
  for (const end = Date.now() + 60_000; !(await isKept());) {
    assert.ok(Date.now() < end, "not all that was loaded was kept");
    await page.waitForTimeout(100);
  }
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector("#stage:not([hidden])", { timeout: 60_000 });
}));

for (const colorScheme of ["light", "dark"]) {
  test(`no serious fault of accessibility where there is a plane, ${colorScheme}`, () =>
    at("scene=learning&seed=1&b.data=one-colour", async (page) => {
      await page.addScriptTag({ content: axe });
      const found = await page.evaluate(() => globalThis.axe.run());
      const serious = found.violations.filter((fault) => ["serious", "critical"].includes(fault.impact));
      assert.deepEqual(serious.map((fault) => `${fault.id}: ${fault.nodes[0].html}`), []);
    }, { colorScheme, bypassCSP: true }));

  test(`no serious fault of accessibility, ${colorScheme}`, () => at("scene=healing&seed=1&b.H=0", async (page) => {
    await page.addScriptTag({ content: axe });
    for (const lens of ["curves", "matrix", "messages", "node"]) {
      await page.click(`#tab-${lens}`);
      const found = await page.evaluate(() => globalThis.axe.run());
      const serious = found.violations.filter((fault) => ["serious", "critical"].includes(fault.impact));
      assert.deepEqual(serious.map((fault) => `${lens}: ${fault.id}: ${fault.nodes[0].html}`), []);
    }
  }, { colorScheme, bypassCSP: true }));
}

test("memory is flat while the page runs and draws for a minute", () => at(BUSY, async (page) => {
  const samples = await watch(browser, page, 60, 3);
  const { besideTheRecordMiB, objectsMiB, mostRecordMiB } = growth(samples);
  const told = JSON.stringify(samples.map((sample) => Math.round(sample.residentMiB)));
  assert.ok(samples.at(-1).virtualSeconds > 3, "time passes");
  assert.ok(mostRecordMiB <= 64, `the record has ${mostRecordMiB} MiB`);
  assert.ok(objectsMiB.growth < 12, `objects, among them up to 80,000 packets, grow by ${objectsMiB.growth} MiB`);
  assert.ok(besideTheRecordMiB.growth < 24, `the page grows: ${told} MiB`);
}));

test("memory stays flat while a minute of virtual time passes again and again", () => at("scene=views&seed=1&b.H=0", async (page) => {
  const run = (from) => opened(page, "scene=views&seed=1&b.H=0").then(() => page.evaluate((start) => {
    const { player } = globalThis.hearsay;
    for (let t = start; t <= start + 20_000; t += 100) {
      player.core.runUntil(t);
      player.cursor = player.recording.add(player.core.frame()).time;
    }
    return [player.recording.memory, globalThis.performance.memory?.usedJSHeapSize ?? 0];
  }, from));
  await run(0);
  const [kept, first] = await run(0);
  const [again, second] = await run(0);
  assert.equal(again, kept);
  assert.ok(kept < 64 << 20 && second < first * 1.5 + (8 << 20), `${first} to ${second} bytes`);
}));
