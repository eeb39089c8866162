#!/usr/bin/env python3
"""embed.py OUT.c TABLE FILE... - files as C arrays, with a table of them (see pages.h).

String literals with octal escapes: the compiler reads them many times faster than lists of numbers.

What an HTML file has between <!--auth and auth--> is for auth mode: it is left out of the file, and a second one,
"auth.html" beside "index.html", is made with it.
"""
import hashlib
import os
import re
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}


def literal(line):
    plain = lambda byte: 32 <= byte < 127 and chr(byte) not in '"\\?'
    return '"' + "".join(chr(byte) if plain(byte) else f"\\{byte:03o}" for byte in line) + '"'


def files_of(sources):
    for source in sources:
        name = os.path.basename(source)
        with open(source, "rb") as page:
            data = page.read()
        if name == "index.html":
            yield "auth.html", re.sub(rb"<!--auth (.*?) auth-->", rb"\1", data)
            data = re.sub(rb" *<!--auth .*? auth-->\n", b"", data)
        yield name, data


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    out, table, sources = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(out, "w", encoding="ascii") as file:
        file.write('/* Made by embed.py; do not edit. */\n#include "http/pages.h"\n\n')
        rows = []
        for number, (name, data) in enumerate(files_of(sources)):
            kind = TYPES.get(os.path.splitext(name)[1])
            if not kind:
                sys.exit(f"{name}: no type is known for this file")
            # an array of chars, not a literal: literals longer than 4,095 bytes are beyond the standard
            file.write(f"static const char page_{number}[{len(data)} + 1] =\n")
            for at in range(0, max(len(data), 1), 80):
                file.write("    " + literal(data[at:at + 80]) + "\n")
            file.write("    ;\n\n")
            rows.append(f'    {{"{name}", "{kind}", page_{number}, {len(data)}, "{hashlib.sha256(data).hexdigest()}"}},\n')
        file.write(f"const struct page {table}[] = {{\n" + "".join(rows) + "};\n\n")
        file.write(f"const size_t {table[:-1]}_count = {len(rows)};\n")


main()
