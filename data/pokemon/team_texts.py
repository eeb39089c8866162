#!/usr/bin/env python3
"""Puts the files of a data version that teams need into a C file, as texts.

    team_texts.py output.c VERSION=FOLDER...
"""
import os
import sys

from embed import literal

FILES = ['types.json', 'abilities.json', 'natures.json', 'moves.json', 'items.json', 'species.json', 'learnsets.json',
         'legality.json', 'clauses.json', 'formats.json']


def main():
    out = ['/* Made by data/pokemon/team_texts.py; do not edit. */', '#include "names.h"', '']
    rows = []
    for arg in sys.argv[2:]:
        version, folder = arg.split('=', 1)
        for name in FILES:
            with open(os.path.join(folder, name), encoding='utf-8') as f:
                text = f.read()
            symbol = 'text_%d' % len(rows)
            out += ['static const char %s[] =' % symbol, literal(text) + ';']
            rows.append('    {"%s", "%s", %s, sizeof %s - 1},' % (version, name, symbol, symbol))
    out += ['', 'const struct team_text team_texts[] = {'] + rows + ['    {0, 0, 0, 0},', '};', '']
    with open(sys.argv[1], 'w', encoding='utf-8') as f:
        f.write('\n'.join(out))


if __name__ == '__main__':
    main()
