// gen9.js - makes the facts of data/pokemon/gen9-v1 from a pinned release of the pokemon-showdown package.
//
//   mkdir /tmp/dex && cd /tmp/dex && npm install --ignore-scripts pokemon-showdown@0.11.11
//   NODE_PATH=/tmp/dex/node_modules node data/pokemon/gen9.js [FOLDER]
//
// Needed only to change the data: the committed JSON is what is read.  Facts are taken, texts are not.  What
// code of the package does is not here; it is declared in the folder's effects/.  Two runs give equal bytes.
//
// Everything that is legal in generation 9 is taken.  A field of the package that is not known here stops the
// script, so that no fact is lost silently.
'use strict';
const fs = require('fs');
const path = require('path');
const {Dex, toID} = require('pokemon-showdown');
const seal = require('./seal.js');

const PINNED = '0.11.11';
const INTEGRITY = 'sha512-FdW7gt3TkG4AdXmpMTPYX2kx42VEfY8tQApjW9wEHOGzwH6Kn97wD0o5uIzAc4xpO1W+Tim70Ti9+FNkMNCA2w==';
const EXTRACTED = '2026-11-21';
const root = path.join(path.dirname(require.resolve('pokemon-showdown')), '../..');
const lock = JSON.parse(fs.readFileSync(path.join(root, '../.package-lock.json'), 'utf8'));
const installed = lock.packages['node_modules/pokemon-showdown'];
if (installed.version !== PINNED || installed.integrity !== INTEGRITY)
    throw Error(`pokemon-showdown ${installed.version} ${installed.integrity} is not the pinned package`);

const out = process.argv[2] || path.join(__dirname, 'gen9-v1');
const dex = Dex.mod('gen9');
// Nobody has these moves, but Metronome may call them.
const CALLED = new Set(dex.moves.all().filter(m => m.isNonstandard === 'Unobtainable' && m.flags.metronome).map(m => m.id));
const isLegal = x => x.exists && !x.isNonstandard;
const legal = list => list.filter(isLegal);
const byId = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const STATS = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
const snake = s => s.replace(/[A-Z]/g, c => '_' + c.toLowerCase());

// Copies what is set; `unless` is the value that goes without saying.
function put(row, name, value, unless) {
    if (value !== undefined && value !== null && value !== false && value !== unless) row[name] = value;
}

// Every field of the package's own row must be known: taken, or no fact of the battle, or a handler (code).
function known(what, row, fields) {
    for (const [k, v] of Object.entries(row))
        if (typeof v !== 'function' && !/^on[A-Z]/.test(k) && !fields.has(k))
            throw Error(`${what} ${row.name}: field ${k} is not known`);
}
const words = text => new Set(text.split(/\s+/));

// ---------------------------------------------------------------------------------------------------- moves ---
const MOVE_FIELDS = words(`num name accuracy basePower category pp priority flags type target secondary secondaries
    boosts status volatileStatus sideCondition slotCondition pseudoWeather weather terrain self selfBoost selfSwitch
    forceSwitch heal drain recoil critRatio willCrit ohko damage selfdestruct multihit multiaccuracy ignoreDefensive
    ignoreEvasion ignoreAbility ignoreImmunity breaksProtect thawsTarget overrideOffensiveStat overrideDefensiveStat
    overrideOffensivePokemon stallingMove sleepUsable callsMove smartTarget tracksTarget nonGhostTarget
    hasCrashDamage mindBlownRecoil chloroblastRecoil struggleRecoil noPPBoosts isNonstandard condition hasSheerForceBoost
    contestType desc shortDesc zMove maxMove isViable gen`);
// Effects that a move starts, by the package's name -> ours; the rest is the same in small letters.
const EFFECT = {partiallytrapped: 'bound'};
const effect = name => EFFECT[name] || toID(name);
const HIT_FIELDS = words('chance boosts status volatileStatus self');

function hitEffect(where, s) { // what a secondary or the user's own part of a move does
    const row = {};
    put(row, 'chance', s.chance);
    put(row, 'boosts', s.boosts);
    put(row, 'status', s.status);
    if (s.volatileStatus) row.volatile = effect(s.volatileStatus);
    if (s.self) row.self = hitEffect(where, s.self);
    if (Object.values(s).some(v => typeof v === 'function')) row.code = true;
    for (const k of Object.keys(s)) if (!HIT_FIELDS.has(k) && typeof s[k] !== 'function') throw Error(`${where}: ${k}`);
    return row;
}

