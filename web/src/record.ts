// What was seen of a run: frames to go back to, packets, and the curves. Bounded.

import { Frame, type Packet } from "./frame";

const MOST_BYTES = 64 << 20;
const MOST_PACKETS = 40_000;
const LEAST_APART = 40;

export class Recording {
  frames: Frame[] = [];
  packets: Packet[][] = [[], []];
  private bytes = 0;

  /** Frames that are less far apart than so many ms are one; and so many packets are kept. */
  constructor(private readonly leastApart = LEAST_APART, private readonly mostPackets = MOST_PACKETS) {}

  get end(): number { return this.frames.at(-1)?.time ?? 0; }
  get memory(): number { return this.bytes; }

  /** Takes in the newest frame. Of frames that are very close only the last is kept. */
  add(numbers: Int32Array): Frame {
    const incoming: Packet[][] = [[], []];
    const frame = Frame.read(numbers, incoming);
    incoming.forEach((packets, side) => this.packets[side]!.push(...packets));
    const last = this.frames.at(-1);
    const before = this.frames.at(-2);
    if (last && (last.time === frame.time || (before && frame.time - before.time < this.leastApart))) {
      this.frames.pop();
      this.bytes -= last.bytes;
    }
    this.frames.push(frame);
    this.bytes += frame.bytes;
    this.bound();
    return frame;
  }

  private bound(): void {
    if (this.bytes > MOST_BYTES) {
      // The older half becomes coarser.
      const half = this.frames.length >> 1;
      this.frames = this.frames.filter((_, index) => index >= half || index % 2 === 0);
      this.bytes = this.frames.reduce((sum, frame) => sum + frame.bytes, 0);
    }
    for (const packets of this.packets) {
      if (packets.length > this.mostPackets) packets.splice(0, this.mostPackets / 2);
    }
  }

  /** The place of the last frame at or before a moment. */
  indexAt(time: number): number {
    let [low, high] = [0, this.frames.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.frames[middle]!.time <= time + 1e-6) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  at = (time: number): Frame | undefined => this.frames[this.indexAt(time)];

  /** The first packet that was sent at or after a moment. */
  packetsFrom(side: number, time: number): number {
    const packets = this.packets[side]!;
    let [low, high] = [0, packets.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (packets[middle]!.sentAt < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What came after a moment never happened. */
  cut(time: number): void {
    this.frames = this.frames.filter((frame) => frame.time <= time);
    this.bytes = this.frames.reduce((sum, frame) => sum + frame.bytes, 0);
    this.packets = this.packets.map((packets) => packets.filter((packet) => packet.sentAt <= time));
  }
}
