// natdex_pool.js - what natdex.js leaves out of natdex-v1, and what needs no rules in effects/.
'use strict';

const LEFT_OUT = [
    {kind: 'species', why: 'Gigantamax and Eternamax are not in play', ids: '*Gmax *Rapid-Strike-Gmax *Low-Key-Gmax *Eternamax'},
    {kind: 'items', why: 'a mail is taken by three moves only', ids: 'mail'},
    {kind: 'items', why: 'of generation 2 alone', ids: `berry bitterberry burntberry goldberry iceberry mintberry miracleberry
        mysteryberry przcureberry psncureberry berserkgene pinkbow polkadotbow stick`},
];

// Nothing that happens in singles, or what the engine does for every move of the kind.
const NO_RULES = `embargo flameburst grudge healblock laserfocus nightmare powder hail iondeluge luckychant magiccoat mudsport
    plasmafists powershift rage snatch watersport`;

module.exports = {LEFT_OUT, NO_RULES};
