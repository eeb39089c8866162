"""The contract: one row for every endpoint and outcome - exact status, body and content type."""
import json
import re
import unittest

from arena_test import ArenaCase, Game

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TEXT = "text/plain; charset=UTF-8"
NOT_FOUND = "404 Not Found"
INVALID = {"error": "Invalid JSON in request body"}


def error(text, code=None):
    return {"error": text, **({"code": code} if code else {})}


def expected(wanted, got):
    return error(f"Expected {wanted}, received {got}")


NO_SESSION = error("there is no session with this id: GET /api/challenges lists those there are", "UNKNOWN_SESSION")

# method, path, body (None: none; text goes as it is), status, body of the answer (text: text/plain)
ROWS = [
    # health and what does not exist
    ("GET", "/health", None, 200, {"status": "ok"}),
    ("GET", "/api/v1/health", None, 404, NOT_FOUND),
    ("GET", "/nothing", None, 404, NOT_FOUND),
    ("GET", "/api", None, 404, NOT_FOUND),
    ("GET", "/api/nothing", None, 404, NOT_FOUND),
    ("GET", "/api/v2/metadata", None, 404, NOT_FOUND),
    ("GET", "/api/v1/v1/metadata", None, 404, NOT_FOUND),
    ("GET", "/api/metadata/", None, 404, NOT_FOUND),
    ("GET", "/API/metadata", None, 404, NOT_FOUND),
    ("GET", "/health/", None, 404, NOT_FOUND),
    ("POST", "/health", "{}", 404, NOT_FOUND),
    ("POST", "/api/metadata", "{}", 404, NOT_FOUND),
    ("PUT", "/api/arena/join", "{}", 404, NOT_FOUND),
    ("DELETE", "/api/challenges", None, 404, NOT_FOUND),
    ("OPTIONS", "/api/challenges", None, 404, NOT_FOUND),
    ("PATCH", "/api/arena/sync", "{}", 404, NOT_FOUND),
    ("GET", "/api/arena/join", None, 404, NOT_FOUND),
    ("GET", "/api/arena/message", None, 404, NOT_FOUND),
    ("GET", "/api/skill.md", None, 404, NOT_FOUND),
    ("GET", "/api/v1/skill.md", None, 404, NOT_FOUND),
    # metadata
    ("GET", "/api/metadata/none", None, 404, error("Challenge not found")),
    ("GET", "/api/metadata/PSI", None, 404, error("Challenge not found")),
    ("GET", "/api/metadata/__proto__", None, 404, error("Challenge not found")),
    # sessions
    ("POST", "/api/challenges/nope", None, 400, error("Unknown challenge type: nope", "UNKNOWN_CHALLENGE_TYPE")),
    ("POST", "/api/challenges/zzz", "{}", 400, error("Unknown challenge type: zzz", "UNKNOWN_CHALLENGE_TYPE")),
    ("GET", "/api/challenges/nope", None, 200,
     {"challenges": [], "total": 0, "limit": 10, "offset": 0, "profiles": {}}),
    # join
    ("POST", "/api/arena/join", None, 400, INVALID),
    ("POST", "/api/arena/join", "", 400, INVALID),
    ("POST", "/api/arena/join", "{", 400, INVALID),
    ("POST", "/api/arena/join", "{}", 400, error("Required")),
    ("POST", "/api/arena/join", "null", 400, expected("object", "null")),
    ("POST", "/api/arena/join", "[]", 400, expected("object", "array")),
    ("POST", "/api/arena/join", "5", 400, expected("object", "number")),
    ("POST", "/api/arena/join", '"x"', 400, expected("object", "string")),
    ("POST", "/api/arena/join", "true", 400, expected("object", "boolean")),
    ("POST", "/api/arena/join", {"invite": 5}, 400, expected("string", "number")),
    ("POST", "/api/arena/join", {"invite": None}, 400, expected("string", "null")),
    ("POST", "/api/arena/join", {"invite": []}, 400, expected("string", "array")),
    ("POST", "/api/arena/join", {"invite": {}}, 400, expected("string", "object")),
    ("POST", "/api/arena/join", {"invite": True}, 400, expected("string", "boolean")),
    ("POST", "/api/arena/join", {"invite": "x", "userId": 5}, 400, expected("string", "number")),
    ("POST", "/api/arena/join", {"invite": "x", "timestamp": "now"}, 400, expected("number", "string")),
    ("POST", "/api/arena/join", {"invite": "inv_none"}, 400, error("Challenge not found for invite: inv_none")),
    ("POST", "/api/arena/join", {"invite": "inv_none", "more": [1]}, 400,
     error("Challenge not found for invite: inv_none")),
    # message: validation comes before the identity, the identity before the session
    ("POST", "/api/arena/message", "", 400, INVALID),
    ("POST", "/api/arena/message", "{}", 400, error("Required")),
    ("POST", "/api/arena/message", "null", 400, expected("object", "null")),
    ("POST", "/api/arena/message", {"challengeId": "x"}, 400, error("Required")),
    ("POST", "/api/arena/message", {"challengeId": 5, "content": "x"}, 400, expected("string", "number")),
    ("POST", "/api/arena/message", {"challengeId": "x", "content": 5}, 400, expected("string", "number")),
    ("POST", "/api/arena/message", {"challengeId": "x", "content": "y", "messageType": 5}, 400,
     expected("string", "number")),
    ("POST", "/api/arena/message", {"challengeId": "x", "content": "y"}, 400, error("from is required")),
    ("POST", "/api/arena/message", {"challengeId": "x", "content": "y", "from": ""}, 400, error("from is required")),
    ("POST", "/api/arena/message", {"challengeId": "x", "content": "y", "from": "viewer"}, 400,
     error("from is required")),
    ("POST", "/api/arena/message", {"challengeId": "x", "content": "y", "from": "p"}, 400,
     error("Challenge not found")),
    ("POST", "/api/arena/message?from=p", {"challengeId": "x", "content": "y"}, 400, error("Challenge not found")),
    ("POST", "/api/arena/message", {"challengeId": "__proto__", "content": "y", "from": "p"}, 400,
     error("Challenge not found")),
    # syncs
    ("GET", "/api/arena/sync", None, 400, error("Required")),
    ("GET", "/api/arena/sync?channel=", None, 200, {"messages": [], "count": 0}),
    ("GET", "/api/arena/sync?channel=none", None, 200, {"messages": [], "count": 0}),
    ("GET", "/api/arena/sync?channel=__proto__", None, 200, {"messages": [], "count": 0}),
    ("GET", "/api/chat/sync", None, 400, error("Required")),
    ("GET", "/api/chat/sync?channel=", None, 200, {"messages": [], "count": 0}),
    ("GET", "/api/chat/sync?channel=constructor", None, 200, {"messages": [], "count": 0}),
    # chat
    ("POST", "/api/chat/send", "{}", 400, error("Required")),
    ("POST", "/api/chat/send", "", 400, INVALID),
    ("POST", "/api/chat/send", {"channel": "c"}, 400, error("Required")),
    ("POST", "/api/chat/send", {"channel": "c", "content": "x", "to": None, "from": "p"}, 400,
     expected("string", "null")),
    ("POST", "/api/chat/send", {"channel": "c", "content": "x"}, 400, error("from is required")),
    ("POST", "/api/chat/send", {"channel": 1, "content": "x", "from": "p"}, 400, expected("string", "number")),
    ("POST", "/api/chat/send", {"channel": "c", "content": 1, "from": "p"}, 400, expected("string", "number")),
    # invites
    ("GET", "/api/invites/none", None, 404, error("Challenge not found for invite: none")),
    ("POST", "/api/invites", "{}", 400, error("inviteId is required")),
    ("POST", "/api/invites", {"inviteId": ""}, 400, error("inviteId is required")),
    ("POST", "/api/invites", {"inviteId": "none"}, 404, error("Challenge not found for invite: none")),
    ("POST", "/api/invites", {"inviteId": 5}, 400, expected("string", "number")),
    ("POST", "/api/invites", "{", 400, INVALID),
    # the sessions' own routes
    ("GET", "/api/sessions/none", None, 404, NO_SESSION),
    ("GET", "/api/sessions/00000000-0000-4000-8000-000000000000", None, 404, NO_SESSION),
    ("GET", "/api/sessions/none/view", None, 404, NO_SESSION),
    ("GET", "/api/sessions/none/view?from=p", None, 404, NO_SESSION),
    ("GET", "/api/sessions/none/actions", None, 400, error("from is required")),
    ("GET", "/api/sessions/none/actions?from=p", None, 404, NO_SESSION),
    ("GET", "/api/sessions/none/replay", None, 404, NO_SESSION),
    ("GET", "/api/sessions/none/nothing", None, 404, NOT_FOUND),
    ("GET", "/api/sessions", None, 404, NOT_FOUND),
]


