// The same steps as steps.py, against a live agent that has a peer: prints a line for each that holds.
import { Agent, Lagged, Message, Refused } from "../javascript/hearsay.mjs";

const agent = new Agent(process.argv[2]);
const other = new Agent(process.argv[3]);
const topic = "conformance/javascript";

function step(name, holds) {
  if (!holds) {
    console.error(`${name}: does not hold`);
    process.exit(1);
  }
  console.log(name);
}

async function refused(call) {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

async function first(events) {
  for await (const event of events) return event;
}

const peer = await agent.peer();
step("peer", peer.id.length === 32 && peer.addresses.length > 0 && ["fresh", "fallback"].includes(peer.source));
step("peers", (await agent.peers(5, "uniform-with-replacement")).map((p) => p.id).join() === peer.id);
step("view", (await agent.view()).map((p) => p.id).join() === peer.id);
step("metadata", (await agent.metadata(peer.id)) instanceof Uint8Array);
const error = await refused(() => agent.peers(0));
step("refused", error.status === 400 && error.type === "invalid-field" && error.field === "count"
  && error.allowed.includes("256"));

step("put sampler", (await agent.putSampler("s-js", { policy: "tail", leaseSeconds: 30 })).leaseSeconds === 30);
step("draw", (await agent.draw("s-js", 2))[0].id === peer.id);
step("sampler", (await agent.sampler("s-js")).draws === 1);
await agent.deleteSampler("s-js");
step("delete sampler", (await refused(() => agent.sampler("s-js"))).type === "unknown-sampler");

const heard = [];
const reading = (async () => {
  for await (const message of agent.listen(topic)) if (heard.push(message) === 3) return;
})();
while (heard.length < 3) {
  await agent.publish(topic, "begin"); // Until the stream has begun.
  await new Promise((resolve) => setTimeout(resolve, 200));
}
await reading;
const self = (await agent.node()).id;
step("listen", heard.every((m) => m instanceof Message && m.origin === self));
const sent = await agent.publish(topic, "tracked \u00e9", { track: true, key: "k-js" });
const again = await agent.publish(topic, "tracked \u00e9", { track: true, key: "k-js" });
step("idempotent", again.id === sent.id && again.url === sent.url);
step("key used", (await refused(() => agent.publish(topic, "other", { key: "k-js" }))).type === "key-used");
step("message", (await agent.message(topic, sent.id)).reach.isTracked);
const large = Uint8Array.from({ length: 16384 }, (_, i) => i & 255);
await agent.publish(topic, Uint8Array.of(255, 0));
await agent.publish(topic, large);
const payloads = [];
for await (const message of agent.listen(topic, { lastEventId: heard.at(-1).eventId })) {
  payloads.push(message instanceof Lagged ? "lagged" : Buffer.from(await message.payload()).toString("hex"));
  if (payloads.at(-1) === Buffer.from(large).toString("hex")) break;
}
step("resume", payloads.includes(Buffer.from("tracked \u00e9").toString("hex")) && !payloads.includes("lagged"));
step("bytes", payloads.includes("ff00"));
step("unknown boot", (await first(agent.listen(topic, { lastEventId: "0123456789abcdef-1" }))) instanceof Lagged);

step("define", (await agent.defineAggregate("a-js", "sum", { minimum: 0, maximum: 10 })).isDefinedHere);
step("give", [19, 20].includes((await agent.give("a-js", { value: 3, leaseSeconds: 20 })).valueLeaseSeconds));
step("estimates", "isFinal" in (await first(agent.estimates("a-js"))));
step("aggregates", (await agent.aggregates()).some((a) => a.name === "a-js"));
await agent.takeBack("a-js");
step("take back", (await agent.aggregate("a-js")).valueLeaseSeconds === null);
await agent.deleteAggregate("a-js");
step("delete aggregate", (await refused(() => agent.give("a-js", 1))).type === "unknown-aggregate");

async function serve() {
  let request;
  while (request === undefined) request = await other.nextRequest("echo-js");
  await other.answer("echo-js", request.key, Uint8Array.of(255, ...request.payload));
}

async function ask() {
  for (;;) {
    try {
      return await agent.ask(peer.id, "echo-js", "hello");
    } catch (error) {
      if (error.type !== "no-handler") throw error;
      await new Promise((resolve) => setTimeout(resolve, 100)); // The other one has not begun to take requests.
    }
  }
}

const serving = serve();
step("ask", Buffer.from(await ask()).toString("latin1") === "\xffhello");
await serving;
await other.deleteHandler("echo-js");
step("no handler", (await refused(() => agent.ask(peer.id, "echo-js"))).type === "no-handler");

step("map set", (await agent.mapSet("m-js", "a/b", "green", { nodes: 1 })).isChanged);
const entry = await other.mapGet("m-js", "a/b");
step("map get", entry.text === "green");
step("if none match", (await refused(() => agent.mapSet("m-js", "a/b", "x", { ifNoneMatch: "*" }))).status === 412);
step("if match", (await agent.mapSet("m-js", "a/b", Uint8Array.of(255), { ifMatch: entry.etag })).isChanged);
step("map keys", (await agent.mapKeys("m-js", { prefix: "a" })).keys.map((k) => k.key).join() === "a/b");
step("map status", (await agent.mapStatus("m-js")).keys === 1);
step("map events", (await first(agent.mapEvents("m-js", { prefix: "a" }))).data.key === "a/b");
step("map count", (await agent.mapIncrement("m-js", "n", 5)).isChanged
  && (await agent.mapIncrement("m-js", "n", -2, { nodes: 1 })) && (await other.mapGet("m-js", "n")).count === 3);
await agent.mapAdd("m-js", "tags", "a/b");
await agent.mapAdd("m-js", "tags", "c", { nodes: 1 });
step("map add", (await other.mapGet("m-js", "tags")).elements.join() === "a/b,c");
await agent.mapDiscard("m-js", "tags", "a/b");
step("map discard", (await agent.mapGet("m-js", "tags")).elements.join() === "c");
await agent.mapRaise("m-js", "up", { nodes: 1 });
step("map raise", (await other.mapGet("m-js", "up")).isRaised);
await agent.mapSet("m-js", "user", "Ada", { field: "name" });
await agent.mapIncrement("m-js", "user", 7, { field: "logins" });
await agent.mapAdd("m-js", "user", "x", { field: "roles" });
await agent.mapRaise("m-js", "user", { field: "active" });
step("map fields", JSON.stringify((await agent.mapGet("m-js", "user")).fields) === JSON.stringify({
  active: { isRaised: true }, logins: { count: 7 }, name: { text: "Ada" }, roles: { elements: ["x"] } }));
await agent.mapDelete("m-js", "user", { field: "name" });
step("map field delete", !("name" in (await agent.mapGet("m-js", "user")).fields));
await agent.mapSet("m-js", "lease", "me", { ttlSeconds: 1 });
step("map expires", (await agent.mapGet("m-js", "lease")).expires.includes("T"));
while ((await refused(() => agent.mapGet("m-js", "lease"))) === undefined) {
  await new Promise((resolve) => setTimeout(resolve, 100));
}
step("map expired", (await refused(() => agent.mapGet("m-js", "lease"))).status === 404);
const lines = '{"key":"a","text":"1"}\n{"key":"b","count":2}\n';
step("map import", (await agent.mapImport("lines-js", lines, { nodes: 1 })) === 2);
step("map export", (await other.mapExport("lines-js")) === lines);
await agent.mapDelete("m-js", "a/b");
step("map delete", (await refused(() => agent.mapGet("m-js", "a/b"))).status === 404);

await agent.setMetadata("from a client");
step("set metadata", (await agent.node()).metadata === "ZnJvbSBhIGNsaWVudA==");
step("events", (await first(agent.events())).name === "view");
step("health", (await agent.health()).state === "healthy");
step("metrics", (await agent.metrics()).includes("hearsay_exchanges_total"));
