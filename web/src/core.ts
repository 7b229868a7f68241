// The core of the page: the state machines as they ship, in .NET on WebAssembly. It is the only module that calls it.

import type { MergeInfo, NodeFacts, PlaneInfo, RunState, Scene, ScenesInfo } from "./contract";

interface Exports {
  Scenes(): string;
  First(): string;
  Scene(name: string): string;
  Make(link: string): string;
  Approach(parts: number): number;
  RunUntil(milliseconds: number): string;
  Step(): string;
  Act(verb: string, rest: string): string;
  Frame(): Uint8Array;
  State(): string;
  Node(side: number, node: number): string;
  Merge(node: number): string;
  Plane(side: number): string;
}

export class Core {
  private readonly described = new Map<string, Scene>();

  private constructor(private readonly exports: Exports) {}

  static async load(): Promise<Core> {
    const address = new URL("./_framework/dotnet.js", document.baseURI).href;
    // A file with a hash to check is not compiled while it comes, but read to its end before. All come from one host.
    const { dotnet } = await import(/* @vite-ignore */ address);
    const runtime = await dotnet.withDiagnosticTracing(false).withConfig({ disableIntegrityCheck: true }).create();
    const assembly = await runtime.getAssemblyExports("Hearsay.Playground.Web");
    return new Core(assembly.Hearsay.Playground.Web.Exports as Exports);
  }

  scenes = (): ScenesInfo => JSON.parse(this.exports.Scenes());
  /** As `scenes`, of the first scene alone. */
  first = (): ScenesInfo => JSON.parse(this.exports.First());

  /** The same object for the same name. */
  scene(name: string): Scene {
    const known = this.described.get(name) ?? JSON.parse(this.exports.Scene(name)) as Scene;
    this.described.set(name, known);
    return known;
  }

  /** Begins to make a run, and goes on with it: the share that is done; with 1 all other calls are about it. */
  make = (link: string): string => this.exports.Make(link);
  approach = (parts: number): number => this.exports.Approach(parts);
  runUntil = (milliseconds: number): string => this.exports.RunUntil(milliseconds);
  step = (): string => this.exports.Step();
  act = (verb: string, rest: string): string => this.exports.Act(verb, rest);
  state = (): RunState => JSON.parse(this.exports.State());
  node = (side: number, node: number): NodeFacts => JSON.parse(this.exports.Node(side, node));
  plane = (side: number): PlaneInfo => JSON.parse(this.exports.Plane(side));
  merge = (node: number): MergeInfo | null => {
    const merge = JSON.parse(this.exports.Merge(node));
    return merge.union ? merge : null;
  };

  frame(): Int32Array {
    const bytes = this.exports.Frame();
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2).slice();
  }
}
