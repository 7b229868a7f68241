// The same lenses around every scene: curves, matrix, messages, one node, and where there are merges the exchange.

import type { Scene } from "../contract";
import { Surface } from "../draw/canvas";
import { CurvesPicture, number } from "../draw/curves";
import { MatrixPicture } from "../draw/matrix";
import { MessagesPicture } from "../draw/messages";
import type { Selection } from "../draw/network";
import { PlanePicture } from "../draw/plane";
import { Frame } from "../frame";
import type { Player } from "../player";
import { byId, el } from "./dom";
import { arrowsThrough } from "./keys";

const TABS: [string, string][] = [
  ["plane", "Plane"], ["curves", "Curves"], ["matrix", "Matrix"], ["messages", "Messages"], ["node", "Node"], ["exchange", "Merge"],
];

export class Lenses {
  open = "curves";
  private readonly curves = new CurvesPicture(new Surface(byId<HTMLCanvasElement>("curves")));
  private readonly matrix = new MatrixPicture(new Surface(byId<HTMLCanvasElement>("matrix")));
  private readonly messages = new MessagesPicture(new Surface(byId<HTMLCanvasElement>("messages")));
  private readonly plane = new PlanePicture(new Surface(byId<HTMLCanvasElement>("plane")));
  private shownNode = "";

  constructor(private readonly player: Player, private readonly selection: Selection, private readonly onOpen: () => void) {
    arrowsThrough(byId("lens-tabs"));
  }

  show(scene: Scene): void {
    byId("lens-tabs").replaceChildren(...TABS.filter(([name]) =>
      name === "plane" ? scene.plane : name === "exchange" ? scene.name === "exchange" : name !== "messages" || !this.player.isLive)
      .map(([name, label]) => el("button", {
        type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`,
        "aria-selected": "false", onclick: () => this.select(name),
      }, label)));
    byId("plane-help").textContent = scene.plane?.help ?? "";
    byId("matrix-help").textContent = scene.matrix?.help ?? "";
    byId("matrix").setAttribute("aria-label", scene.matrix ? `Who has ${scene.matrix.label} whom how often, as a matrix`
      : "Who knows whom, as a matrix");
    this.select(scene.lens);
  }

  select(name: string): void {
    this.open = name;
    for (const [tab] of TABS) {
      const chosen = tab === name;
      byId(`panel-${tab}`).hidden = !chosen;
      const button = document.getElementById(`tab-${tab}`);
      button?.setAttribute("aria-selected", String(chosen));
      button?.setAttribute("tabindex", chosen ? "0" : "-1");
    }
    this.shownNode = "";
    this.onOpen();
  }

  draw(): void {
    const { player, selection } = this;
    const frame = player.frame;
    switch (this.open) {
      case "curves": return this.curves.draw(player.scene, player.recording, player.cursor);
      case "matrix": return this.matrix.draw(player.scene, frame);
      case "messages":
        return this.messages.draw(player.recording, frame, Math.max(0, selection.side), player.cursor, selection.node);
      case "plane": return this.plane.draw(player.scene, player, frame, selection);
      case "node": return this.node(frame);
      default: return;
    }
  }

  private node(frame: Frame): void {
    const { side, node } = this.selection;
    const key = `${side} ${node} ${frame.time} ${this.selection.veiled}`;
    if (key === this.shownNode) return;
    this.shownNode = key;
    const panel = byId("panel-node");
    if (this.selection.veiled) {
      panel.replaceChildren(el("p", { class: "hint" }, "Judge the merge first; then its outcome is shown here."));
      return;
    }
    if (node < 0 || node >= (frame.sides[side]?.nodes ?? 0)) {
      panel.replaceChildren(el("p", { class: "hint" }, "Select a node in the network: click it, or press n."));
      return;
    }
    const { values, linkKinds } = this.player.scene;
    const recording = this.player.recording;
    const before = recording.frames[recording.indexAt(frame.time) - 1];
    panel.replaceChildren(
      el("h3", {}, `Node ${node}${frame.isUp(side, node) ? "" : ", which does not run"}`),
      el("dl", {}, ...values.flatMap((value, index) => [
        el("dt", {}, value.label), el("dd", {}, value.scale === "lamp" ? (frame.value(side, node, index) >= 1 ? "yes" : "no")
          : number(frame.value(side, node, index)))])),
      el("h4", {}, linkKinds.length > 0 ? "Links" : "View, the youngest first"),
      this.view(frame, before, side, node),
      this.facts(side, node));
  }

  /** The links, and what changed since the frame before. */
  private view(frame: Frame, before: Frame | undefined, side: number, node: number): HTMLElement {
    const { linkKinds } = this.player.scene;
    const of = (shown: Frame | undefined) => new Map(shown && node < (shown.sides[side]?.nodes ?? 0)
      ? Array.from({ length: shown.linkCount(side, node) }, (_, i) => shown.link(side, node, i))
        .map((link) => [Frame.target(link), [Frame.age(link), Frame.isUsedUp(link)]] as const) : []);
    const [now, then] = [of(frame), of(before)];
    const entries = [...now].sort((a, b) => (linkKinds.length > 0 ? b[1][0] - a[1][0] || a[0] - b[0] : a[1][0] - b[1][0]));
    const gone = before ? [...then.keys()].filter((other) => !now.has(other)) : [];
    return el("div", { class: "entries" },
      ...entries.map(([other, [age, given]]) => el("span", {
        class: `entry ${before && !then.has(other) ? "new" : ""} ${frame.isUp(side, other) ? "" : "dead"} ${given ? "given" : ""}`,
      }, el("b", {}, String(other)), " ", linkKinds[age] ?? String(age), given ? el("span", { class: "hidden" }, " given") : null)),
      ...gone.map((other) => el("span", { class: "entry gone" }, el("b", {}, String(other)), " gone")));
  }

  private facts(side: number, node: number): HTMLElement {
    const { isBack, isLive, trace } = this.player;
    if (trace) return el("p", { class: "hint" }, "A trace tells values and links, and no counters.");
    if (isBack && !isLive) return el("p", { class: "hint" }, "Counters are shown at the newest moment only.");
    const facts = this.player.facts(side, node).facts ?? [];
    return el("details", { open: true }, el("summary", {}, isLive ? "Who it is" : "Counters"),
      el("dl", {}, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
  }
}
