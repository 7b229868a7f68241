// The knobs of a scene, for one side or two, and the seed. A changed knob begins the run again.

import type { Knob, RunState, Scene, SceneName } from "../contract";
import { byId, el } from "./dom";

export class KnobsPanel {
  /** What was changed since the run began: that of the link may take its time to open, and more is changed meanwhile. */
  private changed: Record<string, string> = {};

  constructor(private readonly onLink: (link: string) => void) {}

  show(scene: Scene, state: RunState): void {
    this.changed = {};
    const panel = byId("knobs");
    const two = state.sides === 2;
    const rows = scene.knobs.map((knob) => this.row(scene, state, knob, two));
    const seed = el("input", {
      type: "number", min: 1, max: 1e9, value: state.seed, id: "knob-seed",
      onchange: (event: Event) => this.onLink(this.link(scene, state, { seed: (event.target as HTMLInputElement).value })),
    });
    panel.replaceChildren(
      el("div", { class: "knob-head" },
        el("button", {
          type: "button", class: "chip", "aria-pressed": two,
          onclick: () => this.onLink(two ? this.single(scene, state) : `${this.link(scene, state, {})}&b.${this.twin(scene, state)}`),
        }, two ? "Two settings" : "Compare two settings"),
        el("button", {
          type: "button", class: "chip", onclick: () => this.onLink(initialLink(scene)),
        }, "Reset")),
      el("div", { class: "knob seed" }, el("label", { for: "knob-seed" }, "seed"), seed),
      ...rows);
  }

  private row(scene: Scene, state: RunState, knob: Knob, two: boolean): HTMLElement {
    const inputs = state.knobs.map((values, side) => this.input(scene, state, knob, side, values[knob.name]!));
    return el("fieldset", { class: "knob", title: knob.help },
      el("legend", {}, knob.unit ? `${knob.label}, ${knob.unit}` : knob.label),
      ...inputs.map((input, side) => el("div", { class: `value ${two ? (side === 0 ? "left" : "right") : ""}` }, ...input)));
  }

  private input(scene: Scene, state: RunState, knob: Knob, side: number, value: number): HTMLElement[] {
    const label = `${knob.label}${state.sides === 2 ? (side === 0 ? ", left" : ", right") : ""}`;
    const set = (text: string) => this.onLink(this.link(scene, state, { [`${side === 1 ? "b." : ""}${knob.name}`]: text }));
    if (knob.choices.length > 0) {
      const choice = el("select", { "aria-label": label, onchange: () => set(choice.value) },
        ...knob.choices.map((word, index) => el("option", { value: word, selected: index === value }, word)));
      return [choice];
    }
    const shown = el("output", {}, String(value));
    const slider = el("input", {
      type: "range", min: knob.minimum, max: knob.maximum, step: knob.step, value, "aria-label": label,
      oninput: () => { shown.textContent = slider.value; },
      onchange: () => set(slider.value),
    });
    return [slider, shown];
  }

  /** The link with some knobs changed; actions are kept, since both sides and the new run share them. */
  private link(scene: Scene, state: RunState, now: Record<string, string>): string {
    const changed = Object.assign(this.changed, now);
    const parts = [`scene=${scene.name}`, `seed=${changed["seed"] ?? state.seed}`];
    for (const knob of scene.knobs) {
      const text = (value: number) => (knob.choices.length > 0 ? knob.choices[value]! : String(value));
      const left = changed[knob.name] ?? text(state.knobs[0]![knob.name]!);
      if (left !== text(knob.default)) parts.push(`${knob.name}=${left}`);
      if (state.sides < 2) continue;
      const before = state.knobs[0]![knob.name]! === state.knobs[1]![knob.name]!;
      const right = changed[`b.${knob.name}`] ?? (before && changed[knob.name] !== undefined
        ? left : text(state.knobs[1]![knob.name]!));
      if (right !== left) parts.push(`b.${knob.name}=${right}`);
    }
    const actions = state.actions.map((action) => `do=${action}`);
    if (state.sides === 2 && !parts.some((part) => part.startsWith("b."))) parts.push(`b.${this.twin(scene, state)}`);
    return [...parts, ...actions].join("&");
  }

  /** A second side that is as the first one. */
  private twin(scene: Scene, state: RunState): string {
    const knob = scene.knobs[0]!;
    return `${knob.name}=${state.knobs[0]![knob.name]}`;
  }

  private single = (scene: Scene, state: RunState): string =>
    this.link(scene, { ...state, sides: 1, knobs: [state.knobs[0]!] }, {});
}

/** What a scene begins with. */
export const initialLink = (scene: SceneName, seed = "1"): string =>
  [`scene=${scene.name}`, `seed=${seed}`, ...(scene.preset ? scene.preset.split(";") : [])].join("&");
