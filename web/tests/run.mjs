// Runs the browser tests, or says why not: npm test. The site must have been published, and the command built.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumPath } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));

if (!chromiumPath()) {
  const install = spawnSync("apt-get", ["install", "-y", "chromium"], { stdio: "ignore", timeout: 300_000 });
  if (install.status !== 0) {
    spawnSync("apt-get", ["update"], { stdio: "ignore", timeout: 120_000 });
    spawnSync("apt-get", ["install", "-y", "chromium"], { stdio: "ignore", timeout: 300_000 });
  }
}
if (!chromiumPath() || !existsSync(chromiumPath())) {
  console.log("SKIPPED: there is no Chromium, and it cannot be installed here (apt-get install chromium; or set "
    + "HEARSAY_CHROMIUM).");
  process.exit(0);
}
const names = process.argv.slice(2).flatMap((name) => ["--test-name-pattern", name]);
const run = spawnSync(process.execPath, ["--test", ...names, join(here, "page.test.mjs"), join(here, "learn.test.mjs"),
  join(here, "live.test.mjs"), join(here, "reach.test.mjs"), join(here, "embedded.test.mjs"), join(here, "scenes.test.mjs"),
  join(here, "asides.test.mjs")],
  { stdio: "inherit" });
process.exit(run.status ?? 1);
