// The calculator of chapter 12: what a setting costs, and how soon things happen. The chapter has the formulas and says
// where each comes from; tests compare them with what the simulator and the lab measure.

export interface Setting {
  nodes: number; view: number; healing: number; cycle: number; fanout: number; metadata: number; rate: number; bytes: number;
}

interface Field { key: keyof Setting; label: string; least: number; most: number; whole: boolean; }

const field = (key: keyof Setting, label: string, least: number, most: number, whole = true): Field =>
  ({ key, label, least, most, whole });

/** In the order of the chapter's block, with its words. */
export const FIELDS: Field[] = [
  field("nodes", "nodes", 2, 1e9), field("view", "view size c", 4, 256), field("healing", "healing H", 1, 128),
  field("cycle", "cycle time, s", 0.01, 3600, false), field("fanout", "fanout f", 1, 16),
  field("metadata", "metadata of a node, bytes", 0, 256),
  field("rate", "messages a second, from all nodes", 0, 1e6, false), field("bytes", "bytes of a message", 0, 4096),
];

const DATAGRAM = 1200;
const STORE = 32 * 1048576;
const RETENTION = 60;

/** Cycles until all have heard what one node knows, where every node tells and asks f peers in each cycle. */
export function cyclesToAll(nodes: number, fanout: number): number {
  let cycles = 0;
  for (let unknowing = 1 - 1 / nodes; unknowing * nodes >= 0.5; cycles++) {
    unknowing *= unknowing ** fanout * Math.exp(-fanout * (1 - unknowing));
  }
  return cycles;
}

/** How often a node asks somebody whom it lost, or a seed: every so many cycles, with a packet of full length. */
const LOOK = 20;

/** Bytes of the request and the answer of an exchange: what stands around the descriptors, and half a view each way. */
export const exchangeBytes = (view: number, metadata: number): number =>
  Math.min(2 * DATAGRAM, 142 + 2 * Math.floor(view / 2) * (34 + (metadata > 0 ? metadata + 1 : 0)));

/** The rows of the chapter: words, and a number with its unit. */
export function results({ nodes, view, healing, cycle, fanout, metadata, rate, bytes }: Setting): [string, string][] {
  const after = (cycles: number): string =>
    `${number(cycles)} cycle${number(cycles) === "1" ? "" : "s"}, ${duration(cycles * cycle)}`;
  const views = (exchangeBytes(view, metadata) * fanout + DATAGRAM / LOOK) / cycle;
  const messages = rate * (bytes + 215);
  return [
    ["packets a node sends for its view", `${number((2 * fanout + 2 / LOOK) / cycle)} a second`],
    ["bytes a node sends for its view", `${number(views)} a second`],
    ["bytes a node sends for messages", `${number(messages)} a second`],
    ["all of it", `${number((views + messages) * 8 / 1000)} kbit/s`],
    ["memory for messages", memory(Math.min(STORE, rate * RETENTION * bytes))],
    ["until all have heard a rumor", after(cyclesToAll(nodes, fanout))],
    ["until the dead are forgotten, if half die", after(Math.round(1.55 * view ** 0.85 / Math.sqrt(fanout * healing)))],
    ["for one more digit of an average", after(2 * Math.log(10) / Math.log(2 * Math.sqrt(Math.E)))],
  ];
}

const number = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: value < 2 ? 2 : value < 10 ? 1 : 0 });

const duration = (seconds: number): string => seconds < 120 ? `${number(seconds)} s`
  : seconds < 7200 ? `${number(seconds / 60)} min` : `${number(seconds / 3600)} h`;

const memory = (bytes: number): string => bytes < 1e6 ? `${number(bytes / 1e3)} kB` : `${number(bytes / 1e6)} MB`;
