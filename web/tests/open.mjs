// The published page in a browser, for tests: whatever goes wrong in it, or is asked of another host, fails the test.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const site = process.env.HEARSAY_SITE ?? join(root, "artifacts/publish/Hearsay.Playground.Web/release/wwwroot");

let server, browser;
before(async () => { [server, browser] = [await serve(site), await launch()]; });
after(async () => { await browser?.close(); server?.close(); });

/** A page at a link. */
export async function at(link, use, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const wrong = [];
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") wrong.push(message.text()); });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) wrong.push(`asked ${request.url()}`);
  });
  page.on("response", (response) => { if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`); });
  await page.goto(`${server.url}#${link}`);
  await page.waitForSelector("#stage:not([hidden])", { timeout: 60_000 });
  try {
    await use(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

/** What a canvas shows, after it was drawn anew. */
export const drawn = (page, id) => page.evaluate(async (canvas) => {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return document.getElementById(canvas).toDataURL();
}, id);
