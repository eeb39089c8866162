/* test_battle_hidden.h - of a battle another is made that differs in all that a viewer cannot know of one side. */
#ifndef TEST_BATTLE_HIDDEN_H
#define TEST_BATTLE_HIDDEN_H

#include "test_battle_play.h"

#include <string.h>

/* A number of a list that may be empty. */
static inline uint16_t hide_any(uint64_t *state, unsigned n)
{
    return n ? play_any(state, n) : 0;
}

static inline int hide_percent(const struct battle_mon *m)
{
    return battle_percent(m->hp, m->hp_max);
}

/* Another maximum and HP that look the same in percent. */
static inline void hide_hp(struct battle_mon *m, uint64_t *state)
{
    const int percent = hide_percent(m);
    for (int tries = 0; tries < 200; tries++) {
        const uint16_t max = (uint16_t)(100 + play_below(state, 300));
        const uint16_t hp = (uint16_t)((unsigned)(percent * max) / 100 + play_below(state, 5));
        if (hp <= max && battle_percent(hp, max) == percent) {
            m->hp = hp;
            m->hp_max = max;
            return;
        }
    }
}

static inline void hide_set(const struct dex *dex, struct battle_mon *m, uint64_t *state)
{
    play_any_moves(dex, state, m->moves);
    for (int i = 0; i < BATTLE_MOVES; i++)
        m->pp[i] = (uint8_t)play_below(state, 10);
    for (int i = 0; i < 6; i++)
        m->evs[i] = (uint8_t)play_below(state, 86);
    m->ivs = (uint32_t)play_next(state) & 0x3fffffff;
    m->nature = (uint8_t)play_below(state, 25);
    m->status_n = (uint8_t)play_below(state, 16);
    m->times_hit = (uint8_t)play_below(state, 7);
    m->last_item = hide_any(state, dex->items_n);
    m->item = (uint16_t)play_below(state, dex->items_n + 1u);
    m->first_species = hide_any(state, dex->species_n);
    m->flags ^= (uint16_t)(play_next(state) & (MON_ATE_BERRY | MON_ONCE));
    if (!(m->flags & MON_TERASTALLIZED))
        m->tera = (uint8_t)(1 + play_below(state, TYPES - 1));
}

/* Nobody has seen it: it may be anybody, as long as there are as many left. */
static inline void hide_unseen(const struct dex *dex, struct battle_mon *m, uint64_t *state)
{
    const bool up = m->hp > 0;
    m->species = hide_any(state, dex->species_n);
    m->level = (uint8_t)(1 + play_below(state, 100));
    m->gender = (uint8_t)play_below(state, 3);
    m->ability = hide_any(state, dex->abilities_n);
    m->status = up ? (uint8_t)play_below(state, STATUSES) : 0;
    m->hp_max = (uint16_t)(1 + play_below(state, 400));
    m->hp = up ? (uint16_t)(1 + play_below(state, m->hp_max)) : 0;
}

static inline void hide_active(const struct dex *dex, struct battle_side *s, const struct battle_known_side *known,
                               uint64_t *state)
{
    static const enum battle_volatile inner[] = {VOL_FLINCH,   VOL_COUNTER, VOL_MIRROR_COAT, VOL_CHOICE_LOCK,
                                                 VOL_UNBURDEN, VOL_TRUANT,  VOL_METRONOME,   VOL_MICLE};
    struct battle_active *on = &s->on;
    const int k = (int)play_below(state, sizeof inner / sizeof *inner);
    on->volatiles[inner[k] / 64] ^= 1ull << (inner[k] % 64);
    for (int v = 0; v < VOLATILES_TIMED; v++)
        on->turns[v] = on->turns[v] ? (uint8_t)(1 + play_below(state, 5)) : 0;
    for (int i = 0; i < 5; i++)
        on->stats[i] = (uint16_t)(1 + play_below(state, 400));
    on->confusion = on->confusion ? (uint8_t)(1 + play_below(state, 5)) : 0;
    on->rampage = on->rampage ? (uint8_t)(1 + play_below(state, 3)) : 0;
    on->substitute = on->substitute ? (uint16_t)(1 + play_below(state, 50)) : 0;
    on->choice_move = hide_any(state, dex->moves_n);
    on->last_move = hide_any(state, dex->moves_n);
    on->hit_damage = (uint16_t)play_below(state, 200);
    on->stall = (uint8_t)play_below(state, 7);
    on->disabled = (uint8_t)play_below(state, 16);
    on->trapped = (uint8_t)play_below(state, 2);
    on->ability_n = (uint8_t)play_below(state, 5);
    on->item_n = (uint8_t)play_below(state, 5);
    on->move_actions = (uint8_t)play_below(state, 3);
    on->flags ^= (uint16_t)(play_next(state) & (ON_PROTEAN_USED | ON_STARTED | ON_HURT));
    play_any_moves(dex, state, on->moves);
    struct battle_mon *m = &s->party[s->active];
    if (!(known->told & TOLD_ABILITY) && m->hp) { /* it has its own, or not */
        const bool own = on->ability == m->ability;
        on->ability = hide_any(state, dex->abilities_n);
        m->ability = own ? on->ability : (uint16_t)(dex->abilities_n ? on->ability % dex->abilities_n + 1 : 0);
    }
    if (on->illusion != 0xff && !known->seen[s->active].order) { /* and who it really is */
        on->species = s->party[s->active].species = hide_any(state, dex->species_n);
        if (!(known->told & TOLD_TYPES))
            memcpy(on->types, dex->species[on->species].types, 2);
        s->party[s->active].gender = (uint8_t)play_below(state, 3);
    }
}

