// The page for those who have no mouse, see nothing, hold a phone, or have no network, and for links that ask for much.
// Run by tests/run.mjs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { arrived, root, visits } from "./visit.mjs";

const hearsay = process.env.HEARSAY_COMMAND ?? join(root, "artifacts/bin/Hearsay.Cli/release/hearsay");

let server, browser, at, close;
before(async () => { ({ server, browser, at, close } = await visits()); });
after(() => close?.());

const actions = (page) => page.evaluate(() => globalThis.hearsay.player.core.state().actions);

/** Goes on with Tab until something has the focus. */
async function tabTo(page, selector) {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no Tab leads to ${selector}`);
}

test("every lens is reached by keys alone", () => at("scene=exchange&seed=1", async (page) => {
  await tabTo(page, "#lens-tabs [role=tab]");
  const names = await page.locator("#lens-tabs [role=tab]").allTextContents();
  assert.ok(names.length >= 5, `${names}`);
  const open = () => page.evaluate(() => [document.activeElement.textContent,
    document.activeElement.getAttribute("aria-selected"), globalThis.hearsay.lenses.open,
    [...document.querySelectorAll("[role=tabpanel]")].filter((panel) => !panel.hidden).map((panel) => panel.id).join()]);
  const expect = async (name, key) => {
    await page.keyboard.press(key);
    const [focused, selected, lens, panels] = await open();
    assert.deepEqual([focused, selected, panels], [name, "true", `panel-${lens}`], key);
  };
  await expect(names[0], "Home");
  for (const name of [...names.slice(1), names[0]]) await expect(name, "ArrowRight");
  for (const name of [...names.slice(1).reverse(), names[0]]) await expect(name, "ArrowLeft");
  await expect(names.at(-1), "End");
}));

test("a link is cut by keys alone: with the button, and with c", () => at("scene=views&seed=1", async (page) => {
  const selected = () => page.evaluate(() => {
    const { side, node, other } = globalThis.hearsay.selection;
    return [side, node, other];
  });
  for (const key of ["n", "n", "Shift+N"]) await page.keyboard.press(key);
  assert.deepEqual(await selected(), [0, 1, 2]);
  for (const key of ["Shift+P", "Shift+P"]) await page.keyboard.press(key);
  assert.deepEqual(await selected(), [0, 1, 39], "never the node itself");
  await tabTo(page, "button.tool:not(:disabled)");
  for (let i = 0; i < 12 && await page.evaluate(() => document.activeElement.textContent) !== "Cut link 20 s"; i++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  assert.match((await actions(page)).join(), /^cut@0:1,39\+20000$/);
  await page.keyboard.press("Shift+N");
  assert.deepEqual(await selected(), [0, 1, 0]);
  await page.keyboard.press("c");
  assert.match((await actions(page)).at(-1), /^cut@0:1,0\+20000$/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+N");
  assert.deepEqual(await selected(), [0, 0, 1], "without a first node, it is the first");
  await page.keyboard.press("?");
  assert.match(await page.textContent("#help"), /N P.*second node.*c.*cut the link.*← →/s);
}));

const natively = (link) => JSON.parse(execFileSync(hearsay, ["play", "replay", link, "--json"],
  { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));

test("a link to an hour of a large network leaves the page free, says how far it is, and can be stopped", () =>
  at("scene=views&seed=1&nodes=1000&t=3600000", async (page) => {
    const far = async () => Number(/^Running: ([\d,]+) of 3,600 s$/.exec(await page.textContent("#way-text"))?.[1] ?? NaN);
    assert.ok(await page.isVisible("#way"));
    const [begun, first] = [Date.now(), await page.evaluate(() => globalThis.hearsay.player.head)];
    assert.ok(await far() >= 0);
    await page.waitForFunction((head) => globalThis.hearsay.player.head > head, first);
    assert.match(await page.textContent("#said"), /Running: \d+ of 3,600 s\. You can stop it here\./);
    await page.click("#tab-node");
    await page.click("#way-stop");
    assert.equal(await page.isVisible("#way"), false);
    const head = () => page.evaluate(() => [globalThis.hearsay.player.head, globalThis.hearsay.player.cursor]);
    const stopped = await head();
    assert.ok(stopped[0] > 0 && stopped[0] < 600_000 && stopped[0] === stopped[1], `${stopped}`);
    await page.waitForTimeout(500);
    assert.deepEqual(await head(), stopped, "it stands");
    assert.ok(Date.now() - begun < 60_000, `${Date.now() - begun} ms`);
    await page.click("#play");
    await page.waitForFunction((before) => globalThis.hearsay.player.head > before, stopped[0]);
  }, { onTheWay: true }));

test("a link arrives at its very moment, in pieces as at once, and so does a run that is repeated to act in its past", () => {
  const link = "scene=views&seed=3&nodes=300&do=crash@2000:1,2,3";
  return at(`${link}&t=8000.04`, async (page) => {
    const state = () => page.evaluate(() => {
      const { player } = globalThis.hearsay;
      return [player.core.state().traceHash, player.core.state().timeMilliseconds, player.cursor === player.head];
    });
    await arrived(page);
    assert.deepEqual(await state(), [natively(`${link}&t=8000.04`).traceHash, 8000.04, true]);
    const packets = () => page.evaluate(() => globalThis.hearsay.player.recording.packets[0].filter(({ sentAt }) => sentAt <= 6000).length);
    const before = await packets();
    await page.evaluate(() => globalThis.hearsay.player.scrub(6000));
    await page.click("button.tool:text-is('Heal')");
    await page.waitForFunction(() => /do=calm@6000/.test(location.hash), undefined, { timeout: 120_000 });
    await arrived(page);
    assert.equal(await packets(), before, "no packet is there twice");
    // What happens at the very moment of an action comes after it, and here only when time goes on.
    await page.evaluate(() => { globalThis.hearsay.player.core.runUntil(7000); });
    assert.deepEqual((await state()).slice(0, 2), [natively(`${link}&do=calm@6000&t=7000`).traceHash, 7000]);
  });
});

const BUSY = "scene=views&seed=2&nodes=400&cycle=100&fanout=4";
const share = async (page) => Number(/^Opening the network: (\d+) %$/.exec(await page.textContent("#way-text"))?.[1] ?? NaN);
const opening = async (page) => {
  await page.waitForFunction(() => /^Opening the network: [1-9]/.test(document.getElementById("way-text").textContent),
    undefined, { timeout: 120_000 });
  assert.ok(await share(page) < 100);
};

test("a large network opens in pieces: the page answers meanwhile, and shows what was there before", () =>
  at("scene=hub&seed=1", async (page) => {
    const state = () => page.evaluate(() => {
      const { player, script } = globalThis.hearsay;
      return { frames: script.frames, link: player.link(), scene: player.scene.name, events: player.frame.events };
    });
    const before = await state();
    await page.evaluate((link) => {
      const { player, script } = globalThis.hearsay;
      script.longest = 0;
      const [open, began] = [player.open.bind(player), performance.now()];
      player.open = (text, then) => open(text, () => { player.opened = performance.now() - began; then(); });
      location.hash = link;
    }, BUSY);
    await opening(page);
    assert.match(await page.textContent("#said"), /Opening the network: \d+ %\. You can stop it here\./);
    const [first, meanwhile] = [await share(page), await state()];
    assert.deepEqual({ ...meanwhile, frames: 0 }, { ...before, frames: 0 }, "the scene before is still there");
    await page.click("#tab-node");
    assert.ok(await page.isVisible("#panel-node"), "a click is answered");
    await page.waitForFunction((percent) => {
      const { way } = globalThis.hearsay.player;
      return !way || 100 * way.at > percent + 1;
    }, first, { timeout: 120_000 });
    await arrived(page);
    const after = await state();
    assert.ok(after.scene === "views" && after.frames > before.frames + 10, JSON.stringify([before, after]));
    const [longest, whole] = await page.evaluate(() => [globalThis.hearsay.script.longest, globalThis.hearsay.player.opened]);
    assert.ok(longest < whole / 3, `${longest} ms of ${whole} ms at once`);
    const hash = await page.evaluate(() => {
      globalThis.hearsay.player.core.runUntil(500);
      return globalThis.hearsay.player.core.state().traceHash;
    });
    assert.equal(hash, natively(`${BUSY}&t=500`).traceHash);
  }));

test("what opens can be left: by its button, by going back, by another scene, and settings that follow each other", () =>
  at("scene=hub&seed=1", async (page) => {
    const open = async () => {
      await page.evaluate((link) => { location.hash = link; }, BUSY);
      await opening(page);
    };
    const shown = () => page.evaluate(() => [location.hash, globalThis.hearsay.player.scene.name]);
    const before = await shown();
    await open();
    await page.click("#way-stop");
    assert.equal(await page.isVisible("#way"), false);
    assert.deepEqual(await shown(), before);
    await page.click("#step");
    assert.ok(await page.evaluate(() => globalThis.hearsay.player.head > 0), "the scene before goes on");

    await open();
    await page.goBack();
    await arrived(page);
    assert.deepEqual(await shown(), before);

    await open();
    await page.click("#scenes a[data-scene=exchange]");
    await arrived(page);
    assert.equal((await shown())[1], "exchange");

    await page.evaluate(() => { location.hash = "scene=views&seed=1&nodes=300&cycle=100&fanout=3"; });
    await page.waitForFunction(() => globalThis.hearsay.player.scene.name === "views", undefined, { timeout: 120_000 });
    const set = (label, value) => page.evaluate(([name, to]) => {
      const slider = document.querySelector(`#knobs input[aria-label="${name}"]`);
      slider.value = to;
      slider.dispatchEvent(new Event("change"));
    }, [label, value]);
    await set("nodes", "310");
    await opening(page);
    await set("fanout", "1");
    await arrived(page);
    assert.match((await shown())[0], /nodes=310/);
    assert.doesNotMatch((await shown())[0], /fanout=3/);
  }));

