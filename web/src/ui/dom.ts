// Elements, made in one line.

type Content = Node | string | null | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, unknown> = {}, ...content: Content[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...content.filter((part): part is Node | string => part !== null && part !== undefined && part !== false));
  return element;
}

export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
