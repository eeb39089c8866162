"""MCP in auth mode: joins with a signature, session keys as header, query or argument, and the bridge that signs."""
import json
import os
import subprocess
import tempfile
import unittest

from arena_test import ARENA_CLI, PATIENCE, Game, die_with_parent, run_cli
from games import PSI_SET, numbers
from test_auth import ALICE, BOB, AuthCase, bearer, join_body
from test_mcp import McpCase, events

SIGNED = ["publicKey", "signature", "timestamp"]
ARENA = "/api/arena/mcp"
WITH_KEY = {"/mcp": ["view", "actions", "act", "wait", "messages", "chat", "chat_messages", "leave"],
            ARENA: ["challenge_message", "challenge_sync"], "/api/chat/mcp": ["send_chat", "sync"]}


def common_of(told):
    """What two players were told of their sets: the numbers they share."""
    sets = [set(numbers(PSI_SET.fullmatch(message["content"]).group(1)))
            for messages in told for message in messages if message["content"]]
    return "{" + ", ".join(map(str, sorted(sets[0] & sets[1]))) + "}"


class AuthMcpCase(AuthCase, McpCase):
    def post(self, path, body, key=None, **headers):
        return McpCase.post(self, path, body, **(bearer(key) if key else {}), **headers)

    def tools(self, path):
        return {tool["name"]: tool["inputSchema"] for tool in self.rpc(path, "tools/list")["result"]["tools"]}

    def free_game(self):
        return Game(self.api, "psi", join=False)

    def joined(self):
        """A session whose seats were taken by tool, with their keys in game.keys."""
        game = self.free_game()
        game.keys = [self.done("join", **join_body(user, invite))["sessionKey"]
                     for user, invite in zip((ALICE, BOB), game.invites)]
        return game


class Lists(AuthMcpCase):
    def test_what_is_listed(self):
        for path, join, user in (("/mcp", "join", "user"), (ARENA, "challenge_join", "userId")):
            schema = self.tools(path)[join]
            self.assertEqual(list(schema["properties"]), ["invite"] + SIGNED)
            self.assertEqual(schema["required"], ["invite"] + SIGNED)
            self.assertNotIn(user, schema["properties"])
            self.assertEqual(schema["properties"]["timestamp"]["type"], "integer")
        for path, names in WITH_KEY.items():
            tools = self.tools(path)
            for name, schema in tools.items():
                self.assertEqual("sessionKey" in schema["properties"], name in names, name)
                self.assertIs(schema["additionalProperties"], False)
                self.assertNotIn("from", schema.get("required", []))
                self.assertNotIn("sessionKey", schema.get("required", []))
                self.assertTrue(all(member["description"] for member in schema["properties"].values()))


class Standalone(McpCase):
    def test_nothing_of_it_is_listed_or_matters(self):
        for path, names in WITH_KEY.items():
            for tool in self.rpc(path, "tools/list")["result"]["tools"]:
                self.assertFalse({*SIGNED, "sessionKey"} & set(tool["inputSchema"]["properties"]))
        game = Game(self.api, "psi", join=False)
        joined = self.done("join", **join_body(ALICE, game.invites[0]))
        self.assertEqual(list(joined), ["ChallengeID", "ChallengeInfo"])
        self.done("join", invite=game.invites[1])
        view = self.done("view", session=game.id, **{"from": game.invites[0]}, sessionKey="s_1." + "0" * 64)
        self.assertEqual(view["player"], 1)
        self.fails("sessionKey must be", "view", session=game.id, sessionKey="")


