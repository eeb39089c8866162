/* Any bytes as a team, in each form: nothing is read or written beyond its end; what was read can be checked, filled
 * in and begun; and what is written of it and read again is the same. */
#include "team.h"

#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            abort();                                                                                                   \
    } while (0)

enum { ROOM = 1 << 16 };

static char text[ROOM], again[ROOM];

/* A species must be there, or the text form has no line for the set; the packed form cannot say "no ability", and
 * takes "0" for a place. */
static bool is_whole(const struct team *team, enum team_form form)
{
    for (int i = 0; i < team->count; i++)
        if (!team->sets[i].species[0] || (form == TEAM_PACKED && strlen(team->sets[i].ability) < 2))
            return false;
    return true;
}

static void there_and_back(const struct team_facts *facts, const struct team *team, enum team_form form)
{
    static struct team back;
    struct team_problems why = {0};
    size_t len = team_write(facts, team, form, text, sizeof text);
    CHECK(len < sizeof text && strlen(text) == len);
    if (!team->count || !is_whole(team, form))
        return;
    CHECK(team_read_as(facts, form, text, len, &back, &why));
    CHECK(back.count == team->count);
    CHECK(team_write(facts, &back, form, again, sizeof again) == len);
    CHECK(!memcmp(text, again, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct team team;
    const struct team_facts *facts = team_facts_find("gen9-v1");
    if (size < 1)
        return 0;
    const struct team_format *format = &facts->formats[data[0] / 4 % facts->formats_n];
    char *copy = malloc(size); /* of its own, so that a step beyond the end is seen */
    memcpy(copy, data + 1, size - 1);
    struct team_problems why = {0};
    if (data[0] % 4 < TEAM_FORMS)
        team_read_as(facts, (enum team_form)(data[0] % 4), copy, size - 1, &team, &why);
    else
        team_read(facts, copy, size - 1, &team, &why);
    CHECK(team.count >= 0 && team.count <= TEAM_SETS_MAX && why.stored <= why.count);
    team_check(facts, format, &team, &why);
    for (int i = 0; i < why.stored; i++)
        CHECK(why.list[i].slot <= team.count && why.list[i].text[0] && why.list[i].field[0]);
    for (int form = 0; form < TEAM_FORMS; form++)
        there_and_back(facts, &team, (enum team_form)form);
    team_begin(facts, format, &team);
    free(copy);
    return 0;
}
