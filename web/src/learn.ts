// The search of the chapters: words in headings count more than words in the text.

type Section = [address: string, chapter: string, heading: string, text: string];

const input = document.getElementById("search") as HTMLInputElement;
const found = document.getElementById("found") as HTMLUListElement;
let sections: Promise<Section[]> | undefined;

input.addEventListener("input", async () => {
  sections ??= fetch("search.json").then((response) => response.json());
  const words = input.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
  const known = await sections;
  const ranked = words.length === 0 ? [] : known
    .map((section) => ({ section, score: score(section, words) }))
    .filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).slice(0, 8);
  found.replaceChildren(...ranked.map(({ section: [address, chapter, heading] }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = heading.replace(/^\d+\. /, "") === chapter ? chapter : `${chapter}: ${heading}`;
    item.append(link);
    return item;
  }));
});

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