class Joining(AuthMcpCase):
    def test_a_game_with_the_key_as_argument(self):
        game = self.joined()
        told = []
        for key in game.keys:
            now = self.done("wait", session=game.id, sessionKey=key)
            self.assertEqual((now["ready"], now["ended"]), (True, False))
            told.append(now["messages"])
        for key in game.keys:
            now = self.done("actions", session=game.id, sessionKey=key)
            self.done("act", session=game.id, sessionKey=key, method=now["actions"][0]["method"],
                      content=common_of(told), turn=now["turn"])
        now = self.done("wait", session=game.id, sessionKey=game.keys[1], index=3)
        self.assertEqual((now["ready"], now["ended"]), (True, True))
        state = self.api.session(game.id).json["state"]
        self.assertEqual(state["scores"], [{"security": 1, "utility": 1}] * 2)
        self.assertEqual(state["playerIdentities"], {game.invites[0]: ALICE.user, game.invites[1]: BOB.user})

    def test_a_game_with_the_tools_of_the_reference(self):
        game = self.free_game()
        keys = [self.done("challenge_join", ARENA, **join_body(user, invite), userId="eve")["sessionKey"]
                for user, invite in zip((ALICE, BOB), game.invites)]
        told = [self.done("challenge_sync", ARENA, channel=game.id, index=0, sessionKey=key)["messages"]
                for key in keys]
        for key in keys:
            said = self.done("send_chat", "/api/chat/mcp", channel=game.id, content="hi", to=None, sessionKey=key)
            self.assertEqual(said["from"], game.invites[keys.index(key)])
        for key in keys:
            sent = self.done("challenge_message", ARENA, challengeId=game.id, messageType="guess",
                             content=common_of(told), sessionKey=key)
            self.assertEqual(sent, {"ok": "Message sent"})
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "ended")

    def test_refusals(self):
        invite = self.free_game().invites[0]
        good = join_body(ALICE, invite)
        for name in SIGNED:
            self.fails(f"Invalid arguments for tool join: {name} is required", "join",
                       **{key: value for key, value in good.items() if key != name})
        for timestamp in ("1", 1.5, -1, None, True):
            self.fails("timestamp must be a whole number", "join", **{**good, "timestamp": timestamp})
        self.check(self.raw_join({**good, "timestamp": 10 ** 30}), 400)
        self.fails("Timestamp expired. It must be", "join", **join_body(ALICE, invite, 5))
        last = int(good["signature"][-1], 16) ^ 1 # one bit, so that it is another signature whatever it was
        self.fails("Invalid signature. Sign", "join", **{**good, "signature": f"{good['signature'][:-1]}{last:x}"})
        self.fails("Invalid signature. Sign", "join", **{**good, "publicKey": BOB.hex})
        text, failed = self.call("challenge_join", ARENA, **{**good, "timestamp": 5})
        self.assertEqual((json.loads(text), failed), ({"error": "Timestamp expired"}, False))
        self.done("join", **good)
        self.fails("INVITE_ALREADY_USED", "join", **good)

    def raw_join(self, arguments):
        return self.post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                                  "params": {"name": "join", "arguments": arguments}})

    def test_the_same_join_under_its_key(self):
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": {"name": "join", "arguments": join_body(ALICE, self.free_game().invites[0])}}
        first, second = (self.post("/mcp", body, Idempotency_Key="mcp-join") for _ in range(2))
        self.assertIn("sessionKey", first.text)
        self.assertEqual(first.body, second.body)


