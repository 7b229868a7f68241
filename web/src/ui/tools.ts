// What a visitor does to the network: to the selected node, to the link between two selected ones, to half, to all.

import type { Scene, ScenesInfo, Verb } from "../contract";
import type { Selection } from "../draw/network";
import type { Player } from "../player";
import { byId, el } from "./dom";

export class ToolsPanel {
  private buttons: [HTMLButtonElement, Verb][] = [];
  private sliders: [HTMLInputElement, HTMLOutputElement, Verb][] = [];
  private draws = 0;

  constructor(
    private readonly player: Player, private readonly info: ScenesInfo, private readonly selection: Selection) {}

  show(scene: Scene): void {
    const verbs = [...scene.verbs, ...this.info.verbs];
    [this.buttons, this.sliders] = [[], []];
    const groups: [string, Verb[]][] = [
      ["Selected node", verbs.filter((verb) => verb.target === "node")],
      ["Network", verbs.filter((verb) => verb.target !== "node" && verb.most === 0)],
    ];
    byId("tools").replaceChildren(
      ...groups.map(([label, group]) => el("div", { class: "tool-group", role: "group", "aria-label": label },
        el("span", { class: "tool-label", "aria-hidden": "true" }, label), ...group.map((verb) => this.button(verb)))),
      el("div", { class: "tool-group sliders", role: "group", "aria-label": "From now on" },
        el("span", { class: "tool-label", "aria-hidden": "true" }, "From now on"),
        ...verbs.filter((verb) => verb.most > 0).map((verb) => this.slider(verb))));
    this.update();
    this.refresh();
  }

  /** What the sliders say is what was set last up to the moment that is shown. */
  refresh(): void {
    const { state, cursor } = this.player;
    for (const [input, shown, { name }] of this.sliders) {
      const set = state.actions.findLast((action) => action.startsWith(`${name}@`) && Number(/@([\d.]+)/.exec(action)![1]) <= cursor + 1e-6);
      const value = set === undefined ? String(state.knobs[0]![name] ?? 0) : /\*([\d.]+)/.exec(set)?.[1] ?? "0";
      if (input.value !== value && !input.matches(":active")) shown.textContent = input.value = value;
    }
  }

  /** Which buttons can be pressed depends on what is selected. */
  update(): void {
    for (const [button, verb] of this.buttons) {
      const off = (verb.target === "node" && this.selection.node < 0)
        || (verb.target === "edge" && this.selection.other < 0);
      button.disabled = off;
      button.title = off ? `${verb.help} Select ${verb.target === "edge" ? "two nodes (n, then N)" : "a node"} first.` : verb.help;
    }
  }

  /** Does a verb to what it is done to. */
  do(verb: Verb): void {
    const amount = verb.amount > 0 ? `*${verb.amount}` : "";
    const lasts = verb.durationMilliseconds > 0 ? `+${verb.durationMilliseconds}` : "";
    const nodes = this.nodesOf(verb);
    if (nodes === null) return;
    this.player.act(verb.name, `${nodes.length > 0 ? `:${nodes.join(",")}` : ""}${lasts}${amount}`);
  }

  /** The first verb of a name that the present selection allows. */
  byName(name: string): void {
    const found = this.buttons.find(([button, verb]) => verb.name === name && !button.disabled);
    if (found) this.do(found[1]);
  }

  private nodesOf(verb: Verb): number[] | null {
    const { node, other } = this.selection;
    switch (verb.target) {
      case "node": return node < 0 ? null : [node];
      case "edge": return node < 0 || other < 0 ? null : [node, other];
      case "half": return this.half(verb.name === "split");
      default: return [];
    }
  }

  /** Half of the nodes that run: neighbours on the ring to be split off, anybody to be killed. */
  private half(together: boolean): number[] {
    const frame = this.player.frame;
    const up = Array.from({ length: frame.sides[0]!.nodes }, (_, node) => node).filter((node) => frame.isUp(0, node));
    if (!together) {
      let state = (Number(this.player.state.seed) + 7919 * ++this.draws) >>> 0;
      for (let i = up.length - 1; i > 0; i--) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const j = Math.floor((state / 4294967296) * (i + 1));
        [up[i], up[j]] = [up[j]!, up[i]!];
      }
    }
    return up.slice(0, up.length >> 1).sort((a, b) => a - b);
  }

  private button(verb: Verb): HTMLElement {
    const button = el("button", { type: "button", class: "tool", onclick: () => this.do(verb) }, verb.label);
    this.buttons.push([button, verb]);
    return button;
  }

  private slider(verb: Verb): HTMLElement {
    const shown = el("output", {}, "0");
    const input = el("input", {
      type: "range", min: 0, max: verb.most, step: verb.most > 100 ? 10 : 1, value: 0,
      "aria-label": `${verb.label}, ${verb.unit}`, title: verb.help,
      oninput: () => { shown.textContent = input.value; },
      onchange: () => { this.player.act(verb.name, Number(input.value) > 0 ? `*${input.value}` : ""); },
    });
    this.sliders.push([input, shown, verb]);
    return el("label", { class: "tool-slider" }, el("span", {}, verb.label), input, shown,
      el("span", { class: "unit" }, verb.unit));
  }
}
