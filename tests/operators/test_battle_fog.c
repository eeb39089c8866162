/*
 * test_battle_fog.c - what a viewer cannot know changes nothing that it reads.
 *
 * Random battles of the whole pool, with Illusions and transformers in most teams.  From a battle another is made that
 * differs in all that a viewer cannot know; view and choices of that viewer must be the same, byte for byte.  What
 * everybody can know must be in the view, or the first would be worth little.  Logs are in test_battle_fog_log.c.
 */
#include "test_battle_watched.h"

#include <stdlib.h>

enum { BATTLES = 1000 };

/* --------------------------------------------------------------------------------- what a viewer cannot know --- */

static void hidden_things(const struct battle *b, uint64_t *state, int number, int step)
{
    for (int viewer = 0; viewer < 2; viewer++) {
        struct watched c = *(const struct watched *)b;
        hide_all(dex(), &c.battle, &c.known, !viewer, state, (uint8_t[BATTLE_PARTY]){0});
        same_view(b, &c.battle, viewer, number, step);
        cr_assert_eq(battle_choices(b, dex(), viewer), battle_choices(&c.battle, dex(), viewer));
        hide_all(dex(), &c.battle, &c.known, viewer, state, (uint8_t[BATTLE_PARTY]){0});
        same_view(b, &c.battle, BATTLE_SPECTATOR, number, step);
    }
}

/* How many steps had an Illusion at work. */
static int play_hidden(uint64_t seed, int battles)
{
    uint64_t state = seed;
    int masked = 0;
    for (int i = 0; i < battles; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = 0; k < STEPS && b.battle.phase != BATTLE_ENDED; k++) {
            hidden_things(&b.battle, &state, i, k);
            masked += b.battle.sides[0].on.illusion != 0xff || b.battle.sides[1].on.illusion != 0xff;
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)};
            one_step(&b.battle, choices, NULL);
        }
    }
    return masked;
}

/* FOG_SEED and FOG_BATTLES, for long runs by hand. */
static uint64_t asked_for(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 0) : usual;
}

Test(fog, what_cannot_be_known_does_not_show)
{
    const int battles = (int)asked_for("FOG_BATTLES", BATTLES),
              masked = play_hidden(asked_for("FOG_SEED", 20), battles);
    cr_assert_gt(masked, battles, "Illusions were at work in %d steps", masked);
}

Test(fog, nor_in_national_dex_play)
{
    version = "natdex-v1";
    const int battles = (int)asked_for("FOG_BATTLES", BATTLES / 4),
              masked = play_hidden(asked_for("FOG_SEED", 77), battles);
    cr_assert_gt(masked, battles, "Illusions were at work in %d steps", masked);
}

Test(fog, nor_in_the_first_generation)
{
    version = "gen1-v1";
    play_hidden(asked_for("FOG_SEED", 78), (int)asked_for("FOG_BATTLES", BATTLES / 4));
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
    case 0: m->hp = (uint16_t)(hide_percent(m) > 50 ? 1 : m->hp_max); return true;
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
