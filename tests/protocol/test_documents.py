"""What the server tells of itself: that it is there, that it is true, and that its examples work."""
import http.client
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import unittest

import ed25519
from arena_test import ARENAD, PATIENCE, ArenaCase, Game, Stream, die_with_parent, eventually, free_port, operator_path
from openapi import Rules
from test_auth import bearer, join_body

EVERYTHING = {"operators": [{"module": operator_path(name)} for name in
                            ("psi", "ultimatum", "millionaire", "dining-cryptographers", "pokemon")]}
TEXT, MARKDOWN, JSON = "text/plain; charset=UTF-8", "text/markdown; charset=UTF-8", "application/json"
DOCUMENTS = {"/SKILL.md": MARKDOWN, "/skill.md": TEXT, "/skill.json": JSON, "/openapi.json": JSON, "/llms.txt": TEXT}
USERS = [ed25519.Key(bytes([n]) * 32) for n in range(2)]
POST_ONLY = {"/api/arena/message", "/api/arena/join", "/api/chat/send", "/api/invites"}
MCP = {"Accept": "application/json, text/event-stream"}


def curl(line):
    """(method, address, headers, body) of a command line as /SKILL.md has them; None when it is none."""
    words = shlex.split(line, comments=True)
    if words[:1] != ["curl"]:
        return None
    method, address, headers, body = "GET", None, {}, None
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-d":
            method, body = "POST", next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word not in ("-s", "-sN"):
            assert address is None, line
            address = word
    return method, address, headers, body


class Examples(ArenaCase):
    """Every command of /SKILL.md is run as it stands there, in a game of psi."""

    settings = EVERYTHING

    def seats(self):
        """A session with both seats taken: its id, the first invite, what acts for it, and the second invite."""
        game = Game(self.api, "psi")
        return game, game.invites[0], ""

    def commands(self, words):
        text = self.check(self.api.get("/SKILL.md"), 200, kind=MARKDOWN).text
        self.assertNotIn("[auth]", text)
        self.assertNotIn("[standalone]", text)
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            if "publicKey" in block:
                continue  # the recipe of the signature has a test of its own
            for line in block.splitlines():
                for name, value in words.items():
                    line = line.replace(name, value)
                yield line

    def run_command(self, line, game, key):
        method, address, headers, body = curl(line)
        target = address[len("http://127.0.0.1:") + len(str(self.server.port)):]
        if "/chat/ws/" in target:
            channel, _, query = target[len("/api/chat/ws/"):].partition("?")
            stream = Stream(self.server.port, f"{channel}?{query}", description=self.server.description)
            self.addCleanup(stream.close)
            shown = [message["content"] for message in stream.wait_type("initial")["messages"]
                     if message.get("to") == game.invites[0]]
            return self.assertTrue(shown and all(shown), line)
        answer = self.api.request(method, target, body, {**(bearer(key) if key else {}), **headers})
        early = target.endswith("/replay")
        self.assertEqual(answer.status, 409 if early else 200, (line, answer))
        if "/arena/sync" in target or "/view" in target:
            self.assertIn("private set" if "sync" in target else '"player":1', answer.text, line)

    def test_they_work(self):
        game, invite, key = self.seats()
        turn = self.api.get(f"/api/sessions/{game.id}/actions?from={invite}", bearer(key) if key else None).json["turn"]
        fresh = Game(self.api, "psi", join=False).invites
        base, ran = f"http://127.0.0.1:{self.server.port}", 0
        words = {"$A": base, "$S": game.id, "$I": invite, "$KEY": key, "INVITE": fresh[0], "METHOD": "guess",
                 "…": "1 2", '"turn":3': f'"turn":{turn}', "wait=30000": "wait=1"}
        for line in self.commands(words):
            if curl(line) is None or (key and curl(line)[1].endswith("/arena/join")):
                continue
            with self.subTest(line=line):
                self.run_command(line, game, key)
                ran += 1
        self.assertGreaterEqual(ran, 15)


class ExamplesInAuthMode(Examples):
    settings = {**EVERYTHING, "auth": True}

    def seats(self):
        game = Game(self.api, "psi", join=False)
        keys = [self.check(self.api.post("/api/arena/join", join_body(user, invite)), 200).json["sessionKey"]
                for user, invite in zip(USERS, game.invites)]
        return game, game.invites[0], keys[0]


