#!/usr/bin/env python3
"""Puts the JSON files of data versions into a C file, as texts that are compiled when they are asked for.

    embed.py dex_texts|team_texts output.c VERSION=FOLDER...

dex_texts is what the engine needs, team_texts what teams need. A version that builds on another need not have every file.
"""
import os
import sys

TABLES = {
    'dex_texts': ('tables.h', 'dex_text', [
        'rules.json', 'species.json', 'moves.json', 'abilities.json', 'items.json', 'learnsets.json', 'zmoves.json',
        'effects/moves.json', 'effects/abilities.json', 'effects/items.json', 'effects/conditions.json']),
    'team_texts': ('names.h', 'team_text', [
        'types.json', 'abilities.json', 'natures.json', 'moves.json', 'items.json', 'species.json', 'learnsets.json',
        'legality.json', 'clauses.json', 'formats.json']),
}


def literal(text):
    lines = []
    for line in text.splitlines(keepends=True):
        for i in range(0, len(line), 2000):
            part = line[i:i + 2000].replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n')
            lines.append('    "%s"' % ''.join(c if ord(c) < 127 else ''.join('\\%03o' % b for b in c.encode())
                                              for c in part))
    return '\n'.join(lines) or '    ""'


def main():
    table, output, versions = sys.argv[1], sys.argv[2], sys.argv[3:]
    header, row, files = TABLES[table]
    out = ['/* Made by data/pokemon/embed.py; do not edit. */', '#include "%s"' % header, '']
    rows = []
    for arg in versions:
        version, folder = arg.split('=', 1)
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                continue
            with open(path, encoding='utf-8') as f:
                text = f.read()
            symbol = 'text_%d' % len(rows)
            out += ['static const char %s[] =' % symbol, literal(text) + ';']
            rows.append('    {"%s", "%s", %s, sizeof %s - 1},' % (version, name, symbol, symbol))
    out += ['', 'const struct %s %s[] = {' % (row, table)] + rows + ['    {0, 0, 0, 0},', '};', '']
    with open(output, 'w', encoding='utf-8') as f:
        f.write('\n'.join(out))


if __name__ == '__main__':
    main()
