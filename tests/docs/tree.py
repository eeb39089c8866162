#!/usr/bin/env python3
"""tree.py - docs/architecture.md names every folder of the tree, and pages name no file that is not there."""
import glob
import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Folders that hold sources, and their folders are described; of others it is enough that they are there.
DESCRIBED = ("arena", "operators", "plugins", "data", "tests", "packaging", "docs", "include")
# From here on a file may be named without the way to it.
SHORT = ("", "arena", "arena/core", "arena/http", "include", "operators", "operators/pokemon", "operators/pokemon/engine",
         "operators/pokemon/team", "plugins/starter", "tests", "tests/operators", "tests/docs", "tests/bench", "tests/oracle",
         "docs", "data")
PAGES = ("docs/architecture.md", "docs/engine.md", "docs/data.md", "docs/library.md", "docs/performance.md",
         "docs/operators.md", "docs/teams.md", "tests/oracle/README.md", "data/pokemon/README.md", "README.md")
FILE = re.compile(r"`((?:[\w.-]+/)*[\w*-]+\.(?:c|h|py|js|sh|md|txt|in))`")


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def folders(path, depth):
    """Folders below a path that hold files."""
    for entry in sorted(os.scandir(os.path.join(ROOT, path)), key=lambda entry: entry.name):
        if entry.is_dir() and not entry.name.startswith((".", "__")) and os.listdir(entry.path):
            name = f"{path}/{entry.name}"
            yield name
            if depth > 1:
                yield from folders(name, depth - 1)


class Tree(unittest.TestCase):
    def test_every_folder_is_described(self):
        page = text_of("docs/architecture.md")
        house = page[page.index("## The house"):page.index("## The way of one message")]
        for top in DESCRIBED:
            for folder in (top, *folders(top, 2 if top == "operators" else 1)):
                words = folder.replace("_", r"[\W_]?").split("/")
                self.assertRegex(house, rf"(?i)\b{words[-1]}\b", f"docs/architecture.md does not name {folder}")

    def test_named_files_are_there(self):
        for page in PAGES:
            beside = os.path.dirname(page)
            for name in FILE.findall(text_of(page)):
                found = any(glob.glob(os.path.join(ROOT, place, name)) for place in (*SHORT, beside))
                self.assertTrue(found, f"{page} names {name}, which is nowhere")


if __name__ == "__main__":
    unittest.main()
