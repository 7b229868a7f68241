// Colours of the drawings, read from the style sheet once per theme.

export interface Theme { [name: string]: string; }

let cached: Theme | undefined;

export function theme(): Theme {
  if (cached) return cached;
  const style = getComputedStyle(document.documentElement);
  const names = ["--ink", "--soft", "--line", "--paper", "--card", "--accent", "--dead", "--ask", "--answer",
    "--payload", "--tree", "--quiet", "--low", "--middle", "--high", "--mark", "--grid", "--second", "--good"];
  cached = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()]));
  return cached;
}

export const forgetTheme = (): void => { cached = undefined; };

function channels(color: string): [number, number, number] {
  const hex = color.slice(1);
  return [0, 2, 4].map((place) => parseInt(hex.slice(place, place + 2), 16)) as [number, number, number];
}

function mix(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  const at = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return `rgb(${at(0)} ${at(1)} ${at(2)})`;
}

/** From the least to the most: three colours that are told apart without seeing red or green. */
export function ramp(share: number): string {
  const colors = theme();
  const x = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  return x < 0.5
    ? mix(colors["--low"]!, colors["--middle"]!, 2 * x)
    : mix(colors["--middle"]!, colors["--high"]!, 2 * x - 1);
}

/** 0 unknown, 1 fresh, 2 hot, 3 removed. */
export function phase(value: number): string {
  const colors = theme();
  return [colors["--grid"]!, colors["--answer"]!, colors["--payload"]!, colors["--accent"]!][Math.round(value)]
    ?? colors["--grid"]!;
}