test("a first link to a large network says how far it is, and can be left for another scene", async () => {
  for (const leave of ["#way-stop", "#scenes a[data-scene=exchange]"]) {
    const page = await browser.newPage();
    await page.goto(`${server.url}#${BUSY}`);
    await opening(page);
    assert.equal(await page.isVisible("#stage"), false);
    await page.keyboard.press("k");
    await page.click(leave);
    await page.waitForSelector("#stage:not([hidden])", { timeout: 60_000 });
    assert.equal(await page.evaluate(() => globalThis.hearsay.player.scene.name), "exchange");
    assert.equal(await page.isVisible("#message"), false);
    await page.close();
  }
});

test("on a phone what a scene shows can be unfolded, and leads to its chapter", () => at("scene=healing&seed=1", async (page) => {
  const summary = page.locator("#about > summary");
  assert.ok(await summary.isVisible());
  assert.equal(await page.isVisible("#text p >> nth=0"), false, "it is folded at first");
  await summary.click();
  assert.ok(await page.isVisible("#text p >> nth=0"));
  assert.ok(await page.isVisible("#text a[href^='learn/']"));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
  await page.setViewportSize({ width: 1280, height: 720 });
  assert.equal(await summary.isVisible(), false, "where there is room, it is simply there");
  assert.ok(await page.isVisible("#text p >> nth=0"));
}, { viewport: { width: 390, height: 844 } }));

