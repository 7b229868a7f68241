// What the colours of the network say, in two lines below it: the nodes, and what is between them. The scene describes
// its values; which kinds of packets there are, the record tells.

import type { NodeValue, Scene } from "../contract";
import { MOST_ON_RING } from "../draw/network";
import type { Frame } from "../frame";
import { kindColor, kindName } from "../kinds";
import type { Player } from "../player";
import { byId, el } from "./dom";

/** The latest packets of a side that are looked at for kinds, and the names told of a colour. */
const LOOKED_AT = 300;
const MOST_NAMES = 3;
const PHASES = ["--grid", "--answer", "--payload", "--accent"];
const PACKETS: [string, string][] = [
  ["--ask", "asks"], ["--answer", "answers"], ["--payload", "carries"], ["--tree", "changes links"], ["--quiet", "other"],
];

export class LegendPanel {
  private scene: Scene | undefined;
  private shown = "";
  private readonly kinds = new Map<string, Set<string>>();

  constructor(private readonly player: Player) {}

  update(): void {
    const { scene, frame } = this.player;
    if (scene !== this.scene) {
      this.scene = scene;
      this.kinds.clear();
    }
    const onRing = frame.sides[0]!.nodes <= MOST_ON_RING;
    if (onRing) this.look();
    const [down, lit] = [frame.sides.some((side, index) => frame.up(index) < side.nodes), this.lit(scene, frame)];
    const names = PACKETS.map(([color]) => [...this.kinds.get(color) ?? []].join());
    const key = [scene.name, scene.title, onRing, down, lit, ...names].join("|");
    if (key === this.shown) return;
    this.shown = key;
    byId("legend").replaceChildren(
      row("Nodes", ...scene.values.flatMap((value, index) => index === 0 ? ofColor(value)
        : value.scale === "gauge" ? [item("gauge", "", value.label)]
          : value.scale === "lamp" ? [item(lit > 0 ? "lamp-on" : "lamp-off", "", `${value.label}: ${lit}`)] : []),
      scene.plane ? item("needle", "", "the direction of its line") : null,
      scene.marked ? item("rim", "", scene.marked) : null,
      down ? item("down", "", "does not run") : null),
      onRing ? row("Between", ...this.lines(scene, down), ...this.packets()) : "");
  }

  /** Notes the kinds of the latest packets. */
  private look(): void {
    for (const packets of this.player.recording.packets) {
      for (let i = Math.max(0, packets.length - LOOKED_AT); i < packets.length; i++) {
        const color = kindColor(packets[i]!.kind);
        const names = this.kinds.get(color) ?? new Set();
        this.kinds.set(color, names.add(kindName(packets[i]!.kind)));
      }
    }
  }

  /** At how many nodes of all sides the lamp is lit. */
  private lit(scene: Scene, frame: Frame): number {
    const place = scene.values.findIndex((value) => value.scale === "lamp");
    let count = 0;
    frame.sides.forEach(({ nodes }, side) => {
      for (let node = 0; place >= 0 && node < nodes; node++) count += frame.value(side, node, place) >= 1 ? 1 : 0;
    });
    return count;
  }

  private lines = (scene: Scene, down: boolean): HTMLElement[] => [
    ...scene.linkKinds.length > 0
      ? scene.linkKinds.map((word, kind) => item(kind === 1 ? "line-strong" : "line-faint", "", word))
      : [item("line", "", "knows")],
    ...down && scene.linkKinds.length === 0 ? [item("line-dead", "", "knows a dead one")] : []];

  private packets(): HTMLElement[] {
    const seen = PACKETS.filter(([color]) => this.kinds.has(color)).map(([color, word]) => {
      const names = [...this.kinds.get(color)!];
      const text = names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? ", …" : "");
      return item("dot", color, `${word}: ${text}`);
    });
    return seen.length > 0 ? [...seen, item("lost", "", "lost")] : [];
  }
}

function ofColor(value: NodeValue): HTMLElement[] {
  if (value.scale !== "phase") {
    return [el("span", { class: "key-item" }, value.label, " ", String(value.least), el("i", { class: "swatch ramp", "aria-hidden": "true" }),
      String(value.most), el("span", { class: "hidden" }, ", from the weakest to the strongest colour"))];
  }
  const words = value.words ?? [];
  return words.some((word) => word !== "")
    ? words.flatMap((word, phase) => word ? [item("node", PHASES[phase]!, word)] : []) : [item("node", "--accent", value.label)];
}

const row = (label: string, ...items: (HTMLElement | null)[]): HTMLElement =>
  el("p", {}, el("b", {}, label), ...items);

function item(swatch: string, color: string, text: string): HTMLElement {
  const mark = el("i", { class: `swatch ${swatch}`, "aria-hidden": "true" });
  if (color) mark.style.setProperty("--swatch", `var(${color})`);
  return el("span", { class: "key-item" }, mark, text);
}
