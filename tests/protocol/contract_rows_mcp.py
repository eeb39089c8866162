"""The contract of MCP in both modes: the transport, what the reference's two addresses offer, and their tools' answers.

Arguments name a player by `from`; in auth mode the key in the header says who it is.
"""
import json

from contract import Events, Row, check_unique, error, filled
from contract_rows import NOT_FOUND, message, told
from matching import INTEGER, Matcher, PSI_SET, SENTENCE, challenge_file, difference, text

ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json",
          "Authorization": "Bearer <K0>"}
ARENA, CHAT, PLAY = "/api/arena/mcp", "/api/chat/mcp", "/mcp"
VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07")


def failure(code, words):
    return {"jsonrpc": "2.0", "error": {"code": code, "message": words}, "id": None}


def request(method, params=None, number=1):
    return {"jsonrpc": "2.0", "id": number, "method": method, **({} if params is None else {"params": params})}


def call(tool, **arguments):
    return request("tools/call", {"name": tool, "arguments": arguments})


def result(value, number=1):
    return {"result": value, "jsonrpc": "2.0", "id": number}


def said(words, failed=False):
    content = {"content": [{"type": "text", "text": words}]}
    return Events([result({**content, "isError": True} if failed else content)])


def says(make):
    """The answer of a tool whose text is the JSON that make(names) gives."""
    def answer(names):
        wanted = filled(make(names) if callable(make) else make, names)
        return said(Matcher(f"JSON like {wanted!r}", lambda value: difference(wanted, json.loads(value)) is None))
    return answer


def row(name, path, status, answer, body=None, given="active", sent=None, method="POST", **more):
    headers = {**ACCEPT, **(sent or {})}
    return Row(name, f"{method} {path}", status, answer, json.dumps(body) if isinstance(body, (dict, list)) else body,
               given, sent={key: value for key, value in headers.items() if value is not None}, **more)


def transport():
    for path in (ARENA, CHAT, PLAY):
        who = {"name": "mcp-typescript server on vercel", "version": "0.1.0"}
        for version in VERSIONS + ("1999-01-01", None) if path != PLAY else ():
            params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
            known = version if version in VERSIONS else VERSIONS[0]
            yield row(f"{path}: initialize {version}", path, 200, Events([result(
                {"protocolVersion": known, "capabilities": {"tools": {"listChanged": True}}, "serverInfo": who})]),
                request("initialize", params))
        yield row(f"{path}: ping", path, 200, Events([result({})]), request("ping"))
        yield row(f"{path}: an unknown method", path, 200, Events([
            {"error": {"code": -32601, "message": "Method not found"}, "jsonrpc": "2.0", "id": 1}]),
            request("resources/list"))
        yield row(f"{path}: a notification", path, 202, None, {"jsonrpc": "2.0", "method": "notifications/initialized"})
        yield row(f"{path}: notifications", path, 202, None, [{"jsonrpc": "2.0", "method": "notifications/x"}] * 2)
        yield row(f"{path}: a batch", path, 200, Events([result({}, 1), result({}, "two"), result({}, 3)]),
                  [request("ping"), request("ping", None, "two"), {"jsonrpc": "2.0", "method": "notifications/x"},
                   request("ping", None, 3)])
        for accept in (None, "*/*", "application/json", "text/event-stream", "text/html"):
            yield row(f"{path}: Accept {accept}", path, 406, failure(
                -32000, "Not Acceptable: Client must accept both application/json and text/event-stream"),
                request("ping"), sent={"Accept": accept})
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            yield row(f"{path}: Content-Type {kind}", path, 415, failure(
                -32000, "Unsupported Media Type: Content-Type must be application/json"), request("ping"),
                sent={"Content-Type": kind})
        yield row(f"{path}: Content-Type with a charset", path, 200, Events([result({})]), request("ping"),
                  sent={"Content-Type": "application/json; charset=utf-8"})
        for version in VERSIONS:
            yield row(f"{path}: the header names {version}", path, 200, Events([result({})]), request("ping"),
                      sent={"MCP-Protocol-Version": version})
        yield row(f"{path}: the header names an unknown version", path, 400, failure(
            -32000, "Bad Request: Unsupported protocol version: 1999-01-01"), request("ping"),
            sent={"MCP-Protocol-Version": "1999-01-01"})
        for method in ("GET", "DELETE"):
            yield row(f"{path}: {method}", path, 405, failure(-32000, "Method not allowed."), method=method,
                      has={"allow": "POST"})
        for method in ("PUT", "PATCH", "OPTIONS"):
            yield row(f"{path}: {method}", path, 404, NOT_FOUND, "{}", method=method)
        for body in ("", "{", "nonsense", "[1 2]", '{"jsonrpc":"2.0",}'):
            yield row(f"{path}: the body {body!r}", path, 400, {
                "jsonrpc": "2.0", "error": {"code": -32700, "message": SENTENCE}, "id": None}, body)
        for body in ({}, [], {"jsonrpc": "1.0", "id": 1, "method": "ping"}, {"jsonrpc": "2.0"}, [1]):
            yield row(f"{path}: the message {body!r}", path, 400, {
                "jsonrpc": "2.0", "error": {"code": -32600, "message": SENTENCE}, "id": None}, body)


