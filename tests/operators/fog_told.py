#!/usr/bin/env python3
"""fog_told.py LIBRARY [BATTLES [SEED]] - what a viewer is shown of others was told to it by a line of its own log.

Plays random battles of each data version through libpokebattle, and looks at them as both sides and as a spectator: by
the log that is written for that viewer, and by its observation.  The log is read here, by a reader that knows nothing
of the engine; whatever an observation says of another side must have been in it:

  - nobody is known who was not named, with the level that was named;
  - moves, ability, item and Tera type stood in lines about that Pokemon (of its side, once an Illusion was at work there);
  - HP are the last ones told, in percent;
  - stats, PP, nature and counters are never there.

Battle i follows from SEED + i alone, so `fog_told.py LIBRARY 1 NUMBER` plays the one again that a complaint names.
"""
import collections
import ctypes
import importlib.util
import os
import random
import re
import sys
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VERSIONS = ("gen9-v1", "natdex-v1", "gen1-v1")
LEARNED, ANY, SPECTATOR, ROOM = 1, 2, -1, 1 << 16
SPECIES, MOVE, ABILITY, ITEM = range(4)
HIDDEN = ("exact", "stats", "pp", "pp_max", "nature", "status_n")  # of others: never
IDENT = re.compile(r"p([12])[a]?: (.+)")
HP = re.compile(r"(\d+)(?:/(\d+))?(?: (\w+))?$")


