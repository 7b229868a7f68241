"""Ask an agent of Hearsay for peers, publish, listen and aggregate. One file, the standard library alone.

    from hearsay import Agent
    agent = Agent()                         # HEARSAY_AGENT, or http://127.0.0.1:7980
    print(agent.peer()["addresses"][0])
    agent.publish("prices", "EUR 1.08")
    for message in agent.listen("prices"):
        print(message.origin, message.text)

Every call of the HTTP service has a method. A refusal raises Refused, whose `type` tells why; without an agent it is
Unreachable. Both are AgentError, and say in one line what is wrong. Streams reconnect by themselves and go on after the
last event; they yield Lagged where events were missed. An Agent may be used by several threads at a time: every call
has a connection of its own.
"""

import base64
import http.client
import json
import os
import socket
import time
import urllib.parse
from dataclasses import dataclass, field

__all__ = ["Agent", "AgentError", "Message", "Event", "Lagged", "Refused", "Unreachable"]

DEFAULT = "http://127.0.0.1:7980"


class AgentError(Exception):
    """A call has failed: Refused or Unreachable. Its text is one line."""


class Unreachable(AgentError, ConnectionError):
    """No agent answers. Whether it has done what it was asked for is not known."""


class Refused(AgentError):
    """The agent refused a call."""

    def __init__(self, status, problem):
        super().__init__(problem.get("detail", f"status {status}"))
        self.status = status
        self.type = problem.get("type", "")
        self.field = problem.get("field")
        self.allowed = problem.get("allowed")
        self.retry_after_seconds = problem.get("retryAfterSeconds")


@dataclass(frozen=True)
class Lagged:
    """Events were missed: how many, or None where nobody knows."""

    missed: "int | None"


@dataclass(frozen=True)
class Event:
    """An event of a stream."""

    name: str
    data: dict
    id: "str | None" = None


@dataclass(frozen=True)
class Message:
    """A message of a topic. The payload of a long one is fetched when it is asked for."""

    id: str
    origin: str
    sequence: int
    event_id: "str | None"
    _data: dict = field(repr=False)
    _agent: "Agent" = field(repr=False)

    @property
    def payload(self):
        """The bytes. Refused of type unknown-message if they were long and the node holds them no more."""
        if "text" in self._data:
            return self._data["text"].encode()
        if "base64" in self._data:
            return base64.b64decode(self._data["base64"])
        return self._agent.read(self._data["url"])

    @property
    def text(self):
        """The payload as UTF-8."""
        return self.payload.decode(errors="replace")


