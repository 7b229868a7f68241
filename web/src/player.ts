// Time: running, stopping, stepping, slowing, going back. It owns the run and its record; the page draws what it says.

import type { Core } from "./core";
import type { Entry, MergeInfo, NodeFacts, RunState, Scene } from "./contract";
import { Frame } from "./frame";
import { Recording } from "./record";
import type { Trace } from "./trace";

/** So long may the core work in a frame, in ms of real time, where drawing takes little. */
const BUDGET = 11;
/** All that a frame may take where drawing takes long: then the core may have the rest. */
const FRAME = 36;
/** Virtual time is let pass in pieces that take about so long, in ms of real time, so that a budget can be kept. */
const SLICE = 5;
/** The longest piece; and on the way to a moment, what frames of the record are apart. In ms of virtual time. */
const PIECE = 250;
/** So long may opening and the way to a moment take at once, and then in each frame, in ms of real time. */
const AT_ONCE = 150;
const ON_THE_WAY = 40;
/** While nothing is shown yet. */
const AT_FIRST = 100;
const LONGEST = 3_600_000;

/** A moment that the run is on its way to, or the beginning of a scene. */
export interface Way {
  /** Whether it leads to the beginning of a scene; until then what was there before is shown. */
  readonly opens?: boolean;
  /** Where it is, and where it goes, in ms of virtual time; to the beginning of a scene, a share of 1. */
  at: number;
  readonly until: number;
  /** Whether what passes was recorded before. */
  readonly repeats: boolean;
  /** What is done there. */
  readonly then: () => void;
}

/** An exchange as it began: who asks whom, what the asker knew and sent, how long that takes, and the merge it leads to. */
export interface Exchange {
  asker: number; called: number; view: Entry[]; buffer: Entry[]; delay: number; selection: string; merge: MergeInfo;
}

export class Player {
  recording = new Recording();
  state!: RunState;
  scene!: Scene;
  playing = false;
  speed = 1;
  /** What is shown, in ms of virtual time; not the head when the visitor went back. */
  cursor = 0;
  /** The virtual seconds that passed in the last real second. */
  pace = 0;
  /** Whether what is shown are live nodes, which nobody here can stop. */
  readonly isLive: boolean = false;
  /** The trace that is shown in place of a run; undefined for a run. */
  trace: Trace | undefined;
  /** Tells what is wrong; an empty text, that it is no longer. */
  onError: (message: string) => void = () => {};
  /** A frame came by itself. */
  onFrame: () => void = () => {};
  onChange: () => void = () => {};
  /** What was being opened is not opened after all. */
  onLeft: () => void = () => {};

  /** What a frame takes beside letting time pass, in ms of real time, and how much of the last one that was. */
  private drawing = 0;
  private passing = 0;
  private piece = 20;
  private parts = 8;
  private going: Way | undefined;

  constructor(readonly core: Core) {}

  /** The last frame took so long, drawn and all. */
  spent(milliseconds: number): void {
    this.drawing = 0.9 * this.drawing + 0.1 * Math.max(0, milliseconds - this.passing);
    this.passing = 0;
  }

  /** The newest moment of the run. */
  get head(): number { return this.recording.end; }
  get isBack(): boolean { return this.cursor < this.head - 1e-6; }
  get frame(): Frame { return this.recording.at(this.cursor)!; }

  /** Whether the picture changes with every frame of the page. */
  get moves(): boolean { return !this.going?.opens && (this.playing || this.going !== undefined); }

  /** The moment that the run is on its way to; undefined if it is on none. */
  get way(): Readonly<Way> | undefined { return this.going; }

  /** What is known of a node beside its values. */
  facts(side: number, node: number): NodeFacts { return this.trace ? {} : this.core.node(side, node); }

  /** Shows a trace, from its beginning. */
  openTrace(trace: Trace, link: string): void {
    this.going = undefined;
    this.trace = trace;
    this.scene = trace.scene;
    this.recording = trace.recording;
    this.cursor = this.recording.frames[0]!.time;
    this.playing = false;
    this.pace = 0;
    this.state = {
      scene: trace.scene.name, seed: "", link, sides: 1, timeMilliseconds: 0, events: 0, traceHash: "",
      knobs: [{}], actions: trace.faults, worlds: [{ checks: true, broken: {}, lasting: [] }],
    };
    this.refresh();
    this.onChange();
  }

