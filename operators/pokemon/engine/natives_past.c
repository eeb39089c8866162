/*
 * natives_past.c - moves and items that national-dex play has besides those of generation 9.
 */
#include "natives.h"

NATIVE(power_twice_first) /* Bolt Beak, Fishious Rend */
{
    return on_flag(c, e->target, ON_NEW) || will_move(c, e->target) ? 2 * e->value : R_UNDEF;
}

NATIVE(guardian) /* Guardian of Alola: three quarters of the HP, a quarter of that through Protect */
{
    static const uint8_t shields[] = {VOL_PROTECT, VOL_BANEFUL_BUNKER, VOL_KINGS_SHIELD, VOL_SPIKY_SHIELD};
    int n = c->mon[e->target]->hp * 3 / 4;
    for (size_t i = 0; i < sizeof shields; i++)
        if (has(c, e->target, (enum battle_volatile)shields[i])) {
            say(c, LINE_Z_BROKEN, e->target);
            n = (n + 1) / 4; /* a quarter, rounded half down */
            break;
        }
    return n ? n : 1;
}

NATIVE(berry_juice)
{
    const int t = e->holder;
    if (event_number(c, EV_try_heal, t, NOBODY, e->self, NULL, 20) > 0 && use_item(c, t, NOBODY, REF_NONE))
        heal(c, t, 20, t, e->self);
    return R_UNDEF;
}

const struct native natives_past[] = {LISTED(power_twice_first), LISTED(guardian), LISTED(berry_juice), {NULL, NULL}};
