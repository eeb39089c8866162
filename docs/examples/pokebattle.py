#!/usr/bin/env python3
"""pokebattle.py - libpokebattle from Python, with nothing but the standard library.

    pokebattle.py [--library FILE] [--battles N] [--batch N] [--threads N] [--seed N] [--record FILE] [--layout]

Plays one battle twice, which must come out the same, and writes it as a battle file if asked (`arena battle replay FILE`
plays it again); then N random battles, many at a time; then some steps as a training would take them.
"""
import argparse
import ctypes
import ctypes.util
import os
import sys
import time
from ctypes import POINTER, byref, c_char_p, c_float, c_int, c_int8, c_int16, c_int64, c_size_t, c_uint32, c_uint64, c_void_p

ABI = 1
DONE, NO_ACTION, PUBLIC, AUTO_RESET, SENSIBLE, LOG, RECORD = 1, -1, -1, 1, 0, 1 << 16, 1 << 12
BYTES, NUMBERS = c_char_p, POINTER(c_int16)

CALLS = {  # result, arguments: as in pokebattle.h
    "pb_abi": (c_uint32,),
    "pb_error_text": (c_char_p, c_int),
    "pb_game_open": (c_void_p, c_char_p, c_char_p, BYTES, c_size_t),
    "pb_game_close": (None, c_void_p),
    "pb_team_random": (c_int, c_void_p, c_int, c_int, c_uint64, BYTES, c_size_t),
    "pb_size": (c_size_t,),
    "pb_align": (c_size_t,),
    "pb_draw": (c_int, c_void_p, c_uint64, POINTER(c_int)),
    "pb_reset": (c_int, c_void_p, c_void_p, c_uint64),
    "pb_mask": (c_uint32, c_void_p, c_int),
    "pb_step_log": (c_int, c_void_p, c_void_p, c_int, c_int, c_int, BYTES, c_size_t),
    "pb_ended": (c_int, c_void_p),
    "pb_winner": (c_int, c_void_p),
    "pb_turn": (c_int, c_void_p),
    "pb_digest": (c_uint64, c_void_p),
    "pb_observation_length": (c_int,),
    "pb_observation_name": (c_int, c_int, BYTES, c_size_t),
    "pb_reset_many": (c_int, c_void_p, c_void_p, c_size_t, c_uint64),
    "pb_look_many": (c_int, c_void_p, c_void_p, c_size_t, POINTER(c_uint32), NUMBERS),
    "pb_choose_many": (None, POINTER(c_uint32), c_size_t, POINTER(c_uint64), POINTER(c_int8)),
    "pb_crew_open": (c_void_p, c_int, BYTES, c_size_t),
    "pb_crew_close": (None, c_void_p),
    "pb_crew_step": (c_int64, c_void_p, c_void_p, c_void_p, c_size_t, POINTER(c_int8), c_uint32, POINTER(c_int8),
                     POINTER(c_float), POINTER(c_uint32), NUMBERS),
    "pb_record_begin": (c_int, c_void_p, c_int, c_int, c_uint64, BYTES, c_size_t),
    "pb_record_step": (c_int, c_void_p, c_int, c_int, BYTES, c_size_t),
    "pb_record_end": (c_int, c_void_p, BYTES, c_size_t),
}


def load(path):
    """The library, with every call that is used here told its types."""
    path = path or ctypes.util.find_library("pokebattle")
    if not path:
        sys.exit("there is no libpokebattle here: `make install`, or name the file with --library")
    try:
        library = ctypes.CDLL(os.path.abspath(path) if os.path.exists(path) else path)
    except OSError as error:
        sys.exit(f"the library cannot be loaded: {error}")
    for name, (result, *arguments) in CALLS.items():
        call = getattr(library, name)
        call.restype, call.argtypes = result, arguments
    if library.pb_abi() != ABI:
        sys.exit(f"{path} has another interface: {library.pb_abi()}, this program knows {ABI}")
    return library


