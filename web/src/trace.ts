// Trace files: JSON lines that tell what happened on a network somewhere else, see docs/playground.md. A file may be
// anything at all, so every line is checked, and what is wrong is told with its number.

import type { Prediction, Scene } from "./contract";
import { number } from "./draw/curves";
import { Recording } from "./record";
import { seconds } from "./ui/dom";

export const MOST_BYTES = 64 << 20;
const VERSION = 1;
const MOST_NODES = 1000;
const MOST_NUMBERS = 12;
const MOST_LINKS = 1000;
const MOST_FAULTS = 1000;
const MOST_BROKEN = 64;
const MOST_NAMES = 256;
const LONGEST_LABEL = 80;
const LONGEST_TEXT = 1000;
const LONGEST_TIME = 86_400_000;
const MAGIC = 0x48590001;

/** What is wrong with a file, for its reader. */
export class TraceError extends Error {}

export interface Breach { at: number; rule: string; text: string; }

export interface Trace {
  scene: Scene; recording: Recording; faults: string[]; broken: Breach[]; frames: Map<number, string>;
  /** What a reader of the file should know: that it is not whole, for instance. Empty for nothing. */
  remark: string;
}

type Line = Record<string, unknown>;

interface NodeState { flags: number; values: number[]; links: number[]; }

/** Fetches a trace that lies beside the page, in the folder trace/. */
export async function fetchTrace(name: string): Promise<Blob> {
  if (!/^\w[\w.-]{0,79}$/.test(name)) throw new TraceError("The link names no trace.");
  const answer = await fetch(`trace/${name}`, { cache: "no-store" }).catch(() => undefined);
  if (!answer?.ok || !answer.body) {
    throw new TraceError(`There is no trace ${name} at this address. Open its file, or drop it on this page.`);
  }
  const [reader, pieces] = [answer.body.getReader(), [] as BlobPart[]];
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces);
    if ((bytes += value.length) > MOST_BYTES) {
      await reader.cancel();
      throw new TraceError(`The trace ${name} is longer than ${MOST_BYTES >> 20} MiB.`);
    }
    pieces.push(value);
  }
}

/** Reads a file, as far as it was chosen or dropped by the visitor. */
export async function readFile(file: Blob): Promise<Trace> {
  if (file.size > MOST_BYTES) {
    throw new TraceError(`The file has ${Math.round(file.size / 1048576)} MiB. A trace has at most ${MOST_BYTES >> 20}.`);
  }
  return new Reader().read(await file.text());
}

class Reader {
  private readonly nodes: NodeState[] = [];
  private readonly recording = new Recording(0, 200_000);
  private readonly broken: Breach[] = [];
  private readonly faults: string[] = [];
  private packets: number[] = [];
  private metrics: number[] = [];
  private time = 0;
  private number = 0;
  private packetNumber = 0;
  private changed = false;
  private end: Line | undefined;
  /** What the run is asked about: its first metric, or the mean of the first value; when it was first known, and last. */
  private readonly asked: { time: number; value: number }[] = [];
  private scene!: Scene;
  private frames = new Map<number, string>();

  read(text: string): Trace {
    for (let from = 0; from < text.length;) {
      const found = text.indexOf("\n", from);
      const to = found < 0 ? text.length : found;
      this.number++;
      this.line(text.slice(from, to).trim(), found < 0);
      from = to + 1;
    }
    if (!this.scene) throw new TraceError("The file is empty.");
    if (this.nodes.length === 0) throw new TraceError("The trace tells of no node.");
    this.frame(true);
    this.recording.packets[0]!.sort((a, b) => a.sentAt - b.sentAt || a.number - b.number);
    return {
      scene: { ...this.scene, lamps: this.lamps(), prediction: this.question() }, recording: this.recording, faults: this.faults,
      broken: this.broken, frames: this.frames, remark: this.remark(),
    };
  }

  private remark(): string {
    if (!this.end) return "The trace has no last line: whatever wrote it was stopped. What came before is shown.";
    const out = Number(this.end["nodesLeftOut"]) || 0;
    return (this.end["full"] === true ? "The trace was full before the run ended: its end is not shown. " : "")
      + (out > 0 ? `${out} more nodes are not shown: a trace tells of ${MOST_NODES}.` : "");
  }

  private lamps() {
    return [...new Set(this.broken.map(({ rule }) => rule))].map((rule) => ({
      rules: [rule], label: rule, help: "A rule that is broken in this trace.",
    }));
  }

