// A merge, to be done by hand first: the union as cards, the reader crosses out, then sees what the rule did.

import type { MergeInfo } from "../contract";
import { byId, el } from "./dom";

const REASONS: Record<string, string> = {
  kept: "kept", healed: "healed away: among the oldest", swapped: "swapped away: just sent", chance: "dropped by chance",
};

export class ExchangePanel {
  private merge: MergeInfo | null = null;
  private crossed = new Set<number>();
  private revealed = false;

  constructor(private readonly onNext: () => void, private readonly onReveal: () => void) {}

  /** Shows a merge; the reader has not judged it yet. */
  show(merge: MergeInfo | null): void {
    if (merge && this.merge && merge.timeMilliseconds === this.merge.timeMilliseconds && merge.node === this.merge.node) return;
    [this.merge, this.crossed, this.revealed] = [merge, new Set(), false];
    this.draw();
  }

  reset(): void {
    this.merge = null;
    this.draw();
  }

  private draw(): void {
    const next = el("button", { type: "button", class: "primary", onclick: this.onNext },
      this.merge ? "Next merge" : "Run to the next merge");
    if (!this.merge) {
      byId("exchange").replaceChildren(
        el("p", {}, "Nothing is merged yet. The run will stop right after a node got what its partner sent."), next);
      return;
    }
    byId("exchange").replaceChildren(...this.lesson(this.merge, next));
  }

  private lesson(merge: MergeInfo, next: HTMLElement): HTMLElement[] {
    const surplus = merge.union.length - merge.viewSize;
    const story = merge.isAnswer
      ? `Node ${merge.node} asked node ${merge.partner}, and the answer is here.`
      : `Node ${merge.partner} asked node ${merge.node}, which has just answered.`;
    const cards = merge.union.map((_, index) => this.card(merge, index));
    const check = el("button", {
      type: "button", class: "primary", disabled: this.crossed.size !== surplus,
      onclick: () => {
        this.revealed = true;
        this.onReveal();
        this.draw();
      },
    }, "Compare with the node");
    return [
      el("p", {}, `${story} Together ${merge.union.length} entries, and room for ${merge.viewSize}: `
        + `${surplus} must go. H = ${merge.healing}, S = ${merge.swap}.`),
      el("div", { class: "cards", role: "group", "aria-label": "Entries; press one to cross it out" }, ...cards),
      el("p", { class: "legend" }, el("span", { class: "key own" }, "had"), el("span", { class: "key came" }, "came"),
        el("span", { class: "key sent" }, "⇄ just sent"), " The small number is the age."),
      this.revealed ? this.verdict(merge) : el("p", { class: "hint" },
        `Cross out ${surplus} entr${surplus === 1 ? "y" : "ies"}: ${this.crossed.size} of ${surplus}.`),
      el("div", { class: "row" }, check, next),
    ];
  }

  private card(merge: MergeInfo, index: number): HTMLElement {
    const [node, age] = merge.union[index]!;
    const [own, came, sent] = [merge.before, merge.received, merge.sent].map((list) => list.some(([id]) => id === node));
    const reason = merge.reasons[index]!;
    const off = this.revealed ? reason !== "kept" : this.crossed.has(index);
    return el("button", {
      type: "button", "aria-pressed": off, disabled: this.revealed,
      class: `card ${own ? "own" : ""} ${came ? "came" : ""} ${off ? "off" : ""} ${this.revealed ? reason : ""}`,
      title: this.revealed ? REASONS[reason] : `node ${node}, age ${age}${sent ? ", just sent" : ""}`,
      onclick: () => {
        if (!this.crossed.delete(index)) this.crossed.add(index);
        this.draw();
      },
    }, el("b", {}, String(node)), el("small", {}, String(age)), sent ? el("i", { "aria-label": "just sent" }, "⇄") : null,
    this.revealed && this.crossed.has(index) ? el("u", {}, "you") : null);
  }

  /** What of the reader's choice the rule agrees with. Where chance decides, any choice is as good. */
  private verdict(merge: MergeInfo): HTMLElement {
    const by = (reason: string) => merge.reasons.flatMap((why, index) => (why === reason ? [index] : []));
    const [healed, swapped, chance] = [by("healed"), by("swapped"), by("chance")];
    const missed = [...healed, ...swapped].filter((index) => !this.crossed.has(index));
    const names = (list: number[]) => list.map((index) => merge.union[index]![0]).join(", ") || "nobody";
    const oldest = Math.min(...healed.map((index) => merge.union[index]![1]), Infinity);
    const tied = missed.length > 0 && missed.every((index) => merge.union[index]![1] === oldest);
    return el("div", { class: "verdict", role: "status" },
      el("p", { class: missed.length === 0 ? "right" : "wrong" }, missed.length === 0
        ? "You and the node agree where the rule leaves no choice."
        : tied ? "Of entries of the same age either may be called the oldest; the node took another one than you."
          : `The rule also took ${names(missed)}.`),
      el("ul", {},
        el("li", {}, `Healing took ${names(healed)}: the oldest.`),
        el("li", {}, `Swap took ${names(swapped)}: just sent to the partner, who has ${swapped.length === 1 ? "it" : "them"} now.`),
        el("li", {}, `Chance took ${names(chance)}.`)));
  }
}
