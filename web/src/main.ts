// The page: it puts the parts together, listens to keys, and keeps the address up to date.

import { Core } from "./core";
import { keepBook, worker } from "./keep";
import { bringNames } from "./kinds";
import { Surface } from "./draw/canvas";
import { MOST_ON_RING, NetworkPicture, type Selection } from "./draw/network";
import { LivePlayer } from "./live";
import { Player } from "./player";
import { forgetTheme } from "./theme";
import { fetchTrace, readFile } from "./trace";
import { byId, el } from "./ui/dom";
import { embed } from "./ui/embedded";
import { ExchangePanel } from "./ui/exchange";
import { listenToKeys } from "./ui/keys";
import { initialLink, KnobsPanel } from "./ui/knobs";
import { LampsPanel } from "./ui/lamps";
import { LegendPanel } from "./ui/legend";
import { Lenses } from "./ui/lenses";
import { PredictionPanel } from "./ui/prediction";
import { Speech } from "./ui/speech";
import { Timeline } from "./ui/timeline";
import { ToolsPanel } from "./ui/tools";
import { WayPanel } from "./ui/way";

const wide = matchMedia("(min-width: 721px)");
const unfold = () => {
  for (const id of ["settings", "about"]) byId<HTMLDetailsElement>(id).open = wide.matches || self !== top;
};
unfold();
wide.addEventListener("change", unfold);
if (self !== top) document.documentElement.classList.add("embedded");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const NAMED_TRACE = "trace=";
const SPEEDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20];

