// What is kept so that nothing needs a network after the first visit, whichever page of the site that was.

/** A page that has begun is left alone for so long, in ms. */
const QUIET = 5000;

/** The worker that answers where there is no network; undefined where the browser has none to offer. */
export async function worker(): Promise<ServiceWorker | undefined> {
  if (!("serviceWorker" in navigator) || !isSecureContext) return undefined;
  await navigator.serviceWorker.register(new URL("./sw.js", import.meta.url));
  return (await navigator.serviceWorker.ready).active ?? undefined;
}

/** Asks the worker for the chapters, the search and the API reference, when the page has nothing else to do. */
export function keepBook(keeper: ServiceWorker | undefined): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (!keeper || connection?.saveData) return;
  const ask = () => keeper.postMessage("keep the book");
  setTimeout(() => ("requestIdleCallback" in globalThis ? requestIdleCallback(ask, { timeout: QUIET }) : ask()), QUIET);
}
