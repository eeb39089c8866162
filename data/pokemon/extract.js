// extract.js - makes the JSON of a data version from a pinned release of the pokemon-showdown package.
//
//   mkdir /tmp/dex && cd /tmp/dex && npm install --ignore-scripts pokemon-showdown@0.11.11
//   NODE_PATH=/tmp/dex/node_modules node data/pokemon/extract.js [--report]
//
// Needed only to change the data; the build reads the committed JSON.  Facts are taken, texts are not.
//
// A move is taken when everything it does is said by fields that tables.py understands, or when its few lines
// of code are one of the small rules in OPS.  Otherwise it is left out: a missing move is better than a wrong
// one.  --report lists what was left out and why.
'use strict';
const fs = require('fs');
const path = require('path');
const crypto = require('crypto');
const {Dex} = require('pokemon-showdown');
const pinned = '0.11.11';
const pkg = require(path.join(path.dirname(require.resolve('pokemon-showdown')), '../../package.json'));
if (pkg.version !== pinned) throw Error(`pokemon-showdown ${pkg.version}, expected ${pinned}`);

const out = path.join(__dirname, 'gen1-v1');
const dex = Dex.mod('gen9');

// Moves with code whose code never runs, or changes nothing, in singles without abilities, items and Tera.
const PLAIN = new Set(`knockoff thief covet pluck bugbite incinerate pollenpuff firepledge grasspledge waterpledge
    terablast icespinner payday`.split(/\s+/));

// Moves with code -> rule in the engine.
const OPS = {
    superfang: 'half_hp', rest: 'rest', facade: 'facade', venoshock: 'venoshock', hex: 'hex', brine: 'brine',
    acrobatics: 'acrobatics', lowkick: 'weight_target', grassknot: 'weight_target', heavyslam: 'weight_ratio',
    heatcrash: 'weight_ratio', waterspout: 'hp_ratio', eruption: 'hp_ratio', flail: 'hp_low', reversal: 'hp_low',
    gyroball: 'speed_slow', electroball: 'speed_fast', storedpower: 'stages_up', tripleaxel: 'triple',
    dreameater: 'dream_eater', endeavor: 'endeavor', finalgambit: 'final_gambit', bellydrum: 'belly_drum',
    painsplit: 'pain_split', haze: 'haze', psychup: 'psych_up', clearsmog: 'clear_smog', moonlight: 'moonlight',
    morningsun: 'moonlight', synthesis: 'moonlight', splash: 'splash', rapidspin: 'rapid_spin',
    falseswipe: 'false_swipe', fakeout: 'first_turn', firstimpression: 'first_turn', suckerpunch: 'sucker_punch',
    highjumpkick: 'crash', axekick: 'crash', supercellslam: 'crash', leechseed: 'leech_seed',
    freezedry: 'freeze_dry', skullbash: 'charge', skyattack: 'charge', razorwind: 'charge', meteorbeam: 'charge',
    fly: 'fly', bounce: 'fly', dig: 'dig', triattack: 'tri_attack', growth: 'growth', thunder: 'thunder',
    hurricane: 'thunder', blizzard: 'blizzard', solarbeam: 'solar_beam', solarblade: 'solar_beam',
    weatherball: 'weather_ball', brickbreak: 'break_screens', psychicfangs: 'break_screens',
    ragingbull: 'break_screens', substitute: 'substitute', meanlook: 'no_escape', block: 'no_escape',
    hardpress: 'hard_press', protect: 'protect', detect: 'protect', endure: 'protect', phantomforce: 'vanish',
    memento: 'memento', toxic: 'toxic', dive: 'dive', teleport: 'teleport', curse: 'curse', yawn: 'yawn',
    payback: 'payback', avalanche: 'avalanche', revenge: 'avalanche', assurance: 'assurance',
    focuspunch: 'focus_punch', trickroom: 'trick_room', attract: 'attract', sleeptalk: 'sleep_talk', snore: 'snore',
};
// Stages of the user that only code tells of: when it begins to charge, or when no Ghost uses Curse.
const CHARGE_BOOSTS = {skullbash: {def: 1}, meteorbeam: {spa: 1}, curse: {atk: 1, def: 1, spe: -1}};
const VOLATILES = new Set(['confusion', 'flinch', 'partiallytrapped', 'leechseed', 'aquaring', 'ingrain',
    'focusenergy', 'taunt', 'attract', 'throatchop', 'protect', 'endure', 'minimize', 'defensecurl', 'substitute']);
