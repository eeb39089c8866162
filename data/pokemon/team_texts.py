#!/usr/bin/env python3
"""Puts the files of data versions that teams need into a C file, as texts.

    team_texts.py output.c VERSION=FOLDER...

A version that builds on another one (rules.json names its base, which lies beside it) is written out whole, with all its
files: rows of the base first, as the engine numbers them.  Bounds of what can be obtained and formats are its own.
"""
import json
import os
import sys

from embed import literal

FILES = ['types.json', 'abilities.json', 'natures.json', 'moves.json', 'items.json', 'species.json', 'learnsets.json',
         'legality.json', 'clauses.json', 'formats.json']
ENGINE = ['rules.json', 'zmoves.json', 'effects/moves.json', 'effects/abilities.json', 'effects/items.json',
          'effects/conditions.json']
BY_ID = ('abilities.json', 'moves.json', 'items.json')
OWN = ('legality.json', 'formats.json')


def read(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as f:
        return f.read()


def learned(base, row):
    """The row with all its moves, where it names those besides the base's."""
    below = base.get(row['id'], {})
    below = base.get(below.get('same'), below)
    moves = (below.get('moves', '') + ' ' + row['plus']).strip()
    return {'id': row['id'], 'moves': moves}


def rows_over(name, below, own):
    key = 'name' if name in ('types.json',) else 'id'
    base, mine = {row[key]: row for row in below}, {row[key]: row for row in own}
    if name == 'learnsets.json': # those of the version first: rows of the base may say that they are the same
        return ([learned(base, row) if 'plus' in row else row for row in own] +
                [row for i, row in base.items() if i not in mine])
    rows = [mine.get(i, row) for i, row in base.items()] + [row for i, row in mine.items() if i not in base]
    return sorted(rows, key=lambda row: row['id']) if name in BY_ID else rows


def text_of(rows):
    if isinstance(rows, dict):
        return '{\n' + ',\n'.join(' %s: %s' % (json.dumps(k), json.dumps(v)) for k, v in rows.items()) + '\n}\n'
    return '[\n' + ',\n'.join(json.dumps(row, separators=(',', ':'), ensure_ascii=False) for row in rows) + '\n]\n'


def whole(folder, base, name):
    """A file of a version over its base, None if neither has it."""
    below, own = read(os.path.join(os.path.dirname(folder), base), name), read(folder, name)
    if own is None or below is None or name in OWN:
        return own if name in OWN or below is None else below
    below, own = json.loads(below), json.loads(own)
    if isinstance(own, dict):
        return text_of({k: v for k, v in {**below, **own}.items() if k != 'base'})
    return text_of(rows_over(name, below, own))


def files_of(folder):
    base = json.loads(read(folder, 'rules.json')).get('base')
    if not base:
        return [(name, read(folder, name)) for name in FILES]
    texts = [(name, whole(folder, base, name)) for name in FILES + ENGINE]
    return [(name, text) for name, text in texts if text is not None]


def main():
    out = ['/* Made by data/pokemon/team_texts.py; do not edit. */', '#include "names.h"', '']
    rows = []
    for arg in sys.argv[2:]:
        version, folder = arg.split('=', 1)
        for name, text in files_of(folder):
            symbol = 'text_%d' % len(rows)
            out += ['static const char %s[] =' % symbol, literal(text) + ';']
            rows.append('    {"%s", "%s", %s, sizeof %s - 1},' % (version, name, symbol, symbol))
    out += ['', 'const struct team_text team_texts[] = {'] + rows + ['    {0, 0, 0, 0},', '};', '']
    with open(sys.argv[1], 'w', encoding='utf-8') as f:
        f.write('\n'.join(out))


if __name__ == '__main__':
    main()