def example():
    """docs/examples/pokebattle.py, which knows how the library is called."""
    spec = importlib.util.spec_from_file_location("pokebattle", os.path.join(ROOT, "docs", "examples", "pokebattle.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def types():
    """Types as they are numbered in dex.h."""
    with open(os.path.join(ROOT, "operators", "pokemon", "engine", "dex.h"), encoding="utf-8") as file:
        return [name.lower() for name in re.findall(r"TYPE_(\w+)", re.search(r"enum battle_type \{(.*?)\}", file.read(),
                                                                            re.S)[1])]


EX, TYPES = example(), types()


def plain(text):
    """A name as an id: "Farfetch'd" is "farfetchd"."""
    text = unicodedata.normalize("NFD", text.replace("♀", "f").replace("♂", "m"))
    return re.sub(r"[^a-z0-9]", "", text.lower())


class Told:
    """What the log of one viewer said of one side."""

    def __init__(self):
        self.words = set()                            # in all lines that name one of this side
        self.of = collections.defaultdict(set)        # by who is named
        self.names = collections.defaultdict(set)     # of a species: what it is called
        self.details = set()                          # species and level
        self.hp = {}
        self.tera = set()
        self.masked = False


class Reader:
    """Reads lines of the battle protocol, as anybody would."""

    def __init__(self):
        self.sides = (Told(), Told())

    def line(self, line):
        fields = line.split("|")[1:]
        if not fields or not fields[0]:
            return
        kind, words = fields[0], {self.word(field) for field in fields[1:]}
        idents = [(int(side) - 1, name) for side, name in
                  (match.groups() for match in map(IDENT.search, fields[1:]) if match)]
        for side, name in idents:
            self.sides[side].words |= words
            self.sides[side].of[name] |= words
        if idents:
            self.first(kind, fields, *idents[0])

    def first(self, kind, fields, side, name):
        """What the line says of the one that it is about."""
        told = self.sides[side]
        if kind in ("switch", "drag", "replace", "detailschange", "-formechange", "-mega", "-burst", "-primal"):
            species, *more = fields[2].split(", ")
            told.names[plain(species)].add(name)
            level = [int(word[1:]) for word in more if re.fullmatch(r"L\d+", word)]
            told.details.add((plain(species), level[0] if level else 100))
        told.masked |= kind == "replace"
        match = IDENT.search(fields[2]) if kind == "-transform" else None
        if match:  # whatever the other one is, it is now
            for named in self.sides[int(match[1]) - 1].names.copy().items():
                if match[2] in named[1]:
                    told.names[named[0]].add(name)
        if kind == "-terastallize":
            told.tera.add(plain(fields[2]))
        if kind in ("switch", "drag", "replace", "-damage", "-heal", "-sethp"):
            for field in fields[2:]:
                match = HP.fullmatch(field)
                if match and (match[2] or match[3] == "fnt"):
                    told.hp[name] = int(match[1])
        if kind == "faint":
            told.hp[name] = 0

    @staticmethod
    def word(field):
        """"[from] ability: Sand Stream" and "Sand Stream" are the same."""
        return plain(re.sub(r"^(\[\w+\] ?)?((move|ability|item|pokemon): )?", "", field))


class Sweep:
    def __init__(self, path, version):
        self.lib, self.version = EX.load(path), version
        calls = {"pb_observe": (ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int,
                                                 ctypes.POINTER(ctypes.c_int16)),
                 "pb_name": (ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int),
                 "pb_team_clear": (None, ctypes.c_void_p),
                 "pb_team_text": (ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t),
                 "pb_team_add": (ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p,
                                 ctypes.c_size_t),
                 "pb_reset_teams": (ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int,
                                    ctypes.c_uint64),
                 "pb_replay": (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_int,
                               ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)}
        for name, (result, *arguments) in calls.items():
            call = getattr(self.lib, name)
            call.restype, call.argtypes = result, arguments
        self.why = ctypes.create_string_buffer(256)
        self.game = self.lib.pb_game_open(version.encode(), None, self.why, len(self.why))
        if not self.game:
            sys.exit(self.why.value.decode())
        self.length = self.lib.pb_observation_length()
        self.seen, self.text = (ctypes.c_int16 * self.length)(), ctypes.create_string_buffer(ROOM)
        self.place = self.places()
        self.size = self.lib.pb_size()
        self.buffers = [EX.battle_memory(self.lib, 1) for _ in range(2)]
        self.looks = self.known = 0

    def places(self):
        """Where an observation has what: {"foe.party[2].moves": [numbers]}."""
        name, place = ctypes.create_string_buffer(64), collections.defaultdict(list)
        for i in range(self.length):
            self.lib.pb_observation_name(i, name, len(name))
            full = name.value.decode()
            group = re.sub(r"\[\d+\]$", "", full) if not re.search(r"party\[\d\]$", full) else full
            place[group].append(i)
        return place

    def name(self, kind, number):
        return self.lib.pb_name(self.game, kind, number).decode()

    def start_lines(self, seed, viewer):
        """The library tells the beginning of a battle when it plays a file again."""
        part, lines = ctypes.create_string_buffer(1 << 13), []
        EX.good(self.lib, self.lib.pb_record_begin(self.game, 0, 1, seed, part, len(part)))
        record = part.value
        EX.good(self.lib, self.lib.pb_record_end(self.buffers[0][1], part, len(part)))
        record += part.value
        callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t)(
            lambda _, text, size: lines.append(ctypes.string_at(text, size).decode()))
        if self.lib.pb_replay(record, len(record), None, viewer, callback, None, self.why, len(self.why)) < 0:
            raise RuntimeError(self.why.value.decode())
        return "".join(lines).splitlines()

    def check_mon(self, told, at, active, twice):
        """One of another side: `at` is the beginning of its names."""
        one = lambda what: self.seen[self.place[at + what][0]]
        if not one("known"):
            return None if not any(self.seen[i] for key, where in self.place.items() if key.startswith(at)
                                   for i in where) else "one that is not known has numbers"
        species = self.name(SPECIES, one("species"))
        names = told.names.get(species, set())
        if not names:
            return f"{species} is shown, and no line named it"
        if (species, one("level")) not in told.details and not told.masked and not any(
                level == one("level") for other, level in told.details if told.names[other] & names):
            return f"{species} is of level {one('level')}, which no line said"
        words = told.words if told.masked else set().union(*(told.of[name] for name in names))
        for move in (self.seen[i] for i in self.place[at + "moves"]):
            if move and self.name(MOVE, move) not in words:
                return f"{species} has {self.name(MOVE, move)}, which no line said"
        for what, kind in (("ability", ABILITY), ("item", ITEM)):
            if one(what) and not self.was_said(self.name(kind, one(what)), words):
                return f"{species} has {self.name(kind, one(what))}, which no line said"
        if one("tera") and TYPES[one("tera")] not in told.tera:
            return f"{species} has the Tera type {TYPES[one('tera')]}, which no line said"
        for what in HIDDEN:
            if any(self.seen[i] for i in self.place[at + what]):
                return f"{what} of {species} is shown"
        if not told.masked and not twice and len(names) == 1 and one("hp") != told.hp.get(*names):
            return f"{species} has {one('hp')} %, the last line said {told.hp.get(*names)}"
        self.known += 1
        return None

    @staticmethod
    def was_said(name, words):
        """The log has one name for both abilities of Calyrex; who is ridden says which."""
        return name in words or (name.startswith("asone") and "asone" in words)

    def check(self, reader, battle, viewer):
        self.looks += 1
        EX.good(self.lib, self.lib.pb_observe(self.game, battle, viewer, self.seen))
        for group, side in (("foe", 1 - max(viewer, 0)),) + ((("own", 0),) if viewer == SPECTATOR else ()):
            told = reader.sides[side]
            species = [self.seen[self.place[f"{group}.party[{k}].species"][0]] for k in range(6)]
            called = [min(told.names.get(self.name(SPECIES, n), {""})) if n else None for n in species]
            for k in range(6):
                wrong = self.check_mon(told, f"{group}.party[{k}].", k == 0, called.count(called[k]) > 1)
                if wrong:
                    return f"viewer {viewer}, side {side}: {wrong}"
        return None

    def step(self, battle, chance):
        """Both choose at random; each viewer's log is of a copy of the battle."""
        actions, logs = [], {}
        for side in range(2):
            mask = self.lib.pb_mask(battle, side)
            actions.append(chance.choice([i for i in range(32) if mask >> i & 1]) if mask else -1)
        other = self.buffers[1][1]
        for viewer in (0, 1, SPECTATOR):
            target = battle if viewer == SPECTATOR else other
            if target == other:
                ctypes.memmove(other, battle, self.size)
            EX.good(self.lib, self.lib.pb_step_log(self.game, target, *actions, viewer, self.text, ROOM))
            logs[viewer] = self.text.value.decode().splitlines()
        return logs

    def add_teams(self, chance):
        """Two random teams; in every third there is one that looks like another."""
        packed = []
        for _ in range(2):
            self.lib.pb_team_clear(self.game)
            EX.good(self.lib, self.lib.pb_team_random(self.game, chance.choice((LEARNED, ANY)), chance.randint(2, 6),
                                                      chance.getrandbits(63), self.why, len(self.why)))
            EX.good(self.lib, self.lib.pb_team_text(self.game, 0, self.text, ROOM))
            members = [member.split("|") for member in self.text.value.decode().split("]")]
            if self.version != "gen1-v1" and chance.random() < 1 / 3:
                fields = members[chance.randrange(len(members))]
                fields[0], fields[1], fields[3] = chance.choice(("Zoroark", "Zoroark-Hisui")), "", "Illusion"
            packed.append("]".join("|".join(member) for member in members))
        self.lib.pb_team_clear(self.game)
        for text in packed:
            if self.lib.pb_team_add(self.game, text.encode(), None, self.why, len(self.why)) < 0:
                raise RuntimeError(self.why.value.decode() + " in " + text)

    def play(self, seed):
        chance, battle = random.Random(seed), self.buffers[0][1]
        self.add_teams(chance)
        EX.good(self.lib, self.lib.pb_reset_teams(self.game, battle, 0, 1, seed))
        readers = {viewer: Reader() for viewer in (0, 1, SPECTATOR)}
        logs = {viewer: self.start_lines(seed, viewer) for viewer in readers}
        while True:
            for viewer, reader in readers.items():
                for line in logs[viewer]:
                    reader.line(line)
                wrong = self.check(reader, battle, viewer)
                if wrong:
                    told = "\n".join(logs[viewer])
                    return f"{self.version}, battle {seed}, turn {self.lib.pb_turn(battle)}, {wrong}; its last lines:\n{told}"
            if self.lib.pb_ended(battle):
                return None
            logs = self.step(battle, chance)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    battles, seed = int(sys.argv[2]) if len(sys.argv) > 2 else 30, int(sys.argv[3]) if len(sys.argv) > 3 else 1
    wrong = 0
    for version in VERSIONS:
        sweep = Sweep(sys.argv[1], version)
        complaints = [told for told in map(sweep.play, range(seed, seed + battles)) if told]
        print(f"{version}: {battles} battles from seed {seed}, {sweep.looks} observations, {sweep.known} Pokemon of others "
              f"in them; wrong: {len(complaints)}", *complaints[:5], sep="\n")
        wrong += len(complaints)
        if sweep.known < battles:
            sys.exit("nothing was looked at")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
