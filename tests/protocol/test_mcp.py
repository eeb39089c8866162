"""The arena as tools for agents: the reference's two addresses, /mcp, and the bridge of arena(1)."""
import json
import random
import subprocess
import threading
import time
import unittest

from arena_test import ARENA_CLI, PATIENCE, ArenaCase, Game, free_port
from games import PSI_SET, choices, numbers
from test_auth import AuthCase

ACCEPT = "application/json, text/event-stream"
REFERENCE = ("/api/arena/mcp", "/api/chat/mcp", "/api/v1/arena/mcp", "/api/v1/chat/mcp")
ALL = REFERENCE + ("/mcp",)
TEAMS = [[{"species": "pikachu", "moves": ["thunderbolt"]}], [{"species": "venusaur", "moves": ["razorleaf"]}]]
VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07")


def failure(code, message):
    return {"jsonrpc": "2.0", "error": {"code": code, "message": message}, "id": None}


def events(answer):
    """The data of an answer's events, whose form is checked byte for byte."""
    assert answer.text.endswith("\n\n"), answer
    found = []
    for event in answer.text[:-2].split("\n\n"):
        kind, data = event.split("\n")
        assert kind == "event: message" and data.startswith("data: "), event
        found.append(json.loads(data[6:]))
    return found


class McpCase(ArenaCase):
    def post(self, path, body, **headers):
        sent = {"Accept": ACCEPT, "Content-Type": "application/json"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self.api.request("POST", path, body, {name: value for name, value in sent.items() if value})

    def rpc(self, path, method, params=None, **headers):
        """The only event that answers a request."""
        body = {"jsonrpc": "2.0", "id": 7, "method": method, **({"params": params} if params is not None else {})}
        answer = self.check(self.post(path, body, **headers), 200, kind="text/event-stream")
        event, = events(answer)
        self.assertEqual((event["jsonrpc"], event["id"]), ("2.0", 7))
        return event

    def call(self, tool, path="/mcp", **arguments):
        result = self.rpc(path, "tools/call", {"name": tool, "arguments": arguments})["result"]
        content, = result["content"]
        self.assertEqual(content["type"], "text")
        return content["text"], result.get("isError", False)

    def done(self, tool, path="/mcp", **arguments):
        """The JSON that a tool says; it must not fail."""
        text, failed = self.call(tool, path, **arguments)
        self.assertFalse(failed, text)
        return json.loads(text)

    def fails(self, expected, tool, path="/mcp", **arguments):
        text, failed = self.call(tool, path, **arguments)
        self.assertTrue(failed, text)
        self.assertRegex(text, expected)


class Transport(McpCase):
    def test_initialize(self):
        for path in ALL:
            for version in VERSIONS + ("1999-01-01", None):
                params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
                result = self.rpc(path, "initialize", params)["result"]
                self.assertEqual(result["protocolVersion"], version if version in VERSIONS else "2025-11-25")
                if path in REFERENCE:
                    self.assertEqual(result["capabilities"], {"tools": {"listChanged": True}})
                    self.assertEqual(result["serverInfo"],
                                     {"name": "mcp-typescript server on vercel", "version": "0.1.0"})
                else:
                    self.assertEqual(result["serverInfo"]["name"], "arena")
                    self.assertIn("wait", result["instructions"])

    def test_notifications_and_answers(self):
        for path in ALL:
            for body in ({"jsonrpc": "2.0", "method": "notifications/initialized"},
                         {"jsonrpc": "2.0", "id": 1, "result": {}}):
                answer = self.post(path, body)
                self.assertEqual((answer.status, answer.body), (202, b""))

    def test_ping_and_unknown_method(self):
        for path in ALL:
            self.assertEqual(self.rpc(path, "ping")["result"], {})
            self.assertEqual(self.rpc(path, "resources/list")["error"],
                             {"code": -32601, "message": "Method not found"})

    def test_accept(self):
        text = "Not Acceptable: Client must accept both application/json and text/event-stream"
        for path in ALL:
            for accept in (None, "*/*", "application/json", "text/event-stream"):
                self.check(self.post(path, "{}", Accept=accept), 406, failure(-32000, text))

    def test_content_type(self):
        text = "Unsupported Media Type: Content-Type must be application/json"
        for path in ALL:
            for kind in ("text/plain", "application/x-www-form-urlencoded"):
                self.check(self.post(path, b"{}", Content_Type=kind), 415, failure(-32000, text))
        self.assertEqual(self.rpc("/mcp", "ping", Content_Type="application/json; charset=utf-8")["result"], {})

    def test_version_header(self):
        for path in ALL:
            for version in VERSIONS:
                self.assertEqual(self.rpc(path, "ping", MCP_Protocol_Version=version)["result"], {})
            answer = self.post(path, {"jsonrpc": "2.0", "id": 1, "method": "ping"}, MCP_Protocol_Version="1999-01-01")
            self.check(answer, 400, failure(-32000, "Bad Request: Unsupported protocol version: 1999-01-01"))

    def test_get_and_delete(self):
        for path in ALL:
            for method in ("GET", "DELETE"):
                answer = self.api.request(method, path, headers={"Accept": ACCEPT})
                self.check(answer, 405, failure(-32000, "Method not allowed."))
                self.assertEqual(answer.headers["allow"], "POST")

    def test_other_methods_do_not_hang(self):
        for method in ("OPTIONS", "PUT", "PATCH"):
            for path in ALL:
                self.assertEqual(self.api.request(method, path, b"{}").status, 404)

    def test_malformed(self):
        for path in ALL:
            for body in (b"", b"{", b"nonsense", b"\xff", b'{"jsonrpc":"2.0",}', b"[" * 5000, b'{"a":1,"a":2}', b"[1 2]"):
                self.check(self.post(path, body), 400, failure(-32700, "Parse error: Invalid JSON"))
            for body in ({}, [], 1, "x", None, [1], {"jsonrpc": "1.0", "id": 1, "method": "ping"}, {"jsonrpc": "2.0"},
                         {"jsonrpc": "2.0", "id": None, "method": "ping"}, {"jsonrpc": "2.0", "id": 1, "method": 2},
                         {"jsonrpc": "2.0", "id": {}, "method": "ping"}, [{"jsonrpc": "2.0", "method": "x"}] * 21):
                answer = self.check(self.post(path, json.dumps(body)), 400)
                self.assertEqual(answer.json["error"]["code"], -32600)
                self.assertIsNone(answer.json["id"])
            self.assertEqual(self.rpc(path, "ping")["result"], {})

    def test_odd_calls(self):
        for params in (None, [], {}, {"name": 5}, "x"):
            self.assertEqual(self.rpc("/mcp", "tools/call", params)["error"]["code"], -32602)
        for arguments in ([], 5, "x"):
            result = self.rpc("/mcp", "tools/call", {"name": "join", "arguments": arguments})["result"]
            self.assertTrue(result["isError"])

    def test_batches(self):
        batch = [{"jsonrpc": "2.0", "id": 1, "method": "ping"}, {"jsonrpc": "2.0", "method": "notifications/x"},
                 {"jsonrpc": "2.0", "id": "two", "method": "nope"},
                 {"jsonrpc": "2.0", "id": 3, "method": "tools/call",
                  "params": {"name": "create_session", "arguments": {"challenge": "psi"}}},
                 {"jsonrpc": "2.0", "id": 4, "method": "tools/call",
                  "params": {"name": "create_session", "arguments": {"challenge": "psi"}}}]
        found = events(self.check(self.post("/mcp", batch), 200, kind="text/event-stream"))
        self.assertEqual([event["id"] for event in found], [1, "two", 3, 4])
        sessions = {json.loads(event["result"]["content"][0]["text"])["id"] for event in found[2:]}
        self.assertEqual(len(sessions), 2)

    def test_idempotency(self):
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": {"name": "create_session", "arguments": {"challenge": "psi"}}}
        first, second = (self.post("/mcp", body, Idempotency_Key="mcp-1") for _ in range(2))
        self.assertEqual(first.body, second.body)

    def test_figures(self):
        self.rpc("/mcp", "ping")
        self.done("list_challenges")
        self.assertIn('arena_http_requests_total{method="POST",route="/mcp",status="200"}', self.api.get("/metrics").text)


class ReferenceTools(McpCase):
    def test_lists(self):
        wanted = {
            "arena": {"challenge_join": (["invite", "userId"], ["invite"]),
                      "challenge_message": (["challengeId", "from", "messageType", "content"],) * 2,
                      "challenge_sync": (["channel", "from", "index"],) * 2},
            "chat": {"send_chat": (["channel", "from", "to", "content"], ["channel", "from", "content"]),
                     "sync": (["channel", "from", "index"],) * 2}}
        for path in REFERENCE:
            tools = self.rpc(path, "tools/list")["result"]["tools"]
            expected = wanted["arena" if "arena" in path else "chat"]
            self.assertEqual([tool["name"] for tool in tools], list(expected))
            for tool in tools:
                self.check_schema(tool, *expected[tool["name"]])
                self.assertEqual(tool["execution"], {"taskSupport": "forbidden"})

    def check_schema(self, tool, properties, required):
        schema = tool["inputSchema"]
        self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")
        self.assertEqual(schema["type"], "object")
        self.assertIs(schema["additionalProperties"], False)
        self.assertEqual(list(schema["properties"]), properties)
        self.assertEqual(schema.get("required", []), required)
        self.assertTrue(all(member["description"] for member in schema["properties"].values()))

    def test_a_game(self):
        game = Game(self.api, "psi", join=False)
        for invite in game.invites:
            joined = self.done("challenge_join", "/api/arena/mcp", invite=invite, userId="u-" + invite)
            self.assertEqual(joined["ChallengeID"], game.id)
        told = self.done("challenge_sync", "/api/arena/mcp", channel=game.id, **{"from": game.invites[0]}, index=0)
        self.assertEqual(told, self.api.sync(game.id, game.invites[0]).json)
        for invite in game.invites:
            sent = self.done("challenge_message", "/api/arena/mcp", challengeId=game.id, **{"from": invite},
                             messageType="guess", content="{1}")
            self.assertEqual(sent, {"ok": "Message sent"})
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "ended")

    def test_chat(self):
        for to in ({}, {"to": "bob"}, {"to": None}):
            said = self.done("send_chat", "/api/chat/mcp", channel="mcp", **{"from": "ann"}, content="hi", **to)
            self.assertEqual((said["channel"], said["from"]), ("mcp", "ann"))
        told = self.done("sync", "/api/chat/mcp", channel="mcp", **{"from": "bob"}, index=2)
        self.assertEqual([message["content"] for message in told["messages"]], ["hi", "hi"])

    def test_refusals_of_the_arena_are_results(self):
        text, failed = self.call("challenge_join", "/api/arena/mcp", invite="none")
        self.assertFalse(failed)
        self.assertEqual(json.loads(text), self.api.join("none").json)

    def test_refused_calls(self):
        self.fails(r"^MCP error -32602: Tool nope not found$", "nope", "/api/arena/mcp")
        for arguments in ({}, {"invite": 5}, {"invite": "x", "userId": None}):
            self.fails(r"^MCP error -32602: Input validation error: Invalid arguments for tool challenge_join: ",
                       "challenge_join", "/api/arena/mcp", **arguments)
        for index in (-1, 1.5, "1", None):
            self.fails("Invalid arguments for tool sync: index", "sync", "/api/chat/mcp", channel="c",
                       **{"from": "a"}, index=index)


