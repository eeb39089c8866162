#!/usr/bin/env python3
"""Makes the C tables of one data version from its JSON.

    tables.py data/pokemon/gen1-v1 gen1-v1 output.c

Run by the build; needs nothing but Python's own library.  Whatever a file says that is not understood is an
error, so that no fact is lost silently.
"""
import json
import os
import sys

TYPES = ['', 'Bug', 'Dark', 'Dragon', 'Electric', 'Fairy', 'Fighting', 'Fire', 'Flying', 'Ghost', 'Grass', 'Ground',
         'Ice', 'Normal', 'Poison', 'Psychic', 'Rock', 'Steel', 'Water']
STATUSES = ['', 'brn', 'par', 'slp', 'frz', 'psn', 'tox']
STATS = ['atk', 'def', 'spa', 'spd', 'spe']
CATEGORIES = ['Physical', 'Special', 'Status']
VOLATILES = {'confusion': 'CONFUSION', 'flinch': 'FLINCH', 'leechseed': 'LEECH_SEED', 'partiallytrapped': 'BOUND',
             'protect': 'PROTECT', 'endure': 'ENDURE', 'focusenergy': 'FOCUS_ENERGY', 'aquaring': 'AQUA_RING',
             'ingrain': 'INGRAIN', 'minimize': 'MINIMIZE', 'defensecurl': 'DEFENSE_CURL',
             'substitute': 'SUBSTITUTE', 'taunt': 'TAUNT', 'attract': 'ATTRACT', 'throatchop': 'THROAT_CHOP'}
MOVE_KEYS = set('id name type category power accuracy pp priority target op crit hits recoil drain heal fixed status '
                'volatile side weather boosts self_boosts offense defense effects flags'.split())
SPECIES_KEYS = set('number id name types base weight gender generation moves'.split())


def check(good, message):
    if not good:
        sys.exit('tables.py: ' + message)


def pair(value):
    return '{%d, %d}' % tuple(value)


def stages(values):
    check(len(values) == 7 and all(-6 <= v <= 12 for v in values), 'bad stages %r' % (values,))
    return '{%s}' % ', '.join(map(str, values))


def effect(e):
    check(set(e) <= {'chance', 'status', 'volatile', 'boosts', 'user', 'tri'}, 'effect %r' % e)
    check(1 <= e['chance'] <= 100, 'chance')
    out = ['.chance = %d' % e['chance']]
    if 'status' in e:
        out.append('.status = %d' % STATUSES.index(e['status']))
    if 'volatile' in e:
        out.append('.volatile_ = 1 + VOL_' + VOLATILES[e['volatile']])
    if 'boosts' in e:
        out.append('.boosts = ' + stages(e['boosts']))
    if 'user' in e:
        out.append('.to_user = 1')
    if 'tri' in e:
        out.append('.tri = 1')
    return '{%s}' % ', '.join(out)


def move(m):
    check(set(m) <= MOVE_KEYS, 'move %s: unknown %s' % (m['id'], set(m) - MOVE_KEYS))
    check(len(m['id']) < 20 and len(m['name']) < 20, 'name too long: ' + m['name'])
    category = CATEGORIES.index(m['category'])
    check(category < 2 or m['power'] == 0, m['id'] + ': a status move with power')
    out = ['"%s"' % m['id'], '"%s"' % m['name']]

    def put(key, value):
        out.append('.%s = %s' % (key, value))
    flags = m.get('flags', [])
    if flags:
        put('flags', ' | '.join('MF_' + f.upper() for f in flags))
    put('type', TYPES.index(m['type']))
    put('category', category)
    for key in ('power', 'accuracy', 'pp', 'priority'):
        if m[key]:
            put(key, m[key])
    check(0 <= m['accuracy'] <= 100 and 1 <= m['pp'] <= 64 and m['power'] <= 255, m['id'] + ': out of range')
    put('target', 'TARGET_' + m['target'].upper())
    if 'op' in m:
        put('op', 'OP_' + m['op'].upper())
    if 'crit' in m:
        put('crit', 255 if m['crit'] == 'always' else m['crit'])
    put('hits', pair(m.get('hits', [1, 1])))
    for key in ('recoil', 'drain', 'heal'):
        if key in m:
            put(key, pair(m[key]))
    if 'fixed' in m:
        put('fixed', m['fixed'])
    if 'status' in m:
        put('status', STATUSES.index(m['status']))
    if 'volatile' in m:
        put('volatile_', '1 + VOL_' + VOLATILES[m['volatile']])
    if 'weather' in m:
        put('weather', 'WEATHER_' + m['weather'].upper())
    if 'side' in m:
        put('side', '1 + SIDE_' + m['side'].upper())
    put('offense', STATS.index(m.get('offense', 'spa' if category == 1 else 'atk')))
    put('defense', STATS.index(m.get('defense', 'spd' if category == 1 else 'def')))
    boosted = (1 if any(m.get('boosts', [])) else 0) | (2 if any(m.get('self_boosts', [])) else 0)
    if boosted:
        put('boosted', boosted)
    for key in ('boosts', 'self_boosts'):
        if key in m:
            put(key, stages(m[key]))
    effects = m.get('effects', [])
    check(len(effects) <= 2, m['id'] + ': too many effects')
    if effects:
        put('effects', '{%s}' % ', '.join(map(effect, effects)))
    return '    {%s},' % ', '.join(out)


