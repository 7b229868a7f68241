// How far the run is on its way to the moment that a link asks for, and a button that ends it there.

import type { Player } from "../player";
import { byId } from "./dom";

export class WayPanel {
  private shown = "";

  constructor(private readonly player: Player, private readonly say: (text: string) => void) {
    byId("way-stop").addEventListener("click", () => player.stop());
  }

  update(): void {
    const { way } = this.player;
    const text = way ? `${(way.repeats ? "Repeating the run" : "Running")}: ${far(way.at, way.until)}` : "";
    if (text === this.shown) return;
    if (this.shown === "" && way) this.say(`${text}. You can stop it here.`);
    this.shown = text;
    byId("way").hidden = way === undefined;
    byId("way-text").textContent = text;
    if (way) byId<HTMLProgressElement>("way-bar").value = way.at / way.until;
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