class Documents(ArenaCase):
    settings = EVERYTHING

    def document(self, path, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.check(self.api.get(path, headers), 200, kind=DOCUMENTS[path]).text

    def test_they_are_there(self):
        for path in DOCUMENTS:
            self.assertNotIn("arena.invalid", self.document(path))
            self.assertNotIn("{{", self.document(path))
        self.assertEqual(self.document("/SKILL.md"), self.document("/skill.md"))
        self.assertTrue(self.document("/SKILL.md").startswith("---\nname: arena\ndescription: "))
        self.assertTrue(self.document("/llms.txt").startswith("# Arena\n\n> "))
        for path in DOCUMENTS:
            head = self.api.request("HEAD", path)
            self.assertEqual((head.status, head.body), (200, b""))
            self.assertEqual(head.headers["content-type"], DOCUMENTS[path])

    def test_the_address_is_the_one_asked_through(self):
        own = f"127.0.0.1:{self.server.port}"
        rows = [
            ({}, f"http://{own}"),
            ({"Host": "arena.example:8080"}, "http://arena.example:8080"),
            ({"Host": "[::1]:3001"}, "http://[::1]:3001"),
            ({"Host": "a.example", "X-Forwarded-Proto": "https"}, "https://a.example"),
            ({"X-Forwarded-Proto": "https", "X-Forwarded-Host": "b.example"}, "https://b.example"),
            ({"X-Forwarded-Proto": "HTTPS, http", "X-Forwarded-Host": "b.example:9, c.example"}, "https://b.example:9"),
            ({"X-Forwarded-Proto": "gopher"}, f"http://{own}"),
            # what would mean something in the documents is no name of a host
            ({"X-Forwarded-Host": 'x"y'}, f"http://{own}"),
            ({"X-Forwarded-Host": ""}, f"http://{own}"),
            ({"X-Forwarded-Host": "a/b"}, f"http://{own}"),
            ({"Host": 'a"b'}, f"http://{own}"),
            ({"Host": "a`b"}, f"http://{own}"),
            ({"Host": "a" * 300}, f"http://{own}"),
        ]
        for headers, address in rows:
            with self.subTest(headers=headers):
                for path in DOCUMENTS:
                    text = self.document(path, **headers)
                    found = set(re.findall(r"https?://[^/\s`\")>]+(?=[/`\")>.\s])", text)) | {
                        word for word in (address,) if word in text}
                    self.assertIn(address, found)
                    self.assertFalse([other for other in found if not other.startswith(address)], path)
                self.assertEqual(json.loads(self.document("/skill.json", **headers))["url"], address)
                self.assertEqual(json.loads(self.document("/openapi.json", **headers))["servers"], [{"url": address}])

    def test_a_client_from_elsewhere_is_no_proxy(self):
        """X-Forwarded-… counts only when it comes from this machine's loopback."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # sends nothing
            except OSError:
                self.skipTest("this machine has no address but the loopback's")
            address = probe.getsockname()[0]
        if address.startswith("127."):
            self.skipTest("this machine has no address but the loopback's")
        port = free_port()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        process = subprocess.Popen([ARENAD, "--insecure", "--listen", f"{address}:{port}", "--data", folder.name],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent,
                                   env={**os.environ, "ARENA_OPERATORS": folder.name})
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)

        def ask():
            connection = http.client.HTTPConnection(address, port, timeout=PATIENCE)
            try:
                connection.request("GET", "/skill.json", headers={"X-Forwarded-Proto": "https",
                                                                  "X-Forwarded-Host": "evil.example"})
                return connection.getresponse().read()
            except ConnectionRefusedError:
                return None
            finally:
                connection.close()
        told = json.loads(eventually(ask, "the server"))
        self.assertEqual(told["url"], f"http://{address}:{port}")
        self.assertEqual(told["challenges"], [])

    def test_without_a_host_it_is_where_the_server_listens(self):
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE) as connection:
            connection.sendall(b"GET /skill.json HTTP/1.0\r\n\r\n")
            response = http.client.HTTPResponse(connection)
            response.begin()
            self.assertEqual(json.loads(response.read())["url"], f"http://127.0.0.1:{self.server.port}")

    def test_every_address_in_them_exists(self):
        base = f"http://127.0.0.1:{self.server.port}"
        described = self.server.description
        for path in DOCUMENTS:
            text = self.document(path)
            addresses = set(re.findall(re.escape(base) + r"(/[^\s`\")\\]*)", text))
            self.assertTrue(addresses or path == "/openapi.json", path)
            addresses |= set(re.findall(r"(?:GET|POST|DELETE) (/[^\s`]*)", text))
            addresses |= set(re.findall(r"\$A(/[^\s\"`]*)", text))
            for address in addresses:
                plain = re.sub(r"[:{]\w+}?|\$\w+", "x", address.rstrip(".,;)"))
                self.assertIsNotNone(described.path_of(plain), f"{address} in {path}")
                if "x" not in plain and "NAME" not in plain and plain != "/assets/x":
                    answer = self.api.get(plain) if "/mcp" in plain or plain not in POST_ONLY else self.api.post(plain)
                    self.assertNotEqual(answer.body, b"404 Not Found", address)

    def test_skill_has_every_challenge_with_its_methods(self):
        text, skill = self.document("/SKILL.md"), json.loads(self.document("/skill.json"))
        metadata = self.api.get("/api/metadata").json
        self.assertEqual([entry["id"] for entry in skill["challenges"]], list(metadata))
        for entry in skill["challenges"]:
            known = metadata[entry["id"]]
            self.assertEqual({name: entry[name] for name in ("name", "description", "players", "methods")},
                             {name: known[name] for name in ("name", "description", "players", "methods")})
            self.assertEqual(self.api.get(entry["metadata"].partition(str(self.server.port))[2]).json, known)
            self.check(self.api.post(entry["create"].partition(str(self.server.port))[2]), 200)
            self.assertIn(f"### `{entry['id']}`: {known['name']}\n", text)
            for method in known["methods"]:
                self.assertIn(f"- `{method['name']}`: {method['description']}", text)
            for option in known["options"]["properties"]:
                self.assertIn(f"- `{option}`", text)
            self.assertIn(f"[{known['name']}](", self.document("/llms.txt"))

    def test_skill_has_every_tool(self):
        for server in json.loads(self.document("/skill.json"))["mcp"]:
            path = server["url"].partition(str(self.server.port))[2]
            answer = self.api.request("POST", path, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, MCP)
            tools = json.loads(answer.text.split("data: ")[1])["result"]["tools"]
            self.assertEqual(server["tools"], [tool["name"] for tool in tools])
            if path == "/mcp":
                for tool in tools:
                    self.assertIn(f"`{tool['name']}`", self.document("/SKILL.md"))

    def test_it_keeps_the_rules(self):
        self.assertEqual(Rules(json.loads(self.document("/openapi.json"))).errors, [])

    def test_every_route_says_what_it_answers(self):
        document = json.loads(self.document("/openapi.json"))
        for path, item in document["paths"].items():
            for method, operation in item.items():
                with self.subTest(path=path, method=method):
                    self.assertTrue({"200", "405"} & set(operation["responses"]), "the table has no answers for it")

    def test_every_described_route_is_there(self):
        for path, item in self.server.description.document["paths"].items():
            for method in item:
                target = re.sub(r"{\w+}", "style.css" if path.startswith("/assets") else "none", path)
                if target.startswith("/api/chat/ws"):
                    method = "head"
                answer = self.api.request(method.upper(), target, b"{}" if method == "post" else None)
                self.assertNotEqual(answer.body, b"404 Not Found", (method, path))
                if target.startswith("/api/"):
                    again = self.api.request(method.upper(), target.replace("/api/", "/api/v1/"),
                                             b"{}" if method == "post" else None)
                    self.assertEqual(again.status, answer.status, (method, path))


class AuthDocuments(ArenaCase):
    settings = {**EVERYTHING, "auth": True}

    def test_it_keeps_the_rules(self):
        document = self.api.get("/openapi.json").json
        self.assertEqual(Rules(document).errors, [])
        for path, method, ways in (("/api/arena/message", "post", 2), ("/api/sessions/{id}/view", "get", 3)):
            operation = document["paths"][path][method]
            self.assertEqual(len(operation["security"]), ways)
            self.assertNotIn({"$ref": "#/components/parameters/from"}, operation["parameters"])

    def test_the_mode(self):
        self.assertEqual(self.api.get("/skill.json").json["mode"], "auth")
        text = self.api.get("/SKILL.md").text
        self.assertIn("**auth** mode", text)
        self.assertNotIn("from=$I", text)
        self.assertNotIn("[standalone]", text)

    def recipe(self, language):
        """The example of how to sign, as an agent would copy it, with this invite in it."""
        game = Game(self.api, "psi", join=False)
        blocks = re.findall(rf"```{language}\n(.*?)```", self.api.get("/SKILL.md").text, re.DOTALL)
        block, = [block for block in blocks if "publicKey" in block]
        self.assertIn("INVITE", block)
        return block.replace("INVITE", game.invites[0])

    def run_recipe(self, *command):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        ran = subprocess.run(command, cwd=folder.name, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(ran.returncode, 0, ran)
        return ran.stdout

    @unittest.skipUnless(shutil.which("openssl") and shutil.which("curl"), "no openssl or no curl on this machine")
    def test_the_shell_recipe_joins(self):
        script = f"A=http://127.0.0.1:{self.server.port}\n" + self.recipe("sh")
        self.assertRegex(json.loads(self.run_recipe("sh", "-euc", script))["sessionKey"], r"^s_0\.[0-9a-f]{64}$")

    def test_the_python_recipe_joins(self):
        try:
            import cryptography  # noqa: F401  pylint: disable=unused-import
        except ImportError:
            self.skipTest("the package cryptography is not here")
        self.assertRegex(self.run_recipe("python3", "-c", self.recipe("python") + "\nprint(key)"),
                         r"^s_0\.[0-9a-f]{64}\n$")


if __name__ == "__main__":
    unittest.main()
