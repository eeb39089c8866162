// teams.js - teams and whether the simulator's validator takes them, one JSON object a line.
//
//   NODE_PATH=/tmp/dex/node_modules node tests/oracle/teams.js COUNT SEED [FORMAT] > teams9.txt
//
//   {"format", "what", "ok", "packed", "export"}
//
// A team begins as legal sets (sets.json) with random EVs, IVs, natures and items; then, half the time, one thing is
// spoiled, and `what` names it.  `ok` is the validator's word for the format (gen9ubers unless another is given).
'use strict';
const fs = require('fs');
const path = require('path');
const {Dex, Teams, TeamValidator} = require('pokemon-showdown');
const sim = require('./sim');
const {rnd, pick} = sim;
const data = path.join(__dirname, '../../data/pokemon/gen9-v1');
const read = name => JSON.parse(fs.readFileSync(path.join(data, name), 'utf8'));
const [, , count, seed = '1', format = 'gen9ubers'] = process.argv;
sim.seed(seed);
const dex = Dex.forFormat(format), validator = TeamValidator.get(format);
const rows = read('sets.json'), species = new Map(read('species.json').map(s => [s.id, s]));
const items = read('items.json').filter(i => !i.forme && !i.users), natures = read('natures.json');
const moves = read('moves.json'), IDS = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];

function member() {
    const row = pick(rows), x = pick(row.sets), s = species.get(row.id), chosen = [];
    while (chosen.length < 4 && chosen.length < x.moves.length) {
        const m = pick(x.moves);
        if (!chosen.includes(m)) chosen.push(m);
    }
    const evs = Object.fromEntries(IDS.map(k => [k, 0]));
    for (let left = 508, n = 0; n < 4; n++) {
        const k = pick(IDS), v = Math.min(4 * rnd(64), left, 252 - evs[k]);
        evs[k] += v;
        left -= v;
    }
    return {name: '', species: s.name, item: dex.items.get(s.required_items ? s.required_items[0] : pick(items).id).name,
        ability: dex.abilities.get(pick(x.abilities)).name, moves: chosen.map(m => dex.moves.get(m).name), nature: pick(natures).name,
        gender: '', evs, ivs: Object.fromEntries(IDS.map(k => [k, rnd(3) ? 31 : rnd(32)])), level: 100,
        teraType: s.required_tera || pick(x.tera)};
}

const SPOIL = {
    'another species of the same number': t => { t[1] = {...t[0]}; },
    'a move it does not learn': t => { t[0].moves[0] = pick(moves).name; },
    'the same move twice': t => { t[0].moves[1] = t[0].moves[0]; },
    'no move': t => { t[0].moves = []; },
    'an ability it does not have': t => { t[0].ability = pick(read('abilities.json')).name; },
    'too many EVs': t => { t[0].evs = {hp: 252, atk: 252, def: 252, spa: 0, spd: 0, spe: 0}; },
    'an EV above 252': t => { t[0].evs = {hp: 256, atk: 0, def: 0, spa: 0, spd: 0, spe: 0}; },
    'an IV above 31': t => { t[0].ivs = {...t[0].ivs, atk: 32}; },
    'a level above 100': t => { t[0].level = 101; },
    'a one-hit knock-out move': t => { t[0].moves[0] = 'Fissure'; },
    'an evasion move': t => { t[0].moves[0] = 'Double Team'; },
    'seven members': t => { while (t.length < 7) t.push(member()); },
    'an unknown nature': t => { t[0].nature = 'Bold2'; },
    'an item that does not exist': t => { t[0].item = 'Nonsense'; },
};

function team() {
    const out = [], seen = new Set();
    while (out.length < 6) {
        const m = member(), s = dex.species.get(m.species);
        if (seen.has(s.num)) continue;
        seen.add(s.num);
        out.push(m);
    }
    return out;
}

const kinds = Object.keys(SPOIL);
let good = 0;
for (let n = 0; n < +count; n++) {
    const t = team(), what = rnd(2) ? pick(kinds) : '';
    if (what) SPOIL[what](t);
    const packed = Teams.pack(t), text = Teams.export(Teams.unpack(packed));
    const ok = !validator.validateTeam(Teams.unpack(packed));
    good += ok;
    console.log(JSON.stringify({format, what, ok, packed, export: text}));
}
console.error(`${count} teams, ${good} good`);
