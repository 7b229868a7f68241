// A frame as the core writes it (PlayFrame.cs), read without copying.

const HEAD = 8;
const SIDE = 6;
const MAGIC = 0x48590001;

export interface Packet {
  number: number; from: number; to: number; kind: number; sentAt: number; arrivesAt: number; lost: boolean;
  bytes: number;
}

export interface Side {
  nodes: number;
  /** Where each node begins. */
  starts: Int32Array;
  values: number;
  metrics: number[];
  broken: number;
  lasting: number;
}

export class Frame {
  private readonly floats: Float32Array;
  readonly sides: Side[] = [];
  /** In ms since the scene began. */
  readonly time: number;

  private constructor(readonly numbers: Int32Array) {
    this.floats = new Float32Array(numbers.buffer, numbers.byteOffset, numbers.length);
    this.time = numbers[1]! / 10;
  }

  /** Reads a frame; its packets go to `packets`, one list for each side, and are no longer part of it. */
  static read(numbers: Int32Array, packets?: Packet[][]): Frame {
    if (numbers[0] !== MAGIC) throw new Error("This is not a frame of this version.");
    const frame = new Frame(numbers);
    let place = HEAD;
    for (let i = 0; i < numbers[2]!; i++) place = frame.readSide(place, packets?.[i]);
    return frame;
  }

  private readSide(place: number, packets?: Packet[]): number {
    const n = this.numbers;
    const [nodes, values, metricCount, packetCount, broken, lasting] =
      [n[place]!, n[place + 1]!, n[place + 2]!, n[place + 3]!, n[place + 4]!, n[place + 5]!];
    place += SIDE;
    const metrics: number[] = [];
    for (let i = 0; i < metricCount; i++) metrics.push(this.floats[place++]!);
    const starts = new Int32Array(nodes);
    for (let i = 0; i < nodes; i++) {
      starts[i] = place;
      place += 2 + values + (n[place + 1]! & 0xffff) + (n[place + 1]! >>> 16);
    }
    this.sides.push({ nodes, starts, values, metrics, broken, lasting });
    for (let i = 0; i < packetCount; i++, place += 8) {
      packets?.push({
        number: n[place]!, from: n[place + 1]!, to: n[place + 2]!, kind: n[place + 3]!, sentAt: n[place + 4]! / 10,
        arrivesAt: n[place + 5]! / 10, lost: n[place + 6] === 1, bytes: n[place + 7]!,
      });
    }
    return place;
  }

  get events(): number { return this.numbers[4]!; }
  get merges(): number { return this.numbers[7]!; }
  get hash(): string {
    const hex = (value: number) => (value >>> 0).toString(16).padStart(8, "0");
    return hex(this.numbers[5]!) + hex(this.numbers[6]!);
  }
  get bytes(): number { return this.numbers.byteLength; }

  private flags(side: number, node: number): number { return this.numbers[this.sides[side]!.starts[node]!]!; }
  isUp = (side: number, node: number): boolean => (this.flags(side, node) & 1) !== 0;
  isPaused = (side: number, node: number): boolean => (this.flags(side, node) & 2) !== 0;
  isSlow = (side: number, node: number): boolean => (this.flags(side, node) & 4) !== 0;
  isMarked = (side: number, node: number): boolean => (this.flags(side, node) & 8) !== 0;

  value(side: number, node: number, value: number): number {
    return this.floats[this.sides[side]!.starts[node]! + 2 + value]!;
  }

  linkCount = (side: number, node: number): number => this.numbers[this.sides[side]!.starts[node]! + 1]! & 0xffff;

  /** The other end of a link, and its age or kind. */
  link(side: number, node: number, index: number): number {
    const { starts, values } = this.sides[side]!;
    return this.numbers[starts[node]! + 2 + values + index]!;
  }

  static target = (link: number): number => link & 0xffff;
  static age = (link: number): number => (link >>> 16) & 0x7fff;
  /** Whether what the link stands for was used up: an entry that a sampler gave. */
  static isUsedUp = (link: number): boolean => link < 0;

  /** Whether the node has a row in a matrix. */
  hasRow = (side: number, node: number): boolean => this.numbers[this.sides[side]!.starts[node]! + 1]! >>> 16 > 0;

  /** How often a node was the target of another, in the scene's matrix. */
  count(side: number, from: number, to: number): number {
    const { starts, values } = this.sides[side]!;
    const place = starts[from]! + 2 + values + this.linkCount(side, from) + (to >> 1);
    return to >> 1 < this.numbers[starts[from]! + 1]! >>> 16 ? (this.numbers[place]! >>> (to % 2 === 0 ? 0 : 16)) & 0xffff : 0;
  }

  up(side: number): number {
    let count = 0;
    for (let node = 0; node < this.sides[side]!.nodes; node++) count += this.isUp(side, node) ? 1 : 0;
    return count;
  }
}
