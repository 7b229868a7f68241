// A scene inside a chapter: what has no room beside the network opens below it, and the frame grows with it.

import { byId, el } from "./dom";

/** What can be opened: its name in a chapter, the label of its button, and what is shown then. */
const PARTS: [name: string, label: string, shown: string][] = [
  ["text", "What this shows", "text"], ["lens", "Curves and lenses", "lens-tabs"],
  ["settings", "Settings", "settings"], ["tools", "All tools and lamps", "tools"],
];

/** The row of buttons. A chapter opens parts itself: it gives their names as the name of the frame. */
export function embed(): void {
  const { classList } = document.documentElement;
  const frame = self.frameElement as HTMLElement | null;
  const networks = byId("networks");
  const wanted = new Set(self.name.split(" "));
  byId<HTMLDetailsElement>("settings").open = true;

  // The network keeps the size that it had when nothing was open.
  const size = networks.clientHeight;
  const fit = () => {
    classList.toggle("opened", PARTS.some(([name]) => classList.contains(`with-${name}`)));
    networks.style.minHeight = classList.contains("opened") ? `${size}px` : "";
    if (!frame) return;
    frame.style.height = "";
    const needed = document.documentElement.scrollHeight;
    if (classList.contains("opened") || needed > innerHeight) frame.style.height = `${needed + 2}px`;
  };
  const buttons = PARTS.map(([name, label, shown]) => {
    const open = wanted.has(name);
    classList.toggle(`with-${name}`, open);
    const button = el("button", {
      type: "button", class: "chip", id: `more-${name}`, "aria-controls": shown, "aria-expanded": String(open),
      onclick: () => {
        button.setAttribute("aria-expanded", String(classList.toggle(`with-${name}`)));
        fit();
      },
    }, label);
    return button;
  });
  document.querySelector(".time")!.after(el("div", { class: "more", role: "group", "aria-label": "More of this scene" }, ...buttons));
  fit();
  const observer = new ResizeObserver(fit);
  for (const growing of ["prediction", "about", "settings", "legend"]) observer.observe(byId(growing));
}
