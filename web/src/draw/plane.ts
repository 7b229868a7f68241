// The plane of a scene whose nodes part it by lines: the points of all nodes, a line for each node, and dashed those that
// are nobody's.

import type { PlaneInfo, PlaneLens, Scene } from "../contract";
import type { Frame } from "../frame";
import type { Player } from "../player";
import { theme } from "../theme";
import type { Surface } from "./canvas";
import type { Selection } from "./network";

const MARGIN = 8;
const CAPTION = 20;

interface Box { x: number; y: number; size: number; }

/** The direction of a node's line, as it is drawn: down is positive. Undefined where it parts nothing. */
export function direction(frame: Frame, side: number, node: number, plane: PlaneLens): number | undefined {
  const [x, y] = [frame.value(side, node, plane.line), frame.value(side, node, plane.line + 1)];
  return x === 0 && y === 0 ? undefined : Math.atan2(x, y);
}

export class PlanePicture {
  private readonly known: PlaneInfo[] = [];
  private key = "";

  constructor(private readonly surface: Surface) {}

  draw(scene: Scene, player: Player, frame: Frame, selection: Selection): void {
    const context = this.surface.begin();
    if (!scene.plane) return;
    this.ask(player, frame);
    const { width, height } = this.surface;
    const sides = frame.sides.length;
    const across = width > height;
    const size = Math.max(40, sides === 1 ? Math.min(width, height - CAPTION) - MARGIN
      : across ? Math.min(width / 2, height - CAPTION) - MARGIN : Math.min(width, height / 2 - CAPTION) - MARGIN);
    for (let side = 0; side < sides; side++) {
      const room = across && sides === 2 ? { x: (side * width) / 2, w: width / 2, y: 0 }
        : { x: 0, w: width, y: side * (height / sides) };
      this.side(context, scene.plane, frame, side, selection,
        { x: room.x + (room.w - size) / 2, y: room.y + CAPTION, size });
    }
  }

  /** Points belong to nodes and never change; there are more of them when nodes join. */
  private ask(player: Player, frame: Frame): void {
    const key = `${player.state.link.split("&do=")[0]} ${frame.sides.map((side) => side.nodes).join()}`;
    if (key === this.key) return;
    this.key = key;
    frame.sides.forEach((_, side) => { this.known[side] = player.core.plane(side); });
  }

  private side(
    context: CanvasRenderingContext2D, plane: PlaneLens, frame: Frame, side: number, selection: Selection,
    box: Box): void {
    const colors = theme();
    const chosen = selection.veiled ? -1 : selection.node;
    const { points, lines } = this.known[side]!;
    const toX = (x: number) => box.x + ((x / plane.reach + 1) / 2) * box.size;
    const toY = (y: number) => box.y + ((1 - y / plane.reach) / 2) * box.size;
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    context.fillStyle = colors["--soft"]!;
    context.fillText(frame.sides.length === 2 ? (side === 0 ? "left" : "right") : "points and lines of all nodes",
      box.x, box.y - 6);
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.size, box.size);
    context.fillStyle = colors["--paper"]!;
    context.fill();
    context.clip();
    for (const [node, x, y, second] of points) {
      context.globalAlpha = chosen < 0 ? 0.75 : node === chosen ? 1 : 0.3;
      context.fillStyle = second ? colors["--second"]! : colors["--accent"]!;
      context.beginPath();
      context.arc(toX(x), toY(y), node === chosen ? 5 : 2.6, 0, 2 * Math.PI);
      context.fill();
    }
    const line = (x: number, y: number, bias: number) => {
      const length = Math.hypot(x, y);
      if (length === 0) return;
      // The point of the line that is nearest to the middle, and from there far in both directions.
      const [px, py] = [(-bias * x) / length ** 2, (-bias * y) / length ** 2];
      const [dx, dy] = [(-y / length) * 4 * plane.reach, (x / length) * 4 * plane.reach];
      context.beginPath();
      context.moveTo(toX(px - dx), toY(py - dy));
      context.lineTo(toX(px + dx), toY(py + dy));
      context.stroke();
    };
    for (let node = 0; node < frame.sides[side]!.nodes; node++) {
      if (!frame.isUp(side, node)) continue;
      const marked = frame.isMarked(side, node);
      context.strokeStyle = marked ? colors["--mark"]! : colors["--ink"]!;
      context.globalAlpha = node === chosen ? 1 : chosen < 0 ? 0.38 : 0.14;
      context.lineWidth = node === chosen ? 3 : marked ? 1.6 : 1.1;
      line(...this.weights(frame, side, node, plane));
    }
    context.globalAlpha = 1;
    context.lineWidth = 2.2;
    context.setLineDash([7, 5]);
    context.strokeStyle = colors["--good"]!;
    for (const { x, y, bias } of lines) line(x, y, bias);
    context.setLineDash([]);
    context.restore();
    context.strokeStyle = colors["--grid"]!;
    context.lineWidth = 1;
    context.strokeRect(box.x + 0.5, box.y + 0.5, box.size, box.size);
    this.legend(context, box, lines.map(({ label }) => label), colors["--good"]!);
  }

  private weights(frame: Frame, side: number, node: number, plane: PlaneLens): [number, number, number] {
    return [0, 1, 2].map((place) => frame.value(side, node, plane.line + place)) as [number, number, number];
  }

  private legend(context: CanvasRenderingContext2D, box: Box, labels: string[], color: string): void {
    context.textAlign = "right";
    context.fillStyle = color;
    context.fillText(labels.map((label) => `┄ ${label}`).join("  "), box.x + box.size, box.y - 6);
  }
}
