// What the core tells, as it tells it: see SceneDescription and PlayJson in src/Hearsay.Playground.

export interface Knob {
  name: string; label: string; unit: string; help: string;
  default: number; minimum: number; maximum: number; step: number; choices: string[];
}

export interface NodeValue {
  label: string; scale: "ramp" | "phase" | "none" | "gauge" | "lamp"; least: number; most: number;
  /** What each colour of a phase says; a trace has none. */
  words?: string[];
}

export interface Metric { label: string; unit: string; help: string; logarithmic: boolean; }

export interface Verb {
  name: string; label: string; help: string; target: "node" | "edge" | "half" | "some" | "network";
  durationMilliseconds: number; amount: number; most: number; unit: string;
}

export interface Lamp { rules: string[]; label: string; help: string; }

export interface Answer { text: string; least: number; below: number; }

export interface Prediction {
  question: string; side: number; metric: number; atMilliseconds: number; why: string; answers: Answer[];
  /** What happened, where that is known beforehand, and how it is told: of a trace. */
  value?: number; told?: string;
}

/** What the matrix counts, where it does not show who knows whom. */
export interface MatrixLens { label: string; help: string; }

export interface PlaneLens { line: number; reach: number; help: string; }

export interface Scene {
  name: string; title: string; question: string; text: string[]; preset: string; lens: string; speed: number;
  chapter: string; linkKinds: string[]; knobs: Knob[]; values: NodeValue[]; metrics: Metric[]; verbs: Verb[];
  lamps: Lamp[]; prediction?: Prediction; plane?: PlaneLens; matrix?: MatrixLens;
  /** Who has a thick rim. */
  marked?: string;
}

/** What a list of scenes says of one. */
export type SceneName = Pick<Scene, "name" | "title" | "question" | "preset">;

export interface ScenesInfo { scenes: SceneName[]; verbs: Verb[]; lamps: Lamp[]; }

export interface World { checks: boolean; broken: Record<string, string>; lasting: string[]; }

export interface RunState {
  error?: string | null; scene: string; seed: string; link: string; sides: number; timeMilliseconds: number;
  events: number; traceHash: string; knobs: Record<string, number>[]; actions: string[]; worlds: World[];
}

export interface NodeFacts { facts?: [string, string][]; error?: string; }

/** Points as node, x, y and class; lines where x, y and the bias are weights. */
export interface PlaneInfo {
  points: [number, number, number, number][]; lines: { label: string; x: number; y: number; bias: number }[];
}

/** An entry of a view or a message: the node and its age. */
export type Entry = [number, number];

export interface MergeInfo {
  node: number; partner: number; isAnswer: boolean; timeMilliseconds: number; viewSize: number; healing: number;
  swap: number; before: Entry[]; received: Entry[]; sent: Entry[]; union: Entry[]; reasons: string[];
}