class Playing(McpCase):
    def start(self, challenge, options=None):
        made = self.done("create_session", challenge=challenge, **({"options": options} if options else {}))
        for invite in made["invites"]:
            self.assertEqual(self.done("join", invite=invite, user="u-" + invite)["ChallengeID"], made["id"])
        return made["id"], made["invites"]

    def test_tools(self):
        tools = self.rpc("/mcp", "tools/list")["result"]["tools"]
        self.assertEqual([tool["name"] for tool in tools],
                         ["list_challenges", "create_session", "join", "view", "actions", "act", "wait", "messages",
                          "chat", "chat_messages", "leave"])
        for tool in tools:
            schema = tool["inputSchema"]
            self.assertIs(schema["additionalProperties"], False)
            self.assertTrue(tool["description"])
            self.assertTrue(all(member["description"] for member in schema["properties"].values()))
        listed = self.done("list_challenges")
        self.assertEqual(listed, self.api.get("/api/metadata").json)

    def test_a_game_of_psi(self):
        session, invites = self.start("psi")
        sets = []
        for invite in invites:
            now = self.done("wait", session=session, **{"from": invite})
            self.assertEqual((now["ready"], now["ended"], now["next"]), (True, False, 3))
            sets += [set(numbers(PSI_SET.fullmatch(message["content"]).group(1)))
                     for message in now["messages"] if message["content"]]
        common = "{" + ", ".join(map(str, sorted(sets[0] & sets[1]))) + "}"
        for invite in invites:
            now = self.done("actions", session=session, **{"from": invite})
            action, = now["actions"]
            self.assertEqual(self.done("act", session=session, **{"from": invite}, method=action["method"],
                                       content=common, turn=now["turn"]), {"ok": "Message sent"})
        now = self.done("wait", session=session, **{"from": invites[0]}, index=3)
        self.assertEqual((now["ready"], now["ended"]), (True, True))
        self.assertRegex(now["messages"][-1]["content"], "Game ended")
        self.assertEqual(self.done("leave", session=session, **{"from": invites[0]})["ok"],
                         "The session has ended: there is nothing to leave")

    def test_turns_of_a_battle(self):
        session, invites = self.start("pokemon")
        chance = random.Random(1)
        seen = {invite: 0 for invite in invites}
        for _ in range(5):
            for invite in invites:
                now = self.done("wait", session=session, **{"from": invite}, index=seen[invite], timeoutSeconds=0)
                seen[invite] = now["next"]
                offered = [action for action in now["actions"] if action["method"] == "choose" and action["content"]]
                if not now["ready"] or not offered:
                    continue
                self.assertEqual(self.done("view", session=session, **{"from": invite})["me"], invites.index(invite))
                action = chance.choice(offered)
                self.done("act", session=session, **{"from": invite}, **action, turn=now["turn"])
        self.assertGreater(self.done("actions", session=session, **{"from": invites[0]})["turn"], 2)
        self.fails("STALE_TURN.*wait", "act", session=session, **{"from": invites[0]}, method="choose",
                   content="default", turn=1)
        self.done("leave", session=session, **{"from": invites[0]})
        self.assertTrue(self.done("wait", session=session, **{"from": invites[1]}, index=seen[invites[1]])["ended"])

    def test_wait_is_woken(self):
        # one each: after any turn both are asked again, or the battle is over
        session, (first, second) = self.start("pokemon", {"teams": TEAMS})
        possible, _ = choices(self.api, session, first)
        self.done("act", session=session, **{"from": first}, method="choose", content=possible[0])
        said = self.done("messages", session=session, **{"from": first})["messages"]
        answers = []

        def wait():
            api = self.server.api()
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                    "params": {"name": "wait", "arguments": {"session": session, "from": first,
                                                             "index": said[-1]["index"] + 1, "timeoutSeconds": 60}}}
            answers.append(api.request("POST", "/mcp", body, {"Accept": ACCEPT}))
            answers.append(time.monotonic())
            api.close()

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.2)  # lets it wait
        possible, _ = choices(self.api, session, second)
        self.done("act", session=session, **{"from": second}, method="choose", content=possible[0])
        acted = time.monotonic()
        waiting.join(PATIENCE)
        now = json.loads(events(answers[0])[0]["result"]["content"][0]["text"])
        self.assertTrue(now["ready"], now)
        self.assertLess(answers[1] - acted, 2)

    def test_wait_ends_with_the_time(self):
        made = self.done("create_session", challenge="psi")
        self.done("join", invite=made["invites"][0])
        begun = time.monotonic()
        now = self.done("wait", session=made["id"], **{"from": made["invites"][0]}, timeoutSeconds=1)
        self.assertEqual((now["ready"], now["ended"], now["status"], len(now["messages"])), (False, False, "open", 1))
        self.assertGreater(time.monotonic() - begun, 0.9)

    def test_wait_ends_with_the_server(self):
        made = self.done("create_session", challenge="psi")
        self.done("join", invite=made["invites"][0])
        timer = threading.Timer(0.3, self.server.process.terminate)
        timer.start()
        now = self.done("wait", session=made["id"], **{"from": made["invites"][0]}, timeoutSeconds=60)
        self.assertFalse(now["ready"])
        self.restart(self.server.stop)

    def test_chat(self):
        session, invites = self.start("psi")
        self.done("chat", session=session, **{"from": invites[0]}, content="good luck")
        told = self.done("chat_messages", session=session, **{"from": invites[1]})
        self.assertEqual([message["content"] for message in told["messages"]], ["good luck"])

    def test_secrets_are_kept(self):
        session, invites = self.start("psi")
        for reader in ({}, {"from": "nobody"}):
            told = self.done("messages", session=session, **reader)
            self.assertEqual([message["content"] for message in told["messages"]], ["", ""])
            self.assertNotIn("set", self.done("view", session=session, **reader))
        self.fails("RESERVED_NAME", "messages", session=session, **{"from": "operator"})

    def test_sentences(self):
        session, invites = self.start("psi")
        self.fails("list_challenges", "create_session", challenge="none")
        self.fails(r"INVITE_ALREADY_USED\)\. If it was you", "join", invite=invites[0])
        self.fails("create_session", "view", session="none")
        self.fails("create_session", "wait", session="none", **{"from": "x"})
        self.fails("INVALID_GUESS", "act", session=session, **{"from": invites[0]}, method="guess", content="none")
        self.fails("no method to give up", "leave", session=session, **{"from": invites[0]})
        self.fails("session must be a string that is not empty", "view", session="")
        self.fails("there is no argument sesion", "view", session=session, sesion="x")
        self.fails("is required", "act", session=session)
        for odd in ("../x", "a/b", "%00", "\0", "?x=1", "ä"):
            self.call("view", session=odd)