class Keys(AuthMcpCase):
    def test_where_a_key_may_be(self):
        game = self.joined()
        mine, foe = game.keys

        def seat(path="/mcp", key=None, **arguments):
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                    "params": {"name": "view", "arguments": {"session": game.id, **arguments}}}
            result = events(self.check(self.post(path, body, key), 200, kind="text/event-stream"))[0]["result"]
            text = result["content"][0]["text"]
            return text.partition(".")[0] if result.get("isError") else json.loads(text).get("player", 0)

        wrong = "Authentication required"
        self.assertEqual(seat(), 0)
        self.assertEqual(seat(sessionKey=mine), 1)
        self.assertEqual(seat(key=foe), 2)
        self.assertEqual(seat(f"/mcp?key={foe}"), 2)
        self.assertEqual(seat(f"/mcp?key={foe}", sessionKey=mine), 1)  # the argument comes first
        self.assertEqual(seat(key=foe, sessionKey=mine), 1)
        self.assertEqual(seat(f"/mcp?key={foe}", key=mine), 1)         # then the header
        self.assertEqual(seat(key=foe, sessionKey="s_0.x"), wrong)     # and a bad one is not passed over
        self.assertEqual(seat(key="s_0.x"), wrong)
        for bad in (mine[:-1], mine + " ", mine + "\0", mine.upper(), "x" * 5000, "s_1" + mine[3:], "s_0."):
            self.assertEqual(seat(sessionKey=bad), wrong, bad)
        self.assertEqual(seat(sessionKey=mine, **{"from": game.invites[1]}), 1)  # from says nothing
        self.assertEqual(seat(sessionKey=self.joined().keys[0]), wrong)

    def test_a_key_does_not_stick(self):
        """In one POST, and on one connection, each call has its own key or none."""
        game = self.joined()

        def view(number, **arguments):
            return {"jsonrpc": "2.0", "id": number, "method": "tools/call",
                    "params": {"name": "view", "arguments": {"session": game.id, **arguments}}}

        batch = [view(1, sessionKey=game.keys[0]), view(2), view(3, sessionKey=game.keys[1]), view(4)]
        for header, none in ((None, None), (game.keys[1], 2)):
            found = events(self.post("/mcp", batch, header))
            seats = [json.loads(event["result"]["content"][0]["text"]).get("player") for event in found]
            self.assertEqual(seats, [1, none, 2, none])
        self.assertNotIn("set", self.done("view", session=game.id))
        self.assertNotIn("private set", self.api.get(f"/api/arena/sync?channel={game.id}").text)

    def test_spectators_and_writers_without_a_key(self):
        game = self.joined()
        told = self.done("messages", session=game.id)["messages"]
        self.assertEqual([message["content"] for message in told], ["", ""])
        self.fails("from is required. In auth mode", "act", session=game.id, method="guess", content="{1}")
        self.fails("from is required. In auth mode", "chat", session=game.id, content="x",
                   **{"from": game.invites[0]})
        self.fails("from is required", "wait", session=game.id, **{"from": game.invites[0]})
        self.fails("from is required", "leave", session=game.id, **{"from": game.invites[0]})

    def test_leave(self):
        game = Game(self.api, "pokemon", join=False)
        keys = [self.done("join", **join_body(user, invite))["sessionKey"]
                for user, invite in zip((ALICE, BOB), game.invites)]
        self.done("leave", session=game.id, sessionKey=keys[0])
        self.assertTrue(self.done("wait", session=game.id, sessionKey=keys[1])["ended"])

    def test_the_log_holds_no_key(self):
        game = self.joined()
        self.done("view", session=game.id, sessionKey=game.keys[0])
        self.fails("Authentication", "view", session=game.id, sessionKey=game.keys[0] + "x")
        signed = join_body(ALICE, game.invites[0])
        self.fails("ALREADY", "join", **signed)
        self.server.stop()
        log = self.server.log_text()
        self.server.start()
        self.api.close()
        self.assertIn("route=/mcp", log)
        for word in [*game.keys, *(key[4:40] for key in game.keys), *game.invites, signed["signature"], ALICE.hex]:
            self.assertNotIn(word, log)