  /** Begins the run of a link. What was there before stays until the network is made; a small one is made at once. */
  open(link: string, then: () => void = () => {}): boolean {
    return this.make(link, (end) => {
      this.trace = undefined;
      this.state = this.core.state();
      this.scene = this.core.scene(this.state.scene);
      this.recording = new Recording();
      this.recording.add(this.core.frame());
      this.cursor = 0;
      this.pace = 0;
      const until = /[#&;]t=([\d.]+)/.exec(`&${link}`);
      if (until) this.goTo({ at: 0, until: Math.min(LONGEST, Number(until[1])), repeats: false, then: () => {} }, end);
      this.onChange();
      then();
    });
  }

  play(): void {
    if (!this.going?.opens) this.stop();
    this.playing = true;
    this.onChange();
  }

  pause(): void {
    this.playing = false;
    this.onChange();
  }

  /** One frame of the page: time passes if it runs. */
  tick(elapsed: number): void {
    if (this.going) {
      this.goOn(performance.now() + (this.state ? ON_THE_WAY : AT_FIRST));
      return;
    }
    if (!this.playing) return;
    const target = Math.min(LONGEST, this.cursor + elapsed * this.speed);
    if (this.isBack) {
      this.cursor = Math.min(target, this.head);
      return;
    }
    if (this.trace) {
      this.pause();
      return;
    }
    const [began, from] = [performance.now(), this.cursor];
    // A picture that takes long is worth less often: the core gets twice its time, within the frame.
    const budget = Math.max(BUDGET, Math.min(2 * this.drawing, FRAME - this.drawing));
    if (this.pass(from, target, budget) === undefined) return;
    this.passing = performance.now() - began;
    this.take();
    const pace = (this.cursor - from) / Math.max(1, elapsed);
    this.pace = this.pace === 0 ? pace : this.pace * 0.9 + pace * 0.1;
    if (this.cursor >= LONGEST) this.pause();
  }

  /** Lets the next event happen; if the visitor went back, shows the next recorded moment. */
  step(): void {
    this.stop();
    this.playing = false;
    if (this.isBack) {
      const next = this.recording.frames[this.recording.indexAt(this.cursor) + 1];
      this.cursor = next?.time ?? this.head;
    } else if (!this.trace && this.check(this.core.step())) {
      this.take();
    }
    this.onChange();
  }

  /** Runs until a partner has merged what a node sent it from now on, and goes back to the moment of sending. */
  stepToExchange(): Exchange | null {
    const from = this.startSteps();
    const frames = new Map([[from, this.recording.at(from)!]]);
    return this.steps((frame, hasMerged) => {
      frames.set(frame.time, frame);
      const merge = hasMerged ? this.core.merge(-1) : null;
      if (!merge || merge.isAnswer) return null;
      const packet = this.recording.packets[0]!.findLast(({ from, to, arrivesAt }) =>
        from === merge.partner && to === merge.node && Math.abs(arrivesAt - merge.timeMilliseconds) < 0.2);
      const before = packet && frames.get(packet.sentAt);
      if (!before) return null;
      const asker = merge.partner;
      const view = Array.from({ length: before.linkCount(0, asker) }, (_, index) => before.link(0, asker, index))
        .map((link): Entry => [Frame.target(link), Frame.age(link)]);
      const selection = this.scene.knobs.find(({ name }) => name === "selection");
      this.scrub(packet.sentAt);
      return {
        asker, called: merge.node, view, merge, delay: packet.arrivesAt - packet.sentAt,
        buffer: [[asker, 0], ...merge.received.filter(([node]) => node !== asker)],
        selection: selection?.choices[this.state.knobs[0]![selection.name]!] ?? "",
      };
    });
  }

  /** Runs until a node has merged the answer of its partner. */
  stepToMergeOf(node: number, partner: number): MergeInfo | null {
    const from = this.startSteps();
    return this.steps((_, hasMerged) => {
      const merge = hasMerged ? this.core.merge(node) : null;
      return merge && merge.isAnswer && merge.partner === partner && merge.timeMilliseconds >= from ? merge : null;
    });
  }

  private startSteps(): number {
    this.stop();
    this.playing = false;
    this.cursor = this.head;
    return this.head;
  }

  /** Lets event after event happen until one is what is looked for: ten seconds at most. */
  private steps<T>(found: (frame: Frame, hasMerged: boolean) => T | null): T | null {
    const last = Math.min(LONGEST, this.head + 10_000);
    let result: T | null = null;
    while (!this.trace && result === null && this.head < last && this.check(this.core.step())) {
      const merges = this.frame.merges;
      this.take();
      result = found(this.frame, this.frame.merges !== merges);
    }
    this.onChange();
    return result;
  }

  /** Shows another moment of the record. */
  scrub(time: number): void {
    this.stop();
    this.playing = false;
    this.cursor = Math.max(0, Math.min(this.head, time));
    this.onChange();
  }

  /** Does something now; if the visitor went back, the run is repeated up to here and what followed never happened. */
  act(verb: string, rest: string): void {
    if (this.trace) return;
    this.stop();
    this.goOnFromHere(() => {
      if (!this.check(this.core.act(verb, rest))) return;
      this.take();
      this.state = this.core.state();
      this.onChange();
    });
  }

  /** Ends the way to a moment where it is. */
  stop(): void {
    if (this.going?.opens) this.leave();
    else if (this.going) this.arrive();
  }

  /** What is being opened is not opened: what was there before stays. */
  leave(): void {
    if (!this.going?.opens) return;
    this.going = undefined;
    this.onLeft();
  }

  /** Asks the core for what frames do not hold: breaches and faults in words. */
  refresh(): void {
    if (this.trace) {
      const seen = this.trace.broken.filter(({ at }) => at <= this.cursor + 1e-6);
      this.state.worlds[0]!.broken = Object.fromEntries(seen.map(({ rule, text }) => [rule, text]));
      return;
    }
    this.state = this.core.state();
  }

  /** The link of this run up to the moment shown. */
  link(withTime = false): string {
    const link = this.state.link;
    return withTime && !this.trace ? `${link}&t=${Math.round(this.cursor * 10) / 10}` : link;
  }

  /** If the visitor went back, the run is repeated up to here before something is done. */
  private goOnFromHere(then: () => void): void {
    if (!this.isBack) return then();
    const until = this.cursor;
    const early = this.state.link.split("&").filter((part) =>
      !part.startsWith("do=") || Number(/@([\d.]+)/.exec(part)?.[1] ?? 0) <= this.cursor);
    this.make(early.join("&"), (end) => {
      this.state = this.core.state();
      this.goTo({ at: 0, until, repeats: true, then }, end);
    });
  }

  /** Makes the run of a link, in pieces: the network of a large one takes seconds to come to where its scene begins. */
  private make(link: string, then: (end: number) => void): boolean {
    const wrong = this.core.make(link);
    if (wrong) {
      this.leave();
      this.onError(wrong);
      return false;
    }
    if (!this.going?.opens) this.stop();
    const end = performance.now() + AT_ONCE;
    this.goTo({ opens: true, at: 0, until: 1, repeats: false, then: () => then(end) }, end);
    return true;
  }

  private goTo(way: Way, end: number): void {
    this.going = way;
    this.goOn(end);
  }

  /**
   * Goes a piece of the way, until some moment of real time. A link may ask for an hour of a large network: nobody would
   * get an answer meanwhile.
   */
  private goOn(end: number): void {
    const [way, began] = [this.going!, performance.now()];
    for (let now = began; way.at < way.until && now < end; now = performance.now()) {
      if (way.opens) {
        way.at = this.approach(now);
        continue;
      }
      const reached = this.pass(way.at, Math.min(way.until, way.at + PIECE), end - now);
      if (reached === undefined) return;
      way.at = reached;
      if (!way.repeats) this.take();
    }
    this.passing = performance.now() - began;
    if (way.at < way.until) return;
    if (way.opens) this.going = undefined;
    else this.arrive();
    way.then();
  }

  /** Lets happen some of what comes before the scene, and tells what share of it did. */
  private approach(began: number): number {
    const share = this.core.approach(this.parts);
    const spent = performance.now() - began;
    if (spent > SLICE) this.parts = Math.max(1, this.parts >> 1);
    else if (spent < SLICE / 4) this.parts *= 2;
    return share;
  }

  private arrive(): void {
    const way = this.going!;
    this.going = undefined;
    if (way.repeats) {
      this.recording.cut(way.at);
      const known = this.recording.packets.map((packets) => packets.length);
      this.take();
      // The record has the packets of before already.
      this.recording.packets.forEach((packets, side) => packets.splice(known[side]!));
    }
    this.refresh();
    this.onChange();
  }

  /** Lets virtual time pass while the budget lasts, and tells how far it came; undefined if something went wrong. */
  private pass(from: number, until: number, budget: number): number | undefined {
    const began = performance.now();
    let now = from;
    for (let before = began; now < until && before - began < budget;) {
      now = Math.min(until, now + this.piece);
      if (!this.check(this.core.runUntil(now))) return undefined;
      const after = performance.now();
      if (after - before > SLICE) this.piece = Math.max(1, this.piece / 2);
      else if (after - before < SLICE / 4) this.piece = Math.min(PIECE, this.piece * 2);
      before = after;
    }
    return now;
  }

  private take(): void {
    this.cursor = this.recording.add(this.core.frame()).time;
  }

  private check(error: string): boolean {
    if (!error) return true;
    this.going = undefined;
    this.playing = false;
    this.onError(error);
    this.onChange();
    return false;
  }
}