def good(library, result):
    """A result that is no error."""
    if result < 0:
        raise RuntimeError(library.pb_error_text(result).decode())
    return result


def open_game(library, teams):
    """A game of generation 9 with random teams; the library keeps it."""
    why = ctypes.create_string_buffer(256)
    game = library.pb_game_open(b"gen9-v1", None, why, len(why))
    if not game:
        sys.exit(why.value.decode())
    for seed in range(teams):
        if library.pb_team_random(game, SENSIBLE, 6, seed, why, len(why)) < 0:
            sys.exit(why.value.decode())
    return game


def battle_memory(library, n):
    """Memory for n battles, aligned as the library wants it; the buffer must live as long as the address is used."""
    buffer = ctypes.create_string_buffer(n * library.pb_size() + library.pb_align())
    start = ctypes.addressof(buffer)
    return buffer, start + -start % library.pb_align()


def open_crew(library, threads):
    why = ctypes.create_string_buffer(256)
    crew = library.pb_crew_open(threads, why, len(why))
    if not crew:
        sys.exit(why.value.decode())
    return crew


def play_many(library, game, batch, threads, rounds, seed):
    """Plays `rounds` times `batch` battles to their ends: how they ended for side 0, turns, seconds."""
    buffer, battles = battle_memory(library, batch)
    crew, state = open_crew(library, threads), c_uint64(seed)
    masks, actions = (c_uint32 * (2 * batch))(), (c_int8 * (2 * batch))()
    ends, turns, begin = [0, 0, 0], 0, time.perf_counter()
    for i in range(rounds):
        good(library, library.pb_reset_many(game, battles, batch, seed + i * batch))
        good(library, library.pb_look_many(game, battles, batch, masks, None))
        while any(masks):
            library.pb_choose_many(masks, 2 * batch, byref(state), actions)
            refused = good(library, library.pb_crew_step(crew, game, battles, batch, actions, 0, None, None, masks, None))
            if refused:
                raise RuntimeError(f"{refused} battles refused a legal action")
        for battle in range(battles, battles + batch * library.pb_size(), library.pb_size()):
            ends[library.pb_winner(battle)] += 1
            turns += library.pb_turn(battle)
    seconds = time.perf_counter() - begin
    library.pb_crew_close(crew)
    del buffer
    return ends, turns, seconds


def train(library, game, batch, threads, steps, seed):
    """The loop of a training: battles that begin anew by themselves, observations and rewards of every step.
    Battles that ended, the sum of all rewards of side 0, seconds."""
    buffer, battles = battle_memory(library, batch)
    crew, state, length = open_crew(library, threads), c_uint64(seed), library.pb_observation_length()
    masks, actions = (c_uint32 * (2 * batch))(), (c_int8 * (2 * batch))()
    results, rewards, seen = (c_int8 * batch)(), (c_float * (2 * batch))(), (c_int16 * (2 * batch * length))()
    ended, sum_of_rewards, begin = 0, 0.0, time.perf_counter()
    good(library, library.pb_reset_many(game, battles, batch, seed))
    good(library, library.pb_look_many(game, battles, batch, masks, seen))
    for _ in range(steps):
        library.pb_choose_many(masks, 2 * batch, byref(state), actions)  # here goes a policy, from `seen` and `masks`
        good(library, library.pb_crew_step(crew, game, battles, batch, actions, AUTO_RESET, results, rewards, masks, seen))
        ended += bytes(results).count(DONE)
        sum_of_rewards += sum(rewards[::2])
    seconds = time.perf_counter() - begin
    library.pb_crew_close(crew)
    del buffer
    return ended, sum_of_rewards, seconds


