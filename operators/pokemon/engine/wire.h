/*
 * wire.h - where conditions stand in the bytes of a battle, which is no matter of where they stand in memory.
 *
 * Bytes are kept (games under way, replays, files), so what was written once is read for good, and a battle that uses
 * nothing new has the bytes and the digest that it always had.  Therefore:
 *
 *   - the lists named WIRE_ are closed: their order is that of the bytes, and nothing is added to them;
 *   - whatever comes later is appended to LATER.  It stands behind all else, in an extension of entries of three bytes,
 *     one for each that is not 0: u8 where (0 the field, 1 and 2 the sides), u8 its number in LATER, u8 value (1 for
 *     the bit of a volatile; MON_LOOKS of a party slot; bits of a byte about an order).  Entries rise by where and
 * number.  A battle that has none of it has no extension.
 *
 * The enums of dex.h may be sorted as the engine likes.  Who adds a condition there and not here fails to compile; who
 * moves one here fails in the assertions below, and in the bytes of tests/operators/test_battle_bytes.c.
 */
#ifndef BATTLE_WIRE_H
#define BATTLE_WIRE_H

#include "battle.h"

/* clang-format off */

/* Bits of the volatiles from 0 on; the turns of these stand in the same order. */
#define WIRE_VOLATILES_TIMED(X) \
    X(RAMPAGE) X(CHARGING) X(RECHARGE) X(STALL) X(TAUNT) X(ENCORE) X(DISABLE) X(HEAL_BLOCK) X(EMBARGO) X(MAGNET_RISE) \
    X(THROAT_CHOP) X(YAWN) X(PERISH) X(BOUND) X(LOCK_ON) X(UPROAR) X(SYRUP_BOMB) X(LASER_FOCUS) X(MICLE) \
    X(FURY_CUTTER) X(ROLLOUT_STORAGE) X(TELEKINESIS) X(FLY) X(BOUNCE) X(DIG) X(DIVE) X(PHANTOM_FORCE) \
    X(SHADOW_FORCE) X(CHARGE_TURN) X(ALLY_SWITCH)

/* The bits behind them. */
#define WIRE_VOLATILES_OTHER(X) \
    X(FLINCH) X(PROTECT) X(ENDURE) X(ROOST) X(BANEFUL_BUNKER) X(BURNING_BULWARK) X(KINGS_SHIELD) X(OBSTRUCT) \
    X(SILK_TRAP) X(SPIKY_SHIELD) X(FOCUS_PUNCH) X(BEAK_BLAST) X(SHELL_TRAP) X(COUNTER) X(MIRROR_COAT) \
    X(HELPING_HAND) X(FOLLOW_ME) X(RAGE_POWDER) X(ROLLOUT) X(MAGIC_COAT) X(SNATCH) X(ELECTRIFY) X(POWDER) X(GEM) \
    X(CHILLY_RECEPTION) X(ME_FIRST) \
    X(CONFUSION) X(LEECH_SEED) X(FOCUS_ENERGY) X(DRAGON_CHEER) X(AQUA_RING) X(INGRAIN) X(MINIMIZE) X(DEFENSE_CURL) \
    X(SUBSTITUTE) X(NO_ESCAPE) X(CURSE) X(ATTRACT) X(CHARGE) X(CHOICE_LOCK) X(DESTINY_BOND) X(GASTRO_ACID) \
    X(GLAIVE_RUSH) X(IMPRISON) X(NO_RETREAT) X(OCTOLOCK) X(POWER_TRICK) X(SALT_CURE) X(SMACK_DOWN) X(STOCKPILE) \
    X(TAR_SHOT) X(TORMENT) X(FLASH_FIRE) X(PROTOSYNTHESIS) X(QUARK_DRIVE) X(UNBURDEN) X(TRUANT) X(ZEN_MODE) \
    X(METRONOME) X(TRANSFORMED) X(GRUDGE) X(FORESIGHT) X(MIRACLE_EYE) X(NIGHTMARE) X(FLING) X(CANT_USE_TWICE) \
    X(SPARKLING_ARIA)

/* Turns of the conditions of a side; `hazards` names one by 1 + its place here. */
#define WIRE_SIDES(X) \
    X(REFLECT) X(LIGHT_SCREEN) X(AURORA_VEIL) X(SAFEGUARD) X(MIST) X(TAILWIND) X(FIRE_PLEDGE) X(WATER_PLEDGE) \
    X(GRASS_PLEDGE) X(QUICK_GUARD) X(WIDE_GUARD) X(SPIKES) X(TOXIC_SPIKES) X(STEALTH_ROCK) X(STICKY_WEB)

#define WIRE_ROOMS(X) X(TRICK) X(GRAVITY) X(WONDER) X(MAGIC) X(FAIRY_LOCK) X(ECHOED_VOICE)

/* What came later, as it came: append, never insert.  A volatile that counts turns has two entries; looks that a benched
 * Pokémon keeps have one for each party slot. */
#define LATER(VOLATILE, TURNS, SIDE, ROOM, LOOKS, ORDER) \
    VOLATILE(BIDE) TURNS(BIDE) VOLATILE(PURSUIT) VOLATILE(SPOTLIGHT) VOLATILE(COAT_PRANKED) VOLATILE(RAGE) \
    VOLATILE(POWER_SHIFT) VOLATILE(SKY_DROP) VOLATILE(SKY_EMPTY) SIDE(LUCKY_CHANT) SIDE(CRAFTY_SHIELD) \
    SIDE(MAT_BLOCK) ROOM(WATER_SPORT) ROOM(MUD_SPORT) ROOM(ION_DELUGE) \
    LOOKS(0) LOOKS(1) LOOKS(2) LOOKS(3) LOOKS(4) LOOKS(5) ORDER(before_syrup)

