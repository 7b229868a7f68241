// Is the memory of the page flat? node tests/memory.mjs [MINUTES] runs it for so long (10) and prints what it took every
// few seconds; the browser tests run it for a minute. Everything counts: the page's objects, its frames, and the memory
// of the core, as the resident memory of the browser's process that draws the page.

import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

/** Two networks of 60 nodes, as fast as they go. */
export const LINK = "scene=views&seed=1&nodes=60&c=20&b.H=0";
const MIB = 1 << 20;

/** The pids of the processes that draw pages. */
async function renderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

function resident(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Runs the page and takes a sample every so often, after what nobody needs any more has been freed. */
export async function watch(browser, page, seconds, every) {
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const { player } = globalThis.hearsay;
    player.speed = 1000;
    player.play();
  });
  const [samples, began] = [[], Date.now()];
  for (let at = every; at <= seconds; at += every) {
    await page.waitForTimeout(Math.max(0, began + 1000 * at - Date.now()));
    await session.send("HeapProfiler.collectGarbage");
    const seen = await page.evaluate(() => {
      const { player } = globalThis.hearsay;
      // The core takes an hour of virtual time at most: then it begins again.
      if (player.head > 3_000_000) {
        player.open(player.state.link);
        player.speed = 1000;
        player.play();
      }
      return {
        virtualSeconds: player.head / 1000, recordMiB: player.recording.memory / (1 << 20),
        frames: player.recording.frames.length, packets: player.recording.packets[0].length,
        objectsMiB: (performance.memory?.usedJSHeapSize ?? 0) / (1 << 20),
      };
    });
    const sizes = (await renderers(browser)).map(resident);
    samples.push({ seconds: (Date.now() - began) / 1000, residentMiB: Math.max(...sizes) / MIB, ...seen });
  }
  await page.evaluate(() => globalThis.hearsay.player.pause());
  return samples;
}

/**
 * What must not grow, in MiB: the highest points of the second and of the last third are compared. The record of a run,
 * which has a bound of its own, fills at first, so it is left out: of what the process takes, and of its objects, among
 * which the browser counts it.
 */
export function growth(samples) {
  const third = Math.floor(samples.length / 3);
  const top = (part, of) => Math.max(...part.map(of));
  const compared = (of) => {
    const [middle, last] = [top(samples.slice(third, 2 * third), of), top(samples.slice(2 * third), of)];
    return { middle, last, growth: last - middle };
  };
  return {
    besideTheRecordMiB: compared(({ residentMiB, recordMiB }) => residentMiB - recordMiB),
    objectsMiB: compared(({ objectsMiB, recordMiB }) => objectsMiB - recordMiB),
    mostRecordMiB: top(samples, ({ recordMiB }) => recordMiB),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const minutes = Number(process.argv[2] ?? 10);
  const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
  const server = await serve(process.env.HEARSAY_SITE ?? join(root, "artifacts/publish/Hearsay.Playground.Web/release/wwwroot"));
  const browser = await launch();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(`${server.url}#${LINK}`);
  await page.waitForSelector("#stage:not([hidden])", { timeout: 120_000 });
  const samples = await watch(browser, page, 60 * minutes, Math.max(2, minutes * 2));
  await browser.close();
  server.close();
  const round = (_, value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value);
  for (const sample of samples) console.log(JSON.stringify(sample, round));
  console.log(JSON.stringify({ minutes, ...growth(samples), loadAverage: loadavg()[0] }, round));
}
