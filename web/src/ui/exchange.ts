// One exchange in steps: picked, prepared, sent, merged. The reader merges by hand; only then the rule is told.

import type { Entry, MergeInfo } from "../contract";
import type { Exchange, Player } from "../player";
import { byId, el } from "./dom";

const REASONS: Record<string, string> = {
  kept: "kept", healed: "healed away: among the oldest", swapped: "swapped away: just sent", chance: "dropped by chance",
};
const PICKED: Record<string, string> = {
  tail: "the oldest entry, which it has not heard of for the longest time", head: "the youngest entry", rand: "any entry, by chance",
};

type Stage = "none" | "picked" | "prepared" | "sent" | "merge";

export class ExchangePanel {
  private exchange: Exchange | null = null;
  private merge: MergeInfo | null = null;
  private stage: Stage = "none";
  private crossed = new Set<number>();
  private revealed = false;
  private knowsRule = false;
  /** Where the run was when the panel last said something, and how much had been done to it. */
  private told = { cursor: 0, actions: 0 };

  constructor(private readonly player: Player,
    private readonly onShow: (node: number, partner: number, veiled: boolean) => void) {}

  /** Another run begins; the reader does not forget the rule. */
  reset(): void {
    this.exchange = this.merge = null;
    this.go("none");
  }

  /** The visitor goes on, goes back, or changes the network: what the panel was about to tell is no longer so. */
  update(): void {
    const { cursor, actions } = this.now();
    const goesOn = this.revealed && this.stage === "merge" && cursor >= this.told.cursor;
    if (this.stage !== "none" && (actions !== this.told.actions || (cursor !== this.told.cursor && !goesOn))) this.reset();
  }

  private now(): { cursor: number; actions: number } {
    return { cursor: this.player.cursor, actions: this.player.state.actions.length };
  }

  /** Finds the next exchange, and goes back to the moment at which it began. */
  private next(): void {
    this.exchange = this.player.stepToExchange();
    this.merge = this.exchange?.merge ?? null;
    this.go(this.exchange ? "picked" : "none", this.exchange === null);
    if (this.exchange) this.onShow(this.exchange.asker, this.exchange.called, true);
  }

  /** The partner's answer comes back. */
  private answer(): void {
    const { asker, called } = this.exchange!;
    this.merge = this.player.stepToMergeOf(asker, called);
    if (this.merge) this.toMerge(this.merge);
    else this.go("none", true);
  }

  private toMerge(merge: MergeInfo): void {
    this.player.scrub(this.player.head);
    [this.merge, this.crossed, this.revealed] = [merge, new Set(), false];
    this.go("merge");
    this.onShow(merge.node, merge.partner, true);
  }

  private go(stage: Stage, failed = false): void {
    this.stage = stage;
    this.told = this.now();
    byId("exchange").replaceChildren(...this.content(failed).filter((part) => part !== ""));
  }

  private content(failed: boolean): (HTMLElement | "")[] {
    const { exchange, merge } = this;
    const button = (label: string, onclick: () => void) =>
      el("div", { class: "row" }, el("button", { type: "button", class: "primary", onclick }, label));
    if (this.stage === "none" || !exchange || !merge) {
      return [el("p", {}, failed ? "No merge followed in which something had to go: a packet was lost, or with these "
        + "settings it carries no entries." : "The run will stop when a node begins an exchange."),
      button("Run to the next exchange", () => this.next())];
    }
    const { asker, called, view, buffer, delay, selection } = exchange;
    switch (this.stage) {
      case "picked": return [
        el("h3", {}, "1. A partner is picked"),
        el("p", {}, `It is the turn of node ${asker}. It knows these nodes. The small number is the age, in cycles.`),
        this.entries(view, called),
        el("p", {}, `It picks ${called}: ${PICKED[selection] ?? selection}.`),
        button("Prepare a buffer", () => this.go("prepared"))];
      case "prepared": return [
        el("h3", {}, "2. A buffer is prepared"),
        el("p", {}, `Node ${asker} puts itself in front, at age 0. Behind it comes up to half of its view. It keeps what it sends.`),
        this.entries(buffer, asker),
        button("Send it", () => this.go("sent"))];
      case "sent": return [
        el("h3", {}, "3. The buffer is sent"),
        el("p", {}, `It is on its way to node ${called} for ${delay.toFixed(0)} ms:`), this.entries(buffer, asker),
        merge.sent.length > 0 ? el("p", {}, `Node ${called} will answer with a buffer of its own:`) : "",
        merge.sent.length > 0 ? this.entries([[called, 0], ...merge.sent], called) : "",
        button("Let it arrive", () => this.toMerge(merge))];
      default: return this.lesson(merge);
    }
  }