class Agent:
    """An agent.

    url      its address; HEARSAY_AGENT if that is None, else http://127.0.0.1:7980
    token    what it demands; None for nothing
    timeout  seconds that a call may take
    """

    def __init__(self, url=None, token=None, timeout=60.0):
        self.url = (url or os.environ.get("HEARSAY_AGENT") or DEFAULT).rstrip("/")
        self._parts = urllib.parse.urlsplit(self.url)
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise ValueError(f"url must be such as {DEFAULT}, not {self.url!r}")
        self._token = token
        self._timeout = timeout

    # Peers

    def peer(self, policy=None):
        """A random peer: {"id", "addresses", "metadata", "ageCycles", "source"}. Refused of type no-peer if none."""
        return self._json("GET", "/v1/peer", query={"policy": policy})

    def peers(self, count=10, policy=None):
        """Several distinct peers; fewer if the view holds no more."""
        return self._json("GET", "/v1/peers", query={"count": count, "policy": policy})["peers"]

    def view(self):
        """All peers that the node knows at this moment."""
        return self._json("GET", "/v1/view")["peers"]

    def metadata(self, peer_id):
        """What a peer says of itself, as bytes; fetched from it if need be."""
        return base64.b64decode(self._json("GET", f"/v1/peers/{_quote(peer_id)}/metadata")["metadata"])

    # Samplers

    def put_sampler(self, name, policy=None, lease_seconds=None):
        """Creates or renews a sampler with its own memory of what it was given."""
        return self._json("PUT", f"/v1/samplers/{_quote(name)}", _given(policy=policy, leaseSeconds=lease_seconds))

    def sampler(self, name):
        """The quality of a sampler's recent stream."""
        return self._json("GET", f"/v1/samplers/{_quote(name)}")

    def draw(self, name, count=1):
        """Draws distinct peers from a sampler."""
        return self._json("POST", f"/v1/samplers/{_quote(name)}/draws", {"count": count})["peers"]

    def delete_sampler(self, name):
        """Ends a sampler."""
        self._call("DELETE", f"/v1/samplers/{_quote(name)}")

    # Topics

    def publish(self, topic, payload, track=False, key=None):
        """Publishes bytes or text. Returns {"id", "url"}; with track, message(...)["reach"] tells how far it got."""
        body = payload.encode() if isinstance(payload, str) else bytes(payload)
        return self._parsed(self._call(
            "POST", f"/v1/topics/{_quote(topic)}/messages", body, query={"track": "true" if track else None},
            headers={} if key is None else {"Idempotency-Key": key}))

    def message(self, topic, message_id):
        """A message, and how far it got."""
        return self._json("GET", f"/v1/topics/{_quote(topic)}/messages/{_quote(message_id)}")

    def listen(self, topic, last_event_id=None):
        """Messages as they come, without end; Lagged where some were missed."""
        for event in self._events(f"/v1/topics/{_quote(topic)}/events", last_event_id):
            if isinstance(event, Lagged):
                yield event
            else:
                data = event.data
                yield Message(data["id"], data["origin"], data["sequence"], event.id, data, self)

    # Aggregates

    def define_aggregate(self, name, kind="average", **settings):
        """Takes part in an aggregate: minimum, maximum, trimmed, precision, method, quantile."""
        return self._json("PUT", f"/v1/aggregates/{_quote(name)}", {"kind": kind, **settings})

    def give(self, name, value=None, weight=None, values=None, items=None, lease_seconds=None):
        """Gives a value to an aggregate until its lease is over."""
        return self._json("PUT", f"/v1/aggregates/{_quote(name)}/value", _given(
            value=value, weight=weight, values=values, items=items, leaseSeconds=lease_seconds))

    def take_back(self, name):
        """Gives no value any more."""
        self._call("DELETE", f"/v1/aggregates/{_quote(name)}/value")

    def aggregate(self, name):
        """An aggregate with its "latest" and its "final" estimate."""
        return self._json("GET", f"/v1/aggregates/{_quote(name)}")

    def aggregates(self):
        """All aggregates that the node knows."""
        return self._json("GET", "/v1/aggregates")["aggregates"]

    def estimates(self, name):
        """Estimates as they come, as dictionaries; Lagged where some were missed."""
        for event in self._events(f"/v1/aggregates/{_quote(name)}/events", None):
            yield event if isinstance(event, Lagged) else event.data

    def delete_aggregate(self, name):
        """Takes part no longer."""
        self._call("DELETE", f"/v1/aggregates/{_quote(name)}")

    # Requests

    def ask(self, peer_id, name, payload=b""):
        """Asks one peer of the view, and returns the answer of its handler as bytes."""
        body = payload.encode() if isinstance(payload, str) else bytes(payload)
        return self._call("POST", f"/v1/peers/{_quote(peer_id)}/requests/{_quote(name)}", body)

    def next_request(self, name, wait_seconds=20):
        """The next request of another node: {"key", "from", "payload"}; None if none came in time."""
        content = self._call(
            "POST", f"/v1/handlers/{_quote(name)}/next", query={"waitSeconds": wait_seconds})
        if not content:
            return None
        request = self._parsed(content)
        text = request.get("text")
        request["payload"] = base64.b64decode(request.get("base64", "")) if text is None else text.encode()
        return request

    def answer(self, name, key, payload=b""):
        """Answers a request."""
        body = payload.encode() if isinstance(payload, str) else bytes(payload)
        self._call("POST", f"/v1/handlers/{_quote(name)}/answers/{_quote(key)}", body)

    def delete_handler(self, name):
        """Answers no more requests of a name."""
        self._call("DELETE", f"/v1/handlers/{_quote(name)}")

    # Maps

    def map_get(self, name, key):
        """A key of a replicated map: {"key", "etag", "text" or "base64", "count", "elements", "isRaised", "expires",
        "fields"}, each where the key has it. Refused of status 404 if the map does not have the key."""
        return self._json("GET", self._place(name, key, None))

    def map_set(
            self, name, key, value, nodes=None, if_match=None, if_none_match=None, field=None, ttl_seconds=None):
        """Sets a key, or a field beneath it, to bytes or text. With nodes it waits until so many other nodes have it;
        with ttl_seconds, of a key, it expires."""
        body = value.encode() if isinstance(value, str) else bytes(value)
        return self._parsed(self._call(
            "PUT", self._place(name, key, field), body, {"nodes": nodes, "ttlSeconds": ttl_seconds},
            _conditions(if_match, if_none_match)))

    def map_delete(self, name, key, nodes=None, if_match=None, field=None):
        """Removes what the node has seen under a key, or of a field. This lowers a flag, too."""
        return self._parsed(self._call(
            "DELETE", self._place(name, key, field), None, {"nodes": nodes}, _conditions(if_match, None)))

    def map_increment(self, name, key, amount=1, nodes=None, field=None):
        """Adds to a counter; negative to subtract."""
        return self._json(
            "POST", self._place(name, key, field, "/increments"), {"amount": amount}, {"nodes": nodes})

    def map_add(self, name, key, element, nodes=None, field=None, ttl_seconds=None):
        """Adds an element to a set."""
        return self._json(
            "PUT", self._place(name, key, field, "/elements/" + _quote(element)), None,
            {"nodes": nodes, "ttlSeconds": ttl_seconds})

    def map_discard(self, name, key, element, nodes=None, field=None):
        """Removes an element from a set."""
        return self._json(
            "DELETE", self._place(name, key, field, "/elements/" + _quote(element)), None, {"nodes": nodes})

    def map_raise(self, name, key, nodes=None, field=None, ttl_seconds=None):
        """Raises a flag; with ttl_seconds, of a key, it falls by itself, as a lease does."""
        return self._json(
            "PUT", self._place(name, key, field, "/flag"), None, {"nodes": nodes, "ttlSeconds": ttl_seconds})

    def map_keys(self, name, prefix=None, after=None, limit=None):
        """A page of keys in order: {"keys", "isMore"}; the next page is after the last key."""
        return self._json(
            "GET", f"/v1/maps/{_quote(name)}/keys", query={"prefix": prefix, "after": after, "limit": limit})

    def map_status(self, name):
        """How large a map is, and whether it has been compared with others."""
        return self._json("GET", f"/v1/maps/{_quote(name)}/status")

    def map_events(self, name, prefix=None):
        """Event of state (for every key, again after each reconnection), changed and removed; Lagged."""
        query = "" if prefix is None else "?" + urllib.parse.urlencode({"prefix": prefix})
        return self._events(f"/v1/maps/{_quote(name)}/events{query}", None)

    def map_export(self, name):
        """The whole map as text: a JSON object in each line, for one key."""
        return self._call("GET", f"/v1/maps/{_quote(name)}/lines").decode()

    def map_import(self, name, lines, nodes=None):
        """Writes such lines, at most 16 MiB of them; keys that none names stay. Returns how many there were."""
        content = lines.encode() if isinstance(lines, str) else bytes(lines)
        return self._parsed(
            self._call("POST", f"/v1/maps/{_quote(name)}/lines", content, {"nodes": nodes}))["lines"]

    # The node

    def node(self):
        """Who the node is."""
        return self._json("GET", "/v1/node")

    def set_metadata(self, metadata):
        """Changes what the node says of itself: at most 256 bytes, or text."""
        self._call("PUT", "/v1/node/metadata", metadata.encode() if isinstance(metadata, str) else bytes(metadata))

    def events(self):
        """What happens to the node: Event of view, added, removed, updated, health, identity; Lagged."""
        return self._events("/v1/events", None)

    def health(self):
        """{"state", "peers"}: starting, healthy, isolated, stalled or stopped."""
        return self._parsed(self._call("GET", "/v1/health/ready", takes=503))

    def leave(self):
        """Leaves the network; the agent ends."""
        return self._json("POST", "/v1/leave")

    def metrics(self):
        """All numbers, in the text format of Prometheus."""
        return self._call("GET", "/metrics").decode()

    def read(self, url):
        """The bytes at an address that an answer named."""
        return self._call("GET", url)

    # How calls are made

    @staticmethod
    def _place(name, key, field, rest=""):
        beneath = "" if field is None else f"/fields/{_quote(field)}"
        return f"/v1/maps/{_quote(name)}/keys/{_quote(key)}{beneath}{rest}"

    def _connection(self, timeout):
        of = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        return of(self._parts.hostname, self._parts.port, timeout=timeout)

    def _headers(self, headers=None):
        return {**({} if self._token is None else {"Authorization": f"Bearer {self._token}"}), **(headers or {})}

    def _call(self, method, path, body=None, query=None, headers=None, takes=None):
        given = _given(**(query or {}))
        connection = self._connection(self._timeout)
        try:
            connection.request(
                method, self._parts.path + path + ("?" + urllib.parse.urlencode(given) if given else ""), body,
                self._headers(headers))
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error
        finally:
            connection.close()
        if answer.status >= 300 and answer.status != takes:
            raise _refusal(answer.status, content)
        return content

    def _unreachable(self, error):
        if isinstance(error, (TimeoutError, socket.timeout)):
            return Unreachable(f"The agent at {self.url} did not answer in time.")
        if isinstance(error, http.client.HTTPException) and not isinstance(error, ConnectionError):
            return Unreachable(f"What answers at {self.url} is no agent of Hearsay, or it broke off.")
        reason = "" if isinstance(error, ConnectionRefusedError) else f" ({error})"
        return Unreachable(
            f"No agent answers at {self.url}{reason}. Start one with 'hearsay agent', or name another in "
            "HEARSAY_AGENT.")

    def _parsed(self, content):
        try:
            return json.loads(content)
        except ValueError as error:
            raise Unreachable(f"What answers at {self.url} is no agent of Hearsay.") from error

    def _json(self, method, path, body=None, query=None):
        return self._parsed(self._call(
            method, path, None if body is None else json.dumps(body).encode(), query,
            {} if body is None else {"Content-Type": "application/json"}))

    def _events(self, path, last):
        """Reconnects until the caller stops reading. A refusal ends it, unless it says when to come back."""
        while True:
            pause = 1.0
            connection = self._connection(45.0)  # A heartbeat comes every 15 s.
            try:
                connection.request("GET", self._parts.path + path, headers=self._headers(
                    {"Accept": "text/event-stream", **({} if last is None else {"Last-Event-ID": last})}))
                answer = connection.getresponse()
                if answer.status != 200:
                    raise _refusal(answer.status, answer.read())
                for event in _parse(answer):
                    last = event.id or last
                    if event.data is not None:
                        yield Lagged(event.data["missed"]) if event.name == "lagged" else event
            except Refused as refused:
                if refused.retry_after_seconds is None:
                    raise
                pause = refused.retry_after_seconds
            except (OSError, http.client.HTTPException):
                pass  # The agent is gone, perhaps for a moment.
            finally:
                connection.close()
            time.sleep(pause)


def _parse(lines):
    event_id, name, data = None, "message", []
    for raw in lines:
        line = raw.decode().rstrip("\r\n")
        if not line:
            if data or event_id:  # An id without data is where to go on from before the first event.
                yield Event(name, json.loads("\n".join(data)) if data else None, event_id)
            event_id, name, data = None, "message", []
            continue
        key, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if key == "id":
            event_id = value
        elif key == "event":
            name = value
        elif key == "data":
            data.append(value)


def _refusal(status, content):
    try:
        problem = json.loads(content)
        return Refused(status, problem if isinstance(problem, dict) else {})
    except ValueError:
        return Refused(status, {})


def _conditions(if_match, if_none_match):
    etag = if_match if if_match in (None, "*") or if_match.startswith('"') else f'"{if_match}"'
    return _given(**{"If-Match": etag, "If-None-Match": if_none_match})


def _quote(text):
    return urllib.parse.quote(text, safe="")


def _given(**fields):
    return {name: value for name, value in fields.items() if value is not None}
