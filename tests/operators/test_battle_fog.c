/*
 * test_battle_fog.c - what a viewer cannot know changes nothing that it reads.
 *
 * Random battles of the whole pool, with Illusions and transformers in most teams.  From a battle another is made that
 * differs in all that a viewer cannot know; view and choices of that viewer must be the same, byte for byte.  What
 * everybody can know must be in the view, or the first would be worth little.  Logs are in test_battle_fog_log.c.
 */
#include "test_battle_watched.h"

enum { BATTLES = 1000 };

/* --------------------------------------------------------------------------------- what a viewer cannot know --- */

static void change_set(struct battle_mon *m, uint64_t *state)
{
    play_any_moves(dex(), state, m->moves);
    for (int i = 0; i < BATTLE_MOVES; i++)
        m->pp[i] = (uint8_t)play_below(state, 10);
    for (int i = 0; i < 6; i++)
        m->evs[i] = (uint8_t)play_below(state, 86);
    m->ivs = (uint32_t)play_next(state) & 0x3fffffff;
    m->nature = (uint8_t)play_below(state, 25);
    m->status_n = (uint8_t)play_below(state, 16);
    m->times_hit = (uint8_t)play_below(state, 7);
    m->last_item = play_any(state, dex()->items_n);
    m->item = (uint16_t)play_below(state, dex()->items_n + 1u);
    m->first_species = play_any(state, dex()->species_n);
    m->flags ^= (uint16_t)(play_next(state) & (MON_ATE_BERRY | MON_ONCE));
    if (!(m->flags & MON_TERASTALLIZED))
        m->tera = (uint8_t)(1 + play_below(state, TYPES - 1));
}

/* Nobody has seen it: it may be anybody, as long as there are as many left. */
static void change_unseen(struct battle_mon *m, uint64_t *state)
{
    const bool up = m->hp > 0;
    m->species = play_any(state, dex()->species_n);
    m->level = (uint8_t)(1 + play_below(state, 100));
    m->gender = (uint8_t)play_below(state, 3);
    m->ability = play_any(state, dex()->abilities_n);
    m->status = up ? (uint8_t)play_below(state, STATUSES) : 0;
    m->hp_max = (uint16_t)(1 + play_below(state, 400));
    m->hp = up ? (uint16_t)(1 + play_below(state, m->hp_max)) : 0;
}

static void change_active(struct battle_side *s, const struct battle_known_side *known, uint64_t *state)
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
    on->choice_move = play_any(state, dex()->moves_n);
    on->last_move = play_any(state, dex()->moves_n);
    on->hit_damage = (uint16_t)play_below(state, 200);
    on->stall = (uint8_t)play_below(state, 7);
    on->disabled = (uint8_t)play_below(state, 16);
    on->trapped = (uint8_t)play_below(state, 2);
    on->ability_n = (uint8_t)play_below(state, 5);
    on->item_n = (uint8_t)play_below(state, 5);
    on->move_actions = (uint8_t)play_below(state, 3);
    on->flags ^= (uint16_t)(play_next(state) & (ON_PROTEAN_USED | ON_STARTED | ON_HURT));
    play_any_moves(dex(), state, on->moves);
    struct battle_mon *m = &s->party[s->active];
    if (!(known->told & TOLD_ABILITY) && m->hp) { /* it has its own, or not */
        const bool own = on->ability == m->ability;
        on->ability = play_any(state, dex()->abilities_n);
        m->ability = own ? on->ability : (uint16_t)(on->ability % dex()->abilities_n + 1);
    }
    if (on->illusion != 0xff && !known->seen[s->active].order) { /* and who it really is */
        on->species = s->party[s->active].species = play_any(state, dex()->species_n);
        if (!(known->told & TOLD_TYPES))
            memcpy(on->types, dex()->species[on->species].types, 2);
        s->party[s->active].gender = (uint8_t)play_below(state, 3);
    }
}

