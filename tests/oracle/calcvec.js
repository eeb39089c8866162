// calcvec.js - damage vectors of the npm package @smogon/calc for tests/operators/test_battle_vectors.c.
//
//   mkdir /tmp/dex && cd /tmp/dex && npm install --ignore-scripts @smogon/calc@0.12.0 pokemon-showdown@0.11.11
//   NODE_PATH=/tmp/dex/node_modules node tests/oracle/calcvec.js 5000 1 > tests/oracle/damage.txt
//
// One vector a line, of two Pokémon, a move and the 16 damages from the lowest roll to the highest:
//
//   species level nature IVs EVs stages status | the same | move crit d0,+,+,..
//
// IVs are six digits of base 32, EVs six quarters as letters of base 64, stages five letters with g as 0
// (Attack, Defense, Sp. Atk, Sp. Def, Speed); after the first damage only the steps are written.
'use strict';
const fs = require('fs');
const path = require('path');
const random = require('./random.js');
const {rnd, pick} = random;
const {calculate, Pokemon, Move, Field, Generations} = require('@smogon/calc');
const data = path.join(__dirname, '../../data/pokemon/gen1-v1');
const read = name => JSON.parse(fs.readFileSync(path.join(data, name), 'utf8'));
const gen = Generations.get(9);
const stats = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
const b64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
// The calculator says something else on purpose: it sums hits, guesses at what came before, or gives no rolls.
const apart = new Set(['dreameater', 'finalgambit', 'endeavor', 'meteorbeam', 'superfang', 'payback']);
const known = new Map([...gen.species].map(s => [s.id, s.name]));
const species = read('species.json').filter(s => known.has(s.id));
const moves = read('moves.json').filter(m => m.category !== 'status' && !m.hits && !apart.has(m.id) &&
    !m.ohko && m.id !== 'struggle' && gen.moves.get(m.id));
const natures = read('natures.json');

random.seed(process.argv[3] || 1);

function fighter() {
    const s = pick(species), list = f => Object.fromEntries(stats.map(k => [k, f()]));
    return {id: s.id, name: known.get(s.id), level: pick([1, 5, 50, 50, 73, 88, 100, 1 + rnd(100)]), nature: pick(natures),
        ivs: list(() => rnd(32)), evs: list(() => 4 * rnd(64)), status: pick(['', '', '', 'brn', 'par', 'psn', 'slp']),
        boosts: Object.fromEntries(stats.slice(1).map(k => [k, rnd(3) ? 0 : rnd(13) - 6]))};
}

const make = f => new Pokemon(gen, f.name, {level: f.level, nature: f.nature.name, ivs: f.ivs, evs: f.evs,
    ability: 'No Ability', boosts: f.boosts, status: f.status});
const show = f => [f.id, f.level, f.nature.id, stats.map(k => f.ivs[k].toString(32)).join(''),
    stats.map(k => b64[f.evs[k] / 4]).join(''),
    stats.slice(1).map(k => String.fromCharCode(103 + f.boosts[k])).join(''), f.status || '-'].join(' ');

for (let n = 0; n < +process.argv[2];) {
    const a = fighter(), b = fighter(), m = pick(moves), crit = rnd(6) === 0 || m.crit === 'always';
    const result = calculate(gen, make(a), make(b), new Move(gen, m.name, {isCrit: crit}), new Field({gameType: 'Singles'}));
    let d = result.damage;
    if (typeof d === 'number') d = Array(16).fill(d);
    if (d.length !== 16) continue;
    console.log(`${show(a)} | ${show(b)} | ${m.id} ${crit ? 1 : 0} ${d.map((v, i) => (i ? v - d[i - 1] : v)).join()}`);
    n++;
}
console.error(`${species.length} species, ${moves.length} moves`);