/* ------------------------------------------------------------------------------------------ places and counts --- */

#define WIRE_NONE(name)
#define WIRE_ONE(name) +1 /* NOLINT(bugprone-macro-parentheses): it goes on with a sum */

#define WIRE_PLACE(name) WIRE_VOL_##name,
enum wire_volatile { WIRE_VOLATILES_TIMED(WIRE_PLACE) WIRE_VOLATILES_OTHER(WIRE_PLACE) WIRE_VOLATILES };
#undef WIRE_PLACE
#define WIRE_PLACE(name) WIRE_SIDE_##name,
enum wire_side { WIRE_SIDES(WIRE_PLACE) WIRE_SIDE_CONDITIONS };
#undef WIRE_PLACE
#define WIRE_PLACE(name) WIRE_ROOM_##name,
enum wire_room { WIRE_ROOMS(WIRE_PLACE) WIRE_ROOMS_N };
#undef WIRE_PLACE

#define LATER_VOLATILE(name) LATER_VOL_##name,
#define LATER_TURNS(name) LATER_TURNS_##name,
#define LATER_SIDE(name) LATER_SIDE_##name,
#define LATER_ROOM(name) LATER_ROOM_##name,
#define LATER_LOOKS(slot) LATER_LOOKS_##slot,
#define LATER_ORDER(name) LATER_ORDER_##name,
enum wire_later { LATER(LATER_VOLATILE, LATER_TURNS, LATER_SIDE, LATER_ROOM, LATER_LOOKS, LATER_ORDER) LATER_N };
#undef LATER_VOLATILE
#undef LATER_TURNS
#undef LATER_SIDE
#undef LATER_ROOM
#undef LATER_LOOKS
#undef LATER_ORDER

enum {
    WIRE_TIMED = 0 WIRE_VOLATILES_TIMED(WIRE_ONE),
    LATER_VOLATILES = 0 LATER(WIRE_ONE, WIRE_NONE, WIRE_NONE, WIRE_NONE, WIRE_NONE, WIRE_NONE),
    LATER_TIMED = 0 LATER(WIRE_NONE, WIRE_ONE, WIRE_NONE, WIRE_NONE, WIRE_NONE, WIRE_NONE),
    LATER_SIDES = 0 LATER(WIRE_NONE, WIRE_NONE, WIRE_ONE, WIRE_NONE, WIRE_NONE, WIRE_NONE),
    LATER_ROOMS = 0 LATER(WIRE_NONE, WIRE_NONE, WIRE_NONE, WIRE_ONE, WIRE_NONE, WIRE_NONE),
    LATER_SLOTS = 0 LATER(WIRE_NONE, WIRE_NONE, WIRE_NONE, WIRE_NONE, WIRE_ONE, WIRE_NONE),
};
/* clang-format on */

_Static_assert(WIRE_VOLATILES + LATER_VOLATILES == VOLATILES, "a new volatile condition is appended to LATER");
_Static_assert(WIRE_TIMED + LATER_TIMED == VOLATILES_TIMED, "the turns of a new condition are appended to LATER");
_Static_assert(WIRE_SIDE_CONDITIONS + LATER_SIDES == SIDE_CONDITIONS, "a new side condition is appended to LATER");
_Static_assert(WIRE_ROOMS_N + LATER_ROOMS == ROOMS, "a new condition of the field is appended to LATER");
_Static_assert(LATER_SLOTS == 6 && BATTLE_PARTY == 6, "each party slot keeps its looks");

/* Nothing moves: the sizes of the closed lists, and one far behind in each. */
_Static_assert(WIRE_TIMED == 30 && WIRE_VOLATILES == 97 && WIRE_SIDE_CONDITIONS == 15 && WIRE_ROOMS_N == 6,
               "these lists are closed");
_Static_assert(WIRE_VOL_ALLY_SWITCH == 29 && WIRE_VOL_ME_FIRST == 55 && WIRE_VOL_SPARKLING_ARIA == 96 &&
                   WIRE_SIDE_STICKY_WEB == 14 && WIRE_ROOM_ECHOED_VOICE == 5,
               "bytes that were written must still be read");
_Static_assert(LATER_VOL_BIDE == 0 && LATER_VOL_SKY_EMPTY == 8 && LATER_SIDE_MAT_BLOCK == 11 &&
                   LATER_ROOM_ION_DELUGE == 14 && LATER_LOOKS_5 == 20 && LATER_ORDER_before_syrup == 21 &&
                   LATER_N < 256,
               "bytes that were written must still be read");

/* What is written by its number: here the numbers themselves stay, and new ones come last. */
_Static_assert(WEATHER_STRONG_WINDS == 7 && WEATHER_HAIL == 8 && TERRAIN_PSYCHIC == 4, "weathers and terrains stay");
_Static_assert(BATTLE_ENDED == 3 && BATTLE_UNDECIDED == 3 && BATTLE_CHOICE_Z == 19, "phases and choices stay");
_Static_assert(SIDE_REFLECT == 0 && SIDE_LIGHT_SCREEN == 1 && SIDE_AURORA_VEIL == 2, "`longer` has their bits");
_Static_assert(SIDE_CONDITIONS - SIDE_HAZARDS == 4, "`hazards` has room for four; a fifth place goes to LATER");

/* accept.c: whether what was read can be played on. */
bool battle_good(struct battle *b, const struct dex *dex);
bool battle_known_good(const struct battle_known *known, const struct battle *b, const struct dex *dex);

#endif
