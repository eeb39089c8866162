// tape.js - records whole battles of the simulator with every random number it drew.
//
//   NODE_PATH=/tmp/dex/node_modules node tests/oracle/tape.js BATTLES SEED [--full] > tapes.txt
//
// The engine replays them (tests/operators/test_battle_tape.c): each draw must be asked for in the same order
// with the same range, and after each step both must agree on HP, status, PP, stages and who is active.
// Left aside are draws that decide nothing: ranges of one, and ties between handlers, which are kept in side
// order here.  --full adds readable states as comments.
//
//   battle N
//   team SIDE species level gender nature m1,m2,.. hp,atk,def,spa,spd,spe(IV) hp,..(EV)
//   step C0 C1 HASH HI:RESULT LO-HI:RESULT ..
//   end WINNER            0, 1, or 2 when nobody is left
'use strict';
const fs = require('fs');
const path = require('path');
const {Battle, PRNG, Dex} = require('pokemon-showdown');
const random = require('./random.js');
const {rnd, pick} = random;

const data = path.join(__dirname, '../../data/pokemon/gen1-v1');
const read = name => JSON.parse(fs.readFileSync(path.join(data, name), 'utf8'));
const learnt = Object.fromEntries(read('learnsets.json').map(l => [l.id, l.moves.split(' ')]));
const species = read('species.json').map(s => ({...s, moves: learnt[s.id] || []})).filter(s => s.moves.length);
const only = (process.argv.find(a => a.startsWith('--only=')) || '').slice(7).split(',').filter(Boolean);
const count = +process.argv[2], full = process.argv.includes('--full');
random.seed(process.argv[3] || 1);

class Recorder extends PRNG {
    random(from, to) {
        if (this.silent) return to - 1;
        const r = super.random(from, to);
        const lo = to === undefined ? 0 : from, hi = to === undefined ? from : to;
        if (hi - lo > 1) this.draws.push(lo ? `${lo}-${hi}:${r}` : `${hi}:${r}`);
        return r;
    }
}

class Oracle extends Battle {
    speedSort(list, compare = this.comparePriority) {
        if (list === this.queue?.list) return super.speedSort(list, compare);
        const order = list.map((v, i) => [v, i]).sort((p, q) => compare(p[0], q[0]) || p[1] - q[1]);
        order.forEach((v, i) => { list[i] = v[0]; });
    }
    getRandomSwitchable(side) { // in party order, whoever has been swapped with whom
        const bench = this.possibleSwitches(side).sort((p, q) => slot(p) - slot(q));
        return bench.length ? this.sample(bench) : null;
    }
}

const slot = p => p.side.team.indexOf(p.set);
const ids = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
const stages = ['atk', 'def', 'spa', 'spd', 'spe', 'accuracy', 'evasion'];
const statuses = ['', 'brn', 'par', 'slp', 'frz', 'psn', 'tox'];

function mon() {
    const s = pick(species), moves = [];
    const wanted = s.moves.filter(m => only.includes(m));
    while (moves.length < 4 && moves.length < s.moves.length) {
        const m = wanted.length && rnd(2) ? pick(wanted) : pick(s.moves);
        if (!moves.includes(m)) moves.push(m);
        else if (rnd(40) === 0) break;
    }
    return {name: s.id, species: s.id, level: pick([50, 50, 50, 73, 100, 1 + rnd(100)]), nature: pick(Dex.natures.all()).id,
        gender: pick(['M', 'F', 'N']), ability: 'noability', item: '', moves, ivs: Object.fromEntries(ids.map(k => [k, rnd(32)])),
        evs: Object.fromEntries(ids.map(k => [k, 4 * rnd(22)]))};
}

function choose(side) { // {text for the simulator, number for the engine}
    const request = side.activeRequest;
    if (!request || request.wait) return null;
    const options = [];
    const bench = side.pokemon.map((p, i) => [p, i]).filter(([p, i]) => i > 0 && !p.fainted && p.hp > 0);
    const switches = bench.map(([p, i]) => ({text: `switch ${i + 1}`, number: 5 + slot(p)}));
    if (request.forceSwitch) return pick(switches);
    const active = request.active[0];
    if (active.moves.length === 1 && (active.trapped && !active.moves[0].pp || active.moves[0].id === 'struggle' ||
        active.moves[0].id === 'recharge'))
        options.push({text: 'move 1', number: 4});
    else
        active.moves.forEach((m, i) => { if (!m.disabled) options.push({text: `move ${i + 1}`, number: i}); });
    if (!active.trapped && switches.length && rnd(6) === 0) return pick(switches);
    return pick(options);
}

function describe(battle) {
    return battle.sides.map(side => {
        const active = side.active[0];
        const party = side.team.map(set => side.pokemon.find(p => p.set === set));
        return [slot(active), party.map(p => [p.hp, p.hp ? statuses.indexOf(p.status) : 0,
            ...p.baseMoveSlots.map(m => m.pp)]), stages.map(s => (active.hp ? active.boosts[s] : 0) + 6)];
    });
}

function hash(value) {
    let h = 2166136261;
    for (const n of value.flat(5)) for (const byte of [n & 255, n >> 8]) h = Math.imul(h ^ byte, 16777619) >>> 0;
    return h;
}

for (let n = 0; n < count; n++) {
    const size = 2 + rnd(5);
    const teams = [0, 1].map(() => Array.from({length: size}, mon));
    const prng = new Recorder([rnd(65536), rnd(65536), rnd(65536), rnd(65536)].join(','));
    prng.draws = [];
    const battle = new Oracle({formatid: 'gen9customgame', prng, p1: {name: 'A', team: teams[0]}, p2: {name: 'B', team: teams[1]}});
    const insert = battle.queue.insertChoice;
    battle.queue.insertChoice = function (choices, midTurn) { // a tie of two arrivals decides nothing
        prng.silent = true;
        insert.call(this, choices, midTurn);
        prng.silent = false;
    };
    battle.makeChoices('default', 'default');
    console.log(`battle ${n}`);
    teams.forEach((team, i) => team.forEach(m => console.log('team', i, m.species, m.level, 'NMF'.indexOf(m.gender), m.nature, m.moves.join(),
        ids.map(k => m.ivs[k]).join(), ids.map(k => m.evs[k]).join())));
    while (!battle.ended && battle.turn < 120) {
        prng.draws = [];
        const at = battle.log.length;
        const choices = battle.sides.map(choose);
        battle.sides.forEach((side, i) => {
            if (choices[i] && !side.choose(choices[i].text)) throw Error(`${choices[i].text}: ${side.choice.error}`);
        });
        battle.commitChoices();
        const now = describe(battle);
        console.log(['step', ...choices.map(c => (c ? c.number : -1)), hash(now), ...prng.draws].join(' '));
        if (full) {
            console.log('# ' + JSON.stringify(now));
            for (const line of battle.log.slice(at)) console.log('#   ' + line);
        }
    }
    if (battle.ended) {
        const left = battle.sides.map(s => s.pokemonLeft > 0);
        console.log('end', !left[0] && !left[1] ? 2 : left[0] ? 0 : 1);
    }
}