def described(name, properties, required):
    """A tool as tools/list shows it, with JSON Schema draft-07 and every property described."""
    def check(tool):
        schema = tool.get("inputSchema", {})
        return (tool.get("name") == name and tool.get("description")
                and schema.get("$schema") == "http://json-schema.org/draft-07/schema#"
                and schema.get("type") == "object" and schema.get("additionalProperties") is False
                and list(schema.get("properties", {})) == properties and schema.get("required", []) == required
                and all(member.get("description") for member in schema["properties"].values())
                and tool.get("execution") == {"taskSupport": "forbidden"})
    return Matcher(f"the tool {name}{properties}, {required} required", check)


def tools():
    three = ["channel", "from", "index"]
    move = ["challengeId", "from", "messageType", "content"]
    yield row("tools of the arena", ARENA, 200, Events([result({"tools": [
        described("challenge_join", ["invite", "userId"], ["invite"]), described("challenge_message", move, move),
        described("challenge_sync", three, three)]})]), request("tools/list"), modes="standalone")
    yield row("tools of the chat", CHAT, 200, Events([result({"tools": [
        described("send_chat", ["channel", "from", "to", "content"], ["channel", "from", "content"]),
        described("sync", three, three)]})]), request("tools/list"), modes="standalone")
    # In auth mode, where the reference has no MCP: who joins signs, and a key may come as an argument instead of `from`.
    proof, key = ["invite", "publicKey", "signature", "timestamp"], ["sessionKey"]
    unnamed = ["channel", "index"]
    yield row("tools of the arena, signed", ARENA, 200, Events([result({"tools": [
        described("challenge_join", proof, proof),
        described("challenge_message", move + key, ["challengeId", "messageType", "content"]),
        described("challenge_sync", three + key, unnamed)]})]), request("tools/list"), modes="auth")
    yield row("tools of the chat, signed", CHAT, 200, Events([result({"tools": [
        described("send_chat", ["channel", "from", "to", "content"] + key, ["channel", "content"]),
        described("sync", three + key, unnamed)]})]), request("tools/list"), modes="auth")
    for path in (ARENA, CHAT, PLAY):
        yield row(f"{path}: an unknown tool", path, 200, said("MCP error -32602: Tool nope not found", True),
                  call("nope"))
    for tool, path, wrong in (("challenge_join", ARENA, {}), ("challenge_join", ARENA, {"invite": 5}),
                              ("challenge_join", ARENA, {"invite": "x", "userId": None}),
                              ("challenge_message", ARENA, {"challengeId": "x", "from": "x", "content": "x"}),
                              ("challenge_sync", ARENA, {"channel": "x", "from": "x"}),
                              ("challenge_sync", ARENA, {"channel": "x", "from": "x", "index": -1}),
                              ("challenge_sync", ARENA, {"channel": "x", "from": "x", "index": 1.5}),
                              ("send_chat", CHAT, {"channel": "x", "from": "x", "content": 5}),
                              ("send_chat", CHAT, {"channel": "x", "from": "x", "content": "x", "to": 5}),
                              ("sync", CHAT, {"channel": "x", "from": "x", "index": "1"})):
        yield row(f"{tool} with {wrong}", path, 200, said(text(
            f"MCP error -32602: Input validation error: Invalid arguments for tool {tool}.*"), True),
            call(tool, **wrong))


