// natdex.js - makes the facts of data/pokemon/natdex-v1, what national-dex play has besides gen9-v1, from the same pinned
// release of the pokemon-showdown package.
//
//   NODE_PATH=/tmp/dex/node_modules node data/pokemon/natdex.js [FOLDER]      writes the folder
//   NODE_PATH=/tmp/dex/node_modules node data/pokemon/natdex.js --report      tells what is left out, and why
//
// The folder holds only what gen9-v1 has not, or has otherwise: rules.json names it as the base.  What has rules in the
// package must have some in an effects/ folder, be without need of them (NO_RULES) or be left out (LEFT_OUT); anything
// else stops the script, so nothing gets into the pool that would silently do nothing.
'use strict';
const fs = require('fs');
const path = require('path');
const {toID} = require('pokemon-showdown');
const gen9 = require('./gen9.js');
const seal = require('./seal.js');
const {dex, byId} = gen9;
const {LEFT_OUT, NO_RULES} = require('./natdex_pool.js');

const folder = process.argv[2] && !process.argv[2].startsWith('--') ? process.argv[2] : path.join(__dirname, 'natdex-v1');
const base = path.join(__dirname, 'gen9-v1');
const read = (dir, name) => (fs.existsSync(path.join(dir, name)) ? JSON.parse(fs.readFileSync(path.join(dir, name), 'utf8')) : []);

// Facts that only this version has.
for (const k of ['isZ', 'realMove', 'stealsBoosts', 'tags']) gen9.MOVE_FIELDS.add(k);
for (const k of ['megaStone', 'zMove', 'zMoveType', 'zMoveFrom', 'isPrimalOrb', 'onMemory', 'onDrive', 'isNonstandard', 'tags'])
    gen9.ITEM_FIELDS.add(k);
for (const k of ['maxHP', 'placeholderFor']) gen9.SPECIES_FIELDS.add(k);

// ------------------------------------------------------------------------------------------------------ pool ---
const out = kind => new Map(LEFT_OUT.filter(r => r.kind === kind).flatMap(r => r.ids.split(/\s+/).map(id => [id, r.why])));
const left = {moves: out('moves'), items: out('items'), species: out('species'), abilities: out('abilities')};
const kindOf = x => ({Move: 'moves', Item: 'items', Ability: 'abilities', Pokemon: 'species'})[x.effectType];
const IN = new Set(['Past', 'Unobtainable']);
const candidate = x => x.exists && !x.isMax && !x.realMove && (!x.isNonstandard || IN.has(x.isNonstandard)) && !/^noability$/.test(x.id);
const inPool = x => candidate(x) && !left[kindOf(x)].has(x.id) && !left[kindOf(x)].has(`*${x.forme}`);
function pool(list) { // the Hidden Powers of single types have the id of the one that has none
    const seen = new Map();
    for (const x of list) if (inPool(x) && (!seen.has(x.id) || x.name === 'Hidden Power')) seen.set(x.id, x);
    return [...seen.values()];
}

const effects = kind => ({...(Object.assign({}, JSON.parse(fs.readFileSync(path.join(base, `effects/${kind}.json`), 'utf8')))),
    ...(fs.existsSync(path.join(folder, `effects/${kind}.json`)) ? JSON.parse(fs.readFileSync(path.join(folder, `effects/${kind}.json`), 'utf8')) : {})});
const HANDLER = /^on[A-Z]|Callback$/, FACTS = /^on(Plate|Memory|Drive|TakeItem)$/; // these follow from other facts
const plain = new Set(NO_RULES.split(/\s+/));
function mustHaveRules(kind, rows, table) {
    const declared = effects(kind), known = new Set(read(base, `${kind}.json`).map(r => r.id)), silent = [];
    for (const {id} of rows) {
        const parts = [table[id], table[id].secondary, ...(table[id].secondaries || [])].filter(Boolean);
        const ruled = table[id].condition || parts.some(p => Object.keys(p).some(k => HANDLER.test(k) && !FACTS.test(k)));
        if (ruled && !known.has(id) && !declared[id] && !plain.has(id)) silent.push(id);
    }
    if (silent.length) throw Error(`${kind} that have rules in the package and none here: ${silent.join(' ')}`);
}

// ------------------------------------------------------------------------------------------------------ rows ---
function moveRow(m) {
    const row = gen9.moveRow(m);
    if (m.isNonstandard === 'Past') row.flags = row.flags.filter(f => f !== 'metronome'); // it calls none of these
    delete row.unobtainable; // somebody has had it once
    if (m.id === 'trumpcard') row.pp_max = m.pp; // its PP cannot be raised there
    if (m.isZ) row.z = true;
    return row;
}

function itemRow(i) {
    const row = gen9.itemRow(i, inPool);
    if (i.megaStone) row.mega = Object.fromEntries(Object.entries(i.megaStone).map(p => p.map(toID)));
    if (i.zMoveType) row.z_type = i.zMoveType;
    if (i.zMoveFrom) row.z_from = toID(i.zMoveFrom);
    if (i.zMove) row.z_move = i.zMoveType ? dex.moves.all().find(m => m.isZ === i.id).id : toID(i.zMove);
    if (i.isPrimalOrb) row.primal = true;
    if (i.onMemory) row.memory = i.onMemory;
    if (i.onDrive) row.drive = i.onDrive;
    return row;
}

