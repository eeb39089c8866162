"""Invites: looking at them, announcing and claiming them, taking a seat with them - once."""
import unittest

from arena_test import ArenaCase, Game, at_once


class Invites(ArenaCase):
    def setUp(self):
        super().setUp()
        self.game = Game(self.api, "psi", join=False)
        self.first, self.second = self.game.invites

    def test_looking_at_a_free_invite(self):
        session = self.check(self.api.get(f"/api/invites/{self.first}"), 200).json
        self.assertEqual((session["id"], session["state"]["status"]), (self.game.id, "open"))
        self.assertEqual(session["gameState"], {})
        self.assertEqual(session["invites"], [self.first])

    def test_looking_at_a_used_invite(self):
        self.api.join(self.first, "alice")
        self.refused(self.api.get(f"/api/invites/{self.first}"), 409, f"Invite already used: {self.first}")
        other = self.check(self.api.get(f"/api/invites/{self.second}"), 200).json
        self.assertEqual(other["invites"], [self.second])
        self.assertNotIn("alice", str(other))

    def test_announcing_goes_to_the_public_channel(self):
        count = len(self.api.messages("invites", kind="chat"))
        self.check(self.api.post("/api/invites", {"inviteId": self.first}), 200, {"success": True})
        told = self.api.messages("invites", index=count + 1, kind="chat")
        self.assertEqual([(message["from"], message.get("to"), message["content"]) for message in told],
                         [("operator", None, self.first)])
        self.check(self.api.get(f"/api/invites/{self.first}"), 200)
        self.check(self.api.post("/api/invites", {"inviteId": self.first}), 200, {"success": True})
        self.check(self.api.join(self.first, "alice"), 200)
        self.refused(self.api.post("/api/invites", {"inviteId": self.first}), 409,
                     f"Invite already used: {self.first}")

    def test_claiming(self):
        claim = {"inviteId": self.first, "claim": True}
        self.check(self.api.post("/api/invites", claim), 200, {"success": True})
        self.refused(self.api.post("/api/invites", claim), 409, f"Invite already used: {self.first}")
        self.check(self.api.join(self.first, "alice"), 200)

    def test_parallel_claims(self):
        def claim(_):
            api = self.server.api()
            try:
                return api.post("/api/invites", {"inviteId": self.first, "claim": True}).status
            finally:
                api.close()

        self.assertEqual(sorted(at_once(20, claim)), [200] + [409] * 19)

    def test_a_hundred_parallel_joins_of_one_invite(self):
        def join(i):
            api = self.server.api()
            try:
                return api.join(self.first, f"user-{i}")
            finally:
                api.close()

        answers = at_once(100, join)
        self.assertEqual(sorted(answer.status for answer in answers), [200] + [400] * 99)
        for answer in answers:
            if answer.status == 400:
                self.refused(answer, 400, "This invite has already been used.", "INVITE_ALREADY_USED")
        self.assertEqual(self.api.session(self.game.id).json["joined"], 1)
        self.assertEqual(len(self.api.messages(self.game.id, self.first)), 1)
        self.check(self.api.join(self.second, "bob"), 200)
        self.assertEqual(self.api.session(self.game.id).json["state"]["status"], "active")

    def test_both_seats_taken_at_once(self):
        def take(game, i):
            api = self.server.api()
            try:
                return api.join(game.invites[i], f"user-{i}").status
            finally:
                api.close()

        for _ in range(50):
            game = Game(self.api, "psi", join=False)
            self.assertEqual(at_once(2, lambda i, game=game: take(game, i)), [200, 200])
            session = self.api.session(game.id).json
            self.assertEqual((session["state"]["status"], session["joined"]), ("active", 2))

    def test_a_wrong_invite_does_not_lock_the_right_one(self):
        for wrong in (self.first[:-1], self.first + "x", self.first.upper(), "inv_", self.game.id, " " + self.first):
            self.refused(self.api.join(wrong, "eve"), 400, f"Challenge not found for invite: {wrong}")
        self.check(self.api.join(self.first, "alice"), 200)


if __name__ == "__main__":
    unittest.main()
