// How far the run is on its way to the beginning of its scene or to the moment that a link asks for, and a button that
// ends it there.

import type { Player } from "../player";
import { byId } from "./dom";

export class WayPanel {
  private shown = "";
  private kind = "";

  constructor(private readonly player: Player, private readonly say: (text: string) => void) {
    byId("way-stop").addEventListener("click", () => player.stop());
  }

  /** Tells whether it came or went: the picture above has more or less room then. */
  update(): boolean {
    const { way } = this.player;
    const kind = !way ? "" : way.opens ? "Opening the network" : way.repeats ? "Repeating the run" : "Running";
    const text = way ? `${kind}: ${way.opens ? `${Math.floor(100 * way.at)} %` : far(way.at, way.until)}` : "";
    if (text === this.shown) return false;
    if (way && kind !== this.kind) this.say(`${text}. You can stop it here.`);
    const changes = kind !== this.kind;
    [this.shown, this.kind] = [text, kind];
    byId("way").hidden = way === undefined;
    byId("way-text").textContent = text;
    if (!way) return changes;
    byId<HTMLProgressElement>("way-bar").value = way.at / way.until;
    byId("way-stop").textContent = way.opens ? "Do not open it" : "Stop here";
    return changes;
  }
}

/** Such as "12 of 3,600 s". */
function far(at: number, until: number): string {
  const digits = until < 10_000 ? 1 : 0;
  const step = 10 ** digits;
  const text = (milliseconds: number) => (Math.floor(milliseconds / 1000 * step) / step).toLocaleString("en-US",
    { minimumFractionDigits: digits });
  return `${text(at)} of ${text(until)} s`;
}
