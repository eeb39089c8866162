"""Many at the same instant: no action is lost, a turn resolves once, indexes have no gaps."""
import random
import unittest

from arena_test import ArenaCase, Game, at_once
from games import choices, choose, psi_guess

ROUNDS = 100


class Concurrency(ArenaCase):
    def both(self, game, act):
        """act(api, seat) of both seats at the same instant, over connections of their own."""
        apis = [self.server.api() for _ in game.invites]
        try:
            return at_once(2, lambda seat: act(apis[seat], seat))
        finally:
            for api in apis:
                api.close()

    def test_both_guess_at_once(self):
        for _ in range(ROUNDS):
            game = Game(self.api, "psi", ("alice", "bob"))
            answers = self.both(game, lambda api, seat, game=game: psi_guess(api, game.id, game.invites[seat], [1]))
            self.assertEqual([answer.status for answer in answers], [200, 200])
            told = self.api.messages(game.id)
            self.assertEqual([message["index"] for message in told], list(range(1, 10)))
            self.assertEqual(sorted(message["from"] for message in told if message["from"] != "operator"),
                             sorted(game.invites))
            self.assertEqual(sum(message["content"].startswith("Game ended.") for message in told), 1)
            self.assertEqual(self.api.session(game.id).json["state"]["status"], "ended")

    def test_one_guess_four_times_at_once(self):
        for _ in range(30):
            game = Game(self.api, "psi")
            apis = [self.server.api() for _ in range(4)]
            answers = at_once(4, lambda i, game=game, apis=apis: psi_guess(apis[i], game.id, game.invites[0], [i + 1]))
            for api in apis:
                api.close()
            self.assertEqual(sorted(answer.status for answer in answers), [200, 400, 400, 400])
            self.assertEqual({answer.json["code"] for answer in answers if answer.status == 400}, {"DUPLICATE_GUESS"})

    def test_both_choose_at_once(self):
        """A hundred rounds of battle in which both submit at once: each round moves the battle on by one turn."""
        rounds, chance = 0, random.Random(11)
        while rounds < ROUNDS:
            game = Game(self.api, "pokemon", ("alice", "bob"))
            while rounds < ROUNDS:
                asked = {seat: choices(self.api, game.id, invite)[0] for seat, invite in enumerate(game.invites)}
                asked = {seat: possible for seat, possible in asked.items() if possible}
                if not asked:
                    break
                before = self.api.messages(game.id)
                turn = self.turn(game)
                picked = {seat: chance.choice(possible) for seat, possible in asked.items()}
                if len(picked) == 1:
                    seat, choice = next(iter(picked.items()))
                    self.check(choose(self.api, game.id, game.invites[seat], choice), 200)
                    continue
                answers = self.both(game, lambda api, seat, game=game, picked=picked:
                                    choose(api, game.id, game.invites[seat], picked[seat]))
                self.assertEqual([answer.status for answer in answers], [200, 200], answers)
                rounds += 1
                told = self.api.messages(game.id)[len(before):]
                self.assertEqual(sorted(message["from"] for message in told if message["from"] != "operator"),
                                 sorted(game.invites), "an action was lost")
                self.assertLessEqual(self.turn(game), turn + 1, "a turn was resolved twice")
            indexes = [message["index"] for message in self.api.messages(game.id)]
            self.assertEqual(indexes, list(range(1, len(indexes) + 1)))
            state = self.api.session(game.id).json["state"]["status"]
            self.assertTrue(state == "ended" or rounds == ROUNDS)

    def turn(self, game):
        return self.check(self.api.get(f"/api/sessions/{game.id}/view"), 200).json["turn"]

    def test_one_seat_submits_many_times_at_once(self):
        for _ in range(20):
            game = Game(self.api, "pokemon")
            possible = choices(self.api, game.id, game.invites[0])[0]
            apis = [self.server.api() for _ in range(6)]
            answers = at_once(6, lambda i, game=game, apis=apis, possible=possible:
                              choose(apis[i], game.id, game.invites[0], possible[i % len(possible)]))
            for api in apis:
                api.close()
            self.assertEqual(sorted(answer.status for answer in answers), [200] + [400] * 5)
            self.assertEqual(self.turn(game), 1)

    def test_chat_from_many_at_once(self):
        lines, writers = 50, 8

        def write(i):
            api = self.server.api()
            indexes = [api.chat("crowd", f"writer-{i}", f"{i}:{line}").json["index"] for line in range(lines)]
            api.close()
            return indexes

        indexes = at_once(writers, write)
        self.assertEqual(sorted(sum(indexes, [])), list(range(1, lines * writers + 1)))
        told = self.api.messages("crowd", kind="chat")
        self.assertEqual([message["index"] for message in told], list(range(1, lines * writers + 1)))
        for i in range(writers):
            own = [message["content"] for message in told if message["from"] == f"writer-{i}"]
            self.assertEqual(own, [f"{i}:{line}" for line in range(lines)])
            self.assertEqual(indexes[i], sorted(indexes[i]))

    def test_many_sessions_at_once(self):
        def play(i):
            api = self.server.api()
            ids = []
            for n in range(10):
                game = Game(api, "psi", (f"a{i}-{n}", f"b{i}-{n}"))
                for invite in game.invites:
                    self.assertEqual(psi_guess(api, game.id, invite, [1]).status, 200)
                ids.append(game.id)
            api.close()
            return ids

        ids = sum(at_once(8, play), [])
        self.assertEqual(len(set(ids)), 80)
        for session in ids:
            self.assertEqual(self.api.session(session).json["state"]["status"], "ended")


if __name__ == "__main__":
    unittest.main()
