// The network: nodes at fixed places on a ring, what they know as lines, packets as dots. Beyond sixty nodes a picture.

import type { Scene } from "../contract";
import { Frame, type Packet } from "../frame";
import { kindColor } from "../kinds";
import type { Recording } from "../record";
import { phase, ramp, theme } from "../theme";
import type { Surface } from "./canvas";
import { direction } from "./plane";

export const MOST_ON_RING = 64;
const OLD_CYCLES = 12;
const LONGEST_FLIGHT = 4000;

export interface Selection {
  side: number; node: number; other: number;
  /** Whether the links of the selected node are not shown: the reader is asked for them. */
  veiled: boolean;
}

interface Place { x: number; y: number; }

export class NetworkPicture {
  private places: Place[] = [];
  private radius = 6;
  private center: Place = { x: 0, y: 0 };

  constructor(private readonly surface: Surface, private readonly side: number) {}

  draw(scene: Scene, recording: Recording, frame: Frame, time: number, selection: Selection, moves: boolean): void {
    const context = this.surface.begin();
    const side = frame.sides[this.side];
    if (!side) return;
    this.place(side.nodes);
    if (side.nodes > MOST_ON_RING) {
      this.picture(context, scene, frame, selection);
      return;
    }
    this.links(context, scene, frame, selection);
    if (moves) this.packets(context, recording, frame, time);
    this.nodes(context, scene, frame, selection);
  }

  /** The node under a point; -1 for none. */
  find(x: number, y: number): number {
    let [best, distance] = [-1, Math.max(14, this.radius + 6)];
    this.places.forEach((place, node) => {
      const away = Math.hypot(place.x - x, place.y - y);
      if (away < distance) [best, distance] = [node, away];
    });
    return best;
  }

  private place(count: number): void {
    const { width, height } = this.surface;
    this.center = { x: width / 2, y: height / 2 };
    this.places = [];
    if (count > MOST_ON_RING) {
      const columns = Math.ceil(Math.sqrt(count * (width / Math.max(1, height))));
      const cell = Math.min(width / columns, height / Math.ceil(count / columns));
      const [left, top] = [(width - columns * cell) / 2, (height - Math.ceil(count / columns) * cell) / 2];
      this.radius = cell / 2;
      for (let node = 0; node < count; node++) {
        this.places.push({
          x: left + (node % columns + 0.5) * cell, y: top + (Math.floor(node / columns) + 0.5) * cell,
        });
      }
      return;
    }
    const ring = Math.max(20, Math.min(width, height) / 2 - 30);
    this.radius = Math.max(3.5, Math.min(10, (ring * Math.PI) / Math.max(12, count) / 1.35));
    for (let node = 0; node < count; node++) {
      const angle = (2 * Math.PI * node) / count - Math.PI / 2;
      this.places.push({
        x: this.center.x + ring * Math.cos(angle), y: this.center.y + ring * Math.sin(angle),
      });
    }
  }

  private picture(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, selection: Selection): void {
    const size = Math.max(1, this.radius * 2 - (this.radius > 3 ? 1.5 : 0.5));
    const colors = theme();
    this.places.forEach((place, node) => {
      context.fillStyle = frame.isUp(this.side, node) ? this.color(scene, frame, node) : colors["--grid"]!;
      context.fillRect(place.x - size / 2, place.y - size / 2, size, size);
    });
    const selected = this.places[selection.node];
    if (!selected) return;
    context.fillStyle = colors["--ink"]!;
    for (let i = 0; i < frame.linkCount(this.side, selection.node); i++) {
      const to = this.places[Frame.target(frame.link(this.side, selection.node, i))];
      if (to) context.fillRect(to.x - 1.5, to.y - 1.5, 3, 3);
    }
    context.strokeStyle = colors["--ink"]!;
    context.lineWidth = 2;
    context.strokeRect(selected.x - size / 2 - 1, selected.y - size / 2 - 1, size + 2, size + 2);
  }