const SELF_VOLATILES = new Set(['mustrecharge', 'lockedmove', 'roost']); // as flags, the first has one already
const SIDES = {reflect: 'reflect', lightscreen: 'light_screen', spikes: 'spikes', toxicspikes: 'toxic_spikes',
    stealthrock: 'stealth_rock', safeguard: 'safeguard', mist: 'mist', tailwind: 'tailwind'};
const WEATHERS = {sunnyday: 'sun', RainDance: 'rain', Sandstorm: 'sand', snowscape: 'snow'};
const TARGETS = {normal: 'foe', any: 'foe', adjacentFoe: 'foe', allAdjacentFoes: 'foe', allAdjacent: 'foe',
    randomNormal: 'foe', self: 'self', allies: 'self', foeSide: 'foe_side', allySide: 'own_side', all: 'all'};
const FLAGS = ['bite', 'bullet', 'bypasssub', 'charge', 'contact', 'dance', 'defrost', 'gravity', 'heal', 'minimize',
    'powder', 'protect', 'pulse', 'punch', 'recharge', 'reflectable', 'slicing', 'sound', 'wind'];
// Fields that the engine does not know; a move that has one of them set is left out.
const UNKNOWN = ['slotCondition', 'terrain', 'stealsBoosts', 'mindBlownRecoil',
    'forceSTAB', 'critModifier', 'ignoreAbility', 'overrideDefensivePokemon', 'smartTarget'];

function stages(boosts) {
    return ['atk', 'def', 'spa', 'spd', 'spe', 'accuracy', 'evasion'].map(s => (boosts && boosts[s]) || 0);
}

