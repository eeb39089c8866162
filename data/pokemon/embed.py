#!/usr/bin/env python3
"""Puts the JSON files of data versions into a C file, as texts that the engine compiles when it is asked to.

    embed.py output.c VERSION=FOLDER...
"""
import os
import sys

FILES = ['rules.json', 'species.json', 'moves.json', 'abilities.json', 'items.json', 'learnsets.json', 'zmoves.json',
         'effects/moves.json', 'effects/abilities.json', 'effects/items.json', 'effects/conditions.json']


def literal(text):
    lines = []
    for line in text.splitlines(keepends=True):
        for i in range(0, len(line), 2000):
            part = line[i:i + 2000].replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n')
            lines.append('    "%s"' % ''.join(c if ord(c) < 127 else ''.join('\\%03o' % b for b in c.encode())
                                              for c in part))
    return '\n'.join(lines) or '    ""'


def main():
    out = ['/* Made by data/pokemon/embed.py; do not edit. */', '#include "tables.h"', '']
    rows = []
    for arg in sys.argv[2:]:
        version, folder = arg.split('=', 1)
        for name in FILES:
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                continue
            with open(path, encoding='utf-8') as f:
                text = f.read()
            symbol = 'text_%d' % len(rows)
            out += ['static const char %s[] =' % symbol, literal(text) + ';']
            rows.append('    {"%s", "%s", %s, sizeof %s - 1},' % (version, name, symbol, symbol))
    out += ['', 'const struct dex_text dex_texts[] = {'] + rows + ['    {0, 0, 0, 0},', '};', '']
    with open(sys.argv[1], 'w', encoding='utf-8') as f:
        f.write('\n'.join(out))


if __name__ == '__main__':
    main()