async function start(): Promise<void> {
  if (typeof WebAssembly !== "object") throw new Error("This browser has no WebAssembly.");
  const core = await Core.load();
  const info = core.first();
  const [player, refused] = await playerOf(core);
  document.documentElement.classList.toggle("live", player.isLive);
  const selection: Selection = { side: 0, node: -1, other: -1, veiled: false };
  const pictures = [0, 1].map((side) =>
    new NetworkPicture(new Surface(byId<HTMLCanvasElement>(`network-${side}`)), side));
  const timeline = new Timeline(player);
  const tools = new ToolsPanel(player, info, selection);
  const speech = new Speech(player, info);
  const lamps = new LampsPanel(player, info, (text) => speech.alarm(text));
  const legend = new LegendPanel(player);
  const prediction = new PredictionPanel(player, info.lamps);
  const way = new WayPanel(player, (text) => speech.say(text));
  const exchange = new ExchangePanel(player, (node, partner, veiled) => {
    select(0, node, partner);
    selection.veiled = veiled;
  });
  let dirty = true;
  let refreshed = 0;
  let tabsIn = 10;
  const lenses = new Lenses(player, selection, () => { dirty = true; });
  const knobs = new KnobsPanel((link) => { if (!open(link)) knobs.show(player.scene, player.state); });

  function select(side: number, node: number, other = -1): void {
    Object.assign(selection, { side, node, other, veiled: false });
    speech.selected(selection);
    tools.update();
    dirty = true;
  }

  function open(link: string, keepsLens = true): boolean {
    const before = player.scene?.name;
    if (link === "trace") {
      player.onError("A trace is a file, which no address can hold. Open the file again, or drop it on this page.");
      return false;
    }
    if (link.startsWith(NAMED_TRACE)) {
      const name = link.slice(NAMED_TRACE.length);
      void openTrace(() => fetchTrace(name), link);
      return false;
    }
    return player.open(link, () => {
      bringNames(new Map());
      shown(player.scene.name !== before || !keepsLens);
      if (player.frame.sides[0]!.nodes > 200 && innerWidth < 720) {
        player.onError("So many nodes are slow on a small device: what is drawn may lag behind. Choose fewer in Settings.");
      }
    });
  }

  async function openTrace(bring: () => Blob | Promise<Blob>, link = "trace"): Promise<void> {
    try {
      const trace = await readFile(await bring());
      bringNames(trace.frames);
      player.openTrace(trace, link);
      shown(true);
      if (trace.remark) player.onError(trace.remark);
    } catch (error) {
      player.onError(error instanceof Error ? error.message : String(error));
    }
  }

  /** The page shows something else than before. */
  function shown(isNew: boolean): void {
    const { scene, state } = player;
    byId("message").hidden = true;
    document.documentElement.classList.toggle("traced", player.trace !== undefined);
    if (isNew) {
      select(0, -1);
      player.speed = scene.speed;
      byId<HTMLSelectElement>("speed").value = String(scene.speed);
      showScene();
      lenses.show(scene);
    }
    exchange.reset();
    byId("side-1").hidden = state.sides < 2;
    byId("networks").classList.toggle("two", state.sides === 2);
    captions();
    knobs.show(scene, state);
    tools.show(scene);
    lamps.show();
    prediction.show(scene);
    history.replaceState(null, "", `#${player.link()}`);
    dirty = true;
    if (byId("stage").hidden) showStage();
  }

  /** There is something to show for the first time. */
  function showStage(): void {
    if (refused) player.onError(refused);
    if (byId("message-text").textContent && first !== player.link()) byId("message").hidden = false;
    byId("legend").before(byId("way"));
    byId("loading").hidden = true;
    byId("stage").hidden = false;
    listenToKeys({ player, info, selection, tools, lenses, select, go });
    if (self !== top) embed();
  }

  function go(link: string): void {
    if (player.isLive) location.hash = link;
    else open(link, false);
  }

  function showScene(): void {
    const { scene } = player;
    document.title = `${scene.title} · Hearsay`;
    byId("title").textContent = scene.title;
    byId("question").textContent = scene.question;
    byId("text").replaceChildren(...scene.text.map((paragraph) => el("p", {}, paragraph)),
      scene.chapter && !player.isLive ? el("a", { href: `learn/${scene.chapter}.html` }, "The chapter about it") : "");
    markTab();
  }

  /** The names of all scenes take the core a while, so they come after the first picture. */
  function showTabs(): void {
    Object.assign(info, core.scenes());
    byId("scenes").replaceChildren(...info.scenes.map((scene, index) => el("a", {
      href: `#${initialLink(scene)}`, "data-scene": scene.name, title: `${scene.title}. ${scene.question}`,
    }, index < 9 ? el("small", {}, String(index + 1)) : null, scene.name[0]!.toUpperCase() + scene.name.slice(1))));
    if (player.scene) markTab();
  }

  function markTab(): void {
    for (const tab of byId("scenes").querySelectorAll("a")) {
      const isThis = tab.dataset["scene"] === player.scene.name;
      tab.toggleAttribute("aria-current", isThis);
      if (!isThis) continue;
      tab.setAttribute("aria-current", "page");
      tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  function captions(): void {
    const { state, scene } = player;
    const different = scene.knobs.filter((knob) => state.sides === 2
      && state.knobs[0]![knob.name] !== state.knobs[1]![knob.name]);
    const text = (side: number) => different.map((knob) => {
      const value = state.knobs[side]![knob.name]!;
      return `${knob.choices.length > 0 ? "" : `${knob.label} = `}${knob.choices[value] ?? value}`;
    }).join(", ");
    byId("caption-0").textContent = player.isLive ? "live" : state.sides === 2 ? text(0) || "left" : "";
    byId("caption-1").textContent = text(1) || "right";
  }

  byId("speed").replaceChildren(...SPEEDS.map((speed) => el("option", { value: speed }, `${speed}×`)));
  byId("speed").addEventListener("change", (event) => {
    player.speed = Number((event.target as HTMLSelectElement).value);
  });
  byId("play").addEventListener("click", () => (player.playing ? player.pause() : player.play()));
  byId("step").addEventListener("click", () => player.step());
  byId("restart").addEventListener("click", () => open(player.state.link));
  byId("now").addEventListener("click", () => player.scrub(player.head));
  byId("theme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    document.documentElement.dataset["theme"] = dark ? "light" : "dark";
    forgetTheme();
    dirty = true;
  });
  byId("share").addEventListener("click", async () => {
    const link = `${location.href.split("#")[0]}#${player.link(true)}`;
    history.replaceState(null, "", link);
    await navigator.clipboard?.writeText(link).catch(() => undefined);
    speech.say("The address now shows this moment, and was copied if the browser allows it.");
  });
  const chooser = byId<HTMLInputElement>("trace-file");
  byId("open-trace").hidden = player.isLive;
  byId("open-trace").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    if (file) void openTrace(() => file);
    chooser.value = "";
  });
  const dropping = (event: DragEvent, over: boolean) => {
    if (player.isLive || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.documentElement.classList.toggle("dropping", over);
  };
  addEventListener("dragover", (event) => dropping(event, true));
  addEventListener("dragleave", (event) => dropping(event, false));
  addEventListener("drop", (event) => {
    dropping(event, false);
    const file = event.dataTransfer?.files[0];
    if (file && !player.isLive) void openTrace(() => file);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { forgetTheme(); dirty = true; });

  for (const side of [0, 1]) {
    const canvas = byId<HTMLCanvasElement>(`network-${side}`);
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      const node = pictures[side]!.find(event.clientX - box.left, event.clientY - box.top);
      if (node < 0) select(side, -1);
      else if (node === selection.node && side === selection.side) select(side, -1);
      else if (selection.node >= 0 && (event.shiftKey || event.ctrlKey)) select(side, selection.node, node);
      else select(side, node, selection.node >= 0 && side === selection.side ? selection.node : -1);
    });
  }

  player.onError = (message) => {
    byId("message-text").textContent = message;
    byId("message").hidden = message === "";
  };
  player.onFrame = () => { dirty = true; };
  player.onLeft = () => {
    if (!player.state) return void open(initialLink(info.scenes[0]!), false);
    knobs.show(player.scene, player.state);
    player.onChange();
  };
  byId("message-close").addEventListener("click", () => { byId("message").hidden = true; });
  player.onChange = () => {
    byId("play").textContent = player.playing ? "Pause" : player.isLive ? "Follow" : "Play";
    byId("play").setAttribute("aria-pressed", String(player.playing));
    byId("now").hidden = !player.isBack;
    if (player.state) {
      history.replaceState(null, "", `#${player.link()}`);
      speech.summarize();
    }
    dirty = true;
  };

  addEventListener("hashchange", () => {
    if (player.state && location.hash.slice(1) === player.link()) return player.leave();
    // Between live nodes and scenes the page begins anew.
    if (player.isLive || LivePlayer.token(location.hash)) location.reload();
    else open(location.hash.slice(1), false);
  });

  /**
   * Draws what changed. While time runs, parts take turns: painting a canvas costs the browser more than filling it, and
   * nobody sees whether a curve grows sixty times a second or fifteen. Packets in flight move with every frame.
   */
  function draw(all: boolean): void {
    const turn = script.frames % 4;
    const moves = !still.matches || !player.moves;
    pictures.forEach((picture, side) => {
      if (!all && turn % 2 === 1 && (player.frame.sides[side]?.nodes ?? 0) > MOST_ON_RING) return;
      picture.draw(player.scene, player.recording, player.frame, player.cursor, selection, moves);
    });
    if (all || turn === 1) lenses.draw();
    if (all || turn === 3) timeline.update();
  }

  let last = performance.now();
  const script = { frames: 0, milliseconds: 0, longest: 0 };
  const loop = (now: number): void => {
    const began = performance.now();
    const elapsed = Math.min(250, now - last);
    last = now;
    player.tick(elapsed);
    if (way.update()) dirty = true;
    if (player.state) speech.tick(now);
    if (player.state && (player.moves || dirty)) {
      // While time runs, twice a second; where it stands, with every change: none may come after the last one.
      if (!player.moves || now - refreshed > 500) {
        if (!player.isBack || player.trace) player.refresh();
        lamps.update();
        legend.update();
        exchange.update();
        tools.refresh();
        prediction.update();
        refreshed = now;
      }
      draw(!player.moves || dirty);
      dirty = false;
    }
    // After the second picture, or when there was none for long.
    if (tabsIn > 0 && (tabsIn -= player.state ? 5 : 1) <= 0) showTabs();
    const spent = performance.now() - began;
    player.spent(spent);
    script.frames++;
    script.milliseconds += spent;
    script.longest = Math.max(script.longest, spent);
    requestAnimationFrame(loop);
  };

  const first = !player.isLive && LivePlayer.token(location.hash) === undefined && location.hash.length > 1 ? location.hash.slice(1) : initialLink(info.scenes[0]!);
  addEventListener("resize", () => { dirty = true; });
  // For tests and for `make play-figures`: what the page has measured of itself.
  (globalThis as Record<string, unknown>)["hearsay"] = { player, core, script, selection, select, lenses };
  if (!open(first, false)) open(initialLink(info.scenes[0]!), false);
  requestAnimationFrame(loop);
  await keepForLater();
}

