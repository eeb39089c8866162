"""What the tests of users, scores and figures share: they need a server that has these routes."""
import unittest

from arena_test import eventually
from contract import RowsCase
from golden import Ordered
from games import numbers
from worlds import KEYS, now

ABSENT = "this server has no users, scores and figures yet"


def has_users(world):
    return world.api.get("/api/stats").status != 404


class UsersCase(RowsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not has_users(cls.world):
            raise unittest.SkipTest(ABSENT)


def update_body(who, timestamp=None, **changes):
    """The body of a profile update in auth mode."""
    timestamp = now() if timestamp is None else timestamp
    signature = KEYS[who].sign(f"arena:v1:user-update:{timestamp}".encode()).hex()
    return {"publicKey": KEYS[who].hex, "signature": signature, "timestamp": timestamp, **changes}


def psi_sets(world, table):
    return [Ordered(numbers(next(message["content"] for message in world.read(table, seat)
                                 if message.get("to") == table.invites[seat]))) for seat in range(2)]


def play_psi(world, users=(0, 1), breach=None, api=None):
    """A game in which both find what they share; the seat `breach` also names a number of the other's."""
    table = world.table(users=users, api=api)
    sets = psi_sets(world, table)
    for seat in range(2):
        guess = sets[0] & sets[1]
        if seat == breach:
            guess = guess | [min(sets[1 - seat] - sets[seat])]
        answer = world.move(table, seat, " ".join(map(str, guess)), api=api)
        assert answer.status == 200, answer
    return table


def entry_of(world, user, challenge=None, strategy=None):
    """The user's entry of a board: of a challenge's strategy, or the global one; None when it has none."""
    scores = world.api.get(f"/api/users/{user}/scores").json
    return scores["challenges"].get(challenge, {}).get(strategy) if challenge else scores["global"]


def wait_games(world, user, count, challenge=None, strategy=None):
    """Scores are worked out after the end: waits until the user's entry has that many games; returns it."""
    def entry():
        found = entry_of(world, user, challenge, strategy)
        return found if found and found["gamesPlayed"] >= count else None
    return eventually(entry, f"{count} games of {user}")