class WithKeys(AuthCase, McpCase):
    """Auth mode: whose key it is decides, whatever `from` says."""

    def headers_of(self, key):
        return {"Authorization": f"Bearer {key}"} if key else {}

    def say(self, key, tool, **arguments):
        event = self.rpc("/mcp", "tools/call", {"name": tool, "arguments": arguments}, **self.headers_of(key))
        return event["result"]["content"][0]["text"], event["result"].get("isError", False)

    def post(self, path, body, key=None, **headers):
        return McpCase.post(self, path, body, **self.headers_of(key), **headers)

    def test_keys(self):
        game = self.game()
        for seat, key in enumerate(game.keys):
            text, _ = self.say(key, "wait", session=game.id, **{"from": game.invites[1 - seat]})
            self.assertEqual([bool(message["content"]) for message in json.loads(text)["messages"]],
                             [seat == 0, seat == 1])
        move = {"session": game.id, "from": game.invites[0], "method": "guess", "content": "{1}"}
        other = {**move, "session": Game(self.api, "psi", join=False).id}
        for refused, sentence in ((self.say(None, "act", **move), "from is required. "),
                                  (self.say("s_none", "act", **move), "Authentication required. "),
                                  (self.say(game.keys[0], "act", **other), "Authentication required. ")):
            self.assertTrue(refused[1])
            self.assertTrue(refused[0].startswith(sentence), refused)
        self.assertEqual(self.say(game.keys[0], "act", **move), ('{"ok":"Message sent"}', False))


