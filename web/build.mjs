// Makes the page that the core is published with: web/host/wwwroot, which is committed, since building it takes
// Node.js and nothing else here does. `node build.mjs --check` says whether what is committed is what the sources make.

import { build } from "esbuild";
import { readFileSync, writeFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "host", "wwwroot");
const made = new Map();

async function bundle(entry, options) {
  const result = await build({
    entryPoints: [join(here, "src", entry)], bundle: true, minify: true, write: false, legalComments: "none",
    outdir: out, logLevel: "error", ...options,
  });
  return result.outputFiles[0].text;
}

made.set("page.js", await bundle("main.ts", { format: "esm", target: "es2022" }));
made.set("page.css", await bundle("page.css", {}));
made.set("learn.js", await bundle("learn.ts", { format: "esm", target: "es2022" }));
made.set("learn.css", await bundle("learn.css", {}));
for (const file of ["index.html", "icon.svg", "sw.js"]) made.set(file, readFileSync(join(here, "src", file), "utf8"));

const stale = [...made].filter(([file, text]) =>
  !existsSync(join(out, file)) || readFileSync(join(out, file), "utf8") !== text).map(([file]) => file);
if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    console.error(`Not what the sources of web/ make: ${stale.join(", ")}. Run 'npm run build' there and commit.`);
    process.exit(1);
  }
  console.log("web/host/wwwroot is what the sources of web/ make.");
} else {
  mkdirSync(out, { recursive: true });
  for (const [file, text] of made) writeFileSync(join(out, file), text);
  console.log(stale.length > 0 ? `made ${stale.join(", ")}` : "nothing changed");
}
