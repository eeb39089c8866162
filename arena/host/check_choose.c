/* check_choose.c - what happens next in a test game: a deadline, a join, or something a player was offered. */
#include "host/check_internal.h"

static int32_t earliest_timer(const struct play *play)
{
    int32_t found = -1;
    for (int32_t i = 0; i < HOST_TIMERS_MAX; i++)
        if (play->deadlines[i] && (found < 0 || play->deadlines[i] < play->deadlines[found]))
            found = i;
    return found;
}

/* Something to send where an offer leaves it open: an example, often with other digits. */
static arena_text content_make(struct play *play, arena_text method_name)
{
    const struct method *method = method_find(play->subject, method_name);
    size_t count = method ? json_array_size(method->contents) : 0;
    if (!count)
        return play_keep((arena_text){NULL, 0});
    const json_t *example = json_array_get(method->contents, dice_roll(&play->dice, count));
    arena_text content = play_keep((arena_text){json_string_value(example), json_string_length(example)});
    bool vary = dice_roll(&play->dice, 2);
    for (char *c = (char *)content.ptr; vary && *c; c++)
        if (*c >= '0' && *c <= '9')
            *c = (char)('0' + dice_roll(&play->dice, 10));
    return content;
}

/* A random offer of a random seat that is waited for; of any seat when none of those has one. */
static bool choose_action(struct play *play, struct event *event)
{
    const arena_text none = {NULL, 0};
    uint32_t seats = play->subject->seats, start = (uint32_t)dice_roll(&play->dice, seats);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < seats; i++) {
            uint32_t seat = (start + i) % seats;
            if (((play->active >> seat & 1) == 0) != (round == 1))
                continue;
            check_doing(play->subject->shared, CHECK_CONTRACT, "actions of seat %u", seat);
            if (play_try(play, TURN_ACTIONS, (int32_t)seat, none, none) != TURN_OK || !play->turn.reply.effect_count)
                continue;
            const struct effect *offer =
                &play->turn.reply.effects[dice_roll(&play->dice, play->turn.reply.effect_count)];
            *event = (struct event){.kind = TURN_MESSAGE, .player = (int32_t)seat, .method = play_keep(offer->name)};
            event->content = offer->text.len ? play_keep(offer->text) : content_make(play, offer->name);
            return true;
        }
    }
    return false;
}

bool play_choose(struct play *play, struct event *event)
{
    int32_t timer = earliest_timer(play);
    bool due = timer >= 0 && play->deadlines[timer] <= play->now_ms;
    uint32_t seats = play->subject->seats;
    *event = (struct event){.kind = TURN_TIMER, .player = timer};
    if (due)
        return true;
    if (play->joined < seats) {
        uint32_t seat = (uint32_t)dice_roll(&play->dice, seats);
        while (play->taken >> seat & 1)
            seat = (seat + 1) % seats;
        *event = (struct event){.kind = TURN_JOIN, .player = (int32_t)seat};
        return true;
    }
    bool quiet = play->silent && play->turn_number > seats + 2;
    if (!quiet && play->refusals < REFUSALS_MAX && choose_action(play, event))
        return true;
    if (timer < 0)
        return false;
    *event = (struct event){.kind = TURN_TIMER, .player = timer};
    if (play->deadlines[timer] > play->now_ms)
        play->now_ms = play->deadlines[timer];
    return true;
}
