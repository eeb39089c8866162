/*
 * natives_moves_ability.c - moves about abilities.
 */
#include "natives_moves.h"

static bool fixed_ability(const struct ctx *c, int t)
{
    return ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS);
}

NATIVE(can_be_suppressed)
{
    if (fixed_ability(c, e->target))
        return R_FALSE;
    if (!has_item(c, e->target, I(abilityshield)))
        return R_UNDEF;
    say1(c, LINE_BLOCK, e->target, SAY_ITEM_FULL | I(abilityshield));
    return R_NULL;
}

NATIVE(can_entrain)
{
    const unsigned a = c->on[e->target]->ability;
    if (e->target == e->source || a == c->on[e->source]->ability || fixed_ability(c, e->target) ||
        (a && a == A(truant)) || ability_marks(c, e->source) & DEX_BIT(MARK_NO_ENTRAIN))
        return R_FALSE;
    return R_UNDEF;
}

NATIVE(can_play)
{
    if (c->on[e->target]->ability == c->on[e->source]->ability ||
        ability_marks(c, e->target) & DEX_BIT(MARK_FAIL_ROLE_PLAY) || fixed_ability(c, e->source))
        return R_FALSE;
    return R_UNDEF;
}

NATIVE(doodle)
{
    bool tried = false;
    int r = R_FALSE;
    if (!(ability_marks(c, e->target) & DEX_BIT(MARK_FAIL_ROLE_PLAY)) &&
        c->on[e->source]->ability != c->on[e->target]->ability && !fixed_ability(c, e->source)) {
        r = set_ability(c, e->source, c->on[e->target]->ability, NOBODY, OWN_REF, false, false);
        tried = true;
    }
    if (r >= 0)
        return R_UNDEF;
    if (!tried || r == R_FALSE)
        say(c, LINE_FAIL, e->source);
    say_mark(c, SAID_STILL);
    return R_NOT_FAIL;
}

const struct native natives_moves_ability[] = {
    LISTED(can_be_suppressed), LISTED(can_entrain), LISTED(can_play), LISTED(doodle), {NULL, NULL}};
