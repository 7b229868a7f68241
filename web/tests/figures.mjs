// What the page weighs and how fast it is: node tests/figures.mjs. Prints one JSON object; how busy the machine was is in
// it, since all of the times depend on that.

import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { weigh } from "./weight.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const site = process.env.HEARSAY_SITE ?? join(root, "artifacts/publish/Hearsay.Playground.Web/release/wwwroot");
const seconds = Number(process.argv[2] ?? 20);

const weight = weigh(site);

const server = await serve(site);
const browser = await launch();

async function run(link) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  const began = Date.now();
  await page.goto(`${server.url}#${link}`);
  await page.waitForSelector("#stage:not([hidden])", { timeout: 120_000 });
  const drawnMilliseconds = Date.now() - began;
  const result = await page.evaluate(async (span) => {
    const { player, script } = globalThis.hearsay;
    player.speed = 1000;
    player.play();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    Object.assign(script, { frames: 0, milliseconds: 0, longest: 0 });
    const [from, began] = [player.head, performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 1000 * span));
    const real = performance.now() - began;
    player.pause();
    return {
      timesRealTime: (player.head - from) / real, frames: script.frames,
      scriptMillisecondsPerFrame: script.milliseconds / script.frames, longestFrameMilliseconds: script.longest,
    };
  }, seconds);
  await page.close();
  return { drawnMilliseconds, ...result };
}

const figures = {
  compressedBytes: weight.page, compressedBytesOfChapters: weight.chapters,
  compressedBytesOfReference: weight.reference,
  firstScene: await run("scene=exchange&seed=1"), nodes200: await run("scene=views&seed=1&nodes=200&c=20"),
  nodes1000: await run("scene=views&seed=1&nodes=1000&c=20"), loadAverage: loadavg()[0],
};
await browser.close();
server.close();
console.log(JSON.stringify(figures, (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value), 2));
