// A lamp for each invariant that is being checked while the visitor attacks.

import type { Lamp, Scene, ScenesInfo } from "../contract";
import type { Player } from "../player";
import { byId, el } from "./dom";

export class LampsPanel {
  private shown = "";
  private out = new Set<string>();

  constructor(private readonly player: Player, private readonly info: ScenesInfo, private readonly onOut: (text: string) => void) {}

  show(): void {
    this.shown = "";
    this.out.clear();
    this.update();
  }

  update(): void {
    const { scene, state } = this.player;
    const broken: Record<string, string> = {};
    state.worlds.forEach((world, side) => {
      for (const [rule, message] of Object.entries(world.broken)) {
        broken[rule] ??= state.sides === 2 ? `${side === 0 ? "Left" : "Right"}: ${message}` : message;
      }
    });
    const key = scene.name + JSON.stringify(broken) + state.worlds[0]!.checks;
    if (key === this.shown) return;
    this.shown = key;
    this.tell(this.lamps(scene), broken);
    byId("lamps").replaceChildren(...this.lamps(scene).map((lamp) => this.lamp(lamp, broken, state.worlds[0]!.checks)));
  }

  /** Says which lamps went out since the last time. */
  private tell(lamps: Lamp[], broken: Record<string, string>): void {
    const out = lamps.flatMap((lamp) => {
      const rule = lamp.rules.find((name) => name in broken);
      return rule === undefined ? [] : [[lamp.label, broken[rule]!] as const];
    });
    const news = out.filter(([label]) => !this.out.has(label));
    this.out = new Set(out.map(([label]) => label));
    if (news.length > 0) this.onOut(news.map(([label, breach]) => `A lamp is out: ${label}. ${breach}`).join(" "));
  }

  private lamps = (scene: Scene): Lamp[] => this.player.trace ? scene.lamps : [...scene.lamps, ...this.info.lamps];

  private lamp(lamp: Lamp, broken: Record<string, string>, checks: boolean): HTMLElement {
    const breach = lamp.rules.map((rule) => broken[rule]).find((message) => message !== undefined);
    const own = this.player.scene.lamps.includes(lamp);
    const state = breach ? "broken" : checks || own ? "holds" : "off";
    const said = breach ? "broken" : state === "holds" ? "holds" : "not checked in so large a network";
    return el("span", { class: `lamp ${state}`, title: breach ?? `${lamp.help} (${said})` },
      el("i", { "aria-hidden": "true" }), lamp.label,
      breach ? el("small", {}, breach.split(":")[0]!.toLowerCase()) : null, el("span", { class: "hidden" }, `: ${said}`));
  }
}
