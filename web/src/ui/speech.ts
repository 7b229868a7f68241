// What a screen reader is told: how the network is, every few seconds while time runs; what happens to it, when it
// happens; and at once that a rule is broken.

import type { ScenesInfo } from "../contract";
import { number } from "../draw/curves";
import type { Selection } from "../draw/network";
import type { Player } from "../player";
import { byId, seconds } from "./dom";

/** While time runs, the state of the network is told once in so many ms of real time. */
const APART = 5000;
/** So many nodes are named one by one. */
const NAMED = 5;

export class Speech {
  private last = 0;
  /** How many of the actions were told. */
  private known = 0;

  constructor(private readonly player: Player, private readonly info: ScenesInfo) {}

  say(text: string): void {
    byId("said").textContent = text;
  }

  /** A rule is broken: this interrupts what is being said. */
  alarm(text: string): void {
    byId("alarm").textContent = text;
  }

  /** Something changed. */
  summarize(): void {
    const { frame, scene } = this.player;
    const sides = frame.sides.map((_, side) => this.network(side));
    const past = this.past();
    const text = `${seconds(this.player.cursor)}. ${sides.join("; on the right ")}.`;
    this.say(past.length > 0 ? `${text} Last action: ${this.words(past.at(-1)!)}.` : text);
    [this.last, this.known] = [performance.now(), past.length];
    for (const side of [0, 1]) {
      byId(`network-${side}`).setAttribute("aria-label", frame.sides[side]
        ? `${scene.title}, ${side === 0 ? "left" : "right"} network: ${sides[side]}` : "No second network");
    }
  }

  /** Time runs, as it does with every frame of the page. */
  tick(now: number): void {
    if (!this.player.playing && !this.player.moves) return;
    const past = this.past();
    if (past.length > this.known) {
      const news = past.slice(this.known).map((action) => this.words(action));
      [this.last, this.known] = [now, past.length];
      this.say(`${seconds(this.player.cursor)}. ${news.join("; ")}.`);
    } else if (now - this.last > APART) this.summarize();
  }

  /** A node was selected, and perhaps a second one. */
  selected({ side, node, other }: Selection): void {
    if (node < 0) return;
    const { frame, scene } = this.player;
    const label = scene.values[0]?.label;
    const told = (which: number) => `node ${which}${frame.isUp(side, which) ? "" : ", which does not run"}`
      + (label ? `, ${label} ${number(frame.value(side, which, 0))}` : "");
    this.say(`Selected${side > 0 ? " on the right" : ""}: ${told(node)}${other < 0 ? "" : `; and ${told(other)}`}.`);
  }

  private network(side: number): string {
    const { frame, scene } = this.player;
    const shown = frame.sides[side]!;
    const metrics = scene.metrics.slice(0, 2).map(({ label, unit }, index) =>
      `, ${label} ${number(shown.metrics[index]!)}${unit && ` ${unit}`}`);
    return `${frame.up(side)} of ${shown.nodes} nodes run${metrics.join("")}`;
  }

  /** What was done up to the moment that is shown. */
  private past(): string[] {
    const { state, cursor } = this.player;
    return state.actions.filter((action) => Number(/@([\d.]+)/.exec(action)?.[1] ?? 0) <= cursor + 1e-6);
  }

  /** An action as it stands in a link, such as crash@20000:3,7, in words. */
  private words(action: string): string {
    const [, name = action, , nodes, , amount] =
      /^([a-z]+)@([\d.]+)(?::([\d,]+))?(?:\+([\d.]+))?(?:\*([\d.]+))?$/.exec(action) ?? [];
    const verb = [...this.player.scene.verbs, ...this.info.verbs].find((known) => known.name === name);
    const list = nodes?.split(",") ?? [];
    const whom = list.length > NAMED ? ` of ${list.length} nodes` : list.length > 0 ? ` of node ${list.join(" and ")}` : "";
    return `${(verb?.label ?? name).toLowerCase()}${whom}${amount && verb?.most ? ` ${amount} ${verb.unit}` : ""}`;
  }
}
