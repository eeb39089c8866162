"""Lists of sessions: order, filters, paging, and what an entry may tell before and after the end."""
import unittest

from arena_test import ArenaCase, Game
from games import psi_play_out


class Lists(ArenaCase):
    """One set of sessions for all tests: two ended, three active, seven open; twelve of psi, one of pokemon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        api = cls.server.api()
        cls.games = [Game(api, "psi", ("alice", "bob")) for _ in range(2)]
        for game in cls.games:
            psi_play_out(api, game)
        cls.games += [Game(api, "psi", (f"u{i}", f"v{i}")) for i in range(3)]
        cls.games += [Game(api, "psi", join=False) for _ in range(7)]
        cls.pokemon = Game(api, "pokemon", join=False)
        api.close()
        cls.newest_first = [game.id for game in reversed(cls.games)]

    def page(self, query="", path="/api/challenges/psi"):
        return self.check(self.api.get(path + query), 200).json

    def ids(self, query="", path="/api/challenges/psi"):
        return [entry["id"] for entry in self.page(query, path)["challenges"]]

    def test_shape_and_defaults(self):
        page = self.page()
        self.assertEqual(sorted(page), ["challenges", "limit", "offset", "profiles", "total"])
        self.assertEqual((page["total"], page["limit"], page["offset"]), (12, 10, 0))
        everything = self.page(path="/api/challenges")
        self.assertEqual((everything["total"], everything["limit"], everything["offset"]), (13, 50, 0))
        self.assertEqual(len(everything["challenges"]), 13)
        self.assertEqual(self.page(path="/api/v1/challenges"), everything)

    def test_newest_first(self):
        self.assertEqual(self.ids("?limit=100"), self.newest_first)
        self.assertEqual(self.ids(path="/api/challenges")[0], self.pokemon.id)

    def test_paging_covers_all_once(self):
        for size in (1, 5, 12, 100):
            found = []
            for offset in range(0, 12, size):
                found += self.ids(f"?limit={size}&offset={offset}")
            self.assertEqual(found, self.newest_first)
        self.assertEqual(self.ids("?offset=12"), [])
        self.assertEqual(self.ids("?offset=4000000000"), [])

    def test_limits_are_clamped(self):
        for given, used in (("0", 10), ("abc", 10), ("", 10), ("-3", 1), ("1", 1), ("100", 100), ("101", 100),
                            ("99999999999999999999", 100), ("2.9", 2), ("5x", 5), ("%205", 5)):
            with self.subTest(limit=given):
                page = self.page(f"?limit={given}")
                self.assertEqual(page["limit"], used)
                self.assertEqual(len(page["challenges"]), min(used, 12))
        for given, used in (("-5", 0), ("abc", 0), ("", 0), ("3", 3), ("2.9", 2)):
            with self.subTest(offset=given):
                page = self.page(f"?offset={given}")
                self.assertEqual(page["offset"], used)
                self.assertEqual(page["challenges"][0]["id"], self.newest_first[used])

    def test_status_filter(self):
        for status, wanted in (("ended", self.newest_first[10:]), ("active", self.newest_first[7:10]),
                               ("open", self.newest_first[:7]), ("nonsense", self.newest_first)):
            with self.subTest(status=status):
                page = self.page(f"?status={status}&limit=100")
                self.assertEqual([entry["id"] for entry in page["challenges"]], wanted)
                self.assertEqual(page["total"], len(wanted))
                self.assertEqual(self.page(f"?status={status}&limit=1")["total"], len(wanted))
        self.assertEqual(self.page("?status=open", "/api/challenges")["total"], 8)

    def test_entries_of_ended_sessions_tell_all(self):
        for entry in self.page("?status=ended")["challenges"]:
            state = entry["state"]
            self.assertEqual(state["status"], "ended")
            self.assertEqual(state["scores"], [{"security": 1, "utility": 1}] * 2)
            self.assertEqual(sorted(state["playerIdentities"].values()), ["alice", "bob"])
            self.assertEqual((entry["name"], entry["challengeType"]), ("psi", "psi"))

    def test_entries_of_other_sessions_tell_little(self):
        for game, status in ((self.games[2], "active"), (self.games[-1], "open")):
            entry = next(entry for entry in self.page("?limit=100")["challenges"] if entry["id"] == game.id)
            self.assertEqual(entry["state"]["status"], status)
            self.assertEqual(entry["state"]["scores"], [])
            self.assertNotIn("attributions", entry["state"])
            self.assertFalse(entry["state"].get("playerIdentities"))
            self.assertFalse(entry.get("gameState"))

    def test_no_free_invite_in_any_list(self):
        texts = [self.api.get(path).text for path in ("/api/challenges?limit=100", "/api/challenges/psi?limit=100",
                                                      "/api/challenges/psi?status=open", "/api/challenges/pokemon",
                                                      f"/api/sessions/{self.games[-1].id}")]
        for game in self.games[5:] + [self.pokemon]:
            for invite in game.invites:
                self.assertFalse([text for text in texts if invite in text], "a free invite is listed")


if __name__ == "__main__":
    unittest.main()
