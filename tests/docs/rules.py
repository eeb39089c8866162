#!/usr/bin/env python3
"""rules.py - docs/rules.md has every event, sentence and word of the engine's tables, and nothing else."""
import glob
import json
import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENGINE = ("operators", "pokemon", "engine")
ARGUMENTS = {"s": "WHO", "n": "N", "r": "N/D", "x": "FACTOR", "t": "TYPE", "f": "FLAG", "c": "CATEGORY", "A": "AIM",
             "m": "MOVE", "a": "ABILITY", "i": "ITEM", "p": "SPECIES", "S": "STATUS", "v": "VOLATILE", "w": "WEATHER",
             "T": "TERRAIN", "R": "ROOM", "C": "SIDE", "k": "STAT", "b": "STAGES", "q": "QUANTITY", "g": "GROUP",
             "L": "LIST", "N": "NAME"}
MANY = {"STAGES", "LIST"}  # arguments of more than one word
WORDS = {"FLAG": "int find_flag(", "VOLATILE": "volatile_ids[VOLATILES] =", "SIDE": "int find_side(",
         "ROOM": "int find_room(", "STAT": "int find_stat(", "QUANTITY": "int find_quantity(",
         "AIM": "int find_aim(", "GROUP": "int find_group(", "CATEGORY": "int find_category(", "WHO": "int find_who("}


def text_of(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def section(page, title):
    """What stands under a heading, up to the next one of its rank or a higher one."""
    level = title.split(" ")[0]
    start = page.index(f"\n{title}\n") + len(title) + 2
    end = re.search(rf"^#{{1,{len(level)}}} ", page[start:], re.M)
    return page[start:start + end.start()] if end else page[start:]


def rows(part):
    """Cells of the tables in a part of the page, without heads."""
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in part.splitlines() if line.startswith("| `")]
    return [[cell.strip("| ") for cell in row] for row in cells]


def patterns():
    """The sentences of vocab.h as the page writes them, in their order."""
    table = re.findall(r'^    ([CO])\(\w+, "([^"]+)"\)', text_of(*ENGINE, "vocab.h"), re.M)
    return [(kind, re.sub(r"%(\w)", lambda m: ARGUMENTS[m.group(1)], pattern)) for kind, pattern in table]


def fits(sentence, pattern):
    words, wanted = sentence.split(), pattern.split()
    if wanted[-1] in MANY:
        words = words[:len(wanted)]
    names = set(ARGUMENTS.values())
    return len(words) == len(wanted) and all(w == p or p in names for w, p in zip(words, wanted))


def sentences(entry):
    """Every single sentence in the hooks of an entry, of any version."""
    found = []
    for path in glob.glob(os.path.join(ROOT, "data", "pokemon", "*", "effects", "*.json")):
        with open(path, encoding="utf-8") as file:
            for hook in json.load(file).get(entry, []):
                for line in hook.get("if", []) + hook["do"]:
                    found += re.split(r" or | and | when ", line)
    return {re.sub(r"^(not|try|must) ", "", s) for s in found}


class Rules(unittest.TestCase):
    """docs/rules.md"""

    @classmethod
    def setUpClass(cls):
        cls.page = text_of("docs", "rules.md")

    def test_events(self):
        source = text_of(*ENGINE, "rules.h")
        known = re.findall(r" X\((\w+)\)", source[source.index("#define EVENTS(X)"):source.index("enum event {")])
        told = [row[0].strip("`") for row in rows(section(self.page, "## Events"))]
        self.assertEqual(told, known)

    def test_sentences(self):
        for kind, title in (("C", "## Conditions"), ("O", "## Operations")):
            told = [row[0].strip("`") for row in rows(section(self.page, title))]
            self.assertEqual(told, [pattern for k, pattern in patterns() if k == kind], title)

    def test_examples(self):
        for title in ("## Conditions", "## Operations"):
            for row in rows(section(self.page, title)):
                pattern, example = row[0].strip("`"), re.fullmatch(r"`([^`]+)`(?: \((\w+)\))?", row[-1])
                self.assertTrue(example, f"{pattern}: \"{row[-1]}\" is no example")
                self.assertTrue(fits(example.group(1), pattern), f"{example.group(1)} is no {pattern}")
                if example.group(2):
                    self.assertIn(example.group(1), sentences(example.group(2)), example.group(2))

    def test_words(self):
        source, told = text_of(*ENGINE, "words.c"), dict((row[0], row[1]) for row in re.findall(
            r"^\| ([A-Z][A-Z, /]*) \| (.*) \|$", section(self.page, "## Words"), re.M))
        for word, place in WORDS.items():
            start = source.index(place)
            names = re.findall(r'"([^"]+)"', source[start:source.index("};", start)])
            self.assertTrue(names, word)
            for name in names:
                self.assertIn(f"`{name}`", told[word], f"{word} {name} is missing")

    def test_natives(self):
        """Every native of the data has a C function, and every C function that is listed is used."""
        listed = set()
        for path in glob.glob(os.path.join(ROOT, *ENGINE, "natives_*.c")):
            with open(path, encoding="utf-8") as file:
                listed |= set(re.findall(r"\bLISTED\((\w+)\)", file.read()))
        used = set()
        for path in glob.glob(os.path.join(ROOT, "data", "pokemon", "*", "effects", "*.json")):
            with open(path, encoding="utf-8") as file:
                used |= set(re.findall(r'"native (\w+)"', file.read()))
        self.assertEqual(sorted(used - listed), [], "no such C function")
        self.assertEqual(sorted(listed - used), [], "no data uses it")


if __name__ == "__main__":
    unittest.main()
