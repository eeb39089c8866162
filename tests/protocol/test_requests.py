"""Once-only requests (Idempotency-Key), turn tokens, and the names that nobody may use."""
import unittest
import urllib.parse
import uuid

from arena_test import ArenaCase, Game, Stream, at_once
from games import choices, choose, psi_guess

REUSED = "IDEMPOTENCY_KEY_REUSED"


def new_key():
    return str(uuid.uuid4())


class Idempotency(ArenaCase):
    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))
        self.first, self.second = self.game.invites

    def same(self, one, other):
        self.assertEqual((one.status, one.body), (other.status, other.body))

    def test_create(self):
        key = new_key()
        total = self.api.get("/api/challenges/psi").json["total"]
        answer = self.api.create("psi", key=key)
        self.assertEqual(answer.status, 200)
        for _ in range(3):
            self.same(self.api.create("psi", key=key), answer)
        self.assertEqual(self.api.get("/api/challenges/psi").json["total"], total + 1)
        self.assertNotEqual(self.api.create("psi", key=new_key()).json["id"], answer.json["id"])

    def test_join(self):
        game = Game(self.api, "psi", join=False)
        key = new_key()
        answer = self.check(self.api.join(game.invites[0], "alice", key), 200)
        self.same(self.api.join(game.invites[0], "alice", key), answer)
        self.refused(self.api.join(game.invites[0], "alice", new_key()), 400, "This invite has already been used.",
                     "INVITE_ALREADY_USED")
        self.refused(self.api.join(game.invites[0], "alice"), 400, "This invite has already been used.",
                     "INVITE_ALREADY_USED")

    def test_message(self):
        key = new_key()
        answer = self.check(psi_guess(self.api, self.game.id, self.first, [1], key=key), 200)
        told = self.api.messages(self.game.id, self.first)
        for _ in range(3):
            self.same(psi_guess(self.api, self.game.id, self.first, [1], key=key), answer)
        self.assertEqual(self.api.messages(self.game.id, self.first), told)

    def test_chat(self):
        key = new_key()
        answer = self.check(self.api.chat(self.game.id, "ann", "once", key=key), 200)
        self.same(self.api.chat(self.game.id, "ann", "once", key=key), answer)
        self.assertEqual([message["content"] for message in self.api.messages(self.game.id, kind="chat")], ["once"])

    def test_announcing_and_claiming(self):
        invite = Game(self.api, "psi", join=False).invites[0]
        for body in ({"inviteId": invite}, {"inviteId": invite, "claim": True}):
            key, told = new_key(), self.api.messages("invites", kind="chat")
            for _ in range(2):
                self.check(self.api.post("/api/invites", body, key), 200, {"success": True})
            self.assertEqual(self.api.post("/api/invites", {**body, "more": 1}, key).status, 422)
            self.assertEqual(len(self.api.messages("invites", kind="chat")) - len(told), 0 if "claim" in body else 1)
        self.assertEqual(self.api.post("/api/invites", body, new_key()).status, 409)

    def test_another_request_under_the_same_key(self):
        key = new_key()
        self.check(psi_guess(self.api, self.game.id, self.first, [1], key=key), 200)
        answer = psi_guess(self.api, self.game.id, self.first, [2], key=key)
        self.check(answer, 422)
        self.assertEqual(answer.json["code"], REUSED)
        key = new_key()
        self.check(self.api.chat(self.game.id, "ann", "one", key=key), 200)
        answer = self.api.chat(self.game.id, "ann", "two", key=key)
        self.check(answer, 422)
        self.assertEqual(answer.json["code"], REUSED)

    def test_keys_of_different_players_do_not_meet(self):
        key = new_key()
        self.check(psi_guess(self.api, self.game.id, self.first, [1], key=key), 200)
        self.check(psi_guess(self.api, self.game.id, self.second, [1], key=key), 200)
        other = Game(self.api, "psi")
        self.check(psi_guess(self.api, other.id, other.invites[0], [1], key=key), 200)

    def test_parallel_requests_under_one_key(self):
        for _ in range(10):
            game = Game(self.api, "psi")
            key = new_key()

            def guess(_, game=game, key=key):
                api = self.server.api()
                try:
                    return psi_guess(api, game.id, game.invites[0], [1], key=key)
                finally:
                    api.close()

            answers = at_once(8, guess)
            self.assertEqual({(answer.status, answer.body) for answer in answers},
                             {(200, b'{"ok":"Message sent"}')})
            guesses = [message for message in self.api.messages(game.id, game.invites[0])
                       if message["from"] == game.invites[0]]
            self.assertEqual(len(guesses), 1)

    def test_parallel_creates_under_one_key(self):
        key = new_key()

        def create(_):
            api = self.server.api()
            try:
                return api.create("psi", key=key)
            finally:
                api.close()

        answers = at_once(8, create)
        self.assertEqual(len({answer.body for answer in answers}), 1, answers)
        self.assertEqual(answers[0].status, 200)

    def test_keys_outlive_a_restart(self):
        create_key, chat_key, key = new_key(), new_key(), new_key()
        created = self.api.create("psi", key=create_key)
        chatted = self.api.chat(self.game.id, "ann", "once", key=chat_key)
        answer = psi_guess(self.api, self.game.id, self.first, [1], key=key)
        told = self.api.messages(self.game.id, self.first)
        for end in (self.server.stop, self.server.kill):
            self.restart(end)
            self.same(self.api.create("psi", key=create_key), created)
            self.same(self.api.chat(self.game.id, "ann", "once", key=chat_key), chatted)
            self.same(psi_guess(self.api, self.game.id, self.first, [1], key=key), answer)
            self.assertEqual(self.api.messages(self.game.id, self.first), told)

    def test_odd_keys(self):
        for key in ("x", "x" * 200, "a b", '"quoted"'):
            with self.subTest(key=key):
                answer = self.api.chat(self.game.id, "ann", "odd", key=key)
                if answer.status == 200:
                    self.same(self.api.chat(self.game.id, "ann", "odd", key=key), answer)
                else:
                    self.check(answer, 400)


