// Scenes inside chapters: what the text asks the reader to do can be done right there. Run by run.mjs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { visits } from "./visit.mjs";

let server, browser, close;
before(async () => { ({ server, browser, close } = await visits()); });
after(() => close?.());

/** A scene of a chapter, in its frame; errors of either page fail the test. */
async function scene(chapter, link, use, width = 1280) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const wrong = [];
  page.on("console", (message) => { if (message.type() === "error") wrong.push(message.text()); });
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.goto(`${server.url}learn/${chapter}.html`);
  const element = page.locator(`.scene iframe[src*="${link}"]`);
  await element.evaluate((frame) => frame.scrollIntoView());
  const frame = element.contentFrame();
  await frame.locator("#stage .more").waitFor({ timeout: 90_000 });
  try {
    await use(frame, element);
    assert.deepEqual(wrong, []);
  } finally {
    await page.close();
  }
}

for (const width of [1280, 390]) {
  test(`curves and settings that a chapter asks for are open under its scene, ${width} pixels wide`, () =>
    scene("8-drawing-peers", "scene=random", async (frame, element) => {
      assert.ok(await frame.locator("#curves").isVisible());
      const rate = frame.locator("#knobs input[aria-label^='draws'], #knobs input[aria-label^='rate']").first();
      await rate.fill("10");
      await frame.locator(":root").evaluate(() => new Promise((done) => {
        const look = () => setTimeout(() => (globalThis.hearsay.player.way ? look() : done()), 200);
        look();
      }));
      assert.match(await frame.locator(":root").evaluate(() => location.hash), /&rate=10/);
      const { frames, inner } = await frame.locator(":root").evaluate((html) =>
        ({ frames: innerHeight, inner: html.scrollHeight }));
      assert.ok(inner <= frames + 4, `all of it has room: ${inner} in ${frames}`);
      assert.ok((await frame.locator("#networks").boundingBox()).height >= 120);
      const open = (await element.boundingBox()).height;
      await frame.locator("#more-lens").click();
      await frame.locator("#more-settings").click();
      assert.ok(!(await frame.locator("#curves").isVisible()) && !(await frame.locator("#knobs").isVisible()));
      const closed = (await element.boundingBox()).height;
      assert.ok(closed < open - 200, `the frame shrinks: ${open}, ${closed}`);
      await frame.locator("#more-tools").click();
      assert.ok(await frame.locator(".sliders input[type=range]").first().isVisible());
      await frame.locator("#more-text").click();
      assert.ok(await frame.locator("#text p").first().isVisible());
    }, width));
}

test("a slider of a chapter moves the churn, and the curve of it is beside it", () =>
  scene("7-churn-and-partitions", "scene=views", async (frame) => {
    assert.ok(await frame.locator("#curves").isVisible());
    const churn = frame.locator(".sliders label:has-text('churn') input").first();
    await churn.fill("5");
    assert.match(await frame.locator(":root").evaluate(() => location.hash), /do=churn@/);
  }));
