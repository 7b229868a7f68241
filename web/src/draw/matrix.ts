// Who knows whom: a row for each node, a column for each node it may know, and the in-degrees below as bars.

import type { Scene } from "../contract";
import { Frame } from "../frame";
import { ramp, theme } from "../theme";
import type { Surface } from "./canvas";

const OLD = 12;
const BARS = 46;

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
        : across ? { x: (side * width) / 2, y: 0, w: width / 2 - 6, h: height }
          : { x: 0, y: (side * height) / 2, w: width, h: height / 2 - 6 };
      this.side(context, scene, frame, side, box);
    }
  }

  private side(
    context: CanvasRenderingContext2D, scene: Scene, frame: Frame, side: number,
    box: { x: number; y: number; w: number; h: number }): void {
    const count = frame.sides[side]!.nodes;
    const size = Math.max(20, Math.min(box.w, box.h - BARS - 16));
    const [left, top] = [box.x + (box.w - size) / 2, box.y];
    const degrees = this.paint(scene, frame, side, count);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.buffer, 0, 0, count, count, left, top, size, size);
    const colors = theme();
    context.strokeStyle = colors["--grid"]!;
    context.strokeRect(left + 0.5, top + 0.5, size, size);
    const most = Math.max(1, ...degrees);
    const wide = size / count;
    context.fillStyle = side === 0 ? colors["--accent"]! : colors["--second"]!;
    for (let node = 0; node < count; node++) {
      const high = (BARS * degrees[node]!) / most;
      context.fillRect(left + node * wide, top + size + 4 + BARS - high, Math.max(0.7, wide - 0.6), high);
    }
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "left";
    context.fillStyle = colors["--soft"]!;
    context.fillText(`known by: at most ${most}`, left, top + size + BARS + 15);
  }

  /** One pixel for each pair; the canvas makes it larger. */
  private paint(scene: Scene, frame: Frame, side: number, count: number): number[] {
    if (this.buffer.width !== count || !this.image) {
      this.buffer.width = this.buffer.height = count;
      this.image = new ImageData(count, count);
    }
    const data = this.image.data;
    const paper = rgb(theme()["--card"]!);
    for (let i = 0; i < data.length; i += 4) [data[i], data[i + 1], data[i + 2], data[i + 3]] = [...paper, 255];
    const palette = Array.from({ length: OLD + 1 }, (_, age) => rgb(ramp(1 - age / OLD)));
    const [dead, kinds] = [rgb(theme()["--dead"]!), scene.linkKinds.length > 0];
    const degrees = new Array<number>(count).fill(0);
    for (let node = 0; node < count; node++) {
      for (let i = 0; i < frame.linkCount(side, node); i++) {
        const link = frame.link(side, node, i);
        const to = Frame.target(link);
        if (to >= count) continue;
        degrees[to]!++;
        const color = !frame.isUp(side, to) ? dead
          : kinds ? palette[Frame.age(link) === 1 ? 0 : OLD - 3]! : palette[Math.min(OLD, Frame.age(link))]!;
        const at = 4 * (node * count + to);
        [data[at], data[at + 1], data[at + 2]] = color;
      }
    }
    this.buffer.getContext("2d")!.putImageData(this.image, 0, 0);
    return degrees;
  }
}

function rgb(color: string): [number, number, number] {
  if (color.startsWith("#")) {
    return [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16)) as [number, number, number];
  }
  return color.match(/\d+/g)!.slice(0, 3).map(Number) as [number, number, number];
}