class Contract(ArenaCase):
    def test_rows(self):
        for method, path, body, status, wanted in ROWS:
            for prefix in ("/api/", "/api/v1/"):
                if prefix != "/api/" and not (path.startswith("/api/") and "/v" not in path):
                    continue
                with self.subTest(method=method, path=path.replace("/api/", prefix), body=body):
                    sent = body if body is None or isinstance(body, str) else json.dumps(body)
                    answer = self.api.request(method, path.replace("/api/", prefix), sent)
                    self.assertEqual(answer.status, status, answer)
                    if isinstance(wanted, str):
                        self.assertEqual((answer.headers["content-type"], answer.text), (TEXT, wanted))
                    else:
                        self.check(answer, status, wanted)

    def test_head_is_get_without_a_body(self):
        for path, kind in (("/health", "application/json"), ("/nothing", TEXT)):
            get, head = self.api.get(path), self.api.request("HEAD", path)
            self.assertEqual(head.status, get.status)
            self.assertEqual(head.headers["content-length"], str(len(get.body)))
            self.assertEqual(head.headers["content-type"], kind)
            self.assertEqual(head.body, b"")

    def test_metadata_has_each_challenge_as_the_single_route_has_it(self):
        both = self.check(self.api.get("/api/metadata"), 200).json
        self.assertEqual(sorted(both), ["pokemon", "psi"])
        for name, value in both.items():
            self.check(self.api.get(f"/api/metadata/{name}"), 200, value)
            self.assertEqual([key for key in ("name", "description", "players", "prompt", "methods")
                              if key not in value], [])
            self.assertEqual(value["players"], 2)
            self.assertTrue(all({"name", "description"} <= set(method) for method in value["methods"]))

    def test_create(self):
        for body in (None, "{}", '{"unknown":true}', "null"):
            created = self.check(self.api.request("POST", "/api/challenges/psi", body), 200).json
            self.assertEqual(list(created), ["id", "name", "createdAt", "challengeType", "invites", "gameState",
                                             "state", "gameCategory"])
            self.assertTrue(UUID.fullmatch(created["id"]))
            self.assertEqual((created["name"], created["challengeType"], created["gameCategory"]),
                             ("psi", "psi", "train"))
            self.assertEqual(created["gameState"], {})
            self.assertEqual(len(set(created["invites"])), 2)
            for invite in created["invites"]:
                self.assertTrue(invite.startswith("inv_") and UUID.fullmatch(invite[4:]), invite)
            zero = {"security": 0, "utility": 0}
            self.assertEqual(created["state"], {"status": "open", "scores": [zero, zero], "players": [],
                                                "playerIdentities": {}})
            self.assertIsInstance(created["createdAt"], int)

    def test_join_and_join_again(self):
        game = Game(self.api, "psi", join=False)
        metadata = self.api.get("/api/metadata/psi").json
        self.check(self.api.join(game.invites[0], "alice"), 200,
                   {"ChallengeID": game.id, "ChallengeInfo": metadata})
        for user in ("alice", "bob", None):
            self.refused(self.api.join(game.invites[0], user), 400, "This invite has already been used.",
                         "INVITE_ALREADY_USED")
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "open")
        self.check(self.api.post("/api/arena/join", {"invite": game.invites[1], "userId": ""}), 200)
        self.assertEqual(self.api.session(game.id).json["state"]["status"], "active")

    def test_message_outcomes(self):
        game = Game(self.api, "psi")
        self.refused(self.api.move(game.id, "stranger", "x", "guess"), 400, "Player not found.", "PLAYER_NOT_FOUND")
        self.refused(self.api.move(game.id, game.invites[0], "x", "nonsense"), 400,
                     "Unknown challenge method: nonsense", "UNKNOWN_METHOD")
        self.refused(self.api.move(game.id, game.invites[0], "no digits", "guess"), 400, "Invalid guess format.",
                     "INVALID_GUESS")
        self.refused(self.api.move("challenge_" + game.id, game.invites[0], "1", "guess"), 400,
                     "Challenge not found")
        self.check(self.api.move(game.id, game.invites[0], "{1}", "guess"), 200, {"ok": "Message sent"})

    def test_the_query_s_from_wins_over_the_body_s(self):
        game = Game(self.api, "psi")
        body = {"challengeId": game.id, "from": "stranger", "content": "{1}", "messageType": "guess"}
        self.check(self.api.post(f"/api/arena/message?from={game.invites[0]}", body), 200, {"ok": "Message sent"})
        body["from"] = game.invites[1]
        self.refused(self.api.post("/api/arena/message?from=stranger", body), 400, "Player not found.",
                     "PLAYER_NOT_FOUND")
        self.check(self.api.post("/api/arena/message?from=", body), 200, {"ok": "Message sent"})

    def test_message_to_a_session_that_does_not_run(self):
        game = Game(self.api, "psi", join=False)
        self.api.join(game.invites[0], "alice")
        self.check(self.api.move(game.id, game.invites[0], "{1}", "guess"), 200, {"ok": "Message sent"})
        last = self.api.messages(game.id, game.invites[0])[-1]
        self.assertEqual((last["from"], last["to"], last["content"]),
                         ("operator", game.invites[0], "ERR_GAME_NOT_RUNNING: Game not running."))

    def test_chat_answer(self):
        self.check(self.api.chat("table-1", "ann", "hello"), 200,
                   {"index": 1, "channel": "table-1", "from": "ann", "to": None})
        self.check(self.api.chat("table-1", "ann", "", "bob"), 200,
                   {"index": 2, "channel": "table-1", "from": "ann", "to": "bob"})

    def test_request_content_type_is_ignored(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "nonsense"):
            answer = self.api.request("POST", "/api/arena/join", '{"invite":"n"}', {"Content-Type": kind})
            self.refused(answer, 400, "Challenge not found for invite: n")

    def test_answers_keep_the_connection(self):
        answer = self.api.get("/health")
        self.assertNotEqual(answer.headers.get("connection", "keep-alive").lower(), "close")
        self.assertEqual(answer.headers["content-length"], str(len(answer.body)))


if __name__ == "__main__":
    unittest.main()
