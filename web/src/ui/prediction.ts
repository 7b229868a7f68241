// A question before the run; the run answers it.

import type { Prediction, Scene } from "../contract";
import { number } from "../draw/curves";
import type { Player } from "../player";
import { byId, el, seconds } from "./dom";

export class PredictionPanel {
  private chosen = -1;
  private told = false;

  constructor(private readonly player: Player) {}

  show(scene: Scene): void {
    [this.chosen, this.told] = [-1, false];
    byId("prediction").hidden = !scene.prediction;
    if (scene.prediction) this.ask(scene.prediction);
  }

  /** Looks whether the moment asked about has come. */
  update(): void {
    const prediction = this.player.scene.prediction;
    if (!prediction || this.told || this.player.head < prediction.atMilliseconds) return;
    const side = this.player.recording.at(prediction.atMilliseconds)?.sides[prediction.side];
    if (!side) return;
    this.told = true;
    this.tell(prediction, side.metrics[prediction.metric]!);
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
      el("p", { class: "hint" }, `The run answers at ${seconds(prediction.atMilliseconds)}.`));
  }

  private tell(prediction: Prediction, value: number): void {
    const happened = prediction.answers.findIndex((answer) => value >= answer.least && value < answer.below);
    const metric = this.player.scene.metrics[prediction.metric]!;
    const [mine, theirs] = [prediction.answers[this.chosen]?.text, prediction.answers[happened]?.text ?? "none of them"];
    const changed = this.player.state.actions.length > (this.player.scene.preset.includes("do=") ? 1 : 0);
    const parts = [
      el("h3", {}, mine === undefined ? "What happened" : mine === theirs ? "You were right" : "It went otherwise"),
      mine !== undefined && mine !== theirs && el("p", {}, `You said: ${mine}.`),
      el("p", { role: "status" }, `At ${seconds(prediction.atMilliseconds)} the ${metric.label} was `
        + `${number(value)}${metric.unit ? ` ${metric.unit}` : ""}: ${theirs}.`),
      el("p", {}, prediction.why),
      changed && el("p", { class: "hint" },
        "You changed the course of the run; the question was about the scene as it is."),
    ];
    byId("prediction").replaceChildren(...parts.filter((part): part is HTMLParagraphElement => part !== false));
  }
}