  /** Entries to look at; one of them is marked. */
  private entries(list: Entry[], marked: number): HTMLElement {
    return el("ul", { class: "cards" }, ...list.map(([node, age]) => el("li", { class: `card ${node === marked ? "own" : ""}` },
      el("b", {}, String(node)), el("small", {}, String(age)))));
  }

  private lesson(merge: MergeInfo): HTMLElement[] {
    const surplus = merge.union.length - merge.viewSize;
    const cards = merge.union.map((_, index) => this.card(merge, index));
    const check = el("button", {
      type: "button", class: "primary", disabled: this.revealed || this.crossed.size !== surplus,
      onclick: () => {
        this.revealed = this.knowsRule = true;
        this.go("merge");
        this.onShow(merge.node, merge.partner, false);
      },
    }, "Compare with the node");
    const goes = !merge.isAnswer && merge.sent.length > 0
      ? el("button", { type: "button", onclick: () => this.answer() }, "Let the answer arrive")
      : el("button", { type: "button", onclick: () => this.next() }, "Next exchange");
    return [
      el("h3", {}, `${merge.isAnswer ? 5 : 4}. Node ${merge.node} merges`),
      el("p", {}, `${merge.isAnswer ? `The answer of node ${merge.partner} is here.` : `The buffer of node ${merge.partner} is here.`} `
        + `Together ${merge.union.length} entries, and room for ${merge.viewSize}: ${surplus} must go.`
        + (this.knowsRule ? ` H = ${merge.healing}, S = ${merge.swap}.` : " Which would you drop?")),
      el("div", { class: "cards", role: "group", "aria-label": "Entries; press one to cross it out" }, ...cards),
      el("p", { class: "legend" }, el("span", { class: "key own" }, "had"), el("span", { class: "key came" }, "came"),
        el("span", { class: "key own came" }, "both"), el("span", { class: "key sent" }, "⇄ just sent"), " The small number is the age."),
      this.revealed ? this.verdict(merge) : el("p", { class: "hint" },
        `Cross out ${surplus} entr${surplus === 1 ? "y" : "ies"}: ${this.crossed.size} of ${surplus}.`),
      el("div", { class: "row" }, check, goes),
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
        this.go("merge");
      },
    }, el("b", {}, String(node)), el("small", {}, String(age)), sent ? el("i", { "aria-label": "just sent" }, "⇄") : null,
    this.revealed && this.crossed.has(index) ? el("u", {}, "you") : null);
  }

  /** What of the reader's choice the rule agrees with. Where chance decides, any choice is as good. */
  private verdict(merge: MergeInfo): HTMLElement {
    const by = (reason: string) => merge.reasons.flatMap((why, index) => (why === reason ? [index] : []));
    const [healed, swapped, chance] = [by("healed"), by("swapped"), by("chance")];
    const missed = [...healed, ...swapped].filter((index) => !this.crossed.has(index));
    const ageOf = (index: number) => merge.union[index]![1];
    const wasSent = (index: number) => merge.sent.some(([id]) => id === merge.union[index]![0]);
    const names = (list: number[]) => list.map((index) => merge.union[index]![0]).join(", ") || "nobody";
    // Among the oldest of one age, and among those just sent, the rule has no order that the reader can see.
    const last = Math.min(...healed.map(ageOf), Infinity);
    const isAsGood = (index: number, other: number) => healed.includes(index)
      ? ageOf(index) === last && ageOf(other) === last : wasSent(other);
    const others = [...this.crossed].filter((index) => !healed.includes(index) && !swapped.includes(index));
    const tied = missed.every((index) => {
      const other = others.findIndex((one) => isAsGood(index, one));
      return other >= 0 && others.splice(other, 1);
    });
    return el("div", { class: "verdict", role: "status" },
      el("p", { class: missed.length === 0 ? "right" : "wrong" }, missed.length === 0
        ? "You and the node agree where the rule leaves no choice."
        : tied ? "Where entries are alike, equally old or just sent, any of them may go; the node took another one than you."
          : `The rule also took ${names(missed)}.`),
      el("p", {}, `The rule has three steps. First up to H = ${merge.healing} of the oldest go: what is old may be dead. Then up `
        + `to S = ${merge.swap} of those just sent go: the partner has them now. Chance takes the rest.`),
      el("ul", {},
        el("li", {}, `Healing took ${names(healed)}${healed.length > 0 ? ": the oldest" : ""}.`),
        el("li", {}, `Swap took ${names(swapped)}${swapped.length > 0 ? `: just sent to the partner, who has ${swapped.length === 1 ? "it" : "them"} now` : ""}.`),
        el("li", {}, `Chance took ${names(chance)}.`)));
  }
}
