// A question before the run; the run answers it.

import type { Lamp, Prediction, Scene } from "../contract";
import { number } from "../draw/curves";
import type { Player } from "../player";
import { byId, el, seconds } from "./dom";
import { initialLink } from "./knobs";

/** In place of a metric: the first lamp that goes out. */
const LAMP = -1;

/** The knobs of a link. */
const knobs = (link: string): string =>
  link.split("&").filter((part) => !/^(do|seed|t)=/.test(part)).sort().join("&");

export class PredictionPanel {
  private chosen = -1;
  private told = false;

  constructor(private readonly player: Player, private readonly lamps: Lamp[]) {}

  show(scene: Scene): void {
    [this.chosen, this.told] = [-1, false];
    // A scene may ask about the right network, and be opened without it.
    const asks = scene.prediction && scene.prediction.side < this.player.state.sides;
    byId("prediction").hidden = !asks;
    if (asks) this.ask(scene.prediction!);
  }

  /** Looks whether the moment asked about has come. */
  update(): void {
    const { player } = this;
    const { prediction, metrics } = player.scene;
    if (!prediction || this.told || byId("prediction").hidden) return;
    const lamp = prediction.metric === LAMP && prediction.value === undefined ? this.lampThatIsOut() : LAMP;
    if (lamp === LAMP && (player.trace ? player.cursor : player.head) < prediction.atMilliseconds - 1e-6) return;
    const at = `At ${seconds(prediction.atMilliseconds)}`;
    if (prediction.value !== undefined) this.tell(prediction, prediction.value, prediction.told!);
    else if (prediction.metric === LAMP) {
      this.tell(prediction, lamp, lamp === LAMP ? `${at} all lamps burn` : "A rule is broken");
    } else {
      const value = player.recording.at(prediction.atMilliseconds)?.sides[prediction.side]?.metrics[prediction.metric];
      const { label, unit } = metrics[prediction.metric]!;
      if (value !== undefined) this.tell(prediction, value, `${at}, ${label} ${number(value)}${unit && ` ${unit}`}`);
    }
  }

  private lampThatIsOut(): number {
    const broken = this.player.state.worlds[0]!.broken;
    return this.lamps.findIndex((lamp) => lamp.rules.some((rule) => rule in broken));
  }

  /** Whether the knobs are those that the question is about. */
  private isAsAsked(prediction: Prediction): boolean {
    const { scene, state } = this.player;
    return prediction.metric === LAMP || knobs(state.link) === knobs(initialLink(scene));
  }

  private ask(prediction: Prediction): void {
    byId("prediction").replaceChildren(
      el("h3", {}, "Before you run it"),
      el("p", {}, prediction.question),
      el("div", { class: "answers", role: "radiogroup", "aria-label": "Your prediction" },
        ...prediction.answers.map((answer, index) => el("label", {},
          el("input", {
            type: "radio", name: "prediction", value: index,
            onchange: () => {
              this.chosen = index;
              if (!this.player.playing) this.player.play();
            },
          }), answer.text))),
      el("p", { class: "hint" }, prediction.value === undefined
        ? `The run answers at ${seconds(prediction.atMilliseconds)}${prediction.metric === LAMP ? " at the latest" : ""}.`
        : "The run answers."),
      this.isAsAsked(prediction) ? "" : el("p", { class: "hint" },
        "The question is about the scene as it comes. Here some knobs are set otherwise."));
  }

  private tell(prediction: Prediction, value: number, happening: string): void {
    this.told = true;
    const happened = prediction.answers.findIndex((answer) => value >= answer.least && value < answer.below);
    const [mine, theirs] = [prediction.answers[this.chosen]?.text, prediction.answers[happened]?.text ?? "none of them"];
    const { preset } = this.player.scene;
    const changed = !this.isAsAsked(prediction)
      || (prediction.metric !== LAMP && this.player.state.actions.length > preset.split("do=").length - 1);
    const parts = [
      el("h3", {}, mine === undefined ? "What happened" : mine === theirs ? "You were right" : "It went otherwise"),
      mine !== undefined && mine !== theirs && el("p", {}, `You said: ${mine}.`),
      el("p", { role: "status" }, `${happening}: ${theirs}.`),
      el("p", {}, prediction.why),
      changed && el("p", { class: "hint" },
        "This is another course than that of the scene as it comes, which the question was about."),
    ];
    byId("prediction").replaceChildren(...parts.filter((part): part is HTMLParagraphElement => part !== false));
  }
}