/** All that a screen reader was told by an element, once this has been called. */
async function listen(page, id) {
  await page.evaluate((name) => {
    globalThis[name] = [];
    const element = document.getElementById(name);
    new MutationObserver(() => globalThis[name].push(element.textContent)).observe(element, { childList: true });
  }, id);
  return () => page.evaluate((name) => globalThis[name], id);
}

test("a screen reader is told how the network is while time runs, and what happens to it", () =>
  at("scene=views&seed=1&do=crash@1500:3,7&do=loss@2000*20", async (page) => {
    const said = await listen(page, "said");
    await page.click("#play");
    await page.waitForFunction(() => globalThis.said.some((text) => /loss 20 %/.test(text)), undefined, { timeout: 60_000 });
    assert.ok((await said()).some((text) => /^\d+\.\d s\. crash of node 3 and 7/.test(text)), `${await said()}`);
    const before = (await said()).length;
    await page.waitForFunction((count) => globalThis.said.length >= count + 2, before, { timeout: 60_000 });
    for (const text of (await said()).slice(before)) {
      assert.match(text, /^\d+\.\d s\. 38 of 40 nodes run, in-degree deviation [\d.]+, .*Last action: loss 20 %\.$/);
    }
    await page.click("#play");
    const stopped = (await said()).length;
    await page.waitForTimeout(6000);
    assert.equal((await said()).length, stopped, "nothing is said where time stands");
    await page.keyboard.press("n");
    assert.match((await said()).at(-1), /^Selected: node 0, in-degree \d+/);
  }));

