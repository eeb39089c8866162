"""Witnesses: viewers who ask a server everything it can be asked, and keep every byte that they are told.

The addresses are those of the router's own table (arena/http/routes.c), so a route that is added later is walked too.
"""
import base64
import json
import os
import re

from arena_test import ROOT, Stream

ROUTE = re.compile(r'^    (?:[A-Z]+\(")?(GET|POST|PUT|PATCH|DELETE|STREAM)(?:", |\()"(/[^"]*)"', re.M)
MCP_ENDPOINTS = ("/mcp", "/api/arena/mcp", "/api/chat/mcp")
ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
PLAYS = ("act", "leave", "challenge_message")
MALFORMED = (b"", b"{", b"[]", b'"x"', b'{"a":1,"a":2}', b"\xff", b'{"invite":"\\ud800"}')


def routes():
    """(method, path) of every row of the router's table."""
    with open(os.path.join(ROOT, "arena/http/routes.c"), encoding="utf-8") as file:
        text = file.read()
    found = ROUTE.findall(text)
    assert len(found) == len(re.findall(r'^    [A-Z]+\("', text, re.M)) > 40, "the router's table is written otherwise"
    return found


def forms(secret):
    """How the bytes of a secret may look: as text or hex in any case, in base64, raw."""
    text = secret.encode()
    found = {text, text.upper(), text.lower(), base64.b64encode(text).rstrip(b"=")}
    if re.fullmatch("(?:[0-9a-f]{2}){16,}", secret):
        raw = bytes.fromhex(secret)
        found |= {raw, base64.b64encode(raw).rstrip(b"="), base64.urlsafe_b64encode(raw).rstrip(b"=")}
    return found


class Told:
    """One thing that a witness was told: where, what it had said itself, and every byte of the answer."""

    def __init__(self, where, said, heads, body, status=0):
        self.where = where
        self.said = said
        self.body = body
        self.data = heads + body
        self.status = status

    def __repr__(self):
        return f"{self.where} {self.status}: {self.data[:2000]!r}"


