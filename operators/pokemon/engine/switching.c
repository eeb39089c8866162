/*
 * switching.c - Pokémon that come and go: who stands on the field, what is left behind, what is passed on.
 */
#include "seen.h"
#include "ties.h"
#include "turn.h"

/* ------------------------------------------------------------------------------------- who is on the field --- */

void bind_bench(struct ctx *c)
{
    changed_field(c); /* whose foe it is may have changed */
    struct battle_mon *m = &c->b->sides[c->bench_side].party[c->bench_slot];
    memset(&c->bench_on, 0, sizeof c->bench_on);
    c->mon[BENCHED] = m;
    c->on[BENCHED] = &c->bench_on;
    c->bench_on.illusion = 0xff;
    set_species(c, BENCHED, m->species);
}

int bench_left(const struct ctx *c, int side)
{
    const struct battle_side *s = &c->b->sides[side];
    int n = 0;
    for (int i = 0; i < s->size; i++)
        n += i != s->active && s->party[i].hp > 0;
    return n;
}

int can_switch(const struct ctx *c, int side)
{
    return bench_left(c, side);
}

/* -------------------------------------------------------------------------- what goes with one that leaves --- */

void end_effects(struct ctx *c, int t)
{
    const struct effect *ability = &c->rules->abilities[c->on[t]->ability], *item = &c->rules->items[c->mon[t]->item];
    if (listens(ability, EV_end))
        single(c, EV_end, ability, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
    if (listens(item, EV_end))
        single(c, EV_end, item, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
}

/* What hangs on two Pokémon ends with one of them. */
static void unlink_foe(struct ctx *c, int t)
{
    struct battle_active *foe = c->on[!t];
    if (has(c, !t, VOL_NO_ESCAPE))
        drop_volatile(c, !t, VOL_NO_ESCAPE);
    if (has(c, !t, VOL_SKY_DROP))
        foe->volatiles[VOL_SKY_EMPTY / 64] |= 1ull << (VOL_SKY_EMPTY % 64);
    foe->gone |= 7 | 64;
    foe->hit_by = 0xff;
}

void clear_active(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    const struct battle_mon *m = c->mon[t];
    unlink_foe(c, t);
    static const struct battle_active blank = {.illusion = 0xff, .flags = ON_NEW};
    *on = blank;
    forget(c, t, TOLD_ALL);
    on->ability = m->ability;
    memcpy(on->moves, m->moves, sizeof on->moves);
    set_species(c, t, m->species);
}

/* ------------------------------------------------------------------------------------------ how it is told --- */

void say_details(struct ctx *c, enum battle_line line, int t)
{
    if (!c->log)
        return;
    unsigned shown = c->on[t]->illusion != 0xff ? c->b->sides[t].party[c->on[t]->illusion].species : c->mon[t]->species;
    shown = plain_looks(c->dex, shown);
    struct battle_event *e = say1(c, line, t, SAY_SPECIES | shown);
    if (!e)
        return;
    e->arg[1] = c->mon[t]->flags & MON_TERASTALLIZED ? c->mon[t]->tera : 0;
    e->arg[2] = c->mon[t]->level;
    if (line == LINE_DETAILS) {
        e->marks = SAID_SILENT;
        return;
    }
    e->hp = c->mon[t]->hp;
    e->hp_max = c->mon[t]->hp_max;
    e->status = c->mon[t]->status;
}

/* ------------------------------------------------------------------------------------------- coming, going --- */

/* What Baton Pass leaves behind. */
static bool stays_behind(unsigned v)
{
    static const uint8_t kept[] = {
        VOL_ATTRACT,     VOL_COUNTER,     VOL_DEFENSE_CURL, VOL_DESTINY_BOND,   VOL_DISABLE,     VOL_ENCORE,
        VOL_GLAIVE_RUSH, VOL_IMPRISON,    VOL_LOCK_ON,      VOL_MINIMIZE,       VOL_MIRROR_COAT, VOL_SALT_CURE,
        VOL_SMACK_DOWN,  VOL_STOCKPILE,   VOL_SYRUP_BOMB,   VOL_TORMENT,        VOL_YAWN,        VOL_NO_ESCAPE,
        VOL_CHOICE_LOCK, VOL_FORESIGHT,   VOL_MIRACLE_EYE,  VOL_NIGHTMARE,      VOL_FLASH_FIRE,  VOL_UNBURDEN,
        VOL_TRUANT,      VOL_TRANSFORMED, VOL_ZEN_MODE,     VOL_PROTOSYNTHESIS, VOL_QUARK_DRIVE};
    for (size_t i = 0; i < sizeof kept; i++)
        if (kept[i] == v)
            return true;
    return false;
}

static void copy_passed(struct battle_active *to, const struct battle_active *from, int kind)
{
    if (kind == 2)
        memcpy(to->boosts, from->boosts, STAGES);
    for (unsigned v = 0; v < VOLATILES; v++) {
        if (!(from->volatiles[v / 64] >> (v % 64) & 1) || (kind == 3 ? v != VOL_SUBSTITUTE : stays_behind(v)))
            continue;
        to->volatiles[v / 64] |= 1ull << (v % 64);
        if (v < VOLATILES_TIMED)
            to->turns[v] = from->turns[v];
    }
    to->substitute = from->substitute;
    to->confusion = from->confusion;
    to->echo = from->echo;
    to->fury = from->fury;
    to->stall = from->stall;
    to->bound_move = from->bound_move;
    to->bound_part = from->bound_part;
    to->gone = from->gone;
}

static void after_pass(struct ctx *c, int t)
{
    if (has(c, t, VOL_POWER_TRICK) != has(c, t, VOL_POWER_SHIFT)) {
        uint16_t *s = c->on[t]->stats, atk = s[STAT_ATK];
        s[STAT_ATK] = s[STAT_DEF];
        s[STAT_DEF] = atk;
    }
    if (has(c, t, VOL_GASTRO_ACID) && ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS))
        drop_volatile(c, t, VOL_GASTRO_ACID);
}

void run_switch(struct ctx *c, int side)
{
    unsigned arrived = 1u << side;
    while (c->queue_n && c->queue[0].kind == ACT_RUN_SWITCH)
        arrived |= 1u << queue_take(c).side;
    switch_in_event(c, arrived);
    for (int t = 0; t < 2; t++)
        if (arrived >> t & 1 && alive(c, t))
            c->on[t]->flags |= ON_STARTED;
}

/* The active one goes.  False: it cannot, or fainted on the way. */
static bool leave(struct ctx *c, int side, bool dragged)
{
    c->on[side]->flags |= ON_LEAVING;
    if (!(c->on[side]->flags & ON_BEFORE_OUT) && !dragged) {
        event(c, EV_before_switch_out, side, NOBODY, REF_NONE, NULL);
        each(c, EV_update, REF_NONE);
    }
    c->on[side]->flags &= (uint16_t)~ON_BEFORE_OUT;
    seen_leave(c, side);
    if (!worked(event(c, EV_switch_out, side, NOBODY, REF_NONE, NULL)) || !alive(c, side))
        return false;
    end_effects(c, side);
    cancel_action(c, side);
    return true;
}

/* Who goes in and who goes out change places. */
static void stand(struct battle_side *s, int slot)
{
    for (int i = 1; i < s->size; i++)
        if (s->standing[i] == slot) {
            s->standing[i] = s->standing[0];
            s->standing[0] = (uint8_t)slot;
        }
}

/* An Illusion stays on who goes to the bench, and is there again when it comes back unless it gets another then. */
static void keep_looks(struct battle_mon *m, const struct battle_active *on)
{
    if (on->illusion != 0xff && m->hp)
        m->flags |= on->illusion + 1u;
}

static void take_looks(struct battle_mon *m, struct battle_active *on)
{
    if (!(m->flags & MON_LOOKS))
        return;
    on->illusion = (uint8_t)((m->flags & MON_LOOKS) - 1);
    m->flags &= (uint16_t)~MON_LOOKS;
}

bool send_in(struct ctx *c, int side, int slot, bool dragged, int pass, ref from)
{
    struct battle_side *s = &c->b->sides[side];
    if (slot >= s->size || slot == s->active)
        return false;
    if (dragged)
        s->pivot = 0;
    const bool stays = alive(c, side) && c->b->turn;
    if (c->b->turn && alive(c, side) && !leave(c, side, dragged))
        return false;
    if (!c->b->turn && alive(c, side))
        seen_leave(c, side);
    struct battle_active before;
    if (stays && pass > 1)
        before = s->on;
    if (c->mon[side]->flags & MON_FAINT_TOLD)
        c->mon[side]->status = STATUS_NONE;
    if (c->mon[side]->flags & MON_TERASTALLIZED)
        s->once &= (uint8_t)~ONCE_TERA_OF_LOOKS;
    stand(s, slot);
    s->active = (uint8_t)slot;
    keep_looks(c->mon[side], &s->on);
    bind_active(c, side);
    clear_active(c, side);
    take_looks(c->mon[side], &s->on);
    if (s->once & ONCE_TERA_OF_LOOKS)
        show_tera_type(c, side);
    if (stays && pass > 1)
        copy_passed(&s->on, &before, pass);
    if (stays && pass > 1)
        after_pass(c, side);
    changed(c, side);
    fresh(c);
    event(c, EV_before_switch_in, side, NOBODY, REF_NONE, NULL);
    seen_arrive(c, side);
    say_details(c, dragged ? LINE_DRAG : LINE_SWITCH, side);
    if (c->log && from)
        c->log->events[c->log->count - 1].from = from;
    if (dragged) { /* at the speed that it has by itself */
        run_switch(c, side);
    } else {
        c->speed[side] = action_speed(c, side);
        queue_insert(c, ACT_RUN_SWITCH, side, 0);
    }
    return true;
}

void drag_in(struct ctx *c, int side)
{
    const struct battle_side *s = &c->b->sides[side];
    int bench[BATTLE_PARTY], n = 0;
    for (int i = 0; i < s->size; i++) {
        const int slot = draws_ties(c) ? s->standing[i] : i;
        if (slot != s->active && s->party[slot].hp)
            bench[n++] = slot;
    }
    if (!n)
        return;
    int slot = bench[draw(c, 0, (uint32_t)n, DRAW_DRAG)];
    if (!alive(c, side) || !worked(event(c, EV_drag_out, side, NOBODY, REF_NONE, NULL)))
        return;
    send_in(c, side, slot, true, 0, REF_NONE);
}

void drags(struct ctx *c)
{
    for (int t = 0; t < 2; t++)
        if (c->on[t]->flags & ON_DRAG_OUT) {
            c->on[t]->flags &= (uint16_t)~ON_DRAG_OUT;
            if (alive(c, t))
                drag_in(c, t);
        }
}
