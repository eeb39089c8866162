#!/usr/bin/env python3
"""battle.py BUILD [SECONDS] - the battle engine beside the simulator of the npm package pokemon-showdown, in one run.

Both play the same teams and choose in the same way, one core each: those of tests/oracle/tapes9.txt with all of generation
9, and random ones of gen1-v1 (150 species or so, no abilities, no items) for the core rules.  The simulator needs Node.js
and the package, found by NODE_PATH (default /tmp/dex/node_modules); without them the engine alone is measured.  SECONDS is
the time of each row (2).
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
ORACLE = os.path.join(ROOT, "tests", "oracle")
TEAMS, SEED = 128, 1


def said(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=True, **more).stdout


def flags_of(build):
    """The compiler and the flags that the engine is built with, without warnings and places."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = [entry["command"].split() for entry in json.load(file) if entry["file"].endswith("engine/turn.c")
                    and "/libpokebattle.a.p/" in entry["output"]]
    command = commands[0] if commands else [os.environ.get("CC", "cc")]
    plain = [word for word in command[1:] if re.match(r"-(O|g|m|f(?!diagnostics)|std|D|flto)", word)]
    return said(command[0], "--version").splitlines()[0] + ": " + " ".join(dict.fromkeys(plain))


def simulator():
    """The environment in which the simulator runs, None when it is not there."""
    path = os.environ.get("NODE_PATH", "/tmp/dex/node_modules")
    there = shutil.which("node") and os.path.isdir(os.path.join(path, "pokemon-showdown"))
    return {**os.environ, "NODE_PATH": path} if there else None


def beside(node, teams, engine, seconds):
    """The simulator on the same teams, and how many times faster the engine was with the first of its rows."""
    if not node:
        return "simulator: not measured"
    told = said("node", os.path.join(ORACLE, "speed.js"), teams, str(max(5, int(seconds))), env=node).strip()
    theirs, ours = (int(re.search(r"(\d+) turns/s", text).group(1)) for text in (told, engine))
    return f"{told}\n  the engine makes {ours / theirs:.0f} times as many turns, one core each"


def main():
    build, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "2"
    bench, node = os.path.join(build, "tests", "bench-battle"), simulator()
    print(flags_of(build))
    with open("/proc/loadavg", encoding="utf-8") as file:
        print(f"{os.cpu_count()} cores, load {file.read().split()[0]} before the run\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        core = os.path.join(folder, "teams")
        with open(core, "w", encoding="utf-8") as file:
            file.write(said(bench, "--write", "gen1-v1", str(TEAMS), str(SEED)))
        for version, teams in (("gen9-v1", os.path.join(ORACLE, "tapes9.txt")), ("gen1-v1", core)):
            engine = said(bench, teams, version, seconds)
            print(engine + beside(node, teams, engine, float(seconds)) + "\n", flush=True)
    for version in ("gen9-v1", "gen1-v1"):
        print(said(bench, "--things", version, os.path.join(ROOT, "data", "pokemon", version)), flush=True)
    if not node:
        print("To measure the simulator, install Node.js and then:\n"
              "  mkdir -p /tmp/dex && cd /tmp/dex && npm install --ignore-scripts pokemon-showdown@0.11.11")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