  /** A question that this run answers, without saying what it shows. */
  private question(): Prediction | undefined {
    const [breach, end] = [this.broken[0], this.time];
    const about = { side: 0, metric: -1, atMilliseconds: end };
    if (breach) {
      const least = [-1, end / 3, (2 * end) / 3, Infinity];
      return {
        ...about, question: "A rule breaks in this run. When?", atMilliseconds: breach.at, value: breach.at,
        answers: ["In its first third", "In its second third", "In its last third"].map((text, index) =>
          ({ text, least: least[index]!, below: least[index + 1]! })),
        told: `“${breach.rule}” broke at ${seconds(breach.at)}`, why: breach.text,
      };
    }
    const [first, last] = this.asked;
    if (!first || !last) return undefined;
    const { metrics, values } = this.scene;
    const unit = metrics[0]?.unit ? ` ${metrics[0].unit}` : "";
    const name = `“${metrics[0]?.label ?? `${values[0]!.label}, mean`}”`;
    const near = Math.abs(first.value) / 10;
    return {
      ...about, question: `${name} is ${number(first.value)}${unit} at ${seconds(first.time)}. And at the end?`,
      answers: [
        { text: "Less", least: -Infinity, below: first.value - near },
        { text: "About the same, give or take a tenth", least: first.value - near, below: first.value + near + 1e-9 },
        { text: "More", least: first.value + near + 1e-9, below: Infinity },
      ],
      value: last.value, told: `At ${seconds(end)} it is ${number(last.value)}${unit}`, why: "The curves show the way there.",
    };
  }

  /** Notes what the question will be about. */
  private note(): void {
    const up = this.nodes.filter(({ flags, values }) => (flags & 1) !== 0 && Number.isFinite(values[0]));
    const value = this.metrics[0] ?? up.reduce((sum, { values }) => sum + values[0]!, 0) / up.length;
    if (Number.isFinite(value)) this.asked[Math.min(1, this.asked.length)] = { time: this.time, value };
  }

  private line(text: string, isLast: boolean): void {
    if (text === "") return;
    let line: Line;
    try {
      line = JSON.parse(text);
    } catch {
      // Whoever was stopped while it wrote leaves half a line.
      if (isLast && this.scene) return;
      throw this.wrong(this.scene ? "it is not JSON" : "this is no trace of Hearsay");
    }
    if (typeof line !== "object" || line === null || Array.isArray(line)) throw this.wrong("it is not an object");
    if (!this.scene) this.head(line);
    else if (this.end) throw this.wrong("something follows the last line");
    else this.happening(line);
  }

  private head(line: Line): void {
    if (line["hearsay"] !== "trace") throw new TraceError("This is no trace of Hearsay: its first line does not say so.");
    if (line["version"] !== VERSION) {
      throw new TraceError(`The trace has version ${String(line["version"])}; this page reads version ${VERSION}.`);
    }
    const values = this.list(line, "values", MOST_NUMBERS).map((value) => ({
      label: this.text(value, "label", LONGEST_LABEL), scale: "ramp" as const, least: this.finite(value, "least", 0),
      most: this.finite(value, "most", 1),
    }));
    if (values.length === 0) throw this.wrong("a trace has at least one value, which colours the nodes");
    const frames = Object.entries((line["frames"] ?? {}) as Line);
    if (frames.length > MOST_NAMES) throw this.wrong(`there are more than ${MOST_NAMES} names of frames`);
    this.frames = new Map(frames.map(([kind, name]) => [Number(kind), String(name).slice(0, LONGEST_LABEL)]));
    const title = this.text(line, "title", LONGEST_TEXT);
    this.scene = {
      name: "trace", title, question: this.text(line, "text", LONGEST_TEXT, ""),
      text: ["This is a trace file: a run that happened somewhere else. Go through it with the time bar, with the keys "
        + "“.” and “,”, and with the lenses."],
      preset: "", lens: "curves", speed: 1, chapter: "", linkKinds: [], knobs: [], verbs: [], lamps: [], values,
      metrics: this.list(line, "metrics", MOST_NUMBERS).map((metric) => ({
        label: this.text(metric, "label", LONGEST_LABEL), unit: this.text(metric, "unit", LONGEST_LABEL, ""),
        help: "", logarithmic: false,
      })),
    };
    this.metrics = this.scene.metrics.map(() => NaN);
  }

  private happening(line: Line): void {
    if ("fault" in line) {
      if (this.faults.length < MOST_FAULTS) this.faults.push(this.text(line, "fault", LONGEST_TEXT));
      return;
    }
    const t = this.whole(line, "t", 0, LONGEST_TIME, false);
    // A packet is told when it is known what became of it; everything else is in order.
    if (t > this.time) {
      this.frame(false);
      this.time = t;
    } else if (t < this.time && !("from" in line)) {
      throw this.wrong(`its moment, ${t} ms, is before that of a line above it`);
    }
    if ("node" in line) this.node(line);
    else if ("from" in line) this.packet(line, t);
    else if ("metrics" in line) {
      this.metrics = this.numbers(line, "metrics", this.scene.metrics.length);
      this.changed = true;
    } else if ("broken" in line) {
      if (this.broken.length === MOST_BROKEN) return;
      this.broken.push({
        at: t, rule: this.text(line, "broken", LONGEST_LABEL), text: this.text(line, "text", LONGEST_TEXT, ""),
      });
      this.changed = true;
    } else if (line["end"] === true) this.end = line;
    // Lines of other kinds are of later versions that add to this one.
  }

