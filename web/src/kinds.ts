// Names and colours of what packets carry: protocol byte times 32, plus the frame's type.

const NAMES: Record<number, Record<number, string>> = {
  0: { 0: "padding", 1: "challenge", 2: "echo" },
  1: { 1: "request", 2: "reply", 3: "leave", 4: "metadata?", 5: "metadata", 6: "walk", 7: "gift", 8: "refusal" },
  2: {
    1: "ask", 2: "accept", 3: "refuse", 4: "confirm", 5: "close", 6: "ping", 7: "pong", 8: "join", 9: "shuffle",
    10: "shuffled",
  },
  3: {
    1: "message", 2: "have", 3: "want", 4: "gone", 5: "graft", 6: "prune", 7: "coming", 8: "digest", 9: "fetch",
    12: "reach", 13: "farewell", 14: "lacking", 15: "credit",
  },
  4: { 1: "rumors", 2: "pull", 3: "feedback" },
  5: { 1: "ask", 2: "information", 3: "average?", 4: "average", 5: "definitions" },
  6: {
    1: "beat", 2: "ask", 3: "offer", 4: "fetch", 5: "piece", 6: "cells", 7: "chunk", 8: "want", 9: "end", 10: "has?",
    11: "has",
  },
  96: { 1: "model", 2: "model?", 3: "model", 4: "offer", 5: "want", 6: "chunk", 7: "gone", 8: "done" },
};
const PROTOCOLS: Record<number, string> = {
  0: "node", 1: "sampling", 2: "neighbours", 3: "broadcast", 4: "rumors", 5: "aggregation", 6: "anti-entropy",
  96: "learning",
};

/** Names that a trace brings along. */
let brought = new Map<number, string>();

export const bringNames = (names: Map<number, string>): void => { brought = names; };

export const protocolOf = (kind: number): number => kind >> 5;

export function kindName(kind: number): string {
  const [protocol, type] = [kind >> 5, kind & 31];
  return brought.get(kind) ?? NAMES[protocol]?.[type] ?? `${PROTOCOLS[protocol] ?? `protocol ${protocol}`} ${type}`;
}

/** The CSS variable of the colour: what is asked, what is answered, what carries payload, and the rest. */
export function kindColor(kind: number): string {
  const name = kindName(kind);
  if (["message", "rumors", "model"].includes(name)) return "--payload";
  if (["request", "average?", "pull", "want"].includes(name)) return "--ask";
  if (["reply", "average"].includes(name)) return "--answer";
  if (["prune", "graft"].includes(name)) return "--tree";
  return "--quiet";
}
