#!/usr/bin/env python3
"""embed.py NAME OUT.h IN.json - a challenge's description as a C array.

The text is parsed and written again without the spaces, so a slip in the JSON fails the build and not the
arena's start.  Numbers instead of a string literal: C limits the length of literals, not of lists.
"""
import json
import sys


def refuse_repeats(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"repeated key among {keys}")
    return dict(pairs)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    name, out, source = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        challenge = json.load(file, object_pairs_hook=refuse_repeats)
    missing = {"name", "description", "players", "prompt", "methods"} - challenge.keys()
    if missing:
        sys.exit(f"{source}: without {', '.join(sorted(missing))}")
    text = json.dumps(challenge, ensure_ascii=False, separators=(",", ":")).encode()
    with open(out, "w", encoding="ascii") as file:
        file.write(f"/* Made by embed.py; do not edit. */\nstatic const char {name}[{len(text)}] = {{\n")
        for at in range(0, len(text), 20):
            # char may be signed: bytes above 127 are written as negative numbers
            row = (byte - 256 if byte > 127 else byte for byte in text[at:at + 20])
            file.write("    " + ",".join(map(str, row)) + ",\n")
        file.write("};\n")


main()