/* The order in which the team was sent tells nothing. */
static inline void hide_slots(struct battle_side *s, struct battle_known_side *known, uint64_t *state,
                              uint8_t to[BATTLE_PARTY])
{
    const struct battle_side old = *s;
    const struct battle_known_side old_known = *known;
    memset(to, 0, BATTLE_PARTY);
    for (int i = 0; i < s->size; i++) {
        const uint32_t k = play_below(state, (uint32_t)i + 1);
        to[i] = to[k];
        to[k] = (uint8_t)i;
    }
    for (int i = 0; i < s->size; i++) {
        const unsigned looks = old.party[i].flags & MON_LOOKS;
        s->party[to[i]] = old.party[i];
        if (looks)
            s->party[to[i]].flags = (uint16_t)((old.party[i].flags & ~MON_LOOKS) | (to[looks - 1] + 1));
        known->seen[to[i]] = old_known.seen[i];
        s->standing[i] = to[old.standing[i]];
    }
    s->active = to[old.active];
    known->front = to[old_known.front];
    if (old.on.illusion != 0xff)
        s->on.illusion = to[old.on.illusion];
}

static inline void hide_turns(struct battle *b, struct battle_side *s, uint64_t *state)
{
    for (int k = 0; k < SIDE_SCREENS; k++)
        if (s->turns[k] && (s->turns[k] > 3 || !(s->longer >> k & 1)) && k <= SIDE_AURORA_VEIL) {
            const bool was = s->longer >> k & 1, is = play_below(state, 2);
            s->turns[k] = (uint8_t)(s->turns[k] - 3 * was + 3 * is);
            s->longer = (uint8_t)((s->longer & ~(1u << k)) | (unsigned)is << k);
        }
    if (b->weather_turns && (b->weather_turns > 3 || !(b->longer & LONGER_WEATHER))) {
        const bool was = b->longer & LONGER_WEATHER, is = play_below(state, 2);
        b->weather_turns = (uint8_t)(b->weather_turns - 3 * was + 3 * is);
        b->longer = (uint8_t)((b->longer & ~LONGER_WEATHER) | (is ? LONGER_WEATHER : 0));
    }
    if (b->terrain_turns && (b->terrain_turns > 3 || !(b->longer & LONGER_TERRAIN))) {
        const bool was = b->longer & LONGER_TERRAIN, is = play_below(state, 2);
        b->terrain_turns = (uint8_t)(b->terrain_turns - 3 * was + 3 * is);
        b->longer = (uint8_t)((b->longer & ~LONGER_TERRAIN) | (is ? LONGER_TERRAIN : 0));
    }
}

/* to: where each of the party went. */
static inline void hide_all(const struct dex *dex, struct battle *b, struct battle_known *seen, int side,
                            uint64_t *state, uint8_t to[BATTLE_PARTY])
{
    struct battle_side *s = &b->sides[side];
    struct battle_known_side *known = &seen->sides[side];
    for (int i = 0; i < s->size; i++) {
        struct battle_mon *m = &s->party[i];
        const struct battle_seen *r = &known->seen[i];
        const bool fought = i == s->active;
        if (!fought && !r->order)
            hide_unseen(dex, m, state);
        else if (fought)
            hide_hp(m, state);
        else if (m->hp) /* what heals on the bench heals in silence */
            m->hp = (uint16_t)(1 + play_below(state, m->hp_max));
        if (!fought && r->order &&
            r->flags & SEEN_ANOTHER) { /* it came out as another last; now it may be hurt or not */
            m->level = (uint8_t)(1 + play_below(state, 100));
            m->status = m->hp ? (uint8_t)play_below(state, STATUSES) : 0;
        }
        if (!fought)
            m->ability = hide_any(state, dex->abilities_n);
        hide_set(dex, m, state);
    }
    hide_active(dex, s, known, state);
    hide_turns(b, s, state);
    if (s->choices)
        s->choices = (uint16_t)(1 + play_below(state, 0x7fff));
    s->queued = (uint8_t)play_below(state, 4);
    s->queued_fraction = (int8_t)((int)play_below(state, 3) - 1);
    s->wish_hp = (uint16_t)play_below(state, 300);
    known->before.hp = (uint8_t)play_below(state, 101);
    s->pivot_move = hide_any(state, dex->moves_n);
    hide_slots(s, known, state, to);
    b->rng = play_next(state);
    b->weather_by = (uint8_t)(side * 8 + (int)play_below(state, s->size));
    b->last_success = hide_any(state, dex->moves_n);
}

#endif