/* The order in which the team was sent tells nothing. */
static void change_slots(struct battle_side *s, struct battle_known_side *known, uint64_t *state)
{
    const struct battle_side old = *s;
    const struct battle_known_side old_known = *known;
    uint8_t to[BATTLE_PARTY] = {0};
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

static void change_turns(struct battle *b, struct battle_side *s, uint64_t *state)
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

static void change_hidden(struct battle *b, int side, uint64_t *state)
{
    struct battle_side *s = &b->sides[side];
    struct battle_known_side *known = &known_in(b)->sides[side];
    for (int i = 0; i < s->size; i++) {
        struct battle_mon *m = &s->party[i];
        const struct battle_seen *r = &known->seen[i];
        const bool fought = i == s->active;
        if (!fought && !r->order)
            change_unseen(m, state);
        else if (fought)
            change_hp(m, state);
        else if (m->hp) /* what heals on the bench heals in silence */
            m->hp = (uint16_t)(1 + play_below(state, m->hp_max));
        if (!fought && r->order &&
            r->flags & SEEN_ANOTHER) { /* it came out as another last; now it may be hurt or not */
            m->level = (uint8_t)(1 + play_below(state, 100));
            m->status = m->hp ? (uint8_t)play_below(state, STATUSES) : 0;
        }
        if (!fought)
            m->ability = play_any(state, dex()->abilities_n);
        change_set(m, state);
    }
    change_active(s, known, state);
    change_turns(b, s, state);
    if (s->choices)
        s->choices = (uint16_t)(1 + play_below(state, 0x7fff));
    s->queued = (uint8_t)play_below(state, 4);
    s->queued_fraction = (int8_t)((int)play_below(state, 3) - 1);
    s->wish_hp = (uint16_t)play_below(state, 300);
    known->before.hp = (uint8_t)play_below(state, 101);
    s->pivot_move = play_any(state, dex()->moves_n);
    change_slots(s, known, state);
    b->rng = play_next(state);
    b->weather_by = (uint8_t)(side * 8 + (int)play_below(state, s->size));
    b->last_success = play_any(state, dex()->moves_n);
}

static void hidden_things(const struct battle *b, uint64_t *state, int number, int step)
{
    for (int viewer = 0; viewer < 2; viewer++) {
        struct watched c = *(const struct watched *)b;
        change_hidden(&c.battle, !viewer, state);
        same_view(b, &c.battle, viewer, number, step);
        cr_assert_eq(battle_choices(b, dex(), viewer), battle_choices(&c.battle, dex(), viewer));
        change_hidden(&c.battle, viewer, state);
        same_view(b, &c.battle, BATTLE_SPECTATOR, number, step);
    }
}

Test(fog, what_cannot_be_known_does_not_show)
{
    uint64_t state = 20;
    int masked = 0;
    for (int i = 0; i < BATTLES; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = 0; k < STEPS && b.battle.phase != BATTLE_ENDED; k++) {
            hidden_things(&b.battle, &state, i, k);
            masked += b.battle.sides[0].on.illusion != 0xff || b.battle.sides[1].on.illusion != 0xff;
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)};
            one_step(&b.battle, choices, NULL);
        }
    }
    cr_assert_gt(masked, BATTLES, "Illusions were at work in %d steps", masked);
}

/* ------------------------------------------------------------------------------------------ what can be known --- */