function speciesRow(s) {
    const row = gen9.speciesRow(s, inPool);
    if (row.tags) row.tags = row.tags.filter(t => t !== 'true_past');
    if (row.tags && !row.tags.length) delete row.tags;
    return row;
}

// What a move is as a Z-Move: its power then, or what a status move brings besides.
function zRow(m) {
    const z = m.zMove || {};
    const row = {id: m.id};
    if (z.basePower && m.category !== 'Status') row.power = z.basePower;
    if (z.boost) row.boosts = z.boost;
    if (z.effect) row.effect = z.effect;
    return row;
}

// Every row as this version would have it on its own, then only those that the base has not or has otherwise.
function news(name, rows) {
    const old = new Map(read(base, name).map(r => [r.id, JSON.stringify(r)]));
    const gone = [...old.keys()].filter(id => !rows.some(r => r.id === id));
    if (gone.length) throw Error(`${name}: the base has ${gone.join(' ')}`);
    return rows.filter(r => old.get(r.id) !== JSON.stringify(r));
}

function learnsetRows(species, moves) {
    const known = new Set(moves.map(m => m.id)), old = new Map();
    for (const r of read(base, 'learnsets.json')) old.set(r.id, r.same ? old.get(r.same) : new Set(r.moves.split(' ')));
    const seen = new Map(), rows = [];
    for (const s of species) {
        const mine = [...dex.species.getMovePool(s.id, true)].filter(m => known.has(m) && !dex.moves.get(m).isZ).sort();
        for (const m of old.get(s.id) || []) if (!mine.includes(m)) mine.push(m);
        const all = mine.sort().join(' '), before = old.get(s.id);
        if (!all) rows.push({id: s.id, moves: ''});
        else if (seen.has(all)) rows.push({id: s.id, same: seen.get(all)});
        else if (before) rows.push({id: s.id, plus: mine.filter(m => !before.has(m)).join(' ')});
        else rows.push({id: s.id, moves: all});
        if (!seen.has(all)) seen.set(all, s.id);
    }
    return rows;
}

// The least level: that of evolving, unless it could be caught or was given away below.  How else a Pokémon was obtained is
// not looked at.
function leastLevel(s) {
    if (!s.prevo) return 1;
    const data = dex.species.getLearnsetData(s.id), met = [...(data.eventData || []), ...(data.encounters || [])];
    const own = met.map(e => e.level || 1), before = leastLevel(dex.species.get(s.prevo));
    return Math.min(Math.max(s.evoLevel || 1, before), ...own);
}

function legalityRows(species) {
    return species.map(r => ({id: r.id, level: leastLevel(dex.species.get(r.id))})).filter(r => r.level > 1);
}

// ---------------------------------------------------------------------------------------------------- output ---
function report() {
    const skipped = {};
    for (const kind of ['moves', 'items', 'abilities', 'species'])
        for (const x of dex[kind].all())
            if (candidate(x) && !inPool(x)) {
                const why = left[kind].get(x.id) || left[kind].get(`*${x.forme}`);
                ((skipped[kind] = skipped[kind] || {})[why] = skipped[kind][why] || []).push(x.id);
            }
    for (const [kind, whys] of Object.entries(skipped))
        for (const [why, ids] of Object.entries(whys)) console.log(`${kind} (${ids.length}), ${why}: ${ids.join(' ')}`);
}

const made = [];
function write(name, rows) {
    fs.writeFileSync(path.join(folder, name), '[\n' + rows.map(r => JSON.stringify(r)).join(',\n') + '\n]\n');
    made.push(name);
}

function main() {
    fs.mkdirSync(folder, {recursive: true});
    const species = pool(dex.species.all()).map(speciesRow)
        .sort((a, b) => a.num - b.num || (a.forme ? 1 : 0) - (b.forme ? 1 : 0) || byId(a, b));
    const moves = pool(dex.moves.all()), items = pool(dex.items.all()), abilities = pool(dex.abilities.all());
    mustHaveRules('moves', moves, dex.data.Moves);
    mustHaveRules('items', items, dex.data.Items);
    mustHaveRules('abilities', abilities, dex.data.Abilities);
    const rows = {moves: moves.map(moveRow).sort(byId), items: items.map(itemRow).sort(byId),
        abilities: abilities.map(gen9.abilityRow).sort(byId)};
    for (const [name, all] of [['species', species], ['moves', rows.moves], ['items', rows.items], ['abilities', rows.abilities]])
        write(`${name}.json`, news(`${name}.json`, all));
    write('learnsets.json', learnsetRows(species, rows.moves));
    write('legality.json', legalityRows(species));
    write('zmoves.json', moves.map(zRow).filter(r => Object.keys(r).length > 1).sort(byId));
    seal(folder, 'data/pokemon/natdex.js', made, {
        version: 'natdex-v1', rules: 'generation 9 with Mega Evolution and Z-Moves, singles', base: 'gen9-v1',
        package: 'pokemon-showdown', package_version: gen9.PINNED, integrity: gen9.INTEGRITY,
        source: 'https://www.npmjs.com/package/pokemon-showdown',
        licence: 'MIT (see LICENSE.pokemon-showdown); facts only, no texts', extracted: gen9.EXTRACTED,
        counts: {species: new Set(species.map(s => s.num)).size, formes: species.length, moves: moves.length,
            abilities: abilities.length, items: items.length},
    });
    console.log(fs.readFileSync(path.join(folder, 'PROVENANCE.json'), 'utf8'));
}

if (process.argv.includes('--report')) report();
else main();
