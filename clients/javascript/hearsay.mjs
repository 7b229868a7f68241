// Ask an agent of Hearsay for peers, publish, listen and aggregate. One file, with nothing but Node.js (20 or later).
//
//     import { Agent } from "./hearsay.mjs";
//     const agent = new Agent();            // HEARSAY_AGENT, or http://127.0.0.1:7980
//     console.log((await agent.peer()).addresses[0]);
//     await agent.publish("prices", "EUR 1.08");
//     for await (const message of agent.listen("prices")) console.log(message.origin, await message.text());
//
// Every call of the HTTP service has a method. A refusal throws Refused, whose `type` tells why; without an agent it is
// Unreachable. Both are an AgentError, whose message is one line. Streams reconnect by themselves and go on after the
// last event; they yield Lagged where events were missed. An AbortSignal ends a stream.

const DEFAULT = "http://127.0.0.1:7980";

/** A call has failed: Refused or Unreachable. Its message is one line. */
export class AgentError extends Error {}

/** No agent answers. Whether it has done what it was asked for is not known. */
export class Unreachable extends AgentError {
  constructor(message, cause) {
    super(message, { cause });
    this.name = "Unreachable";
  }
}

/** The agent refused a call. */
export class Refused extends AgentError {
  constructor(status, problem) {
    super(problem.detail ?? `status ${status}`);
    this.name = "Refused";
    this.status = status;
    this.type = problem.type ?? "";
    this.field = problem.field;
    this.allowed = problem.allowed;
    this.retryAfterSeconds = problem.retryAfterSeconds;
  }
}

/** Events were missed: how many, or null where nobody knows. */
export class Lagged {
  constructor(missed) {
    this.missed = missed;
  }
}

/** A message of a topic. The payload of a long one is fetched when it is asked for. */
export class Message {
  #data;
  #agent;

  constructor(agent, data, eventId) {
    this.#agent = agent;
    this.#data = data;
    this.id = data.id;
    this.origin = data.origin;
    this.sequence = data.sequence;
    this.eventId = eventId;
  }

