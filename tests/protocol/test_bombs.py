"""JSON that is meant to break its reader, and names that mean something to a language, a disk or a terminal."""
import json
import unittest

from arena_test import ArenaCase, Game
from test_mcp import McpCase
from test_security import PROTO, psi, quoted


class Bombs(McpCase):
    """JSON that is meant to break its reader: it is refused, nothing changes, and the server is there afterwards."""

    def setUp(self):
        super().setUp()
        self.game = psi(self.api)
        self.before = self.state()
        self.created = self.counted()

    def tearDown(self):
        self.assertEqual(self.state(), self.before)
        super().tearDown()

    def state(self):
        return [self.api.session(self.game.id).body, *(self.api.sync(self.game.id, invite).body
                                                       for invite in self.game.invites)]

    def counted(self):
        return self.api.get("/api/challenges?limit=1").json["total"]

    def values(self):
        """Values that are no sensible member of anything; text that is no JSON at all."""
        deep = 31  # more than 32 levels with what is around it
        yield "[" * deep + "]" * deep
        yield '{"a":' * deep + "1" + "}" * deep
        yield "[" * 100000 + "]" * 100000
        yield "[" * 100000
        yield from ("1e999", "-1e999", "1e-999", "9" * 20000, "-" + "9" * 400, "0." + "1" * 20000, "1" + "0" * 308)
        yield '{"a":1,"a":2}'
        yield '{"a":1,"\\u0061":2}'
        yield '{"__proto__":{"x":1},"constructor":{"prototype":{}}}'
        yield from ('"\\ud800"', '"\\udc00\\ud800"', '"\\ud800\\u0041"', '"\xff"', '"\xed\xa0\x80"', '"\xc0\x80"',
                    '"\xf4\x90\x80\x80"', '"\\u0000"', '"a\\u0000b"', '"\0"', '"\\x00"', '"\x1f"')
        yield "[" + "1," * 100000 + "1]"
        yield "{" + ",".join(f'"{i}":1' for i in range(20000)) + "}"
        yield '"' + "a" * 200000 + '"'
        yield '"' + "\\u0000" * 30000 + '"'

    def survives(self, answer, what):
        self.assertIn(answer.status, (200, 400, 404, 413), what)
        if answer.body and answer.headers["content-type"].startswith("application/json"):
            json.loads(answer.body)
        return answer

    def test_members(self):
        good = {"/api/arena/join": '"invite":%s', "/api/arena/message": '"challengeId":%s,"content":"x"',
                "/api/chat/send": f'"channel":"bombs","content":"x","to":%s,"from":"ann"',
                "/api/invites": '"inviteId":%s', "/api/challenges/none": '"options":%s',
                "/api/challenges/psi": '"options":{"range":%s}'}
        for value in self.values():
            for path, members in good.items():
                body = ("{" + members % value + "}").encode("latin-1")
                answer = self.survives(self.api.request("POST", path, body), (path, value[:40]))
                if path != "/api/chat/send":
                    self.assertNotEqual(answer.status, 200, (path, value[:40], answer))
        self.assertEqual(self.counted(), self.created)

    def test_names_of_members(self):
        for value in self.values():
            for name in (value, f'"{value}"'):
                body = ('{"challengeId":"x","content":"y",%s:1}' % name).encode("latin-1")
                self.survives(self.api.request("POST", "/api/arena/message?from=a", body), value[:40])

    def test_tools(self):
        for value in self.values():
            for text in ('{"jsonrpc":"2.0","id":%s,"method":"ping"}', '{"jsonrpc":"2.0","id":1,"method":%s}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":%s}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%s}}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"view","arguments":%s}}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":'
                         '{"name":"view","arguments":{"session":%s}}}',
                         '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_session",'
                         '"arguments":{"challenge":"psi","options":{"range":%s}}}}',
                         '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":%s}}',
                         "[%s]", "[[%s]]", '[{"jsonrpc":"2.0","id":1,"method":"ping"},%s]'):
                for endpoint in ("/mcp", "/api/arena/mcp"):
                    body = (text % value).encode("latin-1")
                    answer = self.post(endpoint, body)
                    self.assertIn(answer.status, (200, 400, 413), (endpoint, text, value[:40]))
                    self.assertNotIn("ChallengeID", answer.text)
        self.assertEqual(self.counted(), self.created)

    def test_twice_the_same_name_in_the_arguments(self):
        other = psi(self.api)
        text = ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"view","arguments":'
                '{"session":"%s","from":"%s","from":"%s"}}}')
        for endpoint in ("/mcp", "/api/arena/mcp", "/api/chat/mcp"):
            answer = self.post(endpoint, text % (other.id, "x", other.invites[0]))
            self.assertEqual((answer.status, answer.json["error"]["code"]), (400, -32700))

    def test_numbers_of_tools(self):
        for number in (0, 2 ** 31, 2 ** 32, 2 ** 53 + 1, 2 ** 63 - 1):
            told = self.done("messages", session=self.game.id, index=number)["messages"]
            self.assertEqual(len(told), 2 if number == 0 else 0)
            now_ = self.done("wait", session=self.game.id, index=number, timeoutSeconds=2 ** 63 - 1,
                             **{"from": self.game.invites[0]})
            self.assertTrue(now_["ready"])
            self.fails("STALE_TURN", "act", session=self.game.id, method="guess", content="x",
                       **{"from": self.game.invites[0]}, turn=number)


