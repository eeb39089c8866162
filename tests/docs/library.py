#!/usr/bin/env python3
"""library.py LIBRARY ARENA CC... - the battle library as others use it: its symbols, its page, its examples.

Runs docs/examples/pokebattle.py against the shared library, compiles and runs the program of docs/library.md, and
holds what the library exports against its header.
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "operators", "pokemon", "library")
EXAMPLE = os.path.join(ROOT, "docs", "examples", "pokebattle.py")
LIBRARY, ARENA, *CC = sys.argv[1:] or ("", "")


def text_of(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, **more)


def example(*words):
    done = run(sys.executable, EXAMPLE, "--library", LIBRARY, *words)
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout


class Header(unittest.TestCase):
    def setUp(self):
        header = re.sub(r"/\*.*?\*/", "", text_of("operators", "pokemon", "library", "pokebattle.h"), flags=re.S)
        calls = re.findall(r"PB_API\s[^;]*?\b(pb_\w+)\(([^;]*)\);", header)
        self.calls = {name: 0 if words.strip() == "void" else words.count(",") + 1 for name, words in calls}

    def test_the_library_exports_what_the_header_has_and_no_more(self):
        told = run("nm", "-D", "--defined-only", LIBRARY).stdout
        self.assertEqual({line.split()[-1] for line in told.splitlines()}, set(self.calls))
        self.assertGreater(len(self.calls), 40)

    def test_the_example_calls_them_as_they_are(self):
        for name, arguments in re.findall(r'^    "(pb_\w+)": \((.*?)\),\n(?=    "|\})', text_of("docs", "examples", "pokebattle.py"),
                                          re.S | re.M):
            words = [word for word in re.sub(r"\([^)]*\)", "", arguments).split(",") if word.strip()]
            self.assertEqual(len(words) - 1, self.calls[name], name)

    def test_the_header_stands_alone_in_c_and_c_plus_plus(self):
        for language, standard in (("c", "c99"), ("c++", "c++11")):
            if language == "c++" and run(CC[0], "-x", "c++", "-E", "-", input="#include <cstddef>\n").returncode:
                continue  # a compiler of C alone
            done = run(*CC, "-x", language, "-std=" + standard, "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                       os.path.join(FOLDER, "pokebattle.h"))
            self.assertEqual(done.stderr, "")


class Page(unittest.TestCase):
    def setUp(self):
        self.page = text_of("docs", "library.md")

    def test_its_program_compiles_and_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            source, program = os.path.join(folder, "example.c"), os.path.join(folder, "example")
            with open(source, "w", encoding="utf-8") as file:
                file.write(re.search(r"```c\n(.*?)```", self.page, re.S).group(1))
            done = run(*CC, "-Wall", "-Wextra", "-Werror", source, "-I", FOLDER, LIBRARY,
                       "-Wl,-rpath," + os.path.dirname(LIBRARY), "-o", program)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            done = run(program)
            self.assertRegex(done.stdout, r"^[1-9]\d* battles ended, [1-9]\d* bytes each\n$")

    def test_it_names_every_number_of_an_observation(self):
        names = set(re.findall(r"^\d+ (?:\S+\.)?([a-z_]+)$", example("--layout"), re.M))
        self.assertGreater(len(names), 30)
        self.assertEqual({name for name in names if f"`{name}`" not in self.page}, set())

    def test_it_has_every_word_of_a_battle_file(self):
        words = set(re.findall(r'\{"(\w+) ", on_', text_of("operators", "pokemon", "library", "record.c")))
        self.assertEqual(words - set(re.findall(r"^\| `(\w+) ", self.page, re.M)), set())
        self.assertGreater(len(words), 6)


class Example(unittest.TestCase):
    def test_it_plays(self):
        told = example("--battles", "512", "--batch", "128")
        self.assertRegex(told, r"^seed 1: \d+ turns, .*, digest [0-9a-f]{16}, \d+ lines of public log\n")
        battles, won, lost, drawn = map(int, re.search(r"(\d+) random .* won (\d+), lost (\d+), drawn (\d+)", told).groups())
        self.assertEqual((battles, won + lost + drawn), (512, 512))
        self.assertRegex(told, r"\n[1-9]\d* turns/s, [1-9]\d* battles/s\n")

    def test_two_threads_play_the_same_battles(self):
        def of(threads):
            return re.findall(r"won .*each|\d+ battles ended, .*", example("--battles", "512", "--threads", threads))
        self.assertEqual(of("1"), of("2"))
        self.assertEqual(len(of("1")), 2)

    def test_its_battle_file_plays_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "one.battle")
            lines = int(re.search(r"(\d+) lines", example("--battles", "1", "--batch", "1", "--record", path)).group(1))
            done = run(ARENA, "battle", "replay", path, "--log", "public")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("every digest equal", done.stderr)
            told = done.stdout.splitlines()
            self.assertGreater(len(told), lines)  # the beginning, too
            self.assertTrue(told[-1].startswith("|win|") or told[-1] == "|tie")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
