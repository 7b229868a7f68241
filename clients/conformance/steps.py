"""The same steps as steps.mjs, against a live agent that has a peer: prints a line for each that holds."""

import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
from hearsay import Agent, Lagged, Message, Refused  # noqa: E402

agent = Agent(sys.argv[1])
other = Agent(sys.argv[2])
topic = "conformance/python"


def step(name, holds):
    if not holds:
        sys.exit(f"{name}: does not hold")
    print(name)


def refused(call):
    try:
        call()
        return None
    except Refused as error:
        return error


peer = agent.peer()
step("peer", len(peer["id"]) == 32 and peer["addresses"] and peer["source"] in ("fresh", "fallback"))
step("peers", [p["id"] for p in agent.peers(5, "uniform-with-replacement")] == [peer["id"]])
step("view", [p["id"] for p in agent.view()] == [peer["id"]])
step("metadata", isinstance(agent.metadata(peer["id"]), bytes))
error = refused(lambda: agent.peers(0))
step("refused", (error.status, error.type, error.field) == (400, "invalid-field", "count") and "256" in error.allowed)

step("put sampler", agent.put_sampler("s-python", "tail", 30)["leaseSeconds"] == 30)
step("draw", agent.draw("s-python", 2)[0]["id"] == peer["id"])
step("sampler", agent.sampler("s-python")["draws"] == 1)
agent.delete_sampler("s-python")
step("delete sampler", refused(lambda: agent.sampler("s-python")).type == "unknown-sampler")

messages = agent.listen(topic)
heard = []
reader = threading.Thread(target=lambda: [heard.append(next(messages)) for _ in range(3)], daemon=True)
reader.start()
while not heard:
    agent.publish(topic, "begin")  # Until the stream has begun.
    reader.join(0.2)
while reader.is_alive():
    agent.publish(topic, "more")
    reader.join(0.2)
step("listen", all(isinstance(m, Message) and m.origin == agent.node()["id"] for m in heard))
sent = agent.publish(topic, "tracked \u00e9", track=True, key="k-python")
step("idempotent", agent.publish(topic, "tracked \u00e9", track=True, key="k-python") == sent)
step("key used", refused(lambda: agent.publish(topic, "other", key="k-python")).type == "key-used")
step("message", agent.message(topic, sent["id"])["reach"]["isTracked"])
large = bytes(range(256)) * 64
agent.publish(topic, b"\xff\x00")
agent.publish(topic, large)
payloads = []
for m in agent.listen(topic, heard[-1].event_id):
    payloads.append(None if isinstance(m, Lagged) else m.payload)
    if payloads[-1] == large:
        break
step("resume", "tracked \u00e9".encode() in payloads and None not in payloads)
step("bytes", b"\xff\x00" in payloads)
step("unknown boot", isinstance(next(iter(agent.listen(topic, "0123456789abcdef-1"))), Lagged))

step("define", agent.define_aggregate("a-python", "sum", minimum=0, maximum=10)["isDefinedHere"])
step("give", agent.give("a-python", 3, lease_seconds=20)["valueLeaseSeconds"] in (19, 20))
step("estimates", "isFinal" in next(iter(agent.estimates("a-python"))))
step("aggregates", "a-python" in [a["name"] for a in agent.aggregates()])
agent.take_back("a-python")
step("take back", agent.aggregate("a-python")["valueLeaseSeconds"] is None)
agent.delete_aggregate("a-python")
step("delete aggregate", refused(lambda: agent.give("a-python", 1)).type == "unknown-aggregate")

def serve():
    request = None
    while request is None:
        request = other.next_request("echo-python")
    other.answer("echo-python", request["key"], b"\xff" + request["payload"])


def ask():
    while True:
        try:
            return agent.ask(peer["id"], "echo-python", "hello")
        except Refused as error:
            if error.type != "no-handler":
                raise
            time.sleep(0.1)  # The other one has not begun to take requests.


server = threading.Thread(target=serve, daemon=True)
server.start()
step("ask", ask() == b"\xffhello")
server.join()
other.delete_handler("echo-python")
step("no handler", refused(lambda: agent.ask(peer["id"], "echo-python")).type == "no-handler")

step("map set", agent.map_set("m-python", "a/b", "green", nodes=1)["isChanged"])
entry = other.map_get("m-python", "a/b")
step("map get", entry["text"] == "green")
step("if none match", refused(lambda: agent.map_set("m-python", "a/b", "x", if_none_match="*")).status == 412)
step("if match", agent.map_set("m-python", "a/b", b"\xff", if_match=entry["etag"])["isChanged"])
step("map keys", [k["key"] for k in agent.map_keys("m-python", "a")["keys"]] == ["a/b"])
step("map status", agent.map_status("m-python")["keys"] == 1)
step("map events", next(iter(agent.map_events("m-python", "a"))).data["key"] == "a/b")
step("map count", agent.map_increment("m-python", "n", 5)["isChanged"] and agent.map_increment("m-python", "n", -2, 1)
     and other.map_get("m-python", "n")["count"] == 3)
agent.map_add("m-python", "tags", "a/b")
agent.map_add("m-python", "tags", "c", nodes=1)
step("map add", other.map_get("m-python", "tags")["elements"] == ["a/b", "c"])
agent.map_discard("m-python", "tags", "a/b")
step("map discard", agent.map_get("m-python", "tags")["elements"] == ["c"])
agent.map_raise("m-python", "up", nodes=1)
step("map raise", other.map_get("m-python", "up")["isRaised"])
agent.map_set("m-python", "user", "Ada", field="name")
agent.map_increment("m-python", "user", 7, field="logins")
agent.map_add("m-python", "user", "x", field="roles")
agent.map_raise("m-python", "user", field="active")
step("map fields", agent.map_get("m-python", "user")["fields"] == {
    "active": {"isRaised": True}, "logins": {"count": 7}, "name": {"text": "Ada"}, "roles": {"elements": ["x"]}})
agent.map_delete("m-python", "user", field="name")
step("map field delete", "name" not in agent.map_get("m-python", "user")["fields"])
agent.map_set("m-python", "lease", "me", ttl_seconds=1)
step("map expires", "T" in agent.map_get("m-python", "lease")["expires"])
while refused(lambda: agent.map_get("m-python", "lease")) is None:
    time.sleep(0.1)
step("map expired", refused(lambda: agent.map_get("m-python", "lease")).status == 404)
lines = '{"key":"a","text":"1"}\n{"key":"b","count":2}\n'
step("map import", agent.map_import("lines-python", lines, nodes=1) == 2)
step("map export", other.map_export("lines-python") == lines)
agent.map_delete("m-python", "a/b")
step("map delete", refused(lambda: agent.map_get("m-python", "a/b")).status == 404)

agent.set_metadata("from a client")
step("set metadata", agent.node()["metadata"] == "ZnJvbSBhIGNsaWVudA==")
step("events", next(iter(agent.events())).name == "view")
step("health", agent.health()["state"] == "healthy")
step("metrics", "hearsay_exchanges_total" in agent.metrics())
