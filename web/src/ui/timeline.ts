// The time bar: what was recorded, where we are, and a ribbon of what the visitor did.

import type { Player } from "../player";
import { byId, el, seconds } from "./dom";

export class Timeline {
  private readonly bar = byId<HTMLInputElement>("scrub");
  private marks = "";

  constructor(private readonly player: Player) {
    this.bar.addEventListener("input", () => player.scrub(Number(this.bar.value)));
  }

  update(): void {
    const { player } = this;
    const end = Math.max(10_000, player.head);
    this.bar.max = String(end);
    if (document.activeElement !== this.bar || player.playing) this.bar.value = String(player.cursor);
    this.bar.setAttribute("aria-valuetext", `${seconds(player.cursor)} of ${seconds(player.head)}`);
    byId("time").textContent = seconds(player.cursor);
    byId("recorded").style.width = `${(100 * player.head) / end}%`;
    byId("pace").textContent = player.playing && !player.isBack && player.pace > 0
      ? `${player.pace < 10 ? player.pace.toFixed(1) : Math.round(player.pace)}× real time` : "";
    byId("hash").textContent = player.isBack ? "" : player.frame.hash;
    this.ribbon(end);
  }

  private ribbon(end: number): void {
    const { actions } = this.player.state;
    const key = `${end} ${actions.join()}`;
    if (key === this.marks) return;
    this.marks = key;
    byId("ribbon").replaceChildren(...actions.map((action) => {
      const [, verb = "", at = "0", rest = ""] = /^([a-z]+)@([\d.]+)(.*)$/.exec(action) ?? [];
      const lasts = Number(/\+([\d.]+)/.exec(rest)?.[1] ?? 0);
      return el("span", {
        class: `mark ${verb}`, title: `${verb} at ${seconds(Number(at))}`,
        style: `left:${(100 * Number(at)) / end}%;width:max(3px,${(100 * Math.min(lasts, end - Number(at))) / end}%)`,
      });
    }));
  }
}
