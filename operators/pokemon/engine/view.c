/*
 * view.c - what a viewer may know, and nothing else.
 *
 * A foe's Pokémon is known once it has been on the field, its moves once they were used.  Its HP is shown in
 * percent; stats, PP, nature and all counters stay hidden.  The view is built from zero, field by field, so that
 * a new field of the state is hidden until somebody shows it here.
 */
#include "internal.h"

static void own_details(const struct battle_mon *m, struct battle_view_mon *v)
{
    v->exact = true;
    v->hp = m->hp;
    v->hp_max = m->hp_max;
    memcpy(v->stats, m->stats, sizeof v->stats);
    v->nature = m->nature;
    v->status_n = m->status_n;
}

static void view_mon(const struct dex *dex, const struct battle_mon *m, bool exact, bool active,
                     struct battle_view_mon *v)
{
    if (!exact && !m->seen)
        return;
    v->known = true;
    v->active = active;
    v->fainted = !m->hp;
    v->species = m->species;
    v->level = m->level;
    v->gender = m->gender;
    v->status = m->status;
    v->hp = (uint16_t)battle_percent(m->hp, m->hp_max);
    v->hp_max = 100;
    v->nature = 0xff;
    if (exact)
        own_details(m, v);
    for (int i = 0; i < BATTLE_MOVES; i++) {
        if (!m->moves[i] || (!exact && !(m->revealed >> i & 1)))
            continue;
        v->moves[i] = m->moves[i];
        if (exact) {
            v->pp[i] = m->pp[i];
            v->pp_max[i] = dex->moves[m->moves[i]].pp;
        }
    }
}

static void view_side(const struct dex *dex, const struct battle_side *s, bool exact, struct battle_view_side *v)
{
    v->size = s->size;
    v->active = s->active;
    v->alive = (uint8_t)alive(s);
    v->bench_alive = (uint8_t)(v->alive - (s->party[s->active].hp > 0));
    memcpy(v->boosts, s->on.boosts, sizeof v->boosts);
    v->volatiles = s->on.volatiles;
    v->lock_move = s->on.lock_move;
    v->confusion = exact ? s->on.confusion : 0;
    memcpy(v->conditions, s->conditions, sizeof v->conditions);
    for (int i = 0; i < s->size; i++)
        view_mon(dex, &s->party[i], exact, i == s->active, &v->party[i]);
}

void battle_view(const struct battle *b, const struct dex *dex, int viewer, struct battle_view *out)
{
    memset(out, 0, sizeof *out);
    out->viewer = (int8_t)viewer;
    out->phase = b->phase;
    out->winner = b->winner;
    out->turn = b->turn;
    out->weather = b->weather;
    out->weather_turns = b->weather_turns;
    out->trick_room = b->trick_room;
    for (int i = 0; i < 2; i++) {
        out->asked[i] = b->sides[i].asked;
        view_side(dex, &b->sides[i], viewer == i || viewer == BATTLE_FULL, &out->sides[i]);
    }
    if (viewer == 0 || viewer == 1)
        out->choices = battle_choices(b, dex, viewer);
}
