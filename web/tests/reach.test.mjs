// The page for those who have no mouse, see nothing, hold a phone, or have no network, and for links that ask for much.
// Run by tests/run.mjs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { visits } from "./visit.mjs";

let at, close;
before(async () => { ({ at, close } = await visits()); });
after(() => close?.());

const actions = (page) => page.evaluate(() => globalThis.hearsay.player.core.state().actions);

/** Goes on with Tab until something has the focus. */
async function tabTo(page, selector) {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no Tab leads to ${selector}`);
}

test("every lens is reached by keys alone", () => at("scene=exchange&seed=1", async (page) => {
  await tabTo(page, "#lens-tabs [role=tab]");
  const names = await page.locator("#lens-tabs [role=tab]").allTextContents();
  assert.ok(names.length >= 5, `${names}`);
  const open = () => page.evaluate(() => [document.activeElement.textContent,
    document.activeElement.getAttribute("aria-selected"), globalThis.hearsay.lenses.open,
    [...document.querySelectorAll("[role=tabpanel]")].filter((panel) => !panel.hidden).map((panel) => panel.id).join()]);
  const expect = async (name, key) => {
    await page.keyboard.press(key);
    const [focused, selected, lens, panels] = await open();
    assert.deepEqual([focused, selected, panels], [name, "true", `panel-${lens}`], key);
  };
  await expect(names[0], "Home");
  for (const name of [...names.slice(1), names[0]]) await expect(name, "ArrowRight");
  for (const name of [...names.slice(1).reverse(), names[0]]) await expect(name, "ArrowLeft");
  await expect(names.at(-1), "End");
}));

test("a link is cut by keys alone: with the button, and with c", () => at("scene=views&seed=1", async (page) => {
  const selected = () => page.evaluate(() => {
    const { side, node, other } = globalThis.hearsay.selection;
    return [side, node, other];
  });
  for (const key of ["n", "n", "Shift+N"]) await page.keyboard.press(key);
  assert.deepEqual(await selected(), [0, 1, 2]);
  for (const key of ["Shift+P", "Shift+P"]) await page.keyboard.press(key);
  assert.deepEqual(await selected(), [0, 1, 39], "never the node itself");
  await tabTo(page, "button.tool:not(:disabled)");
  for (let i = 0; i < 12 && await page.evaluate(() => document.activeElement.textContent) !== "Cut link 20 s"; i++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  assert.match((await actions(page)).join(), /^cut@0:1,39\+20000$/);
  await page.keyboard.press("Shift+N");
  assert.deepEqual(await selected(), [0, 1, 0]);
  await page.keyboard.press("c");
  assert.match((await actions(page)).at(-1), /^cut@0:1,0\+20000$/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+N");
  assert.deepEqual(await selected(), [0, 0, 1], "without a first node, it is the first");
  await page.keyboard.press("?");
  assert.match(await page.textContent("#help"), /N P.*second node.*c.*cut the link.*← →/s);
}));
