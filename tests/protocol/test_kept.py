"""Answers that clients keep: each has a tag, and is not sent again to who has it."""
import os
import re
import socket
import unittest

from arena_test import PATIENCE, ArenaCase
from test_rule_data import DataCase

OTHER = '"0123456789abcdef0123456789abcdef"'


class Kept:
    """What both classes below ask."""

    def tag(self, path):
        answer = self.api.get(path)
        self.assertEqual(answer.status, 200, (path, answer))
        self.assertRegex(answer.headers.get("etag", ""), r'^"[0-9a-f]{32}"$', path)
        self.assertEqual(answer.headers["cache-control"], "no-cache", path)
        return answer.headers["etag"]

    def again(self, path, known, method="GET"):
        return self.api.request(method, path, headers={"If-None-Match": known})

    def kept(self, path, known):
        """The answer is known: nothing comes but its head, and the connection is good for more."""
        for method in ("GET", "HEAD"):
            answer = self.again(path, known, method)
            self.assertEqual((answer.status, answer.body), (304, b""), (method, path, known))
            self.assertEqual((answer.headers["etag"], answer.headers["cache-control"]), (self.tag(path), "no-cache"))
            self.assertNotIn("content-type", answer.headers)
        self.assertEqual(self.api.get("/health").json["status"], "ok")

    def sent(self, path, known):
        answer = self.again(path, known)
        self.assertEqual(answer.status, 200, (path, known))
        self.assertEqual((answer.body, answer.headers["etag"]), (self.api.get(path).body, self.tag(path)))
        head = self.again(path, known, "HEAD")
        self.assertEqual((head.status, head.body, head.headers["etag"]), (200, b"", answer.headers["etag"]))


class Pages(Kept, ArenaCase):
    """The page, the documents, and rule data of Pokémon."""

    FILLED = {"/assets/{file}": "/assets/app.js", "/api/data/{name}": "/api/data/pokemon?version=gen9-v1",
              "/api/data/{name}/entries": "/api/data/pokemon/entries?document=moves&q=fire&limit=1000"}
    FREE = ("/", "/assets/style.css", "/SKILL.md", "/skill.md", "/skill.json", "/openapi.json", "/llms.txt",
            "/api/data/pokemon", "/api/v1/data/pokemon/entries?document=species")

    def described(self):
        """The addresses whose answers have tags, by the server's own description."""
        for path, item in self.server.description.document["paths"].items():
            if "304" in item.get("get", {}).get("responses", {}) and not path.startswith("/api/admin/"):
                self.assertIn("ETag", item["get"]["responses"]["200"]["headers"], path)
                yield self.FILLED.get(path, path)

    def test_what_is_known_is_not_sent_again(self):
        paths = set(self.described()) | set(self.FREE)
        self.assertGreaterEqual(len(paths), 11)
        for path in sorted(paths):
            with self.subTest(path=path):
                tag = self.tag(path)
                self.assertEqual(self.tag(path), tag)
                for known in (tag, "W/" + tag, f"{OTHER}, {tag}", f'W/"x" ,\t{tag},', "*"):
                    self.kept(path, known)
                for unknown in (OTHER, tag[:-2] + '"', tag[1:-1], f'"a {tag}', tag.upper(), "W/", "**", ","):
                    self.sent(path, unknown)

    def test_addresses_differ(self):
        tags = [self.tag(path) for path in sorted(set(self.FREE) - {"/skill.md"})]
        self.assertEqual(len(set(tags)), len(tags))
        moves = "/api/data/pokemon/entries?document="
        self.assertNotEqual(self.tag(moves + "moves"), self.tag(moves + "species"))
        self.assertNotEqual(self.tag(moves + "moves&version=gen1-v1"), self.tag(moves + "moves"))

    def test_a_document_names_its_server(self):
        """What is in it depends on how the client came here, so its tag does."""
        here = self.api.get("/SKILL.md")
        there = self.api.request("GET", "/SKILL.md", headers={"X-Forwarded-Host": "arena.example"})
        self.assertNotEqual(here.body, there.body)
        self.assertNotEqual(here.headers["etag"], there.headers["etag"])
        again = {"X-Forwarded-Host": "arena.example", "If-None-Match": here.headers["etag"]}
        self.assertEqual(self.api.request("GET", "/SKILL.md", headers=again).body, there.body)

    def test_what_changes_by_the_hour_has_none(self):
        game = self.api.create("psi").json
        for path in ("/health", "/metrics", "/api/challenges", "/api/metadata", f"/api/sessions/{game['id']}",
                     "/api/stats", "/api/users"):
            answer = self.again(path, "*")
            self.assertEqual(answer.status, 200, path)
            self.assertNotIn("etag", answer.headers, path)

    def test_what_is_not_there_is_never_known(self):
        for path, status in (("/assets/none.js", 404), ("/nothing", 404), ("/api/data/psi", 404),
                             ("/api/data/pokemon/entries?document=none", 404), ("/api/data/pokemon/entries", 400),
                             ("/api/data/pokemon?version=none", 404)):
            answer = self.again(path, "*")
            self.assertEqual(answer.status, status, path)
            self.assertNotIn("etag", answer.headers, path)

    def test_nothing_follows_the_head(self):
        """On one connection, read byte by byte: two answers that are known, and one that is sent."""
        path = "/assets/icon.svg"
        body, tag = self.api.get(path).body, self.tag(path)
        ask = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE) as connection:
            for lines in (f"If-None-Match: {tag}\r\n", f"If-None-Match: {OTHER}\r\nIf-None-Match: {tag}\r\n",
                          "Connection: close\r\n"):
                connection.sendall((ask + lines + "\r\n").encode())
            with connection.makefile("rb") as file:
                came = file.read()
        first, second, third = re.split(rb"(?=HTTP/1\.1 )", came)[1:]
        for known in (first, second):
            self.assertTrue(known.startswith(b"HTTP/1.1 304 ") and known.endswith(b"\r\n\r\n"), known)
            self.assertEqual(known.count(b"\r\n\r\n"), 1)
            lengths = re.findall(rb"(?i)content-length: (\d+)", known)
            self.assertIn(lengths, ([], [str(len(body)).encode()]))  # of what would have been sent, if at all
        self.assertTrue(third.startswith(b"HTTP/1.1 200 ") and third.endswith(b"\r\n\r\n" + body), third)


