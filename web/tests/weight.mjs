// What the files of the site weigh when they are compressed, in bytes: those of the page, the chapters, and the API
// reference. Only the first are fetched by the page.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

export function weigh(site) {
  const files = readdirSync(site, { recursive: true }).filter((file) => statSync(join(site, file)).isFile()
    && ![".br", ".gz"].includes(extname(file)));
  const compressed = (file) => {
    try { return statSync(join(site, `${file}.br`)).size; } catch { /* not compressed by the build */ }
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    return Math.min(statSync(join(site, file)).size, brotliCompressSync(readFileSync(join(site, file)), quality).length);
  };
  const sum = (list) => list.reduce((total, file) => total + compressed(file), 0);
  const learn = files.filter((file) => /^learn[./\\]/.test(file));
  const reference = learn.filter((file) => /^learn[/\\]api[/\\]/.test(file));
  return {
    page: sum(files.filter((file) => !learn.includes(file))), chapters: sum(learn) - sum(reference),
    reference: sum(reference),
  };
}