function moveRow(m) {
    known('move', dex.data.Moves[m.id], MOVE_FIELDS);
    const row = {id: m.id, num: m.num, name: m.name, type: m.type, category: m.category.toLowerCase(),
        power: m.basePower, accuracy: m.accuracy === true ? 0 : m.accuracy, pp: m.pp,
        pp_max: m.noPPBoosts ? m.pp : Math.floor(m.pp * 8 / 5), priority: m.priority, target: snake(m.target)};
    const marks = Object.keys(m.flags);
    const mark = (on, name) => { if (on) marks.push(name); };
    for (const [k, name] of [['ignoreDefensive', 'ignore_defense_stages'], ['ignoreEvasion', 'ignore_evasion'],
        ['ignoreAbility', 'ignore_ability'], ['breaksProtect', 'breaks_protect'], ['thawsTarget', 'thaws_target'],
        ['stallingMove', 'stalling'], ['sleepUsable', 'sleep_usable'], ['callsMove', 'calls_move'],
        ['multiaccuracy', 'multi_accuracy'], ['forceSwitch', 'force_switch'], ['hasCrashDamage', 'crash'],
        ['smartTarget', 'smart_target'], ['tracksTarget', 'tracks_target'], ['willCrit', 'always_crit'],
        ['hasSheerForceBoost', 'sheer_force'], ['mindBlownRecoil', 'half_recoil'],
        ['chloroblastRecoil', 'half_recoil_round'], ['struggleRecoil', 'struggle_recoil']]) mark(m[k], name);
    mark(m.ignoreImmunity && m.category !== 'Status', 'ignore_immunity');
    mark(m.category === 'Status' && !m.ignoreImmunity, 'heed_immunity');
    row.flags = marks.sort();
    put(row, 'unobtainable', CALLED.has(m.id));
    if (m.critRatio !== 1) row.crit = m.critRatio - 1;
    if (m.multihit) row.hits = Array.isArray(m.multihit) ? m.multihit : [m.multihit, m.multihit];
    for (const k of ['drain', 'recoil', 'heal', 'boosts', 'status']) put(row, k, m[k]);
    if (m.damage) row.damage = m.damage;
    if (m.ohko) row.ohko = m.ohko === true ? true : m.ohko.toLowerCase();
    if (m.selfdestruct) row.selfdestruct = m.selfdestruct === 'always' ? 'always' : 'if_hit';
    if (m.selfSwitch) row.self_switch = m.selfSwitch === true ? 'plain' : m.selfSwitch;
    put(row, 'offense', m.overrideOffensiveStat);
    put(row, 'defense', m.overrideDefensiveStat);
    put(row, 'offense_of', m.overrideOffensivePokemon);
    put(row, 'non_ghost_target', m.nonGhostTarget, '');
    for (const [k, name] of [['volatileStatus', 'volatile'], ['sideCondition', 'side'], ['slotCondition', 'slot'],
        ['pseudoWeather', 'room'], ['weather', 'weather'], ['terrain', 'terrain']]) if (m[k]) row[name] = effect(m[k]);
    if (m.condition) {
        put(row, 'duration', m.condition.duration);
        put(row, 'no_copy', m.condition.noCopy);
    }
    if (m.self) row.self = hitEffect(m.id, m.self);
    if (m.selfBoost) row.self_boost = m.selfBoost.boosts;
    if (m.secondaries) row.secondaries = m.secondaries.map(s => hitEffect(m.id, s));
    return row;
}

// ---------------------------------------------------------------------------------------- abilities and items ---
const ABILITY_FIELDS = words('num name flags rating desc shortDesc suppressWeather condition gen');

function abilityRow(a) {
    known('ability', dex.data.Abilities[a.id], ABILITY_FIELDS);
    const row = {id: a.id, num: a.num, name: a.name};
    const flags = Object.keys(a.flags).concat(a.suppressWeather ? ['suppress_weather'] : []).sort();
    if (flags.length) row.flags = flags;
    return row;
}

