// The matrix: a row for each node, a column for each other. It shows who knows whom, with the in-degrees below as bars;
// or, where a scene counts something, how often the node of the row did it to that of the column.

import type { Scene } from "../contract";
import { Frame } from "../frame";
import { ramp, theme } from "../theme";
import type { Surface } from "./canvas";
import { number } from "./curves";

const OLD = 12;
const BARS = 38;
const HEAD = 18;
const GAP = 10;

interface Box { x: number; y: number; w: number; h: number; }

/** What is told of a picture: the sums of its columns, and a line above and below it. */
interface Painted { sums: number[]; head: string; foot: string; }

/** How even the counts of all pairs of different nodes are. */
export interface Spread { mean: number; most: number; least: number; chiSquare: number; }

/** Counts of pairs against an even share: χ² over its degrees of freedom is near 1 for pure chance. */
export function spread(frame: Frame, side: number): Spread {
  const nodes = frame.sides[side]!.nodes;
  const counts: number[] = [];
  for (let from = 0; from < nodes; from++) {
    for (let to = 0; to < nodes; to++) if (from !== to) counts.push(frame.count(side, from, to));
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return {
    mean, most: Math.max(0, ...counts), least: Math.min(...counts),
    chiSquare: mean > 0 && counts.length > 1 ? squares / mean / (counts.length - 1) : NaN,
  };
}

export class MatrixPicture {
  private image: ImageData | undefined;
  private readonly buffer = document.createElement("canvas");

  constructor(private readonly surface: Surface) {}

  draw(scene: Scene, frame: Frame): void {
    const context = this.surface.begin();
    const { width, height } = this.surface;
    const sides = frame.sides.length;
    const across = width > height;
    for (let side = 0; side < sides; side++) {
      const box = sides === 1 ? { x: 0, y: 0, w: width, h: height }
        : across ? { x: (side * (width + GAP)) / 2, y: 0, w: (width - GAP) / 2, h: height }
          : { x: 0, y: (side * (height + GAP)) / 2, w: width, h: (height - GAP) / 2 };
      this.side(context, scene, frame, side, box);
    }
  }

  private side(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, side: number, box: Box): void {
    const count = frame.sides[side]!.nodes;
    const counts = scene.matrix !== undefined && frame.hasRow(side, 0);
    const top = box.y + HEAD;
    const size = Math.max(20, Math.min(box.w, box.h - HEAD - BARS - 20));
    const left = box.x + (box.w - size) / 2;
    this.clear(count);
    const told = counts ? this.paintCounts(scene.matrix!.label, frame, side, count) : this.paintLinks(scene, frame, side, count);
    this.buffer.getContext("2d")!.putImageData(this.image!, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.buffer, 0, 0, count, count, left, top, size, size);
    const colors = theme();
    context.strokeStyle = colors["--grid"]!;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, size, size);
    const most = Math.max(1, ...told.sums);
    const wide = size / count;
    const color = side === 0 ? colors["--accent"]! : colors["--second"]!;
    context.fillStyle = color;
    for (let node = 0; node < count; node++) {
      const high = (BARS * told.sums[node]!) / most;
      context.fillRect(left + node * wide, top + size + 4 + BARS - high, Math.max(0.7, wide - 0.6), high);
    }
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillText(frame.sides.length === 1 ? "" : side === 0 ? "left" : "right", box.x, box.y + 12);
    context.fillStyle = colors["--soft"]!;
    context.textAlign = "right";
    context.fillText(told.head, box.x + box.w, box.y + 12);
    context.textAlign = "center";
    context.fillText(told.foot.replace("#", String(most)), left + size / 2, top + size + BARS + 17);
  }

  /** One pixel for each pair; the canvas makes it larger. */
  private clear(count: number): void {
    if (this.buffer.width !== count || !this.image) {
      this.buffer.width = this.buffer.height = count;
      this.image = new ImageData(count, count);
    }
    const data = this.image.data;
    const paper = rgb(theme()["--card"]!);
    for (let i = 0; i < data.length; i += 4) [data[i], data[i + 1], data[i + 2], data[i + 3]] = [...paper, 255];
  }

  /** A count's colour is its share of twice the mean; who was never a target stays as the paper. */
  private paintCounts(label: string, frame: Frame, side: number, count: number): Painted {
    const [data, sums] = [this.image!.data, new Array<number>(count).fill(0)];
    const { mean, least, most, chiSquare } = spread(frame, side);
    const palette = Array.from({ length: 33 }, (_, step) => rgb(ramp(step / 32)));
    for (let from = 0; from < count; from++) {
      for (let to = 0; to < count; to++) {
        const times = frame.count(side, from, to);
        if (times === 0) continue;
        sums[to]! += times;
        const at = 4 * (from * count + to);
        [data[at], data[at + 1], data[at + 2]] = palette[Math.round(32 * Math.min(1, times / (2 * mean)))]!;
      }
    }
    return {
      sums, head: `a pair ${label} ${number(mean)}×, ${least} to ${most} · χ² ${number(chiSquare)}`,
      foot: `${label} by all: at most # times`,
    };
  }

  private paintLinks(scene: Scene, frame: Frame, side: number, count: number): Painted {
    const data = this.image!.data;
    const palette = Array.from({ length: OLD + 1 }, (_, age) => rgb(ramp(1 - age / OLD)));
    const [dead, kinds] = [rgb(theme()["--dead"]!), scene.linkKinds.length > 0];
    const sums = new Array<number>(count).fill(0);
    for (let node = 0; node < count; node++) {
      for (let i = 0; i < frame.linkCount(side, node); i++) {
        const link = frame.link(side, node, i);
        const to = Frame.target(link);
        if (to >= count) continue;
        sums[to]!++;
        const color = !frame.isUp(side, to) ? dead
          : kinds ? palette[Frame.age(link) === 1 ? 0 : OLD - 3]! : palette[Math.min(OLD, Frame.age(link))]!;
        const at = 4 * (node * count + to);
        [data[at], data[at + 1], data[at + 2]] = color;
      }
    }
    return { sums, head: kinds ? "" : "stronger: younger", foot: "known by: at most #" };
  }
}

function rgb(color: string): [number, number, number] {
  if (color.startsWith("#")) {
    return [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16)) as [number, number, number];
  }
  return color.match(/\d+/g)!.slice(0, 3).map(Number) as [number, number, number];
}
