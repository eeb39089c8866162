/*
 * test_team_vectors.c FILE - verdicts of another validator on random teams (tests/oracle/verdicts.js), against ours.
 *
 * Both must find the same teams legal, and where both find mistakes they must be about the same thing at least once.
 * The table `ours` has the rules in which this library is stricter on purpose; such a difference is counted apart.
 * --show prints every other difference.
 */
#include "team.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stricter on purpose: what was spoilt (NULL: anything), and the field that is told for it alone. */
static const struct {
    const char *spoilt, *field, *why;
} ours[] = {
    {NULL, "gender", "the other mends an impossible gender without a word"},
    {"ev_over", "evs", "the other takes 253 to 255 EVs of one stat"},
    {"iv_over", "ivs", "the other takes IVs above 31"},
};

enum { COLUMNS = 6, TEXT_MAX = 16384, OURS = sizeof ours / sizeof ours[0] };

static struct {
    int teams, same, same_thing, both_illegal, on_purpose[OURS], differ, texts_differ;
} count;

static bool has_field(const struct team_problems *why, const char *field, size_t len)
{
    for (int i = 0; i < why->stored; i++)
        if (strlen(why->list[i].field) == len && !memcmp(why->list[i].field, field, len))
            return true;
    return false;
}

/* One of their fields ("level,shiny") is one of ours. */
static bool about_the_same(const struct team_problems *why, const char *fields)
{
    for (const char *at = fields; *at;) {
        size_t len = strcspn(at, ",");
        if (has_field(why, at, len))
            return true;
        at += len + (at[len] == ',');
    }
    return false;
}

static void show(int line, const char *spoilt, const char *verdict, const char *fields, const struct team_problems *why)
{
    printf("line %d, %s: they say %s (%s), we say %s\n", line, spoilt, verdict, fields,
           why->count ? "illegal" : "legal");
    for (int i = 0; i < why->stored; i++)
        printf("    slot %d, %s: %s\n", why->list[i].slot, why->list[i].field, why->list[i].text);
}

/* Every mistake that we tell is about this field. */
static bool only_field(const struct team_problems *why, const char *field)
{
    for (int i = 0; i < why->stored; i++)
        if (strcmp(why->list[i].field, field) != 0)
            return false;
    return true;
}

static bool is_on_purpose(const char *spoilt, const struct team_problems *why)
{
    for (int i = 0; i < OURS; i++)
        if ((!ours[i].spoilt || !strcmp(spoilt, ours[i].spoilt)) && only_field(why, ours[i].field)) {
            count.on_purpose[i]++;
            return true;
        }
    return false;
}

static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (from[0] == '\\' && from[1] == 'n')
            *to++ = '\n', from++;
        else
            *to++ = *from;
    *to = 0;
}

/* Their export text of the team is read as the same team as their packed form. */
static void compare_text(const struct team_facts *facts, int line, const struct team *packed, char *text)
{
    static struct team team;
    static char one[TEXT_MAX], two[TEXT_MAX];
    struct team_problems why = {0};
    unescape(text);
    bool good = team_read_as(facts, TEAM_TEXT, text, strlen(text), &team, &why);
    team_write(facts, packed, TEAM_PACKED, one, sizeof one);
    team_write(facts, &team, TEAM_PACKED, two, sizeof two);
    if (good && !strcmp(one, two))
        return;
    count.texts_differ++;
    printf("line %d: the texts say different things%s%s\n  %s\n  %s\n", line, good ? "" : ": ",
           good ? "" : why.list[0].text, one, two);
}

static void compare(const struct team_facts *facts, int line, char *row, bool loud)
{
    static struct team team;
    struct team_problems why = {0};
    char *parts[COLUMNS] = {row};
    for (int i = 1; i < COLUMNS; i++) {
        parts[i] = strchr(parts[i - 1], '\t');
        if (!parts[i]) {
            printf("line %d has fewer columns than it should\n", line);
            exit(1);
        }
        *parts[i]++ = 0;
    }
    const struct team_format *format = team_format(facts, parts[0]);
    bool legal = !strcmp(parts[2], "legal");
    count.teams++;
    if (format && team_read_as(facts, TEAM_PACKED, parts[4], strlen(parts[4]), &team, &why))
        team_check(facts, format, &team, &why);
    compare_text(facts, line, &team, parts[5]);
    if (format && legal == (why.count == 0)) {
        bool same = legal || about_the_same(&why, parts[3]);
        count.same++;
        count.both_illegal += !legal;
        count.same_thing += !legal && same;
        if (same || !loud)
            return;
    } else if (legal && is_on_purpose(parts[1], &why)) {
        return;
    } else {
        count.differ++;
    }
    if (loud || count.differ < 20)
        show(line, parts[1], parts[2], parts[3], &why);
}

int main(int argc, char **argv)
{
    const struct team_facts *facts = team_facts_find("gen9-v1");
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    static char row[TEXT_MAX];
    if (!facts || !file) {
        printf("%s\n", facts ? "usage: test-team-vectors FILE [--show]" : "no facts");
        return 1;
    }
    for (int line = 1; fgets(row, sizeof row, file); line++) {
        row[strcspn(row, "\n")] = 0;
        if (row[0] && row[0] != '#')
            compare(facts, line, row, argc > 2);
    }
    fclose(file);
    printf("%d teams: %d verdicts the same (%.2f %%); %d illegal for both, %d of them for the same thing\n",
           count.teams, count.same, 100.0 * count.same / (count.teams ? count.teams : 1), count.both_illegal,
           count.same_thing);
    for (int i = 0; i < OURS; i++)
        printf("%5d stricter on purpose: %s\n", count.on_purpose[i], ours[i].why);
    printf("%5d other differences; %d texts that say something else than their packed form\n", count.differ,
           count.texts_differ);
    return count.teams == 0 || count.differ > 0 || count.texts_differ > 0 || count.same_thing < count.both_illegal;
}