def play():
    """Refusals of the arena are no errors of the tools here: they are the JSON of the route."""
    guess = {"challengeId": "<S>", "from": "<I>", "messageType": "guess", "content": "1"}
    yield row("challenge_join", ARENA, 200, says({"ChallengeID": "<S>", "ChallengeInfo": challenge_file("psi")}),
              call("challenge_join", invite="<I>", userId="alice"), "new open", modes="standalone")
    yield row("challenge_join that is refused", ARENA, 200, says(error("Challenge not found for invite: none")),
              call("challenge_join", invite="none"), modes="standalone")
    yield row("challenge_message", ARENA, 200, says({"ok": "Message sent"}), call("challenge_message", **guess),
              "new active")
    yield row("challenge_message that is refused", ARENA, 200, says(error("Invalid guess format.", "INVALID_GUESS")),
              call("challenge_message", **{**guess, "content": "none"}))
    yield row("challenge_sync", ARENA, 200, says(told(message(1, "operator", "<I>", PSI_SET),
                                                      message(2, "operator", "<J>", None))),
              call("challenge_sync", channel="<S>", index=0, **{"from": "<I>"}))
    yield row("challenge_sync from an index", ARENA, 200, says(told(message(2, "operator", "<J>", None))),
              call("challenge_sync", channel="<S>", index=2, **{"from": "<I>"}))
    line = {"channel": "<S>", "from": "<I>", "content": "hi"}
    for to in ({}, {"to": None}, {"to": "<J>"}):
        wanted = {"index": 1, "channel": "<S>", "from": "<I>", "to": to.get("to")}
        yield row(f"send_chat {to}", CHAT, 200, says(wanted), call("send_chat", **line, **to), "new active")
    yield row("sync", CHAT, 200, says(told(message(1, "<I>", None, "hi", "<S>"))),
              call("sync", channel="<S>", index=0, **{"from": "<I>"}), "new active",
              before=[(0, "POST /api/chat/send", {"channel": "<S>", "content": "hi"})])
    yield row("send_chat as operator", CHAT, 200, says({"error": SENTENCE, "code": "RESERVED_NAME"}),
              call("send_chat", **{**line, "from": "operator"}), modes="standalone")
    # the arena's own tools: a refusal is an error of the tool, in a sentence
    yield row("act that is refused", PLAY, 200, said(text(r"Invalid guess format\. \(INVALID_GUESS\).*"), True),
              call("act", session="<S>", method="guess", content="none", **{"from": "<I>"}))
    yield row("actions", PLAY, 200, says({"status": "active", "active": True, "turn": INTEGER,
                                          "actions": [{"method": "guess", "content": ""}]}),
              call("actions", session="<S>", **{"from": "<I>"}))
    key = {"Authorization": "Bearer s_0." + "0" * 64}
    yield row("a tool with a bad key", ARENA, 200, says(error("Authentication required")),
              call("challenge_message", **guess), sent=key, modes="auth")
    yield row("a tool without a key", ARENA, 200, says(error("from is required")), call("challenge_message", **guess),
              sent={"Authorization": None}, modes="auth")


ROWS = check_unique([*transport(), *tools(), *play()])
