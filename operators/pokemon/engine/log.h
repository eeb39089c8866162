/*
 * log.h - kinds of log events, for the engine's own files and its tests.
 */
#ifndef BATTLE_LOG_H
#define BATTLE_LOG_H

#include "battle.h"

enum battle_event_kind {
    EV_NONE,
    EV_MOVE,      /* who uses move a at other; n: EV_STILL ..; why: WHY_RAMPAGE when locked */
    EV_CANT,      /* who cannot move because of why */
    EV_DAMAGE,    /* who has a HP left, because of why (b: binding move), by other */
    EV_HEAL,      /* who has a HP now, because of why, from other */
    EV_SET_HP,    /* who has a HP now (Pain Split) */
    EV_STATUS,    /* who gets status b; a: move that is named, or 0; n: 1 from Rest */
    EV_CURE,      /* who loses status b; a: own move that did it, or 0 */
    EV_BOOST,     /* who's stat a rises by n */
    EV_UNBOOST,   /* falls by n */
    EV_SET_BOOST, /* stat a is now n (Belly Drum) */
    EV_CLEAR_BOOST,
    EV_CLEAR_ALL, /* Haze */
    EV_COPY_BOOST,
    EV_START,         /* volatile a begins; n: 1 by fatigue */
    EV_END,           /* volatile a ends; n: 1 not to be shown */
    EV_BIND,          /* move a binds who; by other */
    EV_BIND_END,      /* n: 1 not to be shown */
    EV_ACTIVATE,      /* volatile a makes itself felt */
    EV_ACTIVATE_MOVE, /* move a makes itself felt */
    EV_SINGLE_TURN,   /* volatile a for this turn */
    EV_MISS,
    EV_FAIL,   /* a: 0, 1 "heal", 2 + status */
    EV_IMMUNE, /* a: 1 by level (a one-hit knock-out) */
    EV_SUPER,
    EV_RESIST,
    EV_CRIT,
    EV_OHKO,
    EV_HIT_COUNT, /* n hits */
    EV_PREPARE,   /* move a */
    EV_MUST_RECHARGE,
    EV_NOTHING, /* Splash */
    EV_FAINT,
    EV_SWITCH, /* who comes in with a HP */
    EV_DRAG,
    EV_WEATHER, /* a: enum battle_weather; n: 1 goes on */
    EV_SIDE_START,
    EV_SIDE_END, /* who: side * 8; a: condition; b: on END, the move that ended it */
    EV_BLANK,    /* between the moves and the end of the turn */
    EV_UPKEEP,
    EV_FOCUS,      /* who gathers focus for Focus Punch */
    EV_TRICK_ROOM, /* n: 1 begins, 0 ends */
    EV_TURN,       /* a */
    EV_WIN,        /* n: side */
    EV_TIE,
    EV_START_BATTLE,
    EVENTS
};

/* Marks on a move. */
enum { EV_STILL = 1, EV_MISSED = 2, EV_NO_TARGET = 4 };

enum battle_why {
    WHY_MOVE, /* the move itself: nothing is said */
    WHY_STATUS,
    WHY_CONFUSION,
    WHY_LEECH_SEED,
    WHY_BOUND,
    WHY_RECOIL,
    WHY_DRAIN,
    WHY_AQUA_RING,
    WHY_INGRAIN,
    WHY_SAND,
    WHY_SPIKES,
    WHY_STEALTH_ROCK,
    WHY_CRASH,
    WHY_SILENT,
    WHY_RAMPAGE,
    WHY_FLINCH,
    WHY_RECHARGE,
    WHY_DIRECT /* nothing is said, and it does not count as being hurt */,
    WHY_STRUGGLE,
    WHY_CURSE,
    WHY_TAUNT,
    WHY_THROAT_CHOP,
    WHY_FOCUS,
    WHY_ATTRACT,
    WHY_PAR,
    WHY_SLP,
    WHY_FRZ,
    WHYS
};

#endif
