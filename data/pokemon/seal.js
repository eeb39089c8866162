// seal.js - the checksums in PROVENANCE.json, for the scripts that make data (by hand: `arena data seal`).
'use strict';
const fs = require('fs');
const path = require('path');
const crypto = require('crypto');

function files(folder) {
    const inner = name => fs.readdirSync(path.join(folder, name)).filter(f => f.endsWith('.json')).map(f => name + f);
    const effects = fs.existsSync(path.join(folder, 'effects')) ? inner('effects/') : [];
    return inner('').filter(f => f !== 'PROVENANCE.json').concat(effects).sort();
}

// Writes PROVENANCE.json: what is known, which script made which files, and a checksum for each file of the folder.
// `made` were made by `script` just now; what another script made stays its.
module.exports = function seal(folder, script, made, facts = {}) {
    const name = path.join(folder, 'PROVENANCE.json');
    const known = fs.existsSync(name) ? JSON.parse(fs.readFileSync(name, 'utf8')) : {};
    const changed = (known.changed || []).filter(f => !made.includes(f));
    const sha256 = Object.fromEntries(files(folder).map(f =>
        [f, crypto.createHash('sha256').update(fs.readFileSync(path.join(folder, f))).digest('hex')]));
    const made_by = Object.fromEntries(Object.entries({...known.made_by, [script]: [...made].sort()}).sort());
    const all = {...known, ...facts};
    for (const key of ['made_by', 'sha256', 'changed']) delete all[key]; // they come last
    Object.assign(all, {made_by, sha256}, changed.length ? {changed} : {});
    fs.writeFileSync(name, JSON.stringify(all, null, 2) + '\n');
};
