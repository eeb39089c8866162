/*
 * view.c - what a viewer may know, and nothing else.
 *
 * A foe's Pokémon is known once it has been on the field, its moves once they were used, its ability and item once
 * they showed.  Its HP is shown in percent; stats, PP, nature and all counters stay hidden.  One that looks like
 * another is shown as that other.  The view is built from zero, field by field, so that a new field of the state is
 * hidden until somebody shows it here.
 */
#include "engine.h"

static void own_stats(const struct dex *dex, const struct battle_mon *m, uint16_t out[5])
{
    struct battle_set set = {.species = m->species, .level = m->level, .nature = m->nature};
    uint16_t stats[6];
    for (int i = 0; i < 6; i++) {
        set.ivs[i] = m->ivs >> (5 * i) & 31;
        set.evs[i] = m->evs[i];
    }
    battle_stats(dex, &set, stats);
    memcpy(out, stats + 1, 5 * sizeof *out);
}

static void own_details(const struct dex *dex, const struct battle_mon *m, struct battle_view_mon *v)
{
    v->exact = true;
    v->hp = m->hp;
    v->hp_max = m->hp_max;
    own_stats(dex, m, v->stats);
    v->nature = m->nature;
    v->status_n = m->status_n;
    v->ability = m->ability;
    v->item = m->item;
    v->ability_known = v->item_known = true;
    v->tera = m->tera;
}

static void foe_details(const struct battle_mon *m, struct battle_view_mon *v)
{
    v->ability_known = m->flags & MON_ABILITY_KNOWN;
    v->item_known = m->flags & MON_ITEM_KNOWN;
    v->ability = v->ability_known ? m->ability : 0;
    v->item = v->item_known ? m->item : 0;
    v->tera = m->flags & MON_TERASTALLIZED ? m->tera : 0;
}

static void view_mon(const struct dex *dex, const struct battle_mon *m, bool exact, bool active,
                     struct battle_view_mon *v)
{
    if (!exact && !(m->flags & MON_SEEN))
        return;
    v->known = true;
    v->active = active;
    v->fainted = !m->hp;
    v->terastallized = m->flags & MON_TERASTALLIZED;
    v->species = m->species;
    memcpy(v->types, dex->species[m->species].types, 2);
    v->level = m->level;
    v->gender = m->gender;
    v->status = m->status;
    v->hp = (uint16_t)battle_percent(m->hp, m->hp_max);
    v->hp_max = 100;
    v->nature = 0xff;
    if (exact)
        own_details(dex, m, v);
    else
        foe_details(m, v);
    for (int i = 0; i < BATTLE_MOVES; i++) {
        if (!m->moves[i] || (!exact && !(m->flags & MON_MOVE_KNOWN << i)))
            continue;
        v->moves[i] = m->moves[i];
        if (exact) {
            v->pp[i] = m->pp[i];
            v->pp_max[i] = (uint8_t)own_full_pp(dex, m, i);
        }
    }
}

/* What being on the field adds: a forme or type it took on. */
static void view_active(const struct dex *dex, const struct battle_side *s, bool exact, struct battle_view_mon *v)
{
    const struct battle_active *on = &s->on;
    if (!v->known)
        return;
    if (on->species)
        v->species = on->species;
    int n = 0;
    v->types[0] = v->types[1] = TYPE_NONE;
    for (int i = 0; i < 2; i++)
        if (on->types[i] != TYPE_BLANK)
            v->types[n++] = on->types[i];
    v->type_added = on->type_added;
    if (v->terastallized && v->tera != TYPE_STELLAR) {
        v->types[0] = v->tera;
        v->types[1] = v->type_added = 0;
    }
    if (!exact)
        return;
    memcpy(v->stats, on->stats, sizeof v->stats);
    v->ability = on->ability;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (on->virtual_moves >> i & 1) {
            v->moves[i] = on->moves[i];
            v->pp[i] = on->pp[i];
            v->pp_max[i] = on->moves[i] ? dex->moves[on->moves[i]].pp : 0;
        }
}

/* A foe that looks like another: that other's place shows it, its own stays as it was before. */
static void view_illusion(const struct dex *dex, const struct battle_side *s, struct battle_view_side *v)
{
    const int shown = s->on.illusion, real = s->active;
    const struct battle_mon *m = &s->party[real], *mask = &s->party[shown];
    struct battle_view_mon *p = &v->party[shown];
    v->active = (uint8_t)shown;
    v->party[real] = (struct battle_view_mon){.known = false};
    if (m->flags & MON_SEEN_BEFORE)
        view_mon(dex, m, false, false, &v->party[real]);
    const bool tera = m->flags & MON_TERASTALLIZED;
    *p = (struct battle_view_mon){.known = true,
                                  .active = true,
                                  .fainted = !m->hp,
                                  .terastallized = tera,
                                  .species = mask->species,
                                  .hp_max = 100,
                                  .nature = 0xff,
                                  .level = m->level,
                                  .gender = mask->gender,
                                  .status = m->status};
    p->hp = (uint16_t)battle_percent(m->hp, m->hp_max);
    memcpy(p->types, dex->species[mask->species].types, 2);
    p->tera = tera ? m->tera : 0;
}

static void view_side(const struct dex *dex, const struct battle_side *s, bool exact, struct battle_view_side *v)
{
    v->size = s->size;
    v->active = s->active;
    v->tera_used = s->once & ONCE_TERA;
    v->mega_used = s->once & ONCE_MEGA;
    v->z_used = s->once & ONCE_Z;
    for (int i = 0; i < s->size; i++)
        v->alive = (uint8_t)(v->alive + (s->party[i].hp > 0));
    v->bench_alive = (uint8_t)(v->alive - (s->party[s->active].hp > 0));
    memcpy(v->boosts, s->on.boosts, sizeof v->boosts);
    memcpy(v->volatiles, s->on.volatiles, sizeof v->volatiles);
    v->lock_move = s->on.charge_move ? s->on.charge_move : s->on.lock_move;
    v->confusion = exact ? s->on.confusion : 0;
    memcpy(v->conditions, s->turns, sizeof v->conditions);
    for (int i = 0; i < s->size; i++)
        view_mon(dex, &s->party[i], exact, i == s->active, &v->party[i]);
    if (s->party[s->active].hp)
        view_active(dex, s, exact, &v->party[s->active]);
    if (!exact && s->on.illusion < BATTLE_PARTY && s->party[s->active].hp)
        view_illusion(dex, s, v);
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
    out->terrain = b->terrain;
    out->terrain_turns = b->terrain_turns;
    memcpy(out->rooms, b->rooms, sizeof out->rooms);
    for (int i = 0; i < 2; i++) {
        out->asked[i] = stored_choices(&b->sides[i]) != 0;
        view_side(dex, &b->sides[i], viewer == i || viewer == BATTLE_FULL, &out->sides[i]);
    }
    if (viewer == 0 || viewer == 1)
        out->choices = battle_choices(b, dex, viewer);
}
