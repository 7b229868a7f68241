// What keys do, wherever the focus is; the dialog behind `?` lists them.

import type { ScenesInfo } from "../contract";
import type { Selection } from "../draw/network";
import type { Player } from "../player";
import { byId } from "./dom";
import { initialLink } from "./knobs";
import type { Lenses } from "./lenses";
import type { ToolsPanel } from "./tools";

export interface Hands {
  player: Player;
  info: ScenesInfo;
  selection: Selection;
  tools: ToolsPanel;
  lenses: Lenses;
  select: (side: number, node: number, other?: number) => void;
  go: (link: string) => void;
}

export function listenToKeys({ player, info, selection, tools, lenses, select, go }: Hands): void {
  const count = () => player.frame.sides[selection.side]!.nodes;
  const near = (node: number, way: 1 | -1): number =>
    node < 0 ? (way > 0 ? 0 : count() - 1) : (node + count() + way) % count();

  /** The other end of a link: never the selected node itself, which is the first one where none is selected yet. */
  const selectOther = (way: 1 | -1): void => {
    const node = Math.max(0, selection.node);
    let other = near(selection.other < 0 ? node : selection.other, way);
    if (other === node) other = near(other, way);
    if (other !== node) select(selection.side, node, other);
  };

  const keys: Record<string, () => void> = {
    " ": () => (player.playing ? player.pause() : player.play()),
    ".": () => player.step(),
    ",": () => player.scrub(player.recording.frames[player.recording.indexAt(player.cursor) - 1]?.time ?? 0),
    n: () => select(selection.side, near(selection.node, 1)),
    p: () => select(selection.side, near(selection.node, -1)),
    N: () => selectOther(1),
    P: () => selectOther(-1),
    o: () => { if (player.state.sides > 1) select(1 - selection.side, Math.max(0, selection.node)); },
    Escape: () => select(0, -1),
    k: () => tools.byName("crash"),
    r: () => tools.byName("restart"),
    c: () => tools.byName("cut"),
    h: () => tools.byName("calm"),
    m: () => { lenses.select("messages"); },
    "?": () => byId<HTMLDialogElement>("help").showModal(),
  };
  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    // An answer and a slider take arrows, and go on to have the focus when they were set.
    const typing = target.matches("select, textarea, dialog *, input:not([type=radio], [type=range])")
      || (event.key === " " && target.matches("button, a, summary, input:not(:checked)"));
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const scene = info.scenes[Number(event.key) - 1];
    const action = keys[event.key] ?? (scene ? () => go(initialLink(scene)) : undefined);
    if (!action) return;
    event.preventDefault();
    action();
  });
  byId("keys").addEventListener("click", () => byId<HTMLDialogElement>("help").showModal());
}

/** The arrows, Home and End go through the tabs of a list, as a screen reader says they do. */
export function arrowsThrough(tabs: HTMLElement): void {
  tabs.addEventListener("keydown", (event) => {
    const all = [...tabs.querySelectorAll<HTMLElement>("[role=tab]")];
    const at = all.findIndex((tab) => tab === document.activeElement);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    if (at < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const tab = all.at(next % all.length)!;
    tab.click();
    tab.focus();
  });
}