// A move as a row of facts, or the reason why not.
function moveRow(m) {
    const code = Object.keys(m).filter(k => typeof m[k] === 'function');
    const op = OPS[m.id];
    if (!(m.target in TARGETS)) return `target ${m.target}`;
    if (code.length && !op && !PLAIN.has(m.id)) return 'code of its own';
    for (const k of UNKNOWN) if (m[k]) return k;
    if (m.pseudoWeather && op !== 'trick_room') return 'pseudoWeather';
    if (m.callsMove && op !== 'sleep_talk') return 'calls another move';
    if (typeof m.selfSwitch === 'string') return 'selfSwitch';
    const row = {id: m.id, name: m.name, type: m.type, category: m.category, power: m.basePower,
        accuracy: m.accuracy === true ? 0 : m.accuracy, pp: m.noPPBoosts ? m.pp : Math.floor(m.pp * 8 / 5),
        priority: m.priority, target: TARGETS[m.target]};
    if (op) row.op = op;
    const flags = FLAGS.filter(f => m.flags[f]);
    const flag = (on, name) => { if (on) flags.push(name); };
    flag(m.selfdestruct === 'always', 'self_destruct');
    flag(m.ohko, 'ohko');
    flag(m.ohko === 'Ice', 'ohko_ice');
    flag(m.damage === 'level', 'level_damage');
    flag(m.ignoreEvasion && m.ignoreDefensive, 'ignore_stages');
    flag(m.selfSwitch === true, 'self_switch');
    flag(m.forceSwitch, 'force_switch');
    flag(m.ignoreImmunity, 'ignore_immunity');
    flag(m.stallingMove, 'stalling');
    flag(m.multiaccuracy, 'multi_accuracy');
    flag(m.thawsTarget, 'thaws');
    flag(m.breaksProtect, 'breaks_protect');
    flag(m.target === 'allAdjacent' || m.target === 'allAdjacentFoes', 'spread');
    flag(m.overrideOffensivePokemon === 'target', 'foul_play');
    flag(['gust', 'twister', 'thunder', 'hurricane'].includes(m.id), 'hits_fly');
    flag(['gust', 'twister'].includes(m.id), 'double_fly');
    flag(m.id === 'earthquake', 'hits_dig');
    flag(['surf', 'whirlpool'].includes(m.id), 'hits_dive');
    flag(m.sleepUsable, 'sleep_usable');
    flag(m.flags.nosleeptalk, 'no_sleep_talk');
    if (m.critRatio > 1) row.crit = m.critRatio - 1;
    if (m.willCrit) row.crit = 'always';
    if (m.multihit) row.hits = Array.isArray(m.multihit) ? m.multihit : [m.multihit, m.multihit];
    for (const k of ['recoil', 'drain', 'heal']) if (m[k]) row[k] = m[k];
    if (typeof m.damage === 'number') row.fixed = m.damage;
    if (m.status) row.status = m.status;
    if (m.volatileStatus) {
        if (!VOLATILES.has(m.volatileStatus) && !op) return `volatile ${m.volatileStatus}`;
        if (VOLATILES.has(m.volatileStatus)) row.volatile = m.volatileStatus;
    }
    if (m.sideCondition) {
        if (!SIDES[m.sideCondition]) return `side condition ${m.sideCondition}`;
        row.side = SIDES[m.sideCondition];
    }
    if (m.weather) {
        if (!WEATHERS[m.weather]) return `weather ${m.weather}`;
        row.weather = WEATHERS[m.weather];
    }
    if (m.boosts) row.boosts = stages(m.boosts);
    if (CHARGE_BOOSTS[m.id]) row.self_boosts = stages(CHARGE_BOOSTS[m.id]);
    if (m.selfBoost) { row.self_boosts = stages(m.selfBoost.boosts); flag(true, 'self_boost_late'); }
    if (m.self) {
        for (const k of Object.keys(m.self)) if (k !== 'boosts' && k !== 'volatileStatus') return `self ${k}`;
        if (m.self.boosts) row.self_boosts = stages(m.self.boosts);
        if (m.self.volatileStatus) {
            if (!SELF_VOLATILES.has(m.self.volatileStatus)) return `self ${m.self.volatileStatus}`;
            flag(m.self.volatileStatus === 'lockedmove', 'rampage');
            flag(m.self.volatileStatus === 'roost', 'roost');
        }
    }
    if (m.overrideOffensiveStat) row.offense = m.overrideOffensiveStat;
    if (m.overrideDefensiveStat) row.defense = m.overrideDefensiveStat;
    if (m.secondaries) {
        row.effects = [];
        for (const s of m.secondaries) {
            const e = {chance: s.chance};
            for (const k of Object.keys(s)) {
                if (k === 'chance') continue;
                else if (k === 'status') e.status = s.status;
                else if (k === 'volatileStatus' && VOLATILES.has(s.volatileStatus)) e.volatile = s.volatileStatus;
                else if (k === 'boosts') e.boosts = stages(s.boosts);
                else if (k === 'self' && Object.keys(s.self).join() === 'boosts') {
                    e.boosts = stages(s.self.boosts);
                    e.user = 1;
                } else if (k === 'onHit' && op === 'tri_attack') e.tri = 1;
                else if (k === 'onHit' && m.id === 'throatchop') e.volatile = 'throatchop';
                else if (k === 'dustproof' || k === 'kingsrock') continue;
                else return typeof s[k] === 'function' ? 'code in a secondary' : `secondary ${k} ${s[k]}`;
            }
            row.effects.push(e);
        }
    }
    if (flags.length) row.flags = flags.sort();
    return row;
}

// Moves of the species and its earlier stages in its latest generation of at most 9.
function learnset(species) {
    const own = dex.species.getLearnsetData(species.id).learnset;
    const generation = Math.max(...Object.values(own).flat().map(how => +how[0]));
    const moves = new Set();
    for (let s = species; s && s.exists; s = s.prevo ? dex.species.get(s.prevo) : null) {
        const list = dex.species.getLearnsetData(s.id).learnset || {};
        for (const id of Object.keys(list)) if (list[id].some(how => +how[0] === generation)) moves.add(id);
    }
    return {generation, moves};
}