class Bridge(McpCase):
    def bridge(self, *lines, url=None):
        program = subprocess.run([ARENA_CLI, "mcp", "--url", url or f"http://127.0.0.1:{self.server.port}"],
                                 input="".join(line + "\n" for line in lines), capture_output=True, text=True,
                                 timeout=PATIENCE)
        self.assertEqual(program.returncode, 0, program.stderr)
        return [json.loads(line) for line in program.stdout.splitlines()]

    def test_lines(self):
        call = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "list_challenges"}}
        said = self.bridge('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}',
                           '{"jsonrpc":"2.0","method":"notifications/initialized"}', "",
                           '{"jsonrpc":"2.0","id":2,"method":"tools/list"}', json.dumps(call), "{nonsense",
                           '[{"jsonrpc":"2.0","id":4,"method":"ping"},{"jsonrpc":"2.0","id":5,"method":"ping"}]')
        self.assertEqual([line["id"] for line in said], [1, 2, 3, None, 4, 5])
        self.assertEqual(said[0]["result"]["protocolVersion"], "2025-06-18")
        self.assertEqual(json.loads(said[2]["result"]["content"][0]["text"]), self.api.get("/api/metadata").json)
        self.assertEqual(said[3]["error"]["code"], -32700)

    def test_no_server(self):
        said, = self.bridge('{"jsonrpc":"2.0","id":1,"method":"ping"}', '{"jsonrpc":"2.0","method":"notifications/x"}',
                            url=f"http://127.0.0.1:{free_port()}")
        self.assertEqual((said["id"], said["error"]["code"]), (1, -32000))
        self.assertIn("arenad", said["error"]["message"])


if __name__ == "__main__":
    unittest.main()
