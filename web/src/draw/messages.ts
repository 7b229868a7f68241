// Messages as a sequence chart in causal order: a line down for each node, and a row for each thing that happened. A
// row stands for an order, not for a time: what was sent is always above where it arrives.

import { Frame, type Packet } from "../frame";
import { kindColor, kindName } from "../kinds";
import type { Recording } from "../record";
import { theme } from "../theme";
import type { Surface } from "./canvas";

const MOST_ROWS = 26;
const MOST_LINES = 8;
const TOP = 26;

interface Happening { at: number; packet: Packet; arrives: boolean; }

export class MessagesPicture {
  constructor(private readonly surface: Surface) {}

  draw(recording: Recording, frame: Frame, side: number, time: number, selected: number): void {
    const context = this.surface.begin();
    const { width, height } = this.surface;
    const colors = theme();
    const rows = this.rows(recording, side, time, selected);
    if (rows.length === 0) {
      context.font = "13px system-ui, sans-serif";
      context.fillStyle = colors["--soft"]!;
      context.textAlign = "center";
      context.fillText("Nothing was sent yet.", width / 2, height / 2);
      return;
    }
    const lines = this.lines(rows, selected);
    const [left, right, step] = [18, width - 18, (height - TOP - 10) / Math.max(MOST_ROWS, rows.length)];
    const toX = (node: number) => {
      const index = lines.indexOf(node);
      return index < 0 ? undefined : lines.length === 1 ? width / 2 : left + ((right - left) * index) / (lines.length - 1);
    };
    this.lifelines(context, frame, side, lines, toX, height, selected);
    const sent = new Map<number, number>();
    rows.forEach(({ packet, arrives }, row) => {
      const y = TOP + 6 + row * step;
      if (!arrives) sent.set(packet.number, y);
      if (arrives || packet.lost) this.arrow(context, packet, sent.get(packet.number) ?? TOP, y + (arrives ? 0 : step), toX);
    });
    for (const { packet, arrives } of rows) {
      const y = sent.get(packet.number);
      if (!arrives && !packet.lost && y !== undefined && packet.arrivesAt > time) {
        this.arrow(context, packet, y, height - 6, toX, true);
      }
    }
  }

  /** The last things that happened before a moment, in order. */
  private rows(recording: Recording, side: number, time: number, selected: number): Happening[] {
    const packets = recording.packets[side]!;
    const rows: Happening[] = [];
    const end = recording.packetsFrom(side, time + 1e-6);
    for (let i = end - 1; i >= 0 && rows.length < 4 * MOST_ROWS; i--) {
      const packet = packets[i]!;
      if (selected >= 0 && packet.from !== selected && packet.to !== selected) continue;
      rows.push({ at: packet.sentAt, packet, arrives: false });
      if (!packet.lost && packet.arrivesAt <= time) rows.push({ at: packet.arrivesAt, packet, arrives: true });
      if (end - i > 3000) break;
    }
    rows.sort((a, b) => a.at - b.at || a.packet.number - b.packet.number || Number(a.arrives) - Number(b.arrives));
    return rows.slice(-MOST_ROWS);
  }

  /** Those that take part the most; the selected one among them. */
  private lines(rows: Happening[], selected: number): number[] {
    const counts = new Map<number, number>();
    for (const { packet } of rows) {
      for (const node of [packet.from, packet.to]) counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    counts.delete(-1);
    if (selected >= 0) counts.set(selected, 1e9);
    return [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_LINES).map(([node]) => node).sort((a, b) => a - b);
  }

  private lifelines(
    context: CanvasRenderingContext2D, frame: Frame, side: number, lines: number[],
    toX: (node: number) => number | undefined, height: number, selected: number): void {
    const colors = theme();
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const node of lines) {
      const x = toX(node)!;
      const up = node < frame.sides[side]!.nodes && frame.isUp(side, node);
      context.strokeStyle = up ? colors["--grid"]! : colors["--dead"]!;
      context.lineWidth = node === selected ? 2 : 1;
      context.beginPath();
      context.moveTo(x, TOP - 6);
      context.lineTo(x, height - 4);
      context.stroke();
      context.fillStyle = node === selected ? colors["--ink"]! : colors["--soft"]!;
      context.fillText(`${node}`, x, 11);
    }
  }

  private arrow(
    context: CanvasRenderingContext2D, packet: Packet, fromY: number, toY: number,
    toX: (node: number) => number | undefined, flying = false): void {
    const colors = theme();
    const [a, b] = [toX(packet.from), toX(packet.to)];
    if (a === undefined && b === undefined) return;
    const [x1, x2] = [a ?? b! - 26, b ?? a! + 26];
    const color = packet.lost ? colors["--dead"]! : colors[kindColor(packet.kind)]!;
    [context.strokeStyle, context.fillStyle, context.lineWidth] = [color, color, 1.4];
    context.globalAlpha = flying ? 0.3 : a === undefined || b === undefined ? 0.45 : 1;
    context.setLineDash(flying ? [3, 3] : []);
    const share = packet.lost ? 0.6 : 1;
    const [endX, endY] = [x1 + (x2 - x1) * share, fromY + (toY - fromY) * share];
    context.beginPath();
    context.moveTo(x1, fromY);
    context.lineTo(endX, endY);
    context.stroke();
    context.setLineDash([]);
    this.head(context, endX, endY, Math.atan2(endY - fromY, endX - x1), packet.lost);
    if (Math.abs(x2 - x1) > 44 && !flying) {
      context.font = "10px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "bottom";
      context.fillText(kindName(packet.kind), (x1 + endX) / 2, (fromY + endY) / 2 - 1);
      context.textBaseline = "middle";
    }
    context.globalAlpha = 1;
  }

  private head(context: CanvasRenderingContext2D, x: number, y: number, angle: number, lost: boolean): void {
    context.beginPath();
    if (lost) {
      context.moveTo(x - 3, y - 3);
      context.lineTo(x + 3, y + 3);
      context.moveTo(x + 3, y - 3);
      context.lineTo(x - 3, y + 3);
      context.stroke();
      return;
    }
    context.moveTo(x, y);
    context.lineTo(x - 6 * Math.cos(angle - 0.4), y - 6 * Math.sin(angle - 0.4));
    context.lineTo(x - 6 * Math.cos(angle + 0.4), y - 6 * Math.sin(angle + 0.4));
    context.closePath();
    context.fill();
  }
}