/* Each changes something that the foe and spectators can see. */
static bool change_shown(struct battle *b, int side, int what, uint64_t *state)
{
    struct battle_side *s = &b->sides[side];
    struct battle_mon *m = &s->party[s->active];
    struct battle_known_side *known = &known_in(b)->sides[side];
    struct battle_seen *r = &known->seen[known->front];
    if (!m->hp)
        return false;
    switch (what) {
    case 0: m->hp = (uint16_t)(shown_percent(m) > 50 ? 1 : m->hp_max); return true;
    case 1: m->status = m->status ? 0 : STATUS_BRN; return true;
    case 2: s->on.boosts[play_below(state, STAGES)] ^= 1; return true;
    case 3: s->on.volatiles[VOL_LEECH_SEED / 64] ^= 1ull << (VOL_LEECH_SEED % 64); return true;
    case 4: s->on.charge_move = s->on.charge_move ? 0 : 7; return !s->on.lock_move;
    case 5: r->moves[0] = r->moves[0] ? 0 : 9; return true;
    case 6:
        r->flags ^= SEEN_ITEM;
        r->item = 3;
        return true;
    case 7:
        known->told = known->told & TOLD_ABILITY || r->flags & SEEN_ABILITY ? known->told & TOLD_TYPES
                                                                            : known->told | TOLD_ABILITY;
        r->flags &= (uint8_t)~SEEN_ABILITY;
        return s->on.ability == s->party[s->active].ability;
    case 8: m->level ^= 1; return true;
    case 9: s->turns[SIDE_SPIKES] ^= 1; return true;
    case 10: s->once ^= ONCE_TERA; return true;
    case 11: m->flags ^= MON_TERASTALLIZED; return true;
    case 12: s->on.type_added ^= TYPE_GHOST; return !(m->flags & MON_TERASTALLIZED) || m->tera == TYPE_STELLAR;
    case 13: s->party[known->front].gender ^= 1; return true;
    case 14:
        s->party[known->front].species = dex_species(dex(), s->party[known->front].species % 2 ? "chansey" : "snorlax");
        s->on.species = s->on.illusion == 0xff ? s->party[known->front].species : s->on.species;
        return true;
    case 15:
        for (int i = 0; i < s->size; i++)
            if (i != s->active && s->party[i].hp) {
                s->party[i].hp = 0;
                return true;
            }
        return false;
    case 16: s->choices = s->choices ? 0 : 1; return !s->choices_high;
    case 17: b->turn++; return true;
    case 18: b->weather ^= 1; return true;
    case 19: b->rooms[0] ^= 1; return true;
    case 20: b->terrain_turns ^= 1; return true;
    case 21: s->on.types[0] ^= 1; return s->on.illusion == 0xff && !(m->flags & MON_TERASTALLIZED);
    default: return false;
    }
}

Test(fog, what_everybody_sees_is_in_the_view)
{
    uint64_t state = 31;
    int looked[22] = {0};
    for (int i = 0; i < 800; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = (int)play_below(&state, 25); k > 0 && b.battle.phase != BATTLE_ENDED; k--) {
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)};
            one_step(&b.battle, choices, NULL);
        }
        for (int what = 0; what < 22; what++) {
            struct watched c = b;
            if (!change_shown(&c.battle, i % 2, what, &state))
                continue;
            looked[what]++;
            for (int viewer = BATTLE_SPECTATOR; viewer < 2; viewer++) {
                struct battle_view one, two;
                if (viewer == i % 2 && what >= 5 && what <= 7)
                    continue; /* what others know of one's own */
                battle_view(&b.battle, &b.known, dex(), viewer, &one);
                battle_view(&c.battle, &c.known, dex(), viewer, &two);
                if (viewer != i % 2 || what != 13)
                    cr_assert_neq(memcmp(&one, &two, sizeof one), 0, "battle %d, viewer %d: change %d does not show", i,
                                  viewer, what);
            }
        }
    }
    for (int what = 0; what < 22; what++)
        cr_assert_gt(looked[what], 20, "change %d was tried %d times", what, looked[what]);
}

Test(fog, without_what_is_known_nothing_is_shown_of_others)
{
    uint64_t state = 81;
    for (int i = 0; i < 100; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int viewer = BATTLE_SPECTATOR; viewer < 2; viewer++) {
            struct battle_view v;
            battle_view(&b.battle, NULL, dex(), viewer, &v);
            for (int side = 0; side < 2; side++)
                for (int k = 0; k < BATTLE_PARTY; k++)
                    cr_assert_eq(v.sides[side].party[k].known, side == viewer && k < b.battle.sides[side].size);
        }
    }
}
