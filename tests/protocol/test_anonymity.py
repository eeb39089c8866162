"""Nothing before the end reveals who plays, or what a player alone may know: a property of random games.

Games of every operator are played at random.  Witnesses (nobody, each seat, forged names, keys of others) ask every
route, every tool and every stream for everything, and keep every byte.  At the end it is known what was secret, and
all that was told before is searched for it.  Then the same walk must find the identities where they belong.

A failure names the seed; ARENA_SEED=n plays the same choices again, ARENA_GAMES=n plays more games than the usual.
"""
import json
import os
import random
import re
import unittest
import uuid

import ed25519
import test_secrets
from arena_test import ArenaCase, Game
from test_auth import bearer, join_body, now
from witness import Place, Told, Witness, forms, routes

SEED = int(os.environ.get("ARENA_SEED", "0")) or random.SystemRandom().randrange(1, 10 ** 9)
GAMES = int(os.environ.get("ARENA_GAMES", "1"))  # of each operator, in each mode
# Numbers so large that they mean only one thing wherever they appear.
OPTIONS = {"psi": {"range": [1000000, 9000000], "setSize": 8},
           "ultimatum": {"total": 10000000, "maxRounds": 3, "reservationMax": 9000000}}
# Where users may be looked up who said themselves who they are, whatever they play.
PUBLIC_USERS = ("/api/users", "/api/scoring", "/api/stats")
# Where a player's public name (the invite that was used) may stand before the end.
NAMED = re.compile(r"/sync$|^stream of|/actions$|/view$|/api/chat/send|tools/call (?:messages|wait|chat|chat_messages"
                   r"|actions|view|challenge_sync|sync|send_chat)$")
WEALTH = re.compile(rb'wealth(?:\\*" ?: ?| is \$)(\d+)')
RAW = re.compile(rb'"(payer|userSets|intersectionSet|guesses|reservationValues)\\*" ?: ?[^{ ]')
NUMBER = re.compile(rb"(?<![\w-])\d{5,7}(?![\w-])")
PAID = re.compile(rb'You (?:did not pay|paid) the bill|"?paid\\*" ?: ?(?:true|false)')


def word(chance):
    return "zq" + "".join(chance.choice("bcdfghjkmnpqrstvwxz") for _ in range(14))


class Player:
    """Somebody who plays: a name in standalone mode, a key in auth mode."""

    def __init__(self, chance, auth):
        self.key = ed25519.Key(chance.randbytes(32)) if auth else None
        self.user = self.key.user if auth else f"user-{uuid.UUID(int=chance.getrandbits(128))}"
        self.username, self.model = word(chance), word(chance)
        self.registered = False
        self.session_key = None
        self.signatures = []

    def register(self, api):
        """Says who it is, where the server has users."""
        body = {"userId": self.user, "username": self.username, "model": self.model}
        if self.key:
            stamp = now()
            body = {"username": self.username, "model": self.model, "publicKey": self.key.hex, "timestamp": stamp,
                    "signature": self.key.sign(f"arena:v1:user-update:{stamp}".encode()).hex()}
            self.signatures.append(body["signature"])
        self.registered = api.post("/api/users", body).status == 200

    def join(self, api, invite):
        if not self.key:
            return api.join(invite, self.user)
        body = join_body(self.key, invite)
        self.signatures.append(body["signature"])
        answer = api.post("/api/arena/join", body)
        self.session_key = answer.json.get("sessionKey")
        return answer

    def identity(self):
        """What nobody may be told before the end."""
        words = [self.user, self.username, self.model]
        return words + ([self.key.public.hex(), self.key.hex] if self.key else [])