test("a lamp that goes out is told at once, and once", () => at("scene=views&seed=1", async (page) => {
  const alarms = await listen(page, "alarm");
  await page.evaluate(() => {
    const { player } = globalThis.hearsay;
    const { state } = player.core;
    player.core.state = function broken() {
      const now = state.call(player.core);
      if (player.head > 500) now.worlds[0].broken = { swap: "Swap: made up by this test" };
      return now;
    };
  });
  await page.click("#play");
  await page.waitForFunction(() => globalThis.alarm.length > 0, undefined, { timeout: 60_000 });
  await page.waitForFunction(() => globalThis.hearsay.player.head > 3000, undefined, { timeout: 60_000 });
  assert.deepEqual(await alarms(), ["A lamp is out: merges obey H and S. Swap: made up by this test"]);
  assert.equal(await page.getAttribute("#alarm", "role"), "alert");
}));

test("a search that finds nothing says so", () => at("scene=views&seed=1", async (page) => {
  await page.goto(`${server.url}learn/index.html`);
  await page.fill("#search", "zebracrossing");
  await page.waitForFunction(() => document.getElementById("found").textContent === "Nothing found.");
  await page.fill("#search", "hub");
  await page.waitForSelector("#found a");
  assert.doesNotMatch(await page.textContent("#found"), /Nothing found/);
  await page.fill("#search", "");
  await page.waitForFunction(() => document.getElementById("found").childElementCount === 0);
}));

/** Waits until the worker has kept all that the list of the chapters names. */
async function bookIsKept(page) {
  const kept = () => page.evaluate(async () =>
    (await (await caches.open("hearsay")).match(new URL("/learn/files.json", location.origin))) !== undefined);
  for (const end = Date.now() + 180_000; !(await kept());) {
    assert.ok(Date.now() < end, "the chapters were not kept");
    await page.waitForTimeout(500);
  }
}

/** Chapters, search and API reference, where there is no network. */
async function readOffline(page) {
  await page.goto(`${server.url}learn/index.html`);
  await page.click("text=Broadcast trees >> nth=0");
  assert.ok(await page.evaluate(() => document.querySelector("main").textContent.length) > 2000);
  assert.ok(await page.evaluate(() => [...document.styleSheets].length) > 0, "with its looks");
  await page.fill("#search", "GossipNode.StartAsync");
  await page.click("#found a[href*='/api/'] >> nth=0");
  assert.match(await page.textContent("h1"), /GossipNode/);
}

test("after a visit of the playground the chapters, their search and the API reference need no network", () =>
  at("scene=views&seed=1", async (page, context) => {
    await bookIsKept(page);
    await context.setOffline(true);
    await readOffline(page);
    await page.goto(`${server.url}index.html#scene=hub&seed=1`);
    await page.waitForSelector("#stage:not([hidden])", { timeout: 60_000 });
    assert.match(await page.textContent("h1"), /hub/i, "as the frame of a chapter asks for it");
  }));

test("after a visit of one page of the API reference the others need no network", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}learn/api/index.html`);
  await bookIsKept(page);
  await context.setOffline(true);
  await readOffline(page);
  await context.close();
});