  private links(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, selection: Selection): void {
    const byAge = scene.linkKinds.length === 0;
    const groups = new Map<string, Path2D>();
    const add = (key: string, from: number, to: number) => {
      const path = groups.get(key) ?? new Path2D();
      groups.set(key, path);
      this.curve(path, from, to);
    };
    for (let node = 0; node < frame.sides[this.side]!.nodes; node++) {
      for (let i = 0; i < frame.linkCount(this.side, node); i++) {
        const link = frame.link(this.side, node, i);
        const to = Frame.target(link);
        if (to >= this.places.length || to === node) continue;
        const dead = !frame.isUp(this.side, to);
        const own = selection.node === node && !selection.veiled;
        if (selection.node === node && selection.veiled) continue;
        if (own && Frame.isUsedUp(link)) add("used", node, to);
        else add(own ? "own" : dead ? "dead" : byAge ? (Frame.age(link) > OLD_CYCLES ? "old" : "young")
          : Frame.age(link) === 1 ? "eager" : "quiet", node, to);
        if (own && dead) add("dead", node, to);
      }
    }
    const colors = theme();
    let total = 0;
    for (let node = 0; node < this.places.length; node++) total += frame.linkCount(this.side, node);
    const thin = Math.min(1, 260 / Math.max(1, total));
    const styles: [string, string, number, number][] = [
      ["old", colors["--line"]!, 0.2 + 0.3 * thin, 1], ["quiet", colors["--line"]!, 0.6, 1], ["young", colors["--accent"]!, 0.08 + 0.16 * thin, 1],
      ["eager", colors["--accent"]!, 0.85, 2.2], ["dead", colors["--dead"]!, 0.5, 1.2],
      ["used", colors["--soft"]!, 0.35, 1], ["own", colors["--ink"]!, 0.9, 1.8],
    ];
    for (const [key, color, alpha, width] of styles) {
      const path = groups.get(key);
      if (!path) continue;
      context.globalAlpha = alpha * (selection.node >= 0 && key !== "own" && key !== "used" ? 0.5 : 1);
      [context.strokeStyle, context.lineWidth] = [color, width];
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  private curve(path: Path2D, from: number, to: number): void {
    const [a, b] = [this.places[from]!, this.places[to]!];
    const bend = this.bend(a, b, from < to);
    path.moveTo(a.x, a.y);
    path.quadraticCurveTo(bend.x, bend.y, b.x, b.y);
  }

  /** Lines lean to the middle; the two directions of a pair lie a little apart. */
  private bend(a: Place, b: Place, first: boolean): Place {
    const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
    const apart = first ? 4 : -4;
    const length = Math.max(1, Math.hypot(b.x - a.x, b.y - a.y));
    return {
      x: x + (this.center.x - x) * 0.45 + ((b.y - a.y) / length) * apart,
      y: y + (this.center.y - y) * 0.45 - ((b.x - a.x) / length) * apart,
    };
  }

  private packets(context: CanvasRenderingContext2D, recording: Recording, frame: Frame, time: number): void {
    const packets = recording.packets[this.side]!;
    const colors = theme();
    for (let i = recording.packetsFrom(this.side, time - LONGEST_FLIGHT); i < packets.length; i++) {
      const packet = packets[i]!;
      if (packet.sentAt > time) break;
      this.packet(context, packet, frame, time, colors[kindColor(packet.kind)]!, colors["--dead"]!);
    }
    context.globalAlpha = 1;
  }

  private packet(
    context: CanvasRenderingContext2D, packet: Packet, frame: Frame, time: number, color: string, dead: string): void {
    const [a, b] = [this.places[packet.from], this.places[packet.to]];
    if (!a || !b) return;
    const way = packet.lost ? 120 : Math.max(1, packet.arrivesAt - packet.sentAt);
    const share = (time - packet.sentAt) / way;
    const vain = packet.lost || !frame.isUp(this.side, packet.to);
    const end = packet.lost ? 0.6 : 1;
    if (share > (vain ? end + 0.5 : 1) || share < 0) return;
    const at = Math.min(end, share);
    const bend = this.bend(a, b, packet.from < packet.to);
    const [x, y] = [along(a.x, bend.x, b.x, at), along(a.y, bend.y, b.y, at)];
    context.fillStyle = color;
    if (vain && share >= end) {
      context.globalAlpha = Math.max(0, 1 - (share - end) * 2);
      [context.strokeStyle, context.lineWidth] = [dead, 2];
      context.beginPath();
      context.moveTo(x - 4, y - 4);
      context.lineTo(x + 4, y + 4);
      context.moveTo(x + 4, y - 4);
      context.lineTo(x - 4, y + 4);
      context.stroke();
      context.globalAlpha = 1;
      return;
    }
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(x, y, packet.bytes > 200 ? 3.4 : 2.4, 0, 2 * Math.PI);
    context.fill();
  }

  private nodes(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, selection: Selection): void {
    const colors = theme();
    const count = this.places.length;
    context.font = `${count > 40 ? 10 : 11}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    this.places.forEach((place, node) => {
      const up = frame.isUp(this.side, node);
      context.beginPath();
      context.arc(place.x, place.y, this.radius, 0, 2 * Math.PI);
      context.fillStyle = up ? this.color(scene, frame, node) : colors["--paper"]!;
      context.fill();
      context.lineWidth = frame.isMarked(this.side, node) ? 2.5 : 1;
      context.strokeStyle = !up ? colors["--dead"]! : frame.isMarked(this.side, node) ? colors["--mark"]!
        : colors["--soft"]!;
      context.stroke();
      if (up) this.gauges(context, scene, frame, node, place);
      if (up && scene.plane) this.needle(context, place, direction(frame, this.side, node, scene.plane));
      if (!up) this.cross(context, place, colors["--dead"]!);
      if (up && (frame.isPaused(this.side, node) || frame.isSlow(this.side, node))) {
        this.halo(context, place, 4, colors["--mark"]!, [2, 3]);
      }
      if (selection.node === node) this.halo(context, place, 4, colors["--ink"]!, []);
      if (selection.other === node) this.halo(context, place, 4, colors["--mark"]!, []);
      const away = (this.radius + 11) / Math.max(1, Math.hypot(place.x - this.center.x, place.y - this.center.y));
      context.fillStyle = selection.node === node ? colors["--ink"]! : colors["--soft"]!;
      context.fillText(`${node}`, place.x + (place.x - this.center.x) * away,
        place.y + (place.y - this.center.y) * away);
    });
  }

  /** Numbers that are shown at the node beside its colour: an arc that is full at the most, and a lamp. */
  private gauges(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, node: number, place: Place): void {
    const colors = theme();
    scene.values.forEach((value, index) => {
      const number = frame.value(this.side, node, index);
      if (value.scale === "gauge" && Number.isFinite(number)) {
        const share = Math.min(1, Math.max(0, (number - value.least) / (value.most - value.least)));
        context.lineWidth = 2.5;
        for (const [color, part] of [[colors["--grid"]!, 1], [colors["--good"]!, share]] as const) {
          context.strokeStyle = color;
          context.beginPath();
          context.arc(place.x, place.y, this.radius + 3.5, -Math.PI / 2, (2 * part - 0.5) * Math.PI);
          if (part > 0) context.stroke();
        }
      } else if (value.scale === "lamp" && number >= 1) {
        context.beginPath();
        context.arc(place.x, place.y, Math.max(2, this.radius * 0.42), 0, 2 * Math.PI);
        [context.fillStyle, context.strokeStyle, context.lineWidth] = [colors["--mark"]!, colors["--card"]!, 1.2];
        context.fill();
        context.stroke();
      }
    });
  }

  /** The direction of the node's line, as a needle through it. */
  private needle(context: CanvasRenderingContext2D, place: Place, angle: number | undefined): void {
    if (angle === undefined) return;
    const [x, y] = [Math.cos(angle) * this.radius * 1.7, Math.sin(angle) * this.radius * 1.7];
    [context.strokeStyle, context.lineWidth] = [theme()["--ink"]!, 2];
    context.beginPath();
    context.moveTo(place.x - x, place.y - y);
    context.lineTo(place.x + x, place.y + y);
    context.stroke();
  }

  private cross(context: CanvasRenderingContext2D, place: Place, color: string): void {
    const reach = this.radius * 0.5;
    [context.strokeStyle, context.lineWidth] = [color, 1.5];
    context.beginPath();
    context.moveTo(place.x - reach, place.y - reach);
    context.lineTo(place.x + reach, place.y + reach);
    context.moveTo(place.x + reach, place.y - reach);
    context.lineTo(place.x - reach, place.y + reach);
    context.stroke();
  }

  private halo(context: CanvasRenderingContext2D, place: Place, away: number, color: string, dash: number[]): void {
    context.setLineDash(dash);
    [context.strokeStyle, context.lineWidth] = [color, 2];
    context.beginPath();
    context.arc(place.x, place.y, this.radius + away, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
  }

  private color(scene: Scene, frame: Frame, node: number): string {
    const value = scene.values[0]!;
    const number = frame.value(this.side, node, 0);
    return value.scale === "phase" ? phase(number) : ramp((number - value.least) / (value.most - value.least || 1));
  }
}

const along = (a: number, bend: number, b: number, t: number): number =>
  (1 - t) * (1 - t) * a + 2 * (1 - t) * t * bend + t * t * b;
