// What single scenes show: the parts of the picture that no other scene has. Run by tests/run.mjs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { arrived, drawn, visits } from "./visit.mjs";

let at, close;
before(async () => { ({ at, close } = await visits()); });
after(() => close?.());

test("draws: the queue empties, the lamp lights, the matrix counts who drew whom, and going back restores all", () =>
  at("scene=random&seed=1&b.policy=ideal&t=5000", async (page) => {
    const seen = () => page.evaluate(() => {
      const { player } = globalThis.hearsay;
      const { frame } = player;
      const place = (scale) => player.scene.values.findIndex((value) => value.scale === scale);
      const sum = (side) => Array.from({ length: 40 }, (_, from) =>
        Array.from({ length: 40 }, (_, to) => frame.count(side, from, to))).flat().reduce((a, b) => a + b);
      return {
        queue: frame.value(0, 3, place("gauge")), lamp: frame.value(0, 3, place("lamp")), ideal: frame.value(1, 3, place("gauge")),
        drawn: [sum(0), sum(1)], own: frame.value(0, 3, 1),
      };
    });
    await page.evaluate(() => globalThis.hearsay.select(0, 3));
    await page.click("#tab-node");
    await drawn(page, "network-0");
    const [before, given] = [await seen(), await page.locator(".entry.given").count()];
    assert.ok(before.queue > 0 && before.lamp === 0 && given < 10 && Number.isNaN(before.ideal), JSON.stringify(before));
    assert.deepEqual(before.drawn, [400, 400]);
    const picture = await drawn(page, "network-0");
    await page.click("#tab-matrix");
    const matrix = await drawn(page, "matrix");

    await page.click(".tool:text-is('All draw 5 at once')");
    await page.click(".tool:text-is('All draw 5 at once')");
    const after = await seen();
    assert.ok(after.queue === 0 && after.lamp === 1 && after.own === before.own + 10, JSON.stringify(after));
    assert.deepEqual(after.drawn, [800, 800]);
    assert.notEqual(await drawn(page, "matrix"), matrix);
    await page.click("#tab-node");
    await drawn(page, "network-0");
    assert.equal(await page.locator(".entry.given").count(), 10);
    assert.match(await page.textContent("#panel-node"), /its last draw was a fallbackyes/);
    await page.click(".tool:text-is('Draw 5 at once')");
    assert.equal((await seen()).own, after.own + 5);

    await page.evaluate(() => { globalThis.hearsay.player.scrub(4900); });
    assert.ok((await seen()).queue > 0);
    assert.notEqual(await drawn(page, "network-0"), picture);
  }));

test("the matrix of draws is another one than that of views, on both sides", () =>
  at("scene=random&seed=1&b.policy=ideal&t=60000", async (page) => {
    await page.click("#tab-matrix");
    assert.match(await page.getAttribute("#matrix", "aria-label"), /drawn/);
    assert.match(await page.textContent("#matrix-help"), /ideal source/);
    const [counts, links] = [await drawn(page, "matrix"), await page.evaluate(() => {
      const { player, lenses } = globalThis.hearsay;
      const { matrix } = player.scene;
      player.scene.matrix = undefined;
      lenses.draw();
      const picture = document.getElementById("matrix").toDataURL();
      player.scene.matrix = matrix;
      return picture;
    })];
    assert.notEqual(counts, links);
  }));

test("every scene says below its network what its colours, lines and dots mean", () => at("scene=views&seed=1", async (page) => {
  const names = await page.evaluate(() => globalThis.hearsay.core.scenes().scenes.map((scene) => scene.name));
  for (const name of names) {
    await page.evaluate((link) => { location.hash = link; }, `scene=${name}&seed=1&t=2100`);
    await page.waitForFunction((wanted) => globalThis.hearsay.player.scene.name === wanted, name);
    await arrived(page);
    await drawn(page, "network-0");
    const { scene, rows, text, kinds } = await page.evaluate(() => ({
      scene: globalThis.hearsay.player.scene, rows: document.querySelectorAll("#legend p").length,
      text: document.getElementById("legend").textContent, kinds: document.querySelectorAll("#legend .dot").length,
    }));
    const [colour] = scene.values;
    const words = colour.scale === "phase" ? colour.words.filter(Boolean) : [colour.label, String(colour.least), String(colour.most)];
    for (const word of [...words, ...scene.linkKinds, scene.marked]) assert.ok(text.includes(word), `${name}: ${word} in ${text}`);
    assert.equal(rows, 2, name);
    assert.ok(kinds > 0 || name === "sketch", `${name} has no packets: ${text}`);
  }
}));
