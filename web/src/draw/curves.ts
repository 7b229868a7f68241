// Numbers about the network over time: one small plot for each, both sides in one.

import type { Scene } from "../contract";
import type { Recording } from "../record";
import { theme } from "../theme";
import type { Surface } from "./canvas";

const LEFT = 44;
const BOTTOM = 16;
const TOP = 20;

export class CurvesPicture {
  constructor(private readonly surface: Surface) {}

  draw(scene: Scene, recording: Recording, time: number): void {
    const context = this.surface.begin();
    const { width, height } = this.surface;
    const shown = scene.metrics;
    const columns = width > 560 ? 2 : 1;
    const rows = Math.ceil(shown.length / columns);
    const [cellWidth, cellHeight] = [width / columns, height / rows];
    shown.forEach((metric, index) => {
      const [x, y] = [(index % columns) * cellWidth, Math.floor(index / columns) * cellHeight];
      this.plot(context, x, y, cellWidth - 12, cellHeight - 6, index, recording, time,
        `${metric.label}${metric.unit ? `, ${metric.unit}` : ""}`, metric.logarithmic);
    });
  }

  private plot(
    context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, metric: number,
    recording: Recording, time: number, label: string, logarithmic: boolean): void {
    const colors = theme();
    const end = Math.max(10_000, recording.end);
    const transform = (value: number) => (logarithmic ? Math.log10(Math.max(value, 1e-12)) : value);
    const series = this.series(recording, metric, transform);
    const [low, high] = range(series, logarithmic, label.endsWith("%"));
    const [left, right, top, bottom] = [x + LEFT, x + width, y + TOP, y + height - BOTTOM];
    const toX = (t: number) => left + ((right - left) * t) / end;
    const toY = (v: number) => bottom - ((bottom - top) * (v - low)) / (high - low || 1);

    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    context.fillStyle = colors["--ink"]!;
    context.fillText(label, left, y + 12);
    context.strokeStyle = colors["--grid"]!;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, right - left, bottom - top);
    context.fillStyle = colors["--soft"]!;
    context.textAlign = "right";
    context.fillText(tick(low, logarithmic), left - 5, bottom);
    context.fillText(tick(high, logarithmic), left - 5, top + 8);
    context.fillText(`${Math.round(end / 1000)} s`, right, bottom + 12);
    context.textAlign = "left";
    context.fillText("0", left, bottom + 12);

    series.forEach((points, side) => {
      context.strokeStyle = side === 0 ? colors["--accent"]! : colors["--second"]!;
      context.lineWidth = 1.8;
      context.beginPath();
      let drawing = false;
      for (const [t, v] of points) {
        if (!Number.isFinite(v)) { drawing = false; continue; }
        if (drawing) context.lineTo(toX(t), toY(v));
        else context.moveTo(toX(t), toY(v));
        drawing = true;
      }
      context.stroke();
    });
    this.now(context, toX(time), top, bottom, recording, metric, time, right, y + 12, colors);
  }

  private now(
    context: CanvasRenderingContext2D, x: number, top: number, bottom: number, recording: Recording, metric: number,
    time: number, right: number, textY: number, colors: Record<string, string>): void {
    context.strokeStyle = colors["--soft"]!;
    context.globalAlpha = 0.6;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, bottom);
    context.stroke();
    context.globalAlpha = 1;
    const frame = recording.at(time);
    if (!frame) return;
    context.textAlign = "right";
    let place = right;
    for (let side = frame.sides.length - 1; side >= 0; side--) {
      const text = number(frame.sides[side]!.metrics[metric]!);
      context.fillStyle = side === 0 ? colors["--accent"]! : colors["--second"]!;
      context.fillText(text, place, textY);
      place -= context.measureText(text).width + 10;
    }
  }

  private series(
    recording: Recording, metric: number, transform: (value: number) => number): [number, number][][] {
    const frames = recording.frames;
    const step = Math.max(1, Math.floor(frames.length / 500));
    const series: [number, number][][] = (frames.at(-1)?.sides ?? []).map(() => []);
    for (let i = 0; i < frames.length; i += step) {
      const frame = frames[Math.min(frames.length - 1, i)]!;
      frame.sides.forEach((side, index) => series[index]?.push([frame.time, transform(side.metrics[metric]!)]));
    }
    return series;
  }
}

function range(series: [number, number][][], logarithmic: boolean, isShare: boolean): [number, number] {
  const values = series.flat().map(([, value]) => value).filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (logarithmic) return [Math.floor(low), Math.max(Math.floor(low) + 1, Math.ceil(high))];
  return [low >= 0 ? 0 : low, high <= 0 ? 1 : isShare && high > 70 ? 100 : nice(high)];
}

/** The next of 1, 1.5, 2, 3, 5, 7 times a power of ten. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 5, 7, 10].find((step) => step * power >= value * 1.02) ?? 10) * power;
}

const tick = (value: number, logarithmic: boolean): string =>
  logarithmic ? `1e${Math.round(value)}` : number(value);

export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 100_000)) return value.toExponential(1);
  if (size === 0) return "0";
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2)
    : value.toFixed(3);
}
