// gen1.js - gen1-v1 in the schema of gen9.js: the first 151 species and their learnsets stay as they are, and the
// rows of their moves are read anew from the pinned package.
//
//   NODE_PATH=/tmp/dex/node_modules node data/pokemon/gen1.js
//
// Which moves the version has was settled when it was first made (a move was left out when the engine of that time
// had no rule for it) and does not change: battles name their moves by number.  A species whose every move was left
// out is unplayable.
'use strict';
const fs = require('fs');
const path = require('path');
const {Dex} = require('pokemon-showdown');
const {moveRow, natureRow, byId} = require('./gen9.js');
const seal = require('./seal.js');
const folder = path.join(__dirname, 'gen1-v1');
const dex = Dex.mod('gen9');
const read = name => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const made = [];
function write(name, rows) {
    fs.writeFileSync(path.join(folder, name), '[\n' + rows.map(r => JSON.stringify(r)).join(',\n') + '\n]\n');
    made.push(name);
}

const moves = read('moves.json').map(m => moveRow(dex.moves.get(m.id))).sort(byId);
for (const m of moves) delete m.unobtainable; // somebody has them here
const idle = new Set(read('learnsets.json').filter(r => r.moves === '').map(r => r.id));
write('species.json', read('species.json').map(s => (idle.has(s.id) ? {...s, unplayable: true} : s)));
write('moves.json', moves);
write('learnsets.json', read('learnsets.json'));
write('types.json', read('types.json'));
write('natures.json', dex.natures.all().map(natureRow).sort(byId));
seal(folder, 'data/pokemon/gen1.js', made);
console.log(`${moves.length} moves; unplayable: ${[...idle].join()}`);