const ITEM_FIELDS = words(`num name fling spritenum ignoreKlutz boosts itemUser forcedForme isBerry naturalGift
    isPokeball isChoice isGem onPlate gen desc shortDesc condition`);

function itemRow(i, inPool = isLegal) {
    known('item', dex.data.Items[i.id], ITEM_FIELDS);
    const row = {id: i.id, num: i.num, name: i.name};
    if (i.fling) {
        row.fling = {power: i.fling.basePower};
        put(row.fling, 'status', i.fling.status);
        put(row.fling, 'volatile', i.fling.volatileStatus);
    }
    if (i.naturalGift) row.natural_gift = {power: i.naturalGift.basePower, type: i.naturalGift.type};
    put(row, 'boosts', i.boosts);
    put(row, 'plate', i.onPlate);
    if (i.forcedForme) row.forme = toID(i.forcedForme);
    if (i.itemUser) row.users = i.itemUser.map(toID).filter(id => inPool(dex.species.get(id)));
    const flags = [['isBerry', 'berry'], ['isPokeball', 'ball'], ['isChoice', 'choice'], ['isGem', 'gem'],
        ['ignoreKlutz', 'ignore_klutz']].filter(([k]) => i[k]).map(([, name]) => name);
    if (flags.length) row.flags = flags;
    return row;
}

// -------------------------------------------------------------------------------------------------- species ---
const SPECIES_FIELDS = words(`num name types baseStats abilities genderRatio gender heightm weightkg color evos
    eggGroups prevo evoLevel otherFormes formeOrder canGigantamax evoType baseSpecies forme evoItem evoRegion
    evoCondition canHatch tags evoMove mother baseForme changesFrom cosmeticFormes isCosmeticForme requiredItem
    requiredItems requiredMove battleOnly requiredAbility cannotDynamax requiredTeraType gen`);

function speciesRow(s, inPool = isLegal) {
    if (dex.data.Pokedex[s.id]) known('species', dex.data.Pokedex[s.id], SPECIES_FIELDS);
    const row = {id: s.id, num: s.num, name: s.name, types: s.types, stats: STATS.map(k => s.baseStats[k]),
        abilities: ['0', '1', 'H', 'S'].map(k => (s.abilities[k] ? toID(s.abilities[k]) : '')), weight: s.weighthg};
    while (row.abilities.at(-1) === '') row.abilities.pop();
    if (s.gender) row.gender = s.gender;
    else row.male = Math.round(s.genderRatio.M * 8); // eighths
    if (s.forme) { row.base = toID(s.baseSpecies); row.forme = s.forme; }
    put(row, 'base_forme', s.baseForme, '');
    put(row, 'cosmetic', s.isCosmeticForme);
    if (s.changesFrom) row.changes_from = toID(s.changesFrom);
    if (s.battleOnly) row.battle_only = [].concat(s.battleOnly).map(toID);
    const items = (s.requiredItems || []).map(toID).filter(i => inPool(dex.items.get(i)));
    if (items.length) row.required_items = items;
    if (s.requiredAbility) row.required_ability = toID(s.requiredAbility);
    if (s.requiredMove) row.required_move = toID(s.requiredMove);
    put(row, 'required_tera', s.requiredTeraType);
    if (s.prevo) row.prevo = toID(s.prevo);
    put(row, 'nfe', s.nfe);
    if (s.tags.length) row.tags = s.tags.map(t => t.toLowerCase().replace(/[^a-z]+/g, '_'));
    return row;
}

// A forme whose moves are those of another row says so; every legal way to learn a move in generation 9 counts.
function learnsetRows(species, moves) {
    const seen = new Map(), rows = [], legalMoves = new Set(moves.map(m => m.id).filter(id => !CALLED.has(id)));
    for (const s of species) {
        const pool = [...dex.species.getMovePool(s.id)].filter(m => legalMoves.has(m)).sort().join(' ');
        if (!pool) throw Error(`${s.id} learns nothing`);
        if (seen.has(pool)) rows.push({id: s.id, same: seen.get(pool)});
        else rows.push({id: s.id, moves: pool});
        if (!seen.has(pool)) seen.set(pool, s.id);
    }
    return rows;
}

