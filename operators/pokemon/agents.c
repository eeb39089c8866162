/*
 * agents.c - house players: functions from what one seat sees to one of its choices.
 *
 * "random" takes each legal choice equally often.  "heuristic" takes what agent_worth.c thinks most of.
 */
#include "pokemon.h"

#include <string.h>

const char *const agent_names[AGENTS] = {"random", "heuristic", NULL};

enum agent agent_find(const char *name)
{
    for (int i = 0; agent_names[i]; i++)
        if (!strcmp(name, agent_names[i]))
            return (enum agent)(AGENT_RANDOM + i);
    return AGENT_NONE;
}

static int best_choice(const struct dex *dex, const struct battle_view *view, uint32_t choices)
{
    int32_t worth[BATTLE_CHOICES];
    int best = choice_first(choices);
    agent_worth(dex, view, choices, worth);
    for (int i = 0; i < BATTLE_CHOICES; i++)
        if (worth[i] > worth[best])
            best = i;
    return best;
}

static int random_choice(const arena_host *h, uint32_t choices)
{
    int n = 0;
    for (int i = 0; i < BATTLE_CHOICES; i++)
        n += choices >> i & 1;
    for (uint64_t skip = h->random(h, (uint64_t)n); skip; skip--)
        choices &= choices - 1;
    return choice_first(choices);
}

int agent_choose(const arena_host *h, enum agent agent, const struct dex *dex, const struct battle_view *view,
                 uint32_t choices)
{
    return agent == AGENT_HEURISTIC ? best_choice(dex, view, choices) : random_choice(h, choices);
}