/** Who runs what is shown: this page, or live nodes whose feed the address names. And why it is not those. */
async function playerOf(core: Core): Promise<[Player, string]> {
  const token = LivePlayer.token(location.hash);
  if (token === undefined) return [new Player(core), ""];
  try {
    return [await LivePlayer.connect(core, token), ""];
  } catch (error) {
    return [new Player(core), `${error instanceof Error ? error.message : String(error)} Here is a scene instead.`];
  }
}

/** From the second visit on the page needs no network. What was fetched before the worker came is fetched for it. */
async function keepForLater(): Promise<void> {
  const keeper = await worker();
  if (!keeper) return;
  const cache = await caches.open("hearsay");
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name)
    .filter((name) => name.startsWith(location.origin));
  // Chapters have scenes at index.html, and links to the folder.
  const here = ["./", "index.html"].map((name) => new URL(name, document.baseURI).href);
  for (const name of new Set([location.href.split("#")[0]!, ...here, ...loaded])) {
    if (!(await cache.match(name))) await cache.add(name).catch(() => undefined);
  }
  keepBook(keeper);
}

start().catch((error: unknown) => {
  byId("loading").hidden = true;
  byId("failed").hidden = false;
  byId("failed-why").textContent = error instanceof Error ? error.message : String(error);
});