class OddNames(ArenaCase):
    """Names that mean something to a language or a disk, and names without end, in every place a name can stand."""

    def places(self, name):
        """Each request with this name in one place."""
        q = quoted(name)
        game = self.game
        yield "GET", f"/api/challenges/{q}", None
        yield "POST", f"/api/challenges/{q}", {}
        yield "GET", f"/api/metadata/{q}", None
        yield "GET", f"/api/invites/{q}", None
        yield "GET", f"/api/sessions/{q}", None
        yield "GET", f"/api/sessions/{q}/view", None
        yield "GET", f"/api/sessions/{q}/actions?from=x", None
        yield "GET", f"/api/sessions/{q}/replay", None
        yield "GET", f"/api/sessions/{game.id}/view?from={q}", None
        yield "GET", f"/api/sessions/{game.id}/actions?from={q}", None
        yield "GET", f"/api/arena/sync?channel={q}&from={q}", None
        yield "GET", f"/api/chat/sync?channel={q}&from={q}", None
        yield "GET", f"/api/challenges?status={q}&limit={q}&offset={q}", None
        yield "GET", f"/assets/{q}", None
        yield "POST", "/api/invites", {"inviteId": name}
        yield "POST", "/api/arena/join", {"invite": name, "userId": name}
        yield "POST", "/api/arena/message", {"challengeId": name, "content": "x", "from": name, "messageType": name}
        yield "POST", "/api/arena/message", {"challengeId": game.id, "content": name, "from": game.invites[0],
                                             "messageType": name}
        yield "POST", "/api/chat/send", {"channel": name, "content": name, "from": name, "to": name}
        yield "POST", "/api/challenges/psi", {"options": {name: name}}
        yield "POST", "/api/challenges/psi", {name: name, "options": {"players": name}}

    def setUp(self):
        super().setUp()
        self.game = psi(self.api)

    def walk(self, names, right):
        before = self.api.session(self.game.id).body
        for name in names:
            for method, path, body in self.places(name):
                try:
                    answer = self.api.request(method, path, body)
                except ConnectionError:
                    self.assertGreater(len(path), 8192, "the connection was closed")  # more than a head may have
                    continue
                self.assertIn(answer.status, right, (method, path[:100], answer))
                if answer.status in (413, 414, 431):
                    self.api.close()  # as the server does
        self.assertEqual(self.api.session(self.game.id).body, before)

    def test_names_of_a_language(self):
        self.walk(PROTO, (200, 400, 404))
        told = self.api.get("/api/chat/sync?channel=__proto__&from=__proto__").json["messages"]
        self.assertEqual([message["content"] for message in told], ["__proto__"])

    def test_names_of_a_disk_or_a_terminal(self):
        self.walk(("../../etc/passwd", "..", ".", "/", "//", "a/b", "a\\b", "%00", "\0", "a\0b", "\x1b[2J", "\r\nX: y",
                   "'; drop table", "${7*7}", "{{7*7}}", "<script>", "\u202eroot", "\U0001f600", "\ufeff", "NUL", "-1"),
                  (200, 400, 404))

    def test_names_without_end(self):
        self.api.description = None  # what is too long for a head is refused in words of the library's own
        for length in (255, 256, 257, 1000, 5000):
            self.walk(("x" * length, "é" * (length // 2)), (200, 400, 404, 413, 414, 431))
        for name in ("x" * 100000, "\0" * 30000):
            for method, path, body in self.places(name):
                if method == "POST" and len(path) < 1000:
                    answer = self.api.request(method, path, body)
                    self.assertIn(answer.status, (400, 404, 413), (path, answer))

    def test_a_user_of_an_odd_name_is_told_as_it_is(self):
        for user in ("__proto__", "constructor", "<script>", "a\"b\\c", "\u202e"):
            game = Game(self.api, "psi", (user, user))
            for invite in game.invites:
                self.check(self.api.move(game.id, invite, "1", "guess"), 200)
            identities = self.api.session(game.id).json["state"]["playerIdentities"]
            self.assertEqual(identities, dict.fromkeys(game.invites, user))


if __name__ == "__main__":
    unittest.main()