const species = dex.species.all().filter(s => s.num >= 1 && s.num <= 151 && !s.forme).sort((a, b) => a.num - b.num);
const learn = new Map(species.map(s => [s.id, learnset(s)]));
const wanted = new Set([...learn.values()].flatMap(l => [...l.moves]));
const moves = [];
const left = {};
for (const id of [...wanted].sort()) {
    const row = moveRow(dex.moves.get(id));
    if (typeof row === 'string') (left[row] = left[row] || []).push(id);
    else moves.push(row);
}
const have = new Set(moves.map(m => m.id));
const struggle = {id: 'struggle', name: 'Struggle', type: '', category: 'Physical', power: 50, accuracy: 0, pp: 1,
    priority: 0, target: 'foe', flags: ['contact', 'protect', 'struggle']};

const speciesRows = species.map(s => ({number: s.num, id: s.id, name: s.name, types: s.types,
    base: ['hp', 'atk', 'def', 'spa', 'spd', 'spe'].map(k => s.baseStats[k]), weight: s.weighthg,
    ...(s.gender ? {gender: s.gender} : {}), generation: learn.get(s.id).generation,
    moves: [...learn.get(s.id).moves].filter(id => have.has(id)).sort()}));
for (const s of speciesRows) if (!s.moves.length) console.warn(`${s.id} has no moves`);
for (const s of speciesRows) s.name = s.name.replace('\u2019', "'").replace('\u2640', '-F').replace('\u2642', '-M');

// Rows: how well the attacking type does, in halves, against each defending type.
const types = dex.types.all().filter(t => t.name !== 'Stellar' && !t.isNonstandard).map(t => t.name).sort();
const typeRows = types.map(a => ({name: a,
    against: types.map(d => [2, 4, 1, 0][dex.types.get(d).damageTaken[a]])}));
const natures = dex.natures.all().map(n => ({id: n.id, name: n.name, plus: n.plus || null, minus: n.minus || null}))
    .sort((a, b) => (a.plus ? 1 : 0) - (b.plus ? 1 : 0) || (a.id < b.id ? -1 : 1));

function write(name, rows) {
    const text = '[\n' + rows.map(r => JSON.stringify(r)).join(',\n') + '\n]\n';
    fs.writeFileSync(path.join(out, name), text);
    return crypto.createHash('sha256').update(text).digest('hex');
}
fs.mkdirSync(out, {recursive: true});
const sha256 = {
    'species.json': write('species.json', speciesRows),
    'moves.json': write('moves.json', moves.concat(struggle)),
    'types.json': write('types.json', typeRows),
    'natures.json': write('natures.json', natures),
};
fs.writeFileSync(path.join(out, 'PROVENANCE.json'), JSON.stringify({
    version: 'gen1-v1', rules: 'generation 9, singles, without abilities, items and Tera',
    package: 'pokemon-showdown', package_version: pinned, source: 'https://www.npmjs.com/package/pokemon-showdown',
    licence: 'MIT (see LICENSE.pokemon-showdown)', extracted: process.env.EXTRACT_DATE || new Date().toISOString().slice(0, 10),
    script: 'data/pokemon/extract.js', species: speciesRows.length, moves: moves.length,
    learnset_entries: speciesRows.reduce((n, s) => n + s.moves.length, 0),
    left_out: Object.fromEntries(Object.entries(left).map(([why, ids]) => [why, ids.length])), sha256,
}, null, 2) + '\n');
console.log(`${speciesRows.length} species, ${moves.length} moves, ${[...Object.values(left)].flat().length} left out`);
if (process.argv.includes('--report'))
    for (const [why, ids] of Object.entries(left).sort((a, b) => b[1].length - a[1].length))
        console.log(`${why} (${ids.length}): ${ids.join(' ')}`);