class TurnTokens(ArenaCase):
    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))
        self.first, self.second = self.game.invites

    def actions(self, player):
        return self.check(self.api.get(f"/api/sessions/{self.game.id}/actions?from={player}"), 200).json

    def test_the_token_of_now_is_accepted(self):
        turn = self.actions(self.first)["turn"]
        self.assertIsInstance(turn, int)
        self.check(psi_guess(self.api, self.game.id, self.first, [1], turn=turn), 200)

    def stale(self, answer):
        self.check(answer, 409)
        self.assertEqual(answer.json["code"], "STALE_TURN")

    def test_a_token_that_was_never_given_is_refused(self):
        before = self.api.messages(self.game.id, self.first)
        turn = self.actions(self.second)["turn"]
        for other in (turn + 1000, turn + 1, turn - 1):
            self.stale(psi_guess(self.api, self.game.id, self.second, [2], turn=other))
        self.assertEqual(self.api.messages(self.game.id, self.first), before)

    def test_the_token_of_the_last_turn_is_refused(self):
        """A choice that comes late must not be taken for the next turn's."""
        teams = [[{"species": "pikachu", "moves": ["growl"]}]] * 2  # nobody is hurt, so both are asked again
        battle = Game(self.api, "pokemon", options={"options": {"teams": teams}})
        turns = [choices(self.api, battle.id, invite)[1] for invite in battle.invites]
        for invite, turn in zip(battle.invites, turns):
            self.check(choose(self.api, battle.id, invite, "default", turn=turn), 200)
        before = self.api.messages(battle.id, battle.invites[0])
        for invite, turn in zip(battle.invites, turns):
            self.stale(choose(self.api, battle.id, invite, "default", turn=turn))
        self.assertEqual(self.api.messages(battle.id, battle.invites[0]), before)
        for invite in battle.invites:
            possible, turn = choices(self.api, battle.id, invite)
            self.check(choose(self.api, battle.id, invite, possible[0], turn=turn), 200)

    def test_another_player_s_action_does_not_make_a_token_stale(self):
        turn = self.actions(self.second)["turn"]
        self.check(psi_guess(self.api, self.game.id, self.first, [1]), 200)
        self.check(psi_guess(self.api, self.game.id, self.second, [1], turn=turn), 200)

    def test_a_token_that_is_none(self):
        for turn in ("1", 1.5, -7, None, True, [], 1e300):
            with self.subTest(turn=turn):
                body = {"challengeId": self.game.id, "from": self.first, "content": "none", "messageType": "guess",
                        "turn": turn}
                self.assertIn(self.api.post("/api/arena/message", body).status, (400, 409))

    def test_strangers_have_no_actions(self):
        for player in ("", "?from=stranger"):
            answer = self.api.get(f"/api/sessions/{self.game.id}/actions{player}")
            self.assertNotIn("guess", answer.text)


class ReservedNames(ArenaCase):
    NAMES = ("operator", "Operator", "OPERATOR", " operator", "operator ", "op\u200berator")

    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", ("alice", "bob"))

    def test_writing_as_operator(self):
        for answer in (self.api.move(self.game.id, "operator", "{1}", "guess"),
                       self.api.chat(self.game.id, "operator", "hello"),
                       self.api.post("/api/chat/send?from=operator", {"channel": "c", "content": "x"}),
                       self.api.post("/api/chat/send?from=operator",
                                     {"channel": "c", "content": "x", "from": "ann"}),
                       self.api.chat("c", "operator", "x", key=new_key())):
            self.check(answer, 400)
            self.assertTrue(answer.json["error"])
        self.assertEqual(self.api.messages(self.game.id, kind="chat"), [])

    def test_reading_as_operator(self):
        public = self.api.messages(self.game.id)
        for path in (f"/api/arena/sync?channel={self.game.id}", f"/api/chat/sync?channel=challenge_{self.game.id}",
                     f"/api/sessions/{self.game.id}/view?x=1", f"/api/sessions/{self.game.id}/actions?x=1"):
            self.check(self.api.get(path + "&from=operator"), 400)
        for name in self.NAMES[1:]:
            answer = self.api.get(f"/api/arena/sync?channel={self.game.id}&from={urllib.parse.quote(name)}")
            self.assertTrue(answer.status == 400 or answer.json["messages"] == public, answer)

    def test_streaming_as_operator(self):
        stream = Stream(self.server.port, "challenge_" + self.game.id, "operator")
        self.addCleanup(stream.close)
        self.assertEqual(stream.status, 400)

    def test_viewer_is_nobody(self):
        self.assertEqual(self.api.messages(self.game.id, "viewer"), self.api.messages(self.game.id))
        self.refused(self.api.chat(self.game.id, "viewer", "hello"), 400, "from is required")

    def test_a_house_player_cannot_be_impersonated(self):
        for name in ("house:easy", "house:0", "house:"):
            answer = self.api.chat(self.game.id, name, "hello")
            self.check(answer, 400)


if __name__ == "__main__":
    unittest.main()