  private node(line: Line): void {
    const node = this.whole(line, "node", 0, MOST_NODES - 1);
    while (this.nodes.length <= node) this.nodes.push({ flags: 0, values: this.scene.values.map(() => NaN), links: [] });
    const links = this.list(line, "links", MOST_LINKS, []).map((pair) => {
      if (!Array.isArray(pair)) throw this.wrong("a link is a pair of a node and an age");
      const [to, age = 0] = pair as unknown[];
      if (!isWhole(to, 0, MOST_NODES - 1) || typeof age !== "number" || !(age >= 0)) {
        throw this.wrong("a link leads to a node, and has an age of 0 or more");
      }
      return to | (Math.min(Math.floor(age), 32_767) << 16);
    });
    this.nodes[node] = {
      flags: (line["up"] === true ? 1 : 0) | (line["paused"] === true ? 2 : 0) | (line["slow"] === true ? 4 : 0)
        | (line["marked"] === true ? 8 : 0),
      values: this.numbers(line, "values", this.scene.values.length), links,
    };
    this.changed = true;
  }

  private packet(line: Line, t: number): void {
    const lost = line["arrives"] === undefined || line["arrives"] === null;
    this.packets.push(
      this.packetNumber++, this.whole(line, "from", 0, MOST_NODES - 1), this.whole(line, "to", -1, MOST_NODES - 1),
      this.whole(line, "kind", 0, 65_535), Math.round(t * 10),
      Math.round((lost ? t : this.whole(line, "arrives", 0, 2 * LONGEST_TIME, false)) * 10), lost ? 1 : 0,
      this.whole(line, "bytes", 0, 1 << 30));
  }

  /** What is known of the moment becomes a frame, as the core of the page would write it. */
  private frame(isLast: boolean): void {
    if (!this.changed && !isLast) return;
    this.changed = false;
    this.note();
    const links = this.nodes.reduce((sum, node) => sum + node.links.length, 0);
    const { values, metrics } = this.scene;
    const numbers = new Int32Array(
      14 + metrics.length + this.nodes.length * (2 + values.length) + links + this.packets.length);
    const floats = new Float32Array(numbers.buffer);
    const hash = /^[0-9a-f]{16}$/.exec(String(this.end?.["hash"] ?? ""))?.[0] ?? "0".repeat(16);
    numbers.set([MAGIC, Math.round(this.time * 10), 1, 0, Number(this.end?.["events"]) || 0,
      parseInt(hash.slice(0, 8), 16), parseInt(hash.slice(8), 16), 0, this.nodes.length, values.length, metrics.length,
      this.packets.length / 8, this.broken.length, 0]);
    let place = 14;
    for (const metric of this.metrics) floats[place++] = metric;
    for (const node of this.nodes) {
      numbers[place++] = node.flags;
      numbers[place++] = node.links.length;
      for (const value of node.values) floats[place++] = value;
      for (const link of node.links) numbers[place++] = link;
    }
    numbers.set(this.packets, place);
    this.packets = [];
    this.recording.add(numbers);
  }

  private wrong(what: string): TraceError { return new TraceError(`Line ${this.number} of the trace is no good: ${what}.`); }

  private text(line: Line, name: string, longest: number, standard?: string): string {
    const text = line[name] ?? standard;
    if (typeof text !== "string") throw this.wrong(`${name} is a text`);
    if (text.length > longest) throw this.wrong(`${name} has at most ${longest} characters`);
    return text;
  }

  private finite(line: Line, name: string, standard: number): number {
    const number = line[name] ?? standard;
    if (typeof number !== "number" || !Number.isFinite(number)) throw this.wrong(`${name} is a number`);
    return number;
  }

  private whole(line: Line, name: string, least: number, most: number, whole = true): number {
    const number = line[name];
    if (whole ? !isWhole(number, least, most) : typeof number !== "number" || !(number >= least && number <= most)) {
      throw this.wrong(`${name} is a ${whole ? "whole " : ""}number from ${least} to ${most}`);
    }
    return number as number;
  }

  private list(line: Line, name: string, most: number, standard?: Line[]): Line[] {
    const list = line[name] ?? standard;
    if (!Array.isArray(list) || list.some((item) => typeof item !== "object" || item === null)) {
      throw this.wrong(`${name} is a list`);
    }
    if (list.length > most) throw this.wrong(`${name} has more than ${most} items`);
    return list as Line[];
  }

  private numbers(line: Line, name: string, count: number): number[] {
    const list = line[name];
    if (!Array.isArray(list) || list.length !== count
      || list.some((item) => item !== null && typeof item !== "number")) {
      throw this.wrong(`${name} is a list of ${count} numbers`);
    }
    return list.map((item) => (item === null ? NaN : item as number));
  }
}

function isWhole(number: unknown, least: number, most: number): number is number {
  return typeof number === "number" && Number.isInteger(number) && number >= least && number <= most;
}
