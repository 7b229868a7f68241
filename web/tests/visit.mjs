// A visit of the page in a test: whatever goes wrong in it, or is asked of another host, fails the test.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const site = process.env.HEARSAY_SITE ?? join(root, "artifacts/publish/Hearsay.Playground.Web/release/wwwroot");

/** A site that is served, and a browser. */
export async function visits() {
  const [server, browser] = [await serve(site), await launch()];

  /** A page at a link, when it has arrived at the moment of it; with `onTheWay`, as soon as it shows anything. */
  async function at(link, use, { onTheWay = false, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    const wrong = [];
    const page = await context.newPage();
    page.on("console", (message) => { if (message.type() === "error") wrong.push(message.text()); });
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) wrong.push(`asked ${request.url()}`);
    });
    page.on("response", (response) => { if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`); });
    await page.goto(`${server.url}${link ? `#${link}` : ""}`);
    await page.waitForSelector("#stage:not([hidden])", { timeout: 120_000 });
    if (!onTheWay) await arrived(page);
    try {
      await use(page, context);
      assert.deepEqual(wrong, []);
    } finally {
      await context.close();
    }
  }

  return { server, browser, at, close: async () => { await browser.close(); server.close(); } };
}

/** The run has come to where its link leads. */
export const arrived = (page) =>
  page.waitForFunction(() => globalThis.hearsay.player.way === undefined, undefined, { timeout: 120_000 });

/** Opens a link in the page, and waits until its network is made. */
export const opened = (page, link) =>
  page.evaluate((text) => new Promise((resolve) => { globalThis.hearsay.player.open(text, resolve); }), link);

/** What a canvas shows, after it was drawn anew. */
export const drawn = (page, id) => page.evaluate(async (canvas) => {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return document.getElementById(canvas).toDataURL();
}, id);
