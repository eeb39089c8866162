// speed.js - turns and battles a second of the simulator as it is, on the teams of a file of tapes.
//
//   NODE_PATH=/tmp/dex/node_modules node tests/oracle/speed.js TAPES [SECONDS]
//
// Both sides choose at random among their legal moves and, one time in six, switches; the log is written as usual.
'use strict';
const fs = require('fs');
const {Battle, PRNG} = require('pokemon-showdown');
const IDS = ['hp', 'atk', 'def', 'spa', 'spd', 'spe'];
const [file, seconds = '10'] = process.argv.slice(2);
let state = 0x12345678;
function rnd(n) { // xorshift32
    state ^= state << 13; state >>>= 0; state ^= state >>> 17; state ^= state << 5; state >>>= 0;
    return state % n;
}
const pick = list => list[rnd(list.length)];
const six = text => Object.fromEntries(text.split(',').map((v, i) => [IDS[i], +v]));
const plain = word => (word === '-' ? '' : word);

function readTeams() {
    const battles = [];
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
        const w = line.split(' ');
        if (w[0] === 'battle') battles.push([[], []]);
        if (w[0] === 'mon') battles.at(-1)[+w[1]].push({name: '', species: w[2], ability: plain(w[3]) || 'noability', item: plain(w[4]),
            nature: w[5], level: +w[6], gender: w[7], teraType: w[8], moves: w[9].split(','), ivs: six(w[10]), evs: six(w[11])});
    }
    return battles;
}

function choose(side) {
    const request = side.activeRequest;
    if (!request || request.wait) return;
    const bench = side.pokemon.map((p, i) => i).filter(i => i > 0 && !side.pokemon[i].fainted);
    if (!request.forceSwitch && (request.active[0].trapped || request.active[0].maybeTrapped || !bench.length || rnd(6))) {
        const moves = request.active[0].moves.map((m, i) => [m, i + 1]).filter(([m]) => !m.disabled);
        if (moves.length && side.choose(`move ${pick(moves)[1]}${request.active[0].canTerastallize && !rnd(8) ? ' terastallize' : ''}`)) return;
    } else if (bench.length && side.choose(`switch ${pick(bench) + 1}`)) {
        return;
    }
    if (!side.isChoiceDone() && !side.choose('default')) side.autoChoose();
}

const teams = readTeams();
let turns = 0, battles = 0, lost = 0;
const begin = process.cpuUsage(), spent = () => { const c = process.cpuUsage(begin); return (c.user + c.system) / 1e6; };
while (spent() < +seconds) {
    try {
        const [a, b] = structuredClone(pick(teams));
        const battle = new Battle({formatid: 'gen9customgame', prng: new PRNG([rnd(65536), rnd(65536), rnd(65536), rnd(65536)].join(',')),
            p1: {name: 'A', team: a}, p2: {name: 'B', team: b}});
        battle.makeChoices('default', 'default');
        while (!battle.ended && battle.turn < 1000) {
            battle.sides.forEach(choose);
            battle.commitChoices();
        }
        turns += battle.turn;
        battles++;
    } catch (e) {
        lost++;
    }
}
console.log(`simulator: ${(turns / spent()).toFixed(0)} turns/s, ${(battles / spent()).toFixed(1)} battles/s, ` +
    `${(turns / battles).toFixed(1)} turns a battle (${battles} battles${lost ? `, ${lost} it gave up` : ''})`);
