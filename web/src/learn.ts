// The search of the chapters and of the API reference: words in headings count more than words in the text. And the
// calculator, where the page has one.

import { CalculatorForm } from "./calculator-form";
import { keepBook, worker } from "./keep";

type Section = [address: string, chapter: string, heading: string, text: string];

const input = document.getElementById("search") as HTMLInputElement;
const found = document.getElementById("found") as HTMLUListElement;
const book = new URL("./learn/", import.meta.url);
let sections: Promise<Section[]> | undefined;

/** Both lists are asked for when somebody searches. */
async function load(): Promise<Section[]> {
  const lists = await Promise.all(["search.json", "api/search.json"].map((file) =>
    fetch(new URL(file, book)).then((response) => response.json() as Promise<Section[]>)));
  return lists.flat();
}

input.addEventListener("input", async () => {
  sections ??= load();
  const words = input.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
  let known: Section[];
  try {
    known = await sections;
  } catch {
    sections = undefined;
    say("The search cannot be loaded now.");
    return;
  }
  const ranked = words.length === 0 ? [] : known
    .map((section) => ({ section, score: score(section, words) }))
    .filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).filter(fair());
  if (words.length > 0 && ranked.length === 0) {
    say("Nothing found.");
    return;
  }
  found.replaceChildren(...ranked.map(({ section: [address, chapter, heading] }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = new URL(address, book).href;
    link.textContent = heading.replace(/^\d+\. /, "") === chapter ? chapter : `${chapter}: ${heading}`;
    item.append(link);
    return item;
  }));
});

/** In place of what was found. */
function say(text: string): void {
  const item = document.createElement("li");
  item.textContent = text;
  found.replaceChildren(item);
}

/** So many of the chapters and of the API, so that neither hides the other. */
function fair(): (found: { section: Section }) => boolean {
  const left = { chapters: 6, reference: 8 };
  return ({ section: [, chapter] }) => left[chapter === "API" ? "reference" : "chapters"]-- > 0;
}

function score([, chapter, heading, text]: Section, words: string[]): number {
  let sum = 0;
  for (const word of words) {
    const here = (chapter.toLowerCase().includes(word) ? 4 : 0) + (heading.toLowerCase().includes(word) ? 6 : 0)
      + Math.min(3, text.toLowerCase().split(word).length - 1);
    if (here === 0) return 0;
    sum += here;
  }
  return sum;
}

void worker().then(keepBook, () => undefined);
for (const block of document.querySelectorAll<HTMLElement>("pre > code.language-calculator")) new CalculatorForm(block);
