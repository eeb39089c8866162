/* team.c - sets, ids, mistakes, and which form a text is in. */
#include "team.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const team_form_names[TEAM_FORMS] = {"text", "packed", "json"};

int team_form_find(const char *name)
{
    for (int i = 0; i < TEAM_FORMS; i++)
        if (!strcmp(name, team_form_names[i]))
            return i;
    return -1;
}

void team_set_empty(struct team_set *set)
{
    *set = (struct team_set){.ivs = {31, 31, 31, 31, 31, 31}, .happiness = -1};
}

void team_id(const char *text, size_t len, char out[TEAM_ID])
{
    size_t n = 0;
    for (size_t i = 0; i < len && n < TEAM_ID - 1; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[n++] = c;
        else if (i + 1 < len && (unsigned char)c == 0xc3 && ((unsigned char)text[i + 1] | 0x20) == 0xa9)
            out[n++] = 'e'; /* Flabébé */
    }
    out[n] = 0;
}

void team_problem(struct team_problems *why, int slot, const char *field, const char *format, ...)
{
    va_list ap;
    why->count++;
    if (why->stored == TEAM_PROBLEMS_MAX)
        return;
    struct team_problem *p = &why->list[why->stored++];
    p->slot = slot;
    p->field = field;
    va_start(ap, format);
    vsnprintf(p->text, sizeof p->text, format, ap);
    va_end(ap);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum team_form team_form_guess(const char *text, size_t len)
{
    while (len && is_blank(text[0]))
        text++, len--;
    while (len && is_blank(text[len - 1]))
        len--;
    if (len && text[0] == '[' && !memchr(text, '|', len))
        return TEAM_JSON;
    if (len && text[0] == '[' && (len == 1 || is_blank(text[1]) || text[1] == '{' || text[1] == ']'))
        return TEAM_JSON;
    return memchr(text, '|', len) && !memchr(text, '\n', len) ? TEAM_PACKED : TEAM_TEXT;
}

bool team_read(const struct team_facts *facts, const char *text, size_t len, struct team *out,
               struct team_problems *why)
{
    return team_read_as(facts, team_form_guess(text, len), text, len, out, why);
}