  /** The bytes. Refused of type unknown-message if they were long and the node holds them no more. */
  async payload() {
    if (this.#data.text !== undefined) return new TextEncoder().encode(this.#data.text);
    if (this.#data.base64 !== undefined) return bytesOf(this.#data.base64);
    return this.#agent.read(this.#data.url);
  }

  /** The payload as UTF-8. */
  async text() {
    return this.#data.text ?? new TextDecoder().decode(await this.payload());
  }
}

/** An agent. */
export class Agent {
  #token;
  #timeoutMilliseconds;

  /**
   * @param {string} [url] its address; HEARSAY_AGENT without it, else http://127.0.0.1:7980
   * @param {{token?: string, timeoutMilliseconds?: number}} [options] what it demands, and how long a call may take
   */
  constructor(url, { token, timeoutMilliseconds = 60_000 } = {}) {
    this.url = (url ?? (globalThis.process?.env.HEARSAY_AGENT || DEFAULT)).replace(/\/+$/, "");
    if (!/^https?:\/\/[^/]/.test(this.url)) throw new TypeError(`url must be such as ${DEFAULT}, not '${this.url}'`);
    this.#token = token;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  // Peers

  /** A random peer: {id, addresses, metadata, ageCycles, source}. Refused of type no-peer if there is none. */
  peer(policy) {
    return this.#json("GET", "/v1/peer" + query({ policy }));
  }

  /** Several distinct peers; fewer if the view holds no more. */
  async peers(count = 10, policy) {
    return (await this.#json("GET", "/v1/peers" + query({ count, policy }))).peers;
  }

  /** All peers that the node knows at this moment. */
  async view() {
    return (await this.#json("GET", "/v1/view")).peers;
  }

  /** What a peer says of itself, as bytes; fetched from it if need be. */
  async metadata(peerId) {
    return bytesOf((await this.#json("GET", `/v1/peers/${encodeURIComponent(peerId)}/metadata`)).metadata);
  }

  // Samplers

  /** Creates or renews a sampler with its own memory of what it was given. */
  putSampler(name, { policy, leaseSeconds } = {}) {
    return this.#json("PUT", `/v1/samplers/${encodeURIComponent(name)}`, { policy, leaseSeconds });
  }

  /** The quality of a sampler's recent stream. */
  sampler(name) {
    return this.#json("GET", `/v1/samplers/${encodeURIComponent(name)}`);
  }

  /** Draws distinct peers from a sampler. */
  async draw(name, count = 1) {
    return (await this.#json("POST", `/v1/samplers/${encodeURIComponent(name)}/draws`, { count })).peers;
  }

  /** Ends a sampler. */
  async deleteSampler(name) {
    await this.#call("DELETE", `/v1/samplers/${encodeURIComponent(name)}`);
  }

  // Topics

  /** Publishes bytes or text: {id, url}. With track, (await message(...)).reach tells how far it got. */
  async publish(topic, payload, { track = false, key } = {}) {
    const answer = await this.#call(
      "POST", `/v1/topics/${encodeURIComponent(topic)}/messages${track ? "?track=true" : ""}`, payload,
      key === undefined ? {} : { "Idempotency-Key": key });
    return answer.json();
  }

  /** A message, and how far it got. */
  message(topic, id) {
    return this.#json("GET", `/v1/topics/${encodeURIComponent(topic)}/messages/${encodeURIComponent(id)}`);
  }

  /** Messages as they come, without end; Lagged where some were missed. */
  async *listen(topic, { lastEventId, signal } = {}) {
    for await (const event of this.#events(`/v1/topics/${encodeURIComponent(topic)}/events`, lastEventId, signal)) {
      yield event instanceof Lagged ? event : new Message(this, event.data, event.id);
    }
  }

  // Aggregates

  /** Takes part in an aggregate: minimum, maximum, trimmed, precision, method, quantile. */
  defineAggregate(name, kind = "average", settings = {}) {
    return this.#json("PUT", `/v1/aggregates/${encodeURIComponent(name)}`, { kind, ...settings });
  }

  /** Gives a value to an aggregate until its lease is over: value, weight, values, items, leaseSeconds. */
  give(name, contribution) {
    const fields = typeof contribution === "number" ? { value: contribution } : contribution;
    return this.#json("PUT", `/v1/aggregates/${encodeURIComponent(name)}/value`, fields);
  }

  /** Gives no value any more. */
  async takeBack(name) {
    await this.#call("DELETE", `/v1/aggregates/${encodeURIComponent(name)}/value`);
  }

  /** An aggregate with its `latest` and its `final` estimate. */
  aggregate(name) {
    return this.#json("GET", `/v1/aggregates/${encodeURIComponent(name)}`);
  }

  /** All aggregates that the node knows. */
  async aggregates() {
    return (await this.#json("GET", "/v1/aggregates")).aggregates;
  }

  /** Estimates as they come; Lagged where some were missed. */
  async *estimates(name, { signal } = {}) {
    for await (const event of this.#events(`/v1/aggregates/${encodeURIComponent(name)}/events`, undefined, signal)) {
      yield event instanceof Lagged ? event : event.data;
    }
  }

  /** Takes part no longer. */
  async deleteAggregate(name) {
    await this.#call("DELETE", `/v1/aggregates/${encodeURIComponent(name)}`);
  }

  // Requests

  /** Asks one peer of the view, and returns the answer of its handler as bytes. */
  async ask(peerId, name, payload = "") {
    const path = `/v1/peers/${encodeURIComponent(peerId)}/requests/${encodeURIComponent(name)}`;
    return (await this.#call("POST", path, payload)).bytes();
  }

  /** The next request of another node: {key, from, payload}; undefined if none came in time. */
  async nextRequest(name, waitSeconds = 20) {
    const answer = await this.#call("POST", `/v1/handlers/${encodeURIComponent(name)}/next` + query({ waitSeconds }));
    if (answer.status === 204) return undefined;
    const request = answer.json();
    request.payload = request.text === undefined
      ? bytesOf(request.base64 ?? "") : new TextEncoder().encode(request.text);
    return request;
  }

  /** Answers a request. */
  async answer(name, key, payload = "") {
    await this.#call(
      "POST", `/v1/handlers/${encodeURIComponent(name)}/answers/${encodeURIComponent(key)}`, payload);
  }

  /** Answers no more requests of a name. */
  async deleteHandler(name) {
    await this.#call("DELETE", `/v1/handlers/${encodeURIComponent(name)}`);
  }

  // Maps

  /**
   * A key of a replicated map: {key, etag, text or base64, count, elements, isRaised, expires, fields}, each where the
   * key has it. Refused of status 404 if the map does not have the key.
   */
  mapGet(name, key) {
    return this.#json("GET", place(name, key));
  }

  /**
   * Sets a key, or a field beneath it, to bytes or text. With nodes it waits until so many other nodes have it; with
   * ttlSeconds, of a key, it expires.
   */
  async mapSet(name, key, value, { nodes, ifMatch, ifNoneMatch, field, ttlSeconds } = {}) {
    const path = place(name, key, field) + query({ nodes, ttlSeconds });
    return (await this.#call("PUT", path, value, conditions(ifMatch, ifNoneMatch))).json();
  }

  /** Removes what the node has seen under a key, or of a field. This lowers a flag, too. */
  async mapDelete(name, key, { nodes, ifMatch, field } = {}) {
    const path = place(name, key, field) + query({ nodes });
    return (await this.#call("DELETE", path, undefined, conditions(ifMatch))).json();
  }

  /** Adds to a counter; negative to subtract. */
  mapIncrement(name, key, amount = 1, { nodes, field } = {}) {
    return this.#json("POST", place(name, key, field, "/increments") + query({ nodes }), { amount });
  }

  /** Adds an element to a set. */
  mapAdd(name, key, element, { nodes, field, ttlSeconds } = {}) {
    const rest = `/elements/${encodeURIComponent(element)}`;
    return this.#json("PUT", place(name, key, field, rest) + query({ nodes, ttlSeconds }));
  }

  /** Removes an element from a set. */
  mapDiscard(name, key, element, { nodes, field } = {}) {
    const rest = `/elements/${encodeURIComponent(element)}`;
    return this.#json("DELETE", place(name, key, field, rest) + query({ nodes }));
  }

  /** Raises a flag; with ttlSeconds, of a key, it falls by itself, as a lease does. */
  mapRaise(name, key, { nodes, field, ttlSeconds } = {}) {
    return this.#json("PUT", place(name, key, field, "/flag") + query({ nodes, ttlSeconds }));
  }

  /** A page of keys in order: {keys, isMore}; the next page is after the last key. */
  mapKeys(name, { prefix, after, limit } = {}) {
    return this.#json("GET", `/v1/maps/${encodeURIComponent(name)}/keys` + query({ prefix, after, limit }));
  }

  /** How large a map is, and whether it has been compared with others. */
  mapStatus(name) {
    return this.#json("GET", `/v1/maps/${encodeURIComponent(name)}/status`);
  }

  /** {name, data} of state (for every key, again after each reconnection), changed and removed; Lagged. */
  mapEvents(name, { prefix, signal } = {}) {
    return this.#events(`/v1/maps/${encodeURIComponent(name)}/events` + query({ prefix }), undefined, signal);
  }

  /** The whole map as text: a JSON object in each line, for one key. */
  async mapExport(name) {
    return (await this.#call("GET", `/v1/maps/${encodeURIComponent(name)}/lines`)).text();
  }

  /** Writes such lines, at most 16 MiB of them; keys that none names stay. Returns how many there were. */
  async mapImport(name, lines, { nodes } = {}) {
    const path = `/v1/maps/${encodeURIComponent(name)}/lines` + query({ nodes });
    return (await this.#call("POST", path, lines)).json().lines;
  }

  // The node

  /** Who the node is. */
  node() {
    return this.#json("GET", "/v1/node");
  }

  /** Changes what the node says of itself: at most 256 bytes, or text. */
  async setMetadata(metadata) {
    await this.#call("PUT", "/v1/node/metadata", metadata);
  }

  /** What happens to the node: {name, data} of view, added, removed, updated, health, identity; Lagged. */
  events({ signal } = {}) {
    return this.#events("/v1/events", undefined, signal);
  }

  /** {state, peers}: starting, healthy, isolated, stalled or stopped. */
  async health() {
    return (await this.#call("GET", "/v1/health/ready", undefined, {}, 503)).json();
  }

  /** Leaves the network; the agent ends. */
  leave() {
    return this.#json("POST", "/v1/leave");
  }

  /** All numbers, in the text format of Prometheus. */
  async metrics() {
    return (await this.#call("GET", "/metrics")).text();
  }

  /** The bytes at an address that an answer named. */
  async read(url) {
    return (await this.#call("GET", url)).bytes();
  }

  // How calls are made

  #headers(headers) {
    return this.#token === undefined ? headers : { Authorization: `Bearer ${this.#token}`, ...headers };
  }

  async #call(method, path, body, headers = {}, takes) {
    let answer, content;
    try {
      answer = await fetch(this.url + path, {
        method, body, headers: this.#headers(headers), signal: AbortSignal.timeout(this.#timeoutMilliseconds),
      });
      content = await answer.arrayBuffer();
    } catch (error) {
      throw this.#unreachable(error);
    }
    const read = new Whole(this.url, answer.status, content);
    if (!answer.ok && answer.status !== takes) throw refusal(read);
    return read;
  }

  #unreachable(error) {
    if (error.name === "TimeoutError") {
      return new Unreachable(`The agent at ${this.url} did not answer in time.`, error);
    }
    const code = error.cause?.code ?? error.cause?.message ?? error.message;
    if (String(code).startsWith("HPE_")) {
      return new Unreachable(`What answers at ${this.url} is no agent of Hearsay.`, error);
    }
    const reason = code === "ECONNREFUSED" ? "" : ` (${code})`;
    return new Unreachable(
      `No agent answers at ${this.url}${reason}. Start one with 'hearsay agent', or name another in HEARSAY_AGENT.`,
      error);
  }

  async #json(method, path, body) {
    const answer = body === undefined
      ? await this.#call(method, path)
      : await this.#call(method, path, JSON.stringify(body), { "Content-Type": "application/json" });
    return answer.json();
  }

  /** Reconnects until the caller stops reading. A refusal ends it, unless it says when to come back. */
  async *#events(path, last, signal) {
    while (!signal?.aborted) {
      let pause = 1;
      const silence = new AbortController();
      let timer;
      const heard = () => {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), 45_000); // A heartbeat comes every 15 s.
      };
      const end = () => silence.abort();
      signal?.addEventListener("abort", end, { once: true });
      try {
        heard();
        const headers = last === undefined ? {} : { "Last-Event-ID": last };
        const answer = await fetch(this.url + path, { headers: this.#headers(headers), signal: silence.signal });
        if (!answer.ok) throw refusal(new Whole(this.url, answer.status, await answer.arrayBuffer()));
        for await (const event of parse(answer.body, heard)) {
          last = event.id ?? last;
          if (event.data !== undefined) yield event.name === "lagged" ? new Lagged(event.data.missed) : event;
        }
      } catch (error) {
        if (error instanceof Refused && error.retryAfterSeconds === undefined) throw error;
        if (!(error instanceof Refused || error instanceof TypeError || error.name === "AbortError")) throw error;
        pause = error.retryAfterSeconds ?? pause; // Else the agent is gone, perhaps for a moment.
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        silence.abort();
      }
      if (!signal?.aborted) await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    }
  }
}

async function* parse(body, heard) {
  const decoder = new TextDecoder();
  let rest = "";
  let event = { name: "message" };
  for await (const bytes of body) {
    heard();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        // An id without data is where to go on from before the first event.
        if (event.data !== undefined || event.id !== undefined) yield event;
        event = { name: "message" };
      } else if (line.startsWith("id: ")) event.id = line.slice(4);
      else if (line.startsWith("event: ")) event.name = line.slice(7);
      else if (line.startsWith("data: ")) event.data = JSON.parse(line.slice(6));
    }
  }
}

/** An answer that was read to its end. */
class Whole {
  #url;
  #content;

  constructor(url, status, content) {
    this.#url = url;
    this.status = status;
    this.#content = content;
  }

  bytes() {
    return new Uint8Array(this.#content);
  }

  text() {
    return new TextDecoder().decode(this.#content);
  }

  json() {
    try {
      return JSON.parse(this.text());
    } catch (error) {
      throw new Unreachable(`What answers at ${this.#url} is no agent of Hearsay.`, error);
    }
  }
}

function refusal(answer) {
  try {
    return new Refused(answer.status, JSON.parse(answer.text()) ?? {});
  } catch {
    return new Refused(answer.status, {});
  }
}

function place(name, key, field, rest = "") {
  const beneath = field === undefined ? "" : `/fields/${encodeURIComponent(field)}`;
  return `/v1/maps/${encodeURIComponent(name)}/keys/${encodeURIComponent(key)}${beneath}${rest}`;
}

function conditions(ifMatch, ifNoneMatch) {
  const quoted = ifMatch === undefined || ifMatch === "*" || ifMatch.startsWith('"') ? ifMatch : `"${ifMatch}"`;
  return Object.fromEntries(
    Object.entries({ "If-Match": quoted, "If-None-Match": ifNoneMatch }).filter(([, value]) => value !== undefined));
}

function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : "?" + new URLSearchParams(given);
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