class Anonymity(ArenaCase):
    settings = {"operators": None, "accessLog": True, "log": "debug"}
    auth = False

    def setUp(self):
        super().setUp()
        self.static = {self.api.get(path).body for method, path in routes() if method == "GET" and ":" not in path}
        self.static |= {self.api.get(f"/assets/{file}").body for file in ("app.js", "style.css", "icon.svg")}
        self.described = [text for info in self.api.get("/api/metadata").json.values()
                          for text in self.ways_to_write(info)]

    def ways_to_write(self, info):
        """A challenge's description, which is no secret, as it may stand in answers."""
        for value in (info["prompt"], info["description"], *(method["description"] for method in info["methods"])):
            once = json.dumps(value, ensure_ascii=False)[1:-1]
            yield once.encode()
            yield json.dumps(once, ensure_ascii=False)[1:-1].encode()

    def test_random_games(self):
        for challenge in sorted(self.api.get("/api/metadata").json):
            for number in range(GAMES):
                with self.subTest(challenge=challenge, seed=SEED, number=number, auth=self.auth):
                    self.play(challenge, random.Random(f"{SEED} {number} {challenge}"))

    # A game.

    def play(self, challenge, chance):
        self.chance = chance
        self.markers = {}  # word -> the seats that may be told it
        game = self.game = Game(self.api, challenge, options={"options": OPTIONS.get(challenge, {})}, join=False)
        count = len(game.invites)
        self.players = [Player(chance, self.auth) for _ in range(count)]
        self.players[0].register(self.api)
        registered = [player.user for player in self.players if player.registered]
        self.place = Place(game.id, challenge, game.invites, registered)
        self.witnesses = []
        nobody = self.witness("nobody")
        for name in self.forged_names():
            self.witness(f"from={name!r}", name=name, reads_only=name in [player.user for player in self.players])
        self.api.post("/api/users", self.place.everything(None))  # the witnesses will say the same again
        self.users_before = self.users_told()
        self.look_around([nobody, *self.chance.sample(self.witnesses[1:], 2)])
        for seat, (player, invite) in enumerate(zip(self.players, game.invites)):
            joined = self.check(player.join(self.api, invite), 200)
            nobody.told.append(self.own_answer(joined, player))
            self.place.used.append(invite)
            self.witness(f"seat {seat}", seat, invite if not self.auth else None, player.session_key)
            self.look_around([nobody, chance.choice(self.witnesses)])
        self.forge_keys()
        self.look_around(self.witnesses)
        self.secrets = self.hidden_state()
        self.play_moves(challenge)
        self.finish(challenge)
        for witness in self.witnesses:
            self.nothing_was_revealed(witness)
        self.identities_are_told()
        self.log_has_no_secret()
        for witness in self.witnesses:
            witness.close()

    def witness(self, label, seat=None, name=None, key=None, reads_only=False):
        witness = Witness(self.server, label, seat, name, key, reads_only)
        self.addCleanup(witness.close)
        self.witnesses.append(witness)
        for channel in (self.place.session, self.place.channel, "invites"):
            witness.listen(self.chance, channel)
        return witness

    def forged_names(self):
        users = [player.user for player in self.players]
        names = ["operator", "house:random", "viewer", "Operator", "operator%20", "operator%00", "%6Fperator",
                 "challenge_" + self.game.id, self.game.id, "0", "1", "player%201", "Player%201", "__proto__", "%ff",
                 "constructor", "inv_", "*", "%25", "a-stranger", "", *users]
        return self.chance.sample(names, 3) + [self.chance.choice(users)]

    def forge_keys(self):
        """In auth mode: keys that are none, and the key of another game."""
        if not self.auth:
            return
        other = Game(self.api, "psi", join=False)
        stranger = Player(self.chance, True)
        self.check(stranger.join(self.api, other.invites[0]), 200)
        mac = self.players[0].session_key.partition(".")[2]
        for key in (stranger.session_key, f"s_1.{mac}", f"s_0.{mac.upper()}", "operator"):
            witness = Witness(self.server, f"key {key[:8]}", key=key)
            self.addCleanup(witness.close)
            self.witnesses.append(witness)

    def own_answer(self, answer, player):
        """The answer to a join, without what is meant for the one who joined."""
        body = answer.body.replace(player.session_key.encode(), b"") if player.session_key else answer.body
        return Told("POST /api/arena/join", b"", b"", body, answer.status)

    def users_told(self):
        """What is told of users, who may be looked up: nothing of it may depend on what they play now."""
        users = [player.user for player in self.players]
        names = [*users, self.place.challenge, self.game.id, *self.game.invites]
        return [self.api.get(f"{path.replace(':id', name).replace(':type', name)}?ids={','.join(users)}").text
                for method, path in routes() if method == "GET" and path.startswith(PUBLIC_USERS)
                for name in (names if ":" in path else names[:1])]

    def look_around(self, witnesses):
        self.assertEqual(self.users_told(), self.users_before, "users are told otherwise since they play")
        for witness in witnesses:
            witness.walk(self.chance, self.place)
            if self.chance.random() < 0.3 and not (witness.key and witness.seat is None):
                witness.listen(self.chance, self.place.channel, self.chance.choice((None, 0, 1, 2)))

    def request(self, seat, path, body):
        """A request of a player's own."""
        headers = bearer(self.players[seat].session_key) if self.auth else {}
        if not self.auth and body is not None:
            body = {**body, "from": self.game.invites[seat]}
        elif not self.auth:
            path += ("&" if "?" in path else "?") + f"from={self.game.invites[seat]}"
        return self.api.request("GET" if body is None else "POST", path, body, headers)

    def own(self, seat, what):
        return self.check(self.request(seat, f"/api/sessions/{self.game.id}/{what}", None), 200).json

    def play_moves(self, challenge):
        """Random moves until the end, with random words to one player alone in between."""
        for step in range(400):
            status = self.api.session(self.game.id).json["state"]["status"]
            if status == "ended":
                return
            for seat in self.chance.sample(range(len(self.players)), len(self.players)):
                actions = self.own(seat, "actions")["actions"]
                if step < 60:  # after that somebody gives up
                    actions = [action for action in actions if action["method"] != "forfeit"]
                if not actions:
                    continue
                action = self.chance.choice(actions) if step < 60 else actions[-1]
                self.whisper(seat)
                said = self.api.messages(self.game.id)
                self.last_live = said[-1]["index"] if said else 0
                self.move(challenge, seat, action)
                if self.api.session(self.game.id).json["state"]["status"] == "ended":
                    return
                if self.chance.random() < (0.03 if challenge == "pokemon" else 0.25):
                    self.look_around(self.chance.sample(self.witnesses, 3))
        raise AssertionError("the game does not end")

    def move(self, challenge, seat, action):
        content = action["content"] or self.content(challenge, seat, action["method"])
        answer = self.request(seat, "/api/arena/message", {"challengeId": self.game.id, "messageType": action["method"],
                                                           "content": content})
        self.assertEqual(answer.status, 200, (action, content, answer))

    def content(self, challenge, seat, method):
        """What an action without content is sent with; a word is in it that is the player's own secret."""
        mark = word(self.chance)
        self.markers[mark] = {seat}
        if challenge == "ultimatum" and method == "submit_offer":
            share = self.chance.randrange(10000001)
            return f"{share} {10000000 - share} {mark}"
        if challenge == "millionaire":
            return f"{self.chance.randrange(1, 101)} {mark}"
        if challenge == "psi":
            return f"{self.chance.sample(range(100, 900), 3)} {mark}"
        return ""

    def whisper(self, seat):
        """Something in the chat for one other player alone."""
        mark = word(self.chance)
        other = self.chance.choice([other for other in range(len(self.players)) if other != seat])
        self.markers[mark] = {seat, other}
        self.check(self.request(seat, "/api/chat/send", {"channel": self.game.id, "content": mark,
                                                         "to": self.game.invites[other]}), 200)

    def hidden_state(self):
        """For each seat, the texts that it alone may be told before the end."""
        hidden = []
        for seat in range(len(self.players)):
            view = self.own(seat, "view")
            reservation = view.get("reservationValue", 0)
            numbers = view.get("set", []) + ([reservation] if reservation > 9999 else [])
            hidden.append({"numbers": set(numbers), "wealth": view.get("wealth"), "paid": view.get("paid")})
        return hidden

    # What was told.

    def finish(self, challenge):
        self.ended = self.check(self.api.session(self.game.id), 200).json
        self.seed = self.ended["seed"]
        self.teams = None
        if challenge == "pokemon":
            self.teams = [test_secrets.Secrets.team(self, side) for side in self.ended["gameState"]["sides"]]
        for witness in self.witnesses:
            for stream in witness.streams:
                if stream.status == 200 and stream.channel != "invites":
                    stream.wait_type("game_ended")

    def nothing_was_revealed(self, witness):
        streams = {}
        for told in witness.streamed():
            streams.setdefault(told.where, []).append(told)
        for thread in [witness.told, *streams.values()]:
            self.no_identity(witness, thread)
            self.no_invite(witness, thread)
            self.no_words(witness, thread)
            thread = [told for told in thread if told.body not in self.static and not self.is_last_word(told)]
            if self.teams:
                texts = [self.plain(told).decode("utf-8", "replace") for told in self.public_log(thread) + thread]
                test_secrets.Secrets.no_secret_of_the_battle(self, texts, self.teams, witness.seat)
            else:
                self.no_hidden_state(witness, thread)

    def public_log(self, thread):
        """For who is refused all messages, but may see the session: what everybody knows from them."""
        if any(told.status == 200 and told.where in ("GET /api/arena/sync", f"stream of {self.place.channel}")
               for told in thread):
            return []
        return [told for told in self.witnesses[0].streamed() if told.where == f"stream of {self.place.channel}"]

    def is_last_word(self, told):
        """What the operator says of the result comes on a stream just before `game_ended`."""
        found = re.match(rb"id: (\d+)\n", told.body) if told.where == f"stream of {self.place.channel}" else None
        return bool(found) and int(found.group(1)) > self.last_live

    def fail_with(self, witness, told, what):
        self.fail(f"seed {SEED}: {witness.label} was told {what} by {told!r}")

    def absent(self, witness, thread, secrets, what, but=lambda told: False):
        """None of the secrets was told, in any form; but echoes of what the witness said, and where `but` allows it."""
        thread = [told for told in thread if not but(told)]
        everything = b"\n".join(told.data for told in thread)
        for form in set().union(*map(forms, secrets)):
            for told in thread if form in everything else ():
                if form in told.data and form not in told.said:
                    self.fail_with(witness, told, f"{what} ({form!r})")

    def no_identity(self, witness, thread):
        for seat, player in enumerate(self.players):
            self.absent(witness, thread, player.identity(), f"who plays on seat {seat}",
                        lambda told: player.registered and told.where.partition(" ")[2].startswith(PUBLIC_USERS))
            self.absent(witness, thread, player.signatures, f"a signature of seat {seat}")
            if player.session_key:
                self.absent(witness, thread, [player.session_key], f"the session key of seat {seat}")
        self.absent(witness, thread, [self.seed], "the seed")

    def no_invite(self, witness, thread):
        """The invites of other seats are told only as the names of those who said something."""
        for seat, invite in enumerate(self.game.invites):
            if seat != witness.seat:
                self.absent(witness, thread, [invite], f"the invite of seat {seat}",
                            lambda told: NAMED.search(told.where))

    def no_words(self, witness, thread):
        marks = [mark for mark, seats in self.markers.items() if witness.seat not in seats]
        self.absent(witness, thread, marks, "a word between other seats")

    def plain(self, told):
        """What was told, without the challenges' descriptions."""
        data = told.data
        for text in self.described:
            data = data.replace(text, b"")
        return data

    def no_hidden_state(self, witness, thread):
        for told in thread:
            self.no_hidden_value(witness, told)
        own = self.secrets[witness.seat]["numbers"] if witness.seat is not None else set()
        hidden = set().union(*(secret["numbers"] for secret in self.secrets)) - own
        for told in thread:
            numbers = {int(number) for number in NUMBER.findall(told.data)} & hidden
            if numbers:
                self.fail_with(witness, told, f"the numbers {numbers}")

    def no_hidden_value(self, witness, told):
        """Small numbers, and yes or no, are known by what stands before them."""
        data = self.plain(told)
        own = self.secrets[witness.seat] if witness.seat is not None else {"wealth": None}
        if RAW.search(data):
            self.fail_with(witness, told, "the raw state")
        wealths = {int(found) for found in WEALTH.findall(data)}
        if wealths - {own["wealth"]}:
            self.fail_with(witness, told, f"somebody's wealth {wealths}")
        paid = {found for found in PAID.findall(data)}
        mine = {True: {b"You paid the bill", b'paid":true', b'"paid":true', b'"paid\\":true'},
                False: {b"You did not pay the bill", b'"paid":false', b'paid":false', b'"paid\\":false'}}
        if paid - mine.get(own.get("paid"), set()):
            self.fail_with(witness, told, f"whether somebody paid {paid}")

    # After the end.

    def identities_are_told(self):
        """Now the same walk finds who played; what stays secret for ever, it does not find."""
        wanted = dict(zip(self.game.invites, (player.user for player in self.players)))
        nobody = Witness(self.server, "nobody, afterwards")
        self.addCleanup(nobody.close)
        self.witnesses.append(nobody)
        late = [nobody.listen(self.chance, channel) for channel in (self.place.session, self.place.channel)]
        nobody.walk(self.chance, self.place)
        for path in (f"/api/sessions/{self.game.id}", "/api/challenges", f"/api/challenges/{self.place.challenge}"):
            text = nobody.ask(self.chance, "GET", path, status="ended", limit=100).text
            for user in wanted.values():
                self.assertIn(user, text, path)
        streams = [stream for witness in self.witnesses for stream in witness.streams
                   if stream.status == 200 and stream.channel != "invites"]
        for stream in streams:
            state = stream.wait_type("game_ended")["data"]
            self.assertEqual(state["playerIdentities"], wanted)
            self.assertEqual(len(stream.of_type("game_ended")), 1)
        self.assertTrue(all(stream in streams for stream in late))
        self.assertEqual(self.api.session(self.game.id).json["state"]["playerIdentities"], wanted)
        self.assertEqual(self.api.get(f"/api/sessions/{self.game.id}/replay").json["seed"], self.seed)
        told = [*nobody.told, *nobody.streamed(until_end=False)]
        for player in self.players:
            for_ever = player.signatures + ([player.session_key, player.key.public.hex()] if self.auth else [])
            self.absent(nobody, told, for_ever, "a key or a signature, after the end")
        chat = [mark for mark, seats in self.markers.items() if len(seats) == 2]
        self.absent(nobody, told, chat, "the players' own chat, which is never opened")

    def log_has_no_secret(self):
        secrets = [*self.game.invites, self.seed, *self.markers]
        for player in self.players:
            secrets += player.identity() + player.signatures + ([player.session_key] if self.auth else [])
        with open(self.server.log, "rb") as file:
            log = file.read()
        for secret in secrets:
            for form in forms(secret):
                self.assertNotIn(form, log, f"seed {SEED}")


class AnonymityWithKeys(Anonymity):
    settings = {**Anonymity.settings, "auth": True}
    auth = True


if __name__ == "__main__":
    unittest.main()
