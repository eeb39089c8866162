/* tape.c - reads what record.js wrote. */
#define _POSIX_C_SOURCE 200809L /* strtok_r */
#include "tape.h"

#include <stdlib.h>
#include <string.h>

uint32_t tape_hash(const char *text)
{
    uint32_t h = 2166136261u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

static bool line_next(struct tape *t)
{
    if (!fgets(t->buffer, sizeof t->buffer, t->file))
        return false;
    t->line++;
    t->buffer[strcspn(t->buffer, "\n")] = 0;
    return true;
}

static bool read_six(const char *text, uint8_t out[6])
{
    char *at = (char *)text;
    for (int i = 0; i < 6; i++) {
        out[i] = (uint8_t)strtol(at, &at, 10);
        if (i < 5 && *at++ != ',')
            return false;
    }
    return true;
}

static bool read_mon(const char *line, struct tape_mon *m)
{
    char moves[128], ivs[64], evs[64];
    memset(m, 0, sizeof *m);
    if (sscanf(line, "mon %d %23s %23s %23s %15s %d %c %11s %127s %63s %63s", &m->side, m->species, m->ability, m->item,
               m->nature, &m->level, &m->gender, m->tera, moves, ivs, evs) != 11)
        return false;
    char *save;
    int n = 0;
    for (char *id = strtok_r(moves, ",", &save); id && n < 4; id = strtok_r(NULL, ",", &save))
        snprintf(m->moves[n++], sizeof m->moves[0], "%s", id);
    return (m->side == 0 || m->side == 1) && n && read_six(ivs, m->ivs) && read_six(evs, m->evs);
}

static bool read_clauses(struct tape *t)
{
    char *save;
    t->sleep_clause = t->freeze_clause = false;
    strtok_r(t->buffer, " ", &save);
    for (char *id; (id = strtok_r(NULL, " ", &save));) {
        t->sleep_clause |= !strcmp(id, "sleep");
        t->freeze_clause |= !strcmp(id, "freeze");
        if (strcmp(id, "sleep") != 0 && strcmp(id, "freeze") != 0)
            return false;
    }
    return true;
}

static bool read_draw(const char *word, struct tape_draw *d)
{
    d->lo = 0;
    d->why[0] = 0;
    if (sscanf(word, "%u:%u@%95s", &d->hi, &d->result, d->why) >= 2)
        return true;
    return sscanf(word, "%u-%u:%u@%95s", &d->lo, &d->hi, &d->result, d->why) >= 3;
}

static bool read_head(char *line, struct tape_step *s)
{
    char *save, *word = strtok_r(line, " ", &save);
    bool start = !strcmp(word, "start");
    s->draws_n = 0;
    for (int i = start ? 4 : 0; (word = strtok_r(NULL, " ", &save)); i++) {
        if (i < 2)
            s->mask[i] = (unsigned)strtoul(word, NULL, 16);
        else if (i < 4)
            s->choice[i - 2] = atoi(word);
        else if (s->draws_n == TAPE_DRAWS || !read_draw(word, &s->draws[s->draws_n++]))
            return false;
    }
    return true;
}

static enum tape_part part_of(const char *line)
{
    if (*line == '|' || !*line)
        return PART_LOG;
    if (*line >= '0' && *line <= '2')
        return (enum tape_part)(PART_SEEN + *line - '0');
    return strncmp(line, "volatiles ", 10) ? PART_STATE : PART_VOLATILES;
}

static bool read_step(struct tape *t)
{
    struct tape_step *s = &t->step;
    size_t len[PARTS] = {0};
    s->line = t->line;
    s->text = false;
    for (int i = 0; i < PARTS; i++)
        s->part[i][0] = 0;
    if (!read_head(t->buffer, s))
        return false;
    while (line_next(t)) {
        if (!strncmp(t->buffer, "touched", 7)) {
            snprintf(s->touched, sizeof s->touched, "%s", t->buffer + 7);
        } else if (!strncmp(t->buffer, "  ", 2)) {
            enum tape_part p = part_of(t->buffer + 2);
            s->text = true;
            int n = snprintf(s->part[p] + len[p], TAPE_TEXT - len[p], "%s\n", t->buffer + (p < PART_SEEN ? 2 : 4));
            if (n < 0 || (size_t)n >= TAPE_TEXT - len[p])
                return false;
            len[p] += (size_t)n;
        } else {
            const int n = sscanf(t->buffer, "hash %x %x %x %x %x %x", &s->hash[0], &s->hash[1], &s->hash[2],
                                 &s->hash[3], &s->hash[4], &s->hash[5]);
            s->seen = n == PARTS;
            return n == PART_SEEN || n == PARTS;
        }
    }
    return false;
}

enum tape_kind tape_next(struct tape *t)
{
    if (!line_next(t))
        return TAPE_END_OF_FILE;
    if (!strncmp(t->buffer, "battle ", 7))
        strcpy(t->data, "gen9-v1");
    if (sscanf(t->buffer, "battle %d %23s", &t->battle, t->data) >= 1)
        return TAPE_BATTLE;
    if (!strncmp(t->buffer, "clauses ", 8))
        return read_clauses(t) ? TAPE_CLAUSES : TAPE_BAD;
    if (!strncmp(t->buffer, "plain", 5)) {
        *t->seed = 0;
        sscanf(t->buffer, "plain %79s", t->seed);
        return TAPE_PLAIN;
    }
    if (!strncmp(t->buffer, "mon ", 4))
        return read_mon(t->buffer, &t->mon) ? TAPE_MON : TAPE_BAD;
    if (!strncmp(t->buffer, "start", 5))
        return read_step(t) ? TAPE_START : TAPE_BAD;
    if (!strncmp(t->buffer, "step ", 5))
        return read_step(t) ? TAPE_STEP : TAPE_BAD;
    t->plain = strstr(t->buffer, " plain") != NULL;
    return sscanf(t->buffer, "end %d", &t->winner) == 1 ? TAPE_WINNER : TAPE_BAD;
}