// ----------------------------------------------------------------------------------------- types and natures ---
const EIGHTEEN = legal(dex.types.all()).map(t => t.name).filter(n => n !== 'Stellar').sort();
const IMMUNITIES = ['brn', 'frz', 'par', 'powder', 'prankster', 'psn', 'sandstorm', 'tox', 'trapped'];

function typeRow(name) { // how well the attacking type does, in halves, against each defending type in order
    const taken = dex.types.get(name).damageTaken;
    const row = {name, against: EIGHTEEN.map(d => [2, 4, 1, 0][dex.types.get(d).damageTaken[name]])};
    const immune = IMMUNITIES.filter(k => taken[k] === 3);
    for (const k of Object.keys(taken))
        if (!EIGHTEEN.includes(k) && k !== 'Stellar' && k !== 'hail' && !IMMUNITIES.includes(k))
            throw Error(`type ${name}: ${k}`);
    if (immune.length) row.immune = immune;
    return row;
}

function natureRow(n) {
    return n.plus ? {id: n.id, name: n.name, plus: n.plus, minus: n.minus} : {id: n.id, name: n.name};
}

// ------------------------------------------------------------------------------------------------- random sets ---
// What random teams are made of: levels that even the strengths out, and for each role what moves there are.
function setRows() {
    const sets = require('pokemon-showdown/dist/data/random-battles/gen9/sets.json');
    return Object.entries(sets).map(([id, s]) => ({id, level: s.level, sets: s.sets.map(x => ({
        role: x.role.toLowerCase().replace(/ /g, '_'), moves: x.movepool.map(toID), abilities: x.abilities.map(toID),
        tera: x.teraTypes}))})).sort(byId);
}

// ---------------------------------------------------------------------------------------------------- output ---
const made = [];
function write(name, rows) {
    fs.writeFileSync(path.join(out, name), '[\n' + rows.map(r => JSON.stringify(r)).join(',\n') + '\n]\n');
    made.push(name);
}

function main() {
    fs.mkdirSync(out, {recursive: true});
    const species = legal(dex.species.all()).map(s => speciesRow(s))
        .sort((a, b) => a.num - b.num || (a.forme ? 1 : 0) - (b.forme ? 1 : 0) || byId(a, b));
    const moves = legal(dex.moves.all()).concat([...CALLED].map(id => dex.moves.get(id))).map(moveRow).sort(byId);
    const abilities = legal(dex.abilities.all()).map(abilityRow).sort(byId);
    const items = legal(dex.items.all()).map(i => itemRow(i)).sort(byId);
    const learnsets = learnsetRows(species, moves);
    write('species.json', species);
    write('moves.json', moves);
    write('abilities.json', abilities);
    write('items.json', items);
    write('natures.json', dex.natures.all().map(natureRow).sort(byId));
    write('types.json', EIGHTEEN.map(typeRow));
    write('learnsets.json', learnsets);
    const sets = setRows();
    write('sets.json', sets);

    const moveCount = s => (s.same ? moveCount(learnsets.find(r => r.id === s.same)) : s.moves.split(' ').length);
    seal(out, 'data/pokemon/gen9.js', made, {
        version: 'gen9-v1', rules: 'generation 9, singles', package: 'pokemon-showdown', package_version: PINNED,
        integrity: INTEGRITY, source: 'https://www.npmjs.com/package/pokemon-showdown',
        licence: 'MIT (see LICENSE.pokemon-showdown); facts only, no texts', extracted: EXTRACTED,
        counts: {species: new Set(species.map(s => s.num)).size, formes: species.length, moves: moves.length - CALLED.size,
            moves_only_called: CALLED.size,
            abilities: abilities.length, items: items.length, natures: 25, types: EIGHTEEN.length,
            set_species: sets.length, sets: sets.reduce((n, s) => n + s.sets.length, 0),
            learnset_entries: learnsets.reduce((n, s) => n + moveCount(s), 0)},
    });
    console.log(fs.readFileSync(path.join(out, 'PROVENANCE.json'), 'utf8'));
}

if (require.main === module) main();
// For the other versions.
module.exports = {PINNED, INTEGRITY, EXTRACTED, MOVE_FIELDS, ITEM_FIELDS, SPECIES_FIELDS, CALLED, dex, moveRow,
    abilityRow, itemRow, speciesRow, natureRow, byId};
