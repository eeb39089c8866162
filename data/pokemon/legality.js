// legality.js - makes legality.json of a data version: what of a Pokémon can be obtained, beyond the learnsets.
//
//   NODE_PATH=/tmp/dex/node_modules node data/pokemon/legality.js data/pokemon/gen9-v1
//
// Pinned as gen9.js is; needed only to change the data.  Species without a row have no bounds.  A row has
//   level     least level after evolving          perfect  least number of IVs that are 31 (legendary Pokémon)
//   go        [least level, least IV, 1: shiny too]: it may come from another game with rules of its own, see README.md
//   only      events: it comes from nowhere else; [[level, shiny 0 never 1 may 2 must, gender|"", perfect, ivs|0]..]
//   events    the same for moves that come from events only: {move: [event..]}
//   go_only   it comes from that game alone
//   not_go    "move:level ..": moves that such a Pokémon cannot know below that level (101: at none)
//   young     events that had it below its `level`
//   levels    "move:level ..": moves that a Pokémon below that level cannot know
'use strict';
const fs = require('fs');
const path = require('path');
const {Dex, TeamValidator, toID} = require('pokemon-showdown');
const seal = require('./seal.js');

const folder = process.argv[2];
const read = name => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const lock = JSON.parse(fs.readFileSync(path.join(path.dirname(require.resolve('pokemon-showdown')),
    '../../../.package-lock.json'), 'utf8')).packages['node_modules/pokemon-showdown'];
if (lock.integrity !== read('PROVENANCE.json').integrity) throw Error('this is not the pinned package');

const dex = Dex.mod('gen9');
const validator = TeamValidator.get('gen9anythinggoes');
const STATS = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
const learnsets = new Map(read('learnsets.json').map(r => [r.id, r]));
const moveList = id => (learnsets.get(id).same ? moveList(learnsets.get(id).same) : learnsets.get(id).moves.split(' '));

function eventRow(e) {
    return [e.level || 0, e.shiny === true ? 2 : e.shiny ? 1 : 0, e.gender || '', e.perfectIVs || 0,
        e.ivs ? STATS.map(s => e.ivs[s] ?? 31) : 0];
}

// Distinct events in the order of the data.
const distinct = rows => [...new Map(rows.map(r => [JSON.stringify(r), r])).values()];

function leastLevel(s) { // the validator asks each stage for its own level
    let level = 0;
    for (; s.prevo; s = dex.species.get(s.prevo)) level = Math.max(level, s.evoLevel || 0);
    return level;
}

// Events that had an evolved Pokémon at a level below that of evolving.
function young(s) {
    const rows = [], least = leastLevel(s);
    for (let above = 0; s.prevo; above = Math.max(above, s.evoLevel || 0), s = dex.species.get(s.prevo))
        for (const e of dex.species.getLearnsetData(s.id).eventData || [])
            if (e.generation <= 9 && !e.japan && e.level && Math.max(e.level, above) < least)
                rows.push(eventRow({...e, level: Math.max(e.level, above)}));
    return distinct(rows);
}

// How many IVs must be 31: asked of the validator itself, with a set that has none.
function perfect(s) {
    const sources = validator.allSources(s);
    const set = {name: s.baseSpecies, species: s.name, moves: [], level: 100, evs: {hp: 1, atk: 0, def: 0, spa: 0, spd: 0, spe: 0},
        ivs: {hp: 0, atk: 0, def: 0, spa: 0, spd: 0, spe: 0}};
    return validator.validateStats(set, s, sources, null).some(p => p.includes('three perfect')) ? 3 : 0;
}

function goBounds(s) {
    const wrong = (level, iv, shiny) => validator.validatePokemonGo(s, {level, shiny,
        ivs: {hp: iv, atk: iv, def: iv, spa: iv, spd: iv, spe: iv}}, validator.allSources(s));
    for (const shiny of [false, true]) {
        const answer = wrong(100, 31, shiny);
        if (!answer || answer.length) {
            if (!shiny) return null;
            continue;
        }
    }
    let level = 1, iv = 1;
    while (wrong(level, 31, false).length) level++;
    while (wrong(100, iv, false).length) iv += 2;
    const shiny = wrong(100, 31, true);
    return [level, iv, shiny && !shiny.length ? 1 : 0];
}

// What comes from the first two generations, as they were sold again for a later console.
const CONSOLE = {mew: [5, 0, '', 5, 0], celebi: [30, 1, '', 5, 0]};

function only(s) {
    const found = validator.getEventOnlyData(s);
    if (!found) return null;
    const rows = found.eventData.filter(e => e.generation <= 9 && !e.japan).map(eventRow);
    if (s.gen <= 2) rows.push(CONSOLE[s.id] || [3, 1, '', 3, 0]);
    return distinct(rows);
}

function moveBounds(s) {
    const events = {}, levels = [], notGo = [];
    for (const id of moveList(s.id)) {
        const ask = level => {
            const sources = validator.allSources(s);
            return [validator.checkCanLearn(dex.moves.get(id), s, sources, {level, moves: [id]}), sources];
        };
        const [problem, sources] = ask(100);
        if (problem) throw Error(`${s.id} ${id} ${problem}`);
        for (let level = 100; level >= 1; level--) {
            if (!ask(level)[1].goIncompatibleMoves?.length) continue;
            notGo.push(`${id}:${level + 1}`);
            break;
        }
        if (!sources.sourcesBefore && sources.sources.length && sources.sources.every(x => x.charAt(1) === 'S')) {
            events[id] = distinct(sources.sources.map(x => {
                const [n, from] = x.slice(x.charAt(2) === 'T' ? 3 : 2).split(' ');
                return eventRow(dex.species.getLearnsetData(toID(from)).eventData[parseInt(n)]);
            }));
            continue;
        }
        if (!ask(1)[0]) continue;
        let low = 1, high = 100;
        while (high - low > 1) {
            const middle = (low + high) >> 1;
            if (ask(middle)[0]) low = middle;
            else high = middle;
        }
        levels.push(`${id}:${high}`);
    }
    return [events, levels, notGo];
}

const rows = [];
for (const {id} of read('species.json')) {
    const s = dex.species.get(id), row = {id};
    if (s.battleOnly) continue;
    if (leastLevel(s)) row.level = leastLevel(s);
    if (young(s).length) row.young = young(s);
    if (perfect(s)) row.perfect = perfect(s);
    const go = goBounds(s), events = only(s), [moves, levels, notGo] = moveBounds(s);
    if (go && (events || row.perfect || row.level)) row.go = go;
    if (row.go && notGo.length) row.not_go = notGo.join(' ');
    if (['meltan', 'melmetal', 'gimmighoulroaming'].includes(id)) Object.assign(row, {go, go_only: true});
    if (events) row.only = events;
    if (Object.keys(moves).length) row.events = moves;
    if (levels.length) row.levels = levels.join(' ');
    if (Object.keys(row).length > 1) rows.push(row);
}
fs.writeFileSync(path.join(folder, 'legality.json'), '[\n' + rows.map(r => JSON.stringify(r)).join(',\n') + '\n]\n');
seal(folder, 'data/pokemon/legality.js', ['legality.json']);
