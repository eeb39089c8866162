// random.js - splitmix64, by which the recorders choose teams and actions: the same on every machine.
'use strict';
const MASK = 0xFFFFFFFFFFFFFFFFn;
let state = 1n;
function seed(n) { state = BigInt(n); }
function next() {
    state = (state + 0x9E3779B97F4A7C15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xBF58476D1CE4E5B9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94D049BB133111EBn) & MASK;
    return z ^ (z >> 31n);
}
function rnd(n) { return Number(next() % BigInt(n)); }
const pick = list => list[rnd(list.length)];
module.exports = {seed, next, rnd, pick};
