// Live nodes: what they do comes as server-sent events, and is recorded and drawn as a run is. The token of the feed is
// in the fragment of the address, which no browser sends anywhere, and goes from there into a header.

import type { Core } from "./core";
import type { NodeFacts, Scene } from "./contract";
import { Player } from "./player";

const PREFIX = "live=";
const AGAIN = 3000;

/** Why the feed cannot be seen, and whether it is worth asking again. */
class FeedError extends Error {
  constructor(message: string, readonly final: boolean) { super(message); }
}

interface FeedEvent { name: string; data: string; }

export class LivePlayer extends Player {
  override readonly isLive = true;
  private readonly nodes: [string, string][][] = [];
  private troubled = false;
  private closed = false;
  /** The time of the first frame of this connection, so that time goes on where it was. */
  private shift = 0;

  private constructor(core: Core, private readonly token: string) { super(core); }

  /** The token of an address's fragment; undefined if it has none. */
  static token = (hash: string): string | undefined =>
    hash.startsWith(`#${PREFIX}`) ? hash.slice(1 + PREFIX.length) : undefined;

  /** Connects and waits for the first frame. */
  static async connect(core: Core, token: string): Promise<LivePlayer> {
    const player = new LivePlayer(core, token);
    await new Promise<void>((resolve, reject) => { void player.follow(resolve, reject); });
    player.playing = true;
    return player;
  }

  override get moves(): boolean { return false; }
  override open(_link: string, then: () => void): boolean { this.onChange(); then(); return true; }
  override tick(): void {}
  override step(): void {}
  override stepToExchange(): null { return null; }
  override act(): void {}
  override refresh(): void {}
  override link(): string { return PREFIX + this.token; }
  override facts(_side: number, node: number): NodeFacts { return { facts: this.nodes[node] ?? [] }; }

  override play(): void {
    this.cursor = this.head;
    super.play();
  }

  /** Reads the feed for as long as the page is open; a feed that is gone is asked for again. */
  private async follow(first: () => void, failed: (why: Error) => void): Promise<void> {
    for (;;) {
      try {
        for await (const event of feed(this.token)) {
          if (this.takeIn(event)) first();
          if (this.closed) return;
        }
        throw new FeedError("The live source is gone: the connection was closed.", false);
      } catch (error) {
        const why = error instanceof FeedError ? error
          : new FeedError("The live source does not answer any more.", false);
        if (this.recording.frames.length === 0) return failed(why);
        this.tell(why.message);
        if (why.final) return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      this.shift = this.head;
    }
  }

  private tell(message: string): void {
    this.troubled = true;
    this.onError(`${message} What was seen of it is still here, and the time bar goes back to it.`);
  }

  /** Takes an event in. */
  private takeIn({ name, data }: FeedEvent): boolean {
    if (name === "frame") return this.takeFrame(data);
    const told = JSON.parse(data);
    if (name === "scene") this.begin(told as Scene);
    else if (name === "nodes") this.nodes.splice(told.first, Infinity, ...told.facts);
    else if (name === "trouble" && told.message) this.tell(told.message);
    else if (name === "trouble") this.clear();
    else if (name === "end" && this.recording.frames.length === 0) throw new FeedError(told.message, true);
    else if (name === "end") {
      this.closed = true;
      this.tell(told.message);
    }
    return false;
  }

  private takeFrame(data: string): boolean {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const numbers = new Int32Array(bytes.buffer);
    numbers[1]! += this.shift * 10;
    const time = this.recording.add(numbers).time;
    if (this.playing || this.recording.frames.length === 1) this.cursor = time;
    if (this.troubled) this.clear();
    this.onFrame();
    return true;
  }

  private clear(): void {
    this.troubled = false;
    this.onError("");
  }

  private begin(scene: Scene): void {
    this.scene = scene;
    this.state = {
      scene: scene.name, seed: "", link: this.link(), sides: 1, timeMilliseconds: 0, events: 0, traceHash: "",
      knobs: [{}], actions: [], worlds: [{ checks: false, broken: {}, lasting: [] }],
    };
  }
}

async function* feed(token: string): AsyncGenerator<FeedEvent> {
  const answer = await fetch("live/events", { headers: { authorization: `Bearer ${token}` }, cache: "no-store" });
  if (answer.status === 404) throw new FeedError("Nobody shows live nodes at this address.", true);
  if (answer.status === 401) {
    throw new FeedError("The live source refuses this link: it is of another run. Open the link that is printed "
      + "there now.", true);
  }
  if (!answer.ok || !answer.body) throw new FeedError(`The live source refuses (status ${answer.status}).`, false);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const event = parse(text.slice(0, end));
      text = text.slice(end + 2);
      if (event) yield event;
    }
  }
}

/** One event; a comment, which only keeps the connection open, is none. */
function parse(text: string): FeedEvent | undefined {
  let [name, data] = ["", ""];
  for (const line of text.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data = line.slice(6);
  }
  return name && data ? { name, data } : undefined;
}