class Rules(Kept, DataCase):
    """Rule data that changes while the server runs."""

    PATHS = ("/api/data/points", "/api/data/points/entries?document=moves",
             "/api/data/points/entries?document=rules&q=goal")

    def test_another_version_has_another_tag(self):
        before = {path: self.tag(path) for path in self.PATHS}
        fixed = "/api/data/points/entries?document=moves&version=v1"
        fixed_tag = self.tag(fixed)
        staged = self.stage({"moves": {"jab": {"points": 4}}})["version"]
        for path in self.PATHS:
            self.kept(path, before[path])  # what is staged is not told yet
        self.promote(staged)
        for path in self.PATHS:
            self.sent(path, before[path])
        found = self.again(self.PATHS[1], before[self.PATHS[1]]).json
        self.assertEqual(found["version"], staged)
        self.assertIn({"document": "moves", "entry": "jab", "data": {"id": "jab", "points": 4}}, found["entries"])
        self.kept(fixed, fixed_tag)
        self.check(self.data("/rollback", {}), 200)
        for path in self.PATHS[1:]:
            self.kept(path, before[path])
        self.sent(self.PATHS[0], before[self.PATHS[0]])  # one more version may be played

    def test_the_same_rules_by_another_name(self):
        """The answer tells the version's name, so the name is in the tag."""
        first = self.edit({"rules": {"goal": 33}})
        tags = [self.tag(path) for path in self.PATHS]
        self.edit({"rules": {"goal": 34}})
        back = self.edit({"rules": {"goal": 33}})
        self.assertNotEqual(back, first)
        for path, tag in zip(self.PATHS, tags):
            self.sent(path, tag)

    def test_a_restart_changes_nothing(self):
        self.edit({"rules": {"goal": 35}})
        tags = {path: self.tag(path) for path in self.PATHS}
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.api.close()  # the connection was the old server's
        for path, tag in tags.items():
            self.kept(path, tag)

    def test_administrators_lists(self):
        with open(os.path.join(self.server.data, "admin-token"), encoding="ascii") as file:
            bearer = {"Authorization": f"Bearer {file.read().strip()}"}
        for path in ("/api/admin/data/points", "/api/admin/data/points?version=v1",
                     "/api/admin/data/points/catalogue?q=jab"):
            tag = self.api.request("GET", path, headers=bearer).headers["etag"]
            known = {**bearer, "If-None-Match": tag}
            self.assertEqual(self.api.request("GET", path, headers=known).status, 304, path)
            answer = self.check(self.api.request("GET", path, headers={"If-None-Match": tag}), 401)
            self.assertNotIn("etag", answer.headers)
            self.stage({"rules": {"goal": 36}})
            status = 304 if "catalogue" in path else 200
            self.assertEqual(self.api.request("GET", path, headers=known).status, status, path)


if __name__ == "__main__":
    unittest.main()