class Witness:
    """A viewer: under a name (`from`), with a session key, with both, or with neither."""

    def __init__(self, server, label, seat=None, name=None, key=None, reads_only=False):
        self.api = server.api()
        self.api.description = None  # other tests compare answers with it; here there are too many
        self.port = server.port
        self.label = label
        self.seat = seat  # which one it plays; None: it plays none
        self.name = name
        self.key = key
        self.reads_only = reads_only  # what it writes would tell its name
        self.told = []
        self.streams = []
        self.tools = None

    def close(self):
        for stream in self.streams:
            stream.close()
        self.api.close()

    # Requests.

    def query(self, chance, **more):
        parts = [f"{name}={value}" for name, value in more.items()]
        if self.name is not None:
            parts.append(f"from={self.name}")
        if self.key and chance.random() < 0.3:
            return "?" + "&".join(parts + [f"key={self.key}"]), {}
        return "?" + "&".join(parts), {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def ask(self, chance, method, path, body=None, headers=None, where=None, **more):
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        query, own = self.query(chance, **more)
        answer = self.api.request(method, path + query, body, {**own, **(headers or {})})
        heads = "".join(f"{name}: {value}\n" for name, value in answer.headers.items()).encode()
        said = f"{path}{query}\n{own}\n".encode() + (body or b"")
        self.told.append(Told(where or f"{method} {path}", said, heads, answer.body, answer.status))
        return answer

    def listen(self, chance, channel, last_event_id=None):
        query, headers = self.query(chance)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        stream = Stream(self.port, channel + query, last_event_id=last_event_id, headers=lines)
        stream.channel = channel
        self.streams.append(stream)
        return stream

    def streamed(self, until_end=True):
        """What the streams told, each chunk in its order; up to the end of the game, where all may be told."""
        for stream in self.streams:
            for chunk in list(stream.chunks):
                if until_end and b'"game_ended"' in chunk:
                    break
                yield Told(f"stream of {stream.channel}", b"", b"", bytes(chunk), stream.status)

    # The walk.

    def walk(self, chance, place):
        """Asks everything once.  place: what can stand in addresses and arguments, see Place."""
        for channel in (place.channel, place.session, "invites"):  # what reveals comes first
            for kind in ("arena", "chat"):
                self.ask(chance, "GET", f"/api/{kind}/sync", channel=channel, index=0)
        for method, path in routes():
            for target in place.targets(path, chance):
                self.ask_route(chance, method, target, place)
        for path in ("/nowhere", "/api/nowhere", "/api/v1/challenges", "/api/challenges/", "/SKILL.md", "/docs",
                     f"/api/v1/sessions/{place.session}"):
            self.ask(chance, "GET", path)
        for endpoint in MCP_ENDPOINTS:
            self.walk_tools(chance, endpoint, place)

    def ask_route(self, chance, method, path, place):
        if method in ("GET", "STREAM"):
            if method == "GET":
                self.ask(chance, "GET", path)
                self.ask(chance, "GET", path, channel=place.session, challengeId=place.session, limit=100, offset=0,
                         status=chance.choice(("open", "active", "ended", "")), ids=",".join(place.registered))
            method = chance.choice(("HEAD", "HEAD", "PUT", "OPTIONS", "PATCH", None))
            if method:
                self.ask(chance, method, path, None if method == "HEAD" else b"{}", channel=place.channel)
        elif path not in MCP_ENDPOINTS and not self.reads_only:
            self.ask(chance, method, path, chance.choice(MALFORMED))
            self.ask(chance, method, path, place.everything(self.name))

    def call(self, chance, endpoint, method, **params):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return self.ask(chance, "POST", endpoint, body, ACCEPT, f"{endpoint} {method} {params.get('name', '')}".strip())

    def walk_tools(self, chance, endpoint, place):
        self.ask(chance, "POST", endpoint, chance.choice(MALFORMED), ACCEPT)
        self.call(chance, endpoint, "initialize")
        listed = self.call(chance, endpoint, "tools/list")
        if listed.status != 200:
            return  # a key that is none
        tools = json.loads(listed.text.partition("data: ")[2])["result"]["tools"]
        assert tools, endpoint
        for tool in tools:
            properties = tool["inputSchema"]["properties"]
            if self.seat is not None and tool["name"] in PLAYS:
                continue  # a witness does not play
            if self.reads_only and tool["name"] in PLAYS + ("chat", "send_chat"):
                continue
            values = {**place.everything(self.name), "sessionKey": self.key, "timeoutSeconds": 0, "index": 0}
            given = {name: values[name] for name in properties if values.get(name) is not None}
            self.call(chance, endpoint, "tools/call", name=tool["name"], arguments=given)
            self.call(chance, endpoint, "tools/call", name=tool["name"], arguments={})


class Place:
    """A session, and all the names that may stand in addresses and arguments."""

    def __init__(self, session, challenge, invites, registered):
        self.session = session
        self.channel = f"challenge_{session}"
        self.challenge = challenge
        self.used = []            # invites whose seats are taken
        self.invites = invites
        self.registered = registered  # users that anybody may look up

    def targets(self, path, chance=None):
        """The addresses that a path of the table may stand for; with chance, this session's and some of the others."""
        if ":" not in path:
            return [path]
        names = [self.channel, self.challenge, "none", "operator", "invites", "app.js", *self.used, *self.registered]
        names = [self.session] + (chance.sample(names, 3) if chance else names)
        return [re.sub(":[a-z]+", name, path) for name in names]

    def everything(self, name):
        """Members and arguments of all requests at once; the invites in it are used, so nobody takes a seat."""
        invite = self.used[-1] if self.used else "inv_none"
        return {"channel": self.session, "challengeId": self.session, "session": self.session, "content": "hello",
                "method": "nonsense", "messageType": "nonsense", "invite": invite, "inviteId": invite,
                "userId": "a-stranger", "user": "a-stranger", "username": "Stranger", "model": "none",
                "challenge": self.challenge, "publicKey": "00" * 32, "signature": "00" * 64, "timestamp": 1,
                **({"from": name} if name is not None else {})}