def species(s, index):
    check(set(s) <= SPECIES_KEYS, 'species %s: unknown keys' % s['id'])
    check(len(s['id']) < 16 and len(s['name'].encode()) < 16, 'name too long: ' + s['name'])
    check(len(s['base']) == 6 and all(1 <= b <= 255 for b in s['base']), s['id'] + ': base')
    bits = [0] * 16
    for m in s['moves']:
        n = index[m]
        bits[n // 64] |= 1 << (n % 64)
    while len(bits) > 1 and not bits[-1]:
        bits.pop()
    types = [TYPES.index(t) for t in s['types']] + [0]
    gender = {'M': 'GENDER_MALE', 'F': 'GENDER_FEMALE', 'N': 'GENDER_NONE'}[s['gender']] if 'gender' in s else 255
    return '    {"%s", "%s", {%s}, {%d, %d}, %d, %d, %s, %d, {%s}},' % (
        s['id'], s['name'], ', '.join(map(str, s['base'])), types[0], types[1], s['number'], s['weight'], gender,
        s['generation'], ', '.join('0x%xu' % b if b < 1 << 32 else '0x%xull' % b for b in bits))


def main():
    folder, version, output = sys.argv[1:]

    def load(name):
        with open(os.path.join(folder, name), encoding='utf-8') as f:
            return json.load(f)
    all_moves, all_species = load('moves.json'), load('species.json')
    types, natures = load('types.json'), load('natures.json')
    check(all_moves[-1]['id'] == 'struggle', 'Struggle must come last')
    ids = [m['id'] for m in all_moves[:-1]]
    check(ids == sorted(set(ids)), 'moves are not sorted by id')
    check(len(ids) < 16 * 64 - 2, 'too many moves for the learnset bits')
    index = {m: i + 1 for i, m in enumerate(ids)}
    numbers = [s['number'] for s in all_species]
    check(numbers == sorted(numbers), 'species are not sorted by number')
    check([t['name'] for t in types] == TYPES[1:], 'types differ from enum battle_type')
    check(len(natures) == 25, 'natures')
    by_id = sorted(range(len(all_species)), key=lambda i: all_species[i]['id'])

    tag = version.replace('-', '_')
    lines = ['/* Made by data/pokemon/tables.py from data/pokemon/%s; do not edit. */' % version,
             '#include "tables.h"', '',
             'static const struct dex_move moves[] = {', '    {.hits = {1, 1}},']
    lines += [move(m) for m in all_moves]
    lines += ['};', '', 'static const struct dex_species species[] = {', '    {.number = 0},']
    lines += [species(s, index) for s in all_species]
    lines += ['};', '', 'static const uint16_t by_id[] = {%s};' % ', '.join(str(i + 1) for i in by_id), '',
              'const struct dex dex_%s = {"%s", species, moves, by_id, %d, %d, %d};' % (
                  tag, version, len(all_species), len(ids), len(ids) + 1), '',
              'const uint8_t dex_type_chart[TYPES][TYPES] = {',
              '    {%s},' % ', '.join(['2'] * 19)]
    lines += ['    {2, %s}, /* %s */' % (', '.join(map(str, t['against'])), t['name']) for t in types]
    lines += ['};', '', 'const struct dex_nature_row dex_natures[25] = {']
    for n in natures:
        lines.append('    {"%s", "%s", %d, %d},' % (n['id'], n['name'],
                                                   STATS.index(n['plus']) if n['plus'] else -1,
                                                   STATS.index(n['minus']) if n['minus'] else -1))
    lines += ['};', '']
    with open(output, 'w', encoding='utf-8') as f:
        f.write('\n'.join(lines))


if __name__ == '__main__':
    main()
