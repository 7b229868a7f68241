// The form of the calculator, in place of the block of text that has its example.

import { FIELDS, results, type Setting } from "./calculator";
import { el } from "./ui/dom";

export class CalculatorForm {
  private readonly inputs: HTMLInputElement[];
  private readonly outputs = el("dl");
  private readonly said = el("p", { role: "status" });
  private before = new Map<string, string>();

  constructor(block: HTMLElement) {
    const example = new Map(block.textContent!.split("\n").map((line) => line.split(/ {2,}/) as [string, string]));
    this.inputs = FIELDS.map(({ key, label, least, most, whole }) => el("input", {
      type: "number", id: `calculator-${key}`, min: least, max: most, step: whole ? 1 : "any", required: true,
      inputmode: whole ? "numeric" : "decimal", value: example.get(label)?.replaceAll(",", ""),
    }));
    const form = el("form", { class: "calculator", "aria-label": "Calculator", novalidate: true,
      oninput: () => this.show(),
      // The fields take the numbers of the chapter again once this event is over.
      onreset: () => setTimeout(() => this.show()),
      onsubmit: (event: Event) => event.preventDefault(),
    },
    el("fieldset", {}, el("legend", {}, "What you set"), ...FIELDS.map(({ label, key }, index) =>
      el("p", {}, el("label", { for: `calculator-${key}` }, label), this.inputs[index]!)),
    el("button", { type: "reset" }, "As in the text"), this.said),
    el("fieldset", {}, el("legend", {}, "What it comes to"), this.outputs));
    block.parentElement!.replaceWith(form);
    this.show();
  }

  private show(): void {
    const wrong = this.inputs.findIndex((input) => !input.checkValidity());
    this.inputs.forEach((input, index) => input.setAttribute("aria-invalid", String(index === wrong)));
    if (wrong >= 0) {
      const { label, least, most, whole } = FIELDS[wrong]!;
      this.said.className = "said";
      this.said.textContent = `${label}: a ${whole ? "whole " : ""}number from ${least} to ${most.toLocaleString("en-US")}.`;
      return;
    }
    const setting = Object.fromEntries(FIELDS.map(({ key }, index) => [key, this.inputs[index]!.valueAsNumber]));
    const rows = results(setting as unknown as Setting);
    this.outputs.replaceChildren(...rows.flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]));
    // For who hears the page: what is different now, and no more.
    this.said.className = "quiet";
    this.said.textContent = this.before.size === 0 ? "" : rows.filter(([label, value]) => this.before.get(label) !== value)
      .map((row) => row.join(": ")).join("; ");
    this.before = new Map(rows);
  }
}