class BridgeProcess:
    """`arena mcp` as an agent starts it: a line in, a line out."""

    def __init__(self, url, home, *options):
        environment = {**os.environ, "XDG_CONFIG_HOME": home + "/config", "XDG_STATE_HOME": home + "/state"}
        self.process = subprocess.Popen([ARENA_CLI, "mcp", "--url", url, *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
                                        preexec_fn=die_with_parent)
        self.said = []  # all that came out

    def ask(self, method, **params):
        message = {"jsonrpc": "2.0", "id": len(self.said), "method": method, "params": params}
        return self.send(message)

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        self.said.append(line)
        return json.loads(line)

    def call(self, tool, **arguments):
        result = self.ask("tools/call", name=tool, arguments=arguments)["result"]
        return result["content"][0]["text"], result.get("isError", False)

    def done(self, tool, **arguments):
        text, failed = self.call(tool, **arguments)
        assert not failed, text
        return json.loads(text)

    def close(self):
        """Ends it; returns all that it said, errors too."""
        _, errors = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, errors
        return "".join(self.said) + errors


class Bridge(AuthMcpCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.files, self.users = [], []
        for name in ("alice.pem", "bob.pem"):
            self.files.append(os.path.join(folder.name, name))
            made = json.loads(run_cli("identity", "new", self.files[-1], "--json").stdout)
            self.users.append(made["userId"])
        self.url = f"http://127.0.0.1:{self.server.port}"

    def bridge(self, *options):
        bridge = BridgeProcess(self.url, self.home, *options)
        self.addCleanup(bridge.process.kill)
        return bridge

    def test_an_agent_without_crypto(self):
        """Two agents play a whole game; neither gives or sees a key or a signature."""
        agents = [self.bridge("--sign", file) for file in self.files]
        made = agents[0].done("create_session", challenge="psi")
        for agent, invite in zip(agents, made["invites"]):
            self.assertEqual(list(agent.done("join", invite=invite)), ["ChallengeID", "ChallengeInfo"])
        told = [agent.done("wait", session=made["id"])["messages"] for agent in agents]
        for agent, invite in zip(agents, made["invites"]):
            now = agent.done("actions", session=made["id"], **{"from": invite})
            agent.done("act", session=made["id"], method="guess", content=common_of(told), turn=now["turn"])
            agent.done("chat", session=made["id"], content="good game")
        for agent in agents:
            self.assertTrue(agent.done("wait", session=f"challenge_{made['id']}"[10:])["ended"])
        state = self.api.session(made["id"]).json["state"]
        self.assertEqual(state["playerIdentities"], dict(zip(made["invites"], self.users)))
        for agent in agents:
            said = agent.close()
            self.assertNotRegex(said, r"s_\d\.[0-9a-f]{64}|sessionKey|publicKey|302a3005")

    def test_both_seats_by_one_agent(self):
        agent = self.bridge("--sign", self.files[0])
        made = agent.done("create_session", challenge="psi")
        for invite in made["invites"]:
            agent.done("join", invite=invite)
        for seat, invite in enumerate(made["invites"]):
            self.assertEqual(agent.done("view", session=made["id"], **{"from": invite})["player"], seat + 1)
        self.assertEqual(agent.done("view", session=made["id"])["player"], 2)  # the seat that was taken last
        agent.close()

    def test_lists_and_batches(self):
        agent = self.bridge("--sign", self.files[0])
        tools = {tool["name"]: tool["inputSchema"] for tool in agent.ask("tools/list")["result"]["tools"]}
        self.assertEqual((list(tools["join"]["properties"]), tools["join"]["required"]), (["invite"], ["invite"]))
        self.assertEqual(list(tools["view"]["properties"]), ["session", "from"])
        made = self.free_game()
        join = {"jsonrpc": "2.0", "id": "a", "method": "tools/call",
                "params": {"name": "join", "arguments": {"invite": made.invites[0]}}}
        agent.process.stdin.write(json.dumps([join, {"jsonrpc": "2.0", "id": "b", "method": "ping"}]) + "\n")
        agent.process.stdin.flush()
        answers = [json.loads(agent.process.stdout.readline()) for _ in range(2)]
        self.assertNotIn("sessionKey", json.dumps(answers))
        self.assertEqual([answer["id"] for answer in answers], ["a", "b"])
        self.assertEqual(agent.done("view", session=made.id)["player"], 1)
        agent.close()

    def test_what_cannot_be_signed(self):
        agent = self.bridge("--sign", self.files[0])
        for arguments in ({}, {"invite": ""}, {"invite": 5}, {"invite": "inv_none"}, [], None):
            answer = agent.ask("tools/call", name="join", arguments=arguments)
            self.assertTrue(answer["result"]["isError"], answer)
        for line in ({"jsonrpc": "2.0", "id": 1, "method": "tools/call"}, [], {}, 5):
            self.assertIn("error", agent.send(line))
        self.assertIn("-32700", json.dumps(agent.send({"jsonrpc": "2.0", "id": 10 ** 30, "method": "x"})))
        agent.close()
        self.assertEqual(run_cli("mcp", "--sign", "/nowhere", "--url", self.url).returncode, 2)

    def test_the_default_identity(self):
        environment = {"XDG_CONFIG_HOME": self.home + "/config"}
        user = json.loads(run_cli("identity", "new", "--json", environment=environment).stdout)["userId"]
        agent = self.bridge()
        game = self.free_game()
        for invite in game.invites:
            agent.done("join", invite=invite)
        for invite in game.invites:
            agent.done("act", session=game.id, method="guess", content="{1}", **{"from": invite})
        identities = self.api.session(game.id).json["state"]["playerIdentities"]
        self.assertEqual(identities, dict.fromkeys(game.invites, user))
        agent.close()

    def test_a_program_that_is_started_again_goes_on(self):
        game = self.free_game()
        for seat, file in enumerate(self.files):
            agent = self.bridge("--sign", file)
            agent.done("join", invite=game.invites[seat])
            agent.process.kill()
            agent.process.communicate()
        agent = self.bridge("--sign", self.files[0])
        for seat, invite in enumerate(game.invites):  # both are remembered; what counts is the seat's key
            self.assertEqual(agent.done("view", session=game.id, **{"from": invite})["player"], seat + 1)
        agent.close()

    def test_without_an_identity_it_changes_nothing(self):
        agent = self.bridge()
        game = self.free_game()
        joined = agent.done("join", **join_body(ALICE, game.invites[0]))
        self.assertEqual(agent.done("view", session=game.id, sessionKey=joined["sessionKey"])["player"], 1)
        self.assertNotIn("player", agent.done("view", session=game.id))
        agent.close()

    def test_the_key_of_a_seat_as_option(self):
        game = self.game()
        agent = self.bridge("--key", game.keys[1])
        self.assertEqual(agent.done("view", session=game.id)["player"], 2)
        agent.close()


if __name__ == "__main__":
    unittest.main()
