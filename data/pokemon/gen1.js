// gen1.js - gen1-v1 in the schema of gen9.js: the first 151 species and their learnsets stay as they are, and the
// rows of their moves are read anew from the pinned package.
//
//   NODE_PATH=/tmp/dex/node_modules node data/pokemon/gen1.js
//
// Which moves the version has was settled when it was first made (a move was left out when the engine of that time
// had no rule for it) and does not change: battles name their moves by number.
'use strict';
const fs = require('fs');
const path = require('path');
const {Dex} = require('pokemon-showdown');
const folder = path.join(__dirname, 'gen1-v1');
const dex = Dex.mod('gen9');

// The rows of gen9.js, without its output; moves of the past are allowed here.
const source = fs.readFileSync(path.join(__dirname, 'gen9.js'), 'utf8');
const rows = source.slice(0, source.indexOf('// ----------------------------------------------------------------------------------------------------' + ' output'))
    .replace("'use strict';", '').replace('contestType desc', 'contestType isNonstandard desc');
const {moveRow} = new Function('require', 'process', '__dirname', rows + '\nreturn {moveRow};')(require, process, __dirname);

const ids = JSON.parse(fs.readFileSync(path.join(folder, 'moves.json'), 'utf8')).map(m => m.id);
const moves = ids.map(id => moveRow(dex.moves.get(id))).sort((a, b) => (a.id < b.id ? -1 : 1));
fs.writeFileSync(path.join(folder, 'moves.json'), '[\n' + moves.map(r => JSON.stringify(r)).join(',\n') + '\n]\n');
console.log(`${moves.length} moves`);
