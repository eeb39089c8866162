#!/usr/bin/env python3
"""battle_pure.py - what plays a battle computes and nothing else.

battle_pure.py NM LIBRARY SOURCE... reads the symbols of the objects of these sources in the library. They may call
each other and the few functions of C below: no files, clock, memory, threads, environment, and nothing of the files
that read data, which have all these. They have no variables: what is written at load is seen through pointers to const.
"""
import os
import re
import subprocess
import sys
import unittest

# Functions of memory and text that do what their arguments say. The compiler calls some of them by itself.
OF_C = {"memcpy", "memmove", "memset", "memcmp", "strcmp", "strncmp", "strlen", "strnlen", "strncpy", "strchr",
        "memchr"}
# The same with their bounds checked (_FORTIFY_SOURCE), and what the compiler and linker add to any object.
OF_COMPILER = {f"__{name}_chk" for name in OF_C} | {"__stack_chk_fail", "__stack_chk_guard",
                                                     "_GLOBAL_OFFSET_TABLE_"}
# Tables that are written when the first data version is read, the same each time, and seen as const.
OF_LOAD = {"battle_natives", "vocab_args"}
# Constants that hold addresses: written by the dynamic linker, then read-only.
CONSTANT = re.compile(r"^\.(rodata|data\.rel\.ro)(\.|$)")
WRITABLE = re.compile(r"^(\.(data|bss|tdata|tbss|sdata|sbss)(\.|$)|\*COM\*$|COMMON$)")


def symbols(text):
    """(object, name, class, section) of each symbol that nm -f sysv tells."""
    member = None
    for line in text.splitlines():
        begins = re.match(r"Symbols from .*\[(.*)\]:$", line)
        if begins:
            member = os.path.basename(begins.group(1))
        cells = [cell.strip() for cell in line.split("|")]
        if member and len(cells) == 7:
            yield member, cells[0], cells[2], cells[6]


def found_in(text, members):
    """What objects of a library define, ask for and keep: sets of (name, object)."""
    defined, asked, kept = set(), set(), set()
    for member, name, kind, section in symbols(text):
        if member not in members:
            continue
        if kind in "Uvw":
            asked.add((name, member))
        else:
            defined.add(name)
        if WRITABLE.match(section) and not CONSTANT.match(section):
            kept.add((name, member))
    return defined, asked, kept


class Pure(unittest.TestCase):
    def setUp(self):
        text = subprocess.run([NM, "-f", "sysv", LIBRARY], check=True, capture_output=True, text=True,
                              env={"LC_ALL": "C"}).stdout
        self.seen = {member for member, *_ in symbols(text)}
        self.members = {os.path.basename(source) + ".o" for source in SOURCES}
        self.defined, self.asked, self.kept = found_in(text, self.members)

    def test_all_objects_are_there(self):
        self.assertEqual(sorted(self.members - self.seen), [], "objects that are not in the library")
        for name in ("start", "choices", "step", "step_many", "view", "damage", "encode", "decode", "digest", "log_text"):
            self.assertIn(f"battle_{name}", self.defined)
        self.assertTrue(self.asked)

    def test_calls_nothing_else(self):
        allowed = self.defined | OF_C | OF_COMPILER | OF_LOAD
        self.assertEqual(sorted(f"{name}, asked for by {member}" for name, member in self.asked if name not in allowed), [],
                         "what plays may not use these")

    def test_keeps_nothing(self):
        self.assertEqual(sorted(f"{name} in {member}" for name, member in self.kept), [], "what plays has variables")


if __name__ == "__main__":
    NM, LIBRARY, SOURCES = sys.argv[1], sys.argv[2], sys.argv[3:]
    unittest.main(argv=sys.argv[:1])
