// What a visitor does beside the way that a lesson had in mind. Run by run.mjs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { visits } from "./visit.mjs";

let at, close;
before(async () => { ({ at, close } = await visits()); });
after(() => close?.());

const press = (page, label) => page.click(`#exchange button:text-is("${label}")`);

/** The merge at the partner, with nothing crossed out. */
async function toMerge(page) {
  for (const label of ["Run to the next exchange", "Prepare a buffer", "Send it", "Let it arrive"]) await press(page, label);
}

/** Node, age and whether it was just sent, of each entry of the merge. */
const entries = (page) => page.locator("#exchange .card").evaluateAll((cards) => cards.map((card) => ({
  node: Number(card.querySelector("b").textContent), age: Number(card.querySelector("small").textContent),
  sent: card.querySelector("i") !== null,
})));

/** Crosses entries out, and returns what the page says of it. */
async function verdict(page, indexes) {
  for (const index of indexes) await page.locator("#exchange .card").nth(index).click();
  await press(page, "Compare with the node");
  return page.textContent("#exchange .verdict p");
}

test("the verdict on a merge tells a wrong choice from one that is as good", () => at("scene=exchange&seed=1", async (page) => {
  await toMerge(page);
  const before = await entries(page);
  const surplus = before.length - 6;
  const byAge = before.map((_, index) => index).sort((a, b) => before[a].age - before[b].age);
  const youngest = byAge.slice(0, surplus);
  const oldest = before[byAge.at(-1)].age;
  assert.ok(before[youngest.at(-1)].age < oldest);
  assert.match(await verdict(page, youngest), /^The rule also took /);

  // Whoever crosses the oldest out is right, whichever of equals it is; the rest is left to chance.
  await page.reload();
  await page.waitForSelector("#stage:not([hidden])");
  await page.evaluate(() => globalThis.hearsay.lenses.select("exchange"));
  await toMerge(page);
  const chosen = [byAge.at(-1), ...byAge.filter((index) => before[index].age !== oldest)].slice(0, surplus);
  assert.match(await verdict(page, chosen), /^You and the node agree|^Where entries are alike/);
}));

test("an exchange that the visitor breaks is not told on", () => at("scene=exchange&seed=1", async (page) => {
  await press(page, "Run to the next exchange");
  assert.match(await page.textContent("#exchange h3"), /^1\./);
  await page.click('#tools button:text-is("Kill half")');
  await page.waitForFunction(() => document.querySelector("#exchange h3") === null);
  await press(page, "Run to the next exchange");
  assert.match(await page.textContent("#exchange h3"), /^1\./);
  await page.evaluate(() => globalThis.hearsay.player.scrub(0));
  await page.waitForFunction(() => document.querySelector("#exchange h3") === null);
}));

test("of a network that is not there nothing is asked", () => at("scene=healing&seed=1", async (page) => {
  assert.equal(await page.isVisible("#prediction"), false);
  await page.evaluate(() => { location.hash = "scene=healing&seed=1&b.H=0"; });
  await page.waitForFunction(() => globalThis.hearsay.player.state.sides === 2);
  assert.equal(await page.isVisible("#prediction"), true);
}));

test("keys go on to work after an answer and after a slider", () => at("scene=healing&seed=1&b.H=0", async (page) => {
  const is = (what, value) => page.waitForFunction(([name, wanted]) => name === "playing"
    ? globalThis.hearsay.player.playing === wanted : globalThis.hearsay.selection[name] === wanted, [what, value]);
  await page.click(".answers label:last-child");
  await is("playing", true);
  await page.keyboard.press(" ");
  await is("playing", false);
  assert.equal(await page.locator(".answers input").last().isChecked(), true);
  await page.locator(".sliders input").first().focus();
  await page.keyboard.press("n");
  await is("node", 0);
  await page.keyboard.press("o");
  await is("side", 1);
  await page.keyboard.press("n");
  await is("node", 1);
  await page.keyboard.press("o");
  await is("side", 0);
}));

test("the sliders say what the link has set, and what was set at the moment shown", () =>
  at("scene=views&seed=1&do=churn@500*5&do=loss@600*30&t=1000", async (page) => {
    const shown = (name) => page.locator(`.sliders label:has-text("${name}") output`).textContent();
    await page.waitForFunction(() => globalThis.hearsay.player.head >= 999);
    await page.waitForFunction(() => document.querySelector(".sliders").textContent.includes("30"));
    assert.deepEqual([await shown("churn"), await shown("loss")], ["5", "30"]);
    await page.evaluate(() => globalThis.hearsay.player.scrub(550));
    await page.waitForFunction(() => !document.querySelector(".sliders").textContent.includes("30"));
    assert.deepEqual([await shown("churn"), await shown("loss")], ["5", "0"]);
  }));