def play_one(library, game, seed):
    """One battle by itself: its digest at the end, turns, winner, the public log and its battle file."""
    buffer, battle = battle_memory(library, 1)
    state, masks, actions = c_uint64(seed), (c_uint32 * 2)(), (c_int8 * 2)()
    log, part, teams = ctypes.create_string_buffer(LOG), ctypes.create_string_buffer(RECORD), (c_int * 2)()
    good(library, library.pb_draw(game, seed, teams))
    good(library, library.pb_reset(game, battle, seed))
    good(library, library.pb_record_begin(game, teams[0], teams[1], seed, part, len(part)))
    lines, record = [], [part.value]
    while not library.pb_ended(battle):
        masks[0], masks[1] = library.pb_mask(battle, 0), library.pb_mask(battle, 1)
        library.pb_choose_many(masks, 2, byref(state), actions)
        for mask, action in zip(masks, actions):
            if action != NO_ACTION and not mask >> action & 1 or action == NO_ACTION and mask:
                raise RuntimeError(f"{action} is not in {mask:x}")
        good(library, library.pb_step_log(game, battle, actions[0], actions[1], PUBLIC, log, len(log)))
        lines.append(log.value.decode())
        good(library, library.pb_record_step(battle, actions[0], actions[1], part, len(part)))
        record.append(part.value)
    good(library, library.pb_record_end(battle, part, len(part)))
    record.append(part.value)
    told = library.pb_digest(battle), library.pb_turn(battle), library.pb_winner(battle)
    del buffer
    return told, "".join(lines), b"".join(record)


def layout(library):
    """The names of an observation's numbers, those of one group in a line."""
    name, last = ctypes.create_string_buffer(64), None
    for i in range(library.pb_observation_length()):
        good(library, library.pb_observation_name(i, name, len(name)))
        told = name.value.decode()
        group = told[:-1].rpartition("[")[0] if told.endswith("]") else told
        if group != last:
            print(i, group)
        last = group


def at_least_1(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0].partition(" - ")[2])
    parser.add_argument("--library", help="the shared library (default: the one that is installed)")
    parser.add_argument("--battles", type=at_least_1, default=2000, help="how many at least, in whole batches (2000)")
    parser.add_argument("--batch", type=at_least_1, default=256, help="battles at a time (256)")
    parser.add_argument("--threads", type=at_least_1, default=1, help="of the library, at most 256 (1)")
    parser.add_argument("--seed", type=int, default=1, help="of the battles: the same give the same (1)")
    parser.add_argument("--record", metavar="FILE", help="write the battle of this seed as a battle file")
    parser.add_argument("--layout", action="store_true", help="print what an observation consists of, and stop")
    options = parser.parse_args()
    library = load(options.library)
    if options.layout:
        return layout(library)
    game = open_game(library, 64)
    once, log, record = play_one(library, game, options.seed)
    if play_one(library, game, options.seed) != (once, log, record):
        sys.exit("the same seed gave another battle")
    digest, turns, winner = once
    print(f"seed {options.seed}: {turns} turns, " + ("a draw" if winner == 2 else f"side {winner} wins") +
          f", digest {digest:016x}, {log.count(chr(10))} lines of public log")
    if options.record:
        try:
            with open(options.record, "wb") as file:
                file.write(record)
        except OSError as error:
            sys.exit(f"the battle cannot be written: {error}")
    rounds = -(-options.battles // options.batch)
    ends, turns, seconds = play_many(library, game, options.batch, options.threads, rounds, options.seed)
    battles = sum(ends)
    print(f"{battles} random battles, {options.batch} at a time, threads: {options.threads}: won {ends[0]}, "
          f"lost {ends[1]}, drawn {ends[2]}, {turns / battles:.1f} turns each")
    print(f"{turns / seconds:.0f} turns/s, {battles / seconds:.0f} battles/s")
    ended, rewards, seconds = train(library, game, options.batch, options.threads, 200, options.seed)
    print(f"training: {200 * options.batch / seconds:.0f} steps/s with {library.pb_observation_length()} numbers for each "
          f"side, {ended} battles ended, rewards of side 0: {rewards:+.0f}")
    library.pb_game_close(game)
    return 0


if __name__ == "__main__":
    sys.exit(main())
