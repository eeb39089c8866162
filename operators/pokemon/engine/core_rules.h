/*
 * core_rules.h - what core rules do without.
 *
 * What plays is compiled twice: for all data versions, and with CORE_RULES for those that have no abilities, items,
 * Terastallization, Mega Evolution or Z-Moves, and whose conditions do not hear the events below (gen1-v1 is one).  For
 * these the second copy knows when it is compiled what the first one asks again and again, and the code for it falls
 * away.  Both play the same battles; dex.core says whose turn it is.
 */
#ifndef BATTLE_CORE_RULES_H
#define BATTLE_CORE_RULES_H

#ifdef CORE_RULES
#define play_step core_play_step /* the one function of the copy that others call */
#define FOR_OTHERS __attribute__((externally_visible))
enum { HAS_KITS = 0, HAS_GIMMICKS = 0, HAS_TIES = 0 };
#else
#define FOR_OTHERS
enum {
    HAS_KITS = 1,     /* abilities and items */
    HAS_GIMMICKS = 1, /* Terastallization, Mega Evolution, Z-Moves */
    HAS_TIES = 1      /* all ties may be drawn (battle_options.ties) */
};
#endif

/* Events that only abilities and items hear, and moves of their own uses. */
/* clang-format off */
#define EVENTS_OF_KITS(X) \
    X(before_turn) X(weather_change) X(terrain_change) X(room_change) X(start) X(end) X(before_switch_in) \
    X(switch_out) X(before_switch_out) X(after_faint) X(emergency_exit) X(modify_type) X(modify_priority) \
    X(fractional_priority) X(deduct_pp) X(prepare_hit) X(try) X(use_message) X(try_hit_side) X(try_hit_field) \
    X(try_immunity) X(modify_boost) X(hit_side) X(hit_field) X(critical_hit) X(power) X(fixed_damage) X(modify_weight) \
    X(modify_stab) X(negate_immunity) X(modify_secondaries) X(after_move_secondary_self) X(move_fail) X(charge_move) \
    X(after_set_status) X(change_boost) X(after_each_boost) X(after_boost) X(heal) X(take_item) X(after_take_item) \
    X(use_item) X(try_eat_item) X(eat) X(eat_item) X(use) X(after_use_item) X(set_ability) X(attract) X(flinch) \
    X(set_weather) X(side_start) X(after_tera) X(after_mega) X(check_show)
/* clang-format on */

#endif
