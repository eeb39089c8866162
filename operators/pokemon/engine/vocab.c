/*
 * vocab.c - sentences of the data into programs.
 */
#include "engine.h"
#include "vocab.h"
#include "compile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const vocab_patterns[V_COUNT] = {
#define C(name, pattern) [VC_##name] = (pattern),
    VOCAB_OF_MOVE(C) VOCAB_OF_WHO(C) VOCAB_OF_EVENT(C)
#undef C
#define O(name, pattern) [VO_##name] = (pattern),
        VOCAB_DEEDS(O) VOCAB_TO_SOMEBODY(O) VOCAB_TO_MOVE(O) VOCAB_TO_FIELD(O) VOCAB_ANSWERS(O)
#undef O
};

/* Words of arguments of each sentence, from its pattern: %r, %x and %b take two. */
static unsigned args_of(const char *pattern)
{
    unsigned n = 0;
    for (const char *p = pattern; (p = strchr(p, '%')); p++)
        n += p[1] == 'L' ? VOCAB_LIST : p[1] == 'r' || p[1] == 'x' || p[1] == 'b' ? 2 : 1;
    return n;
}

static uint8_t args_table[V_COUNT]; /* filled at the first load, the same each time */
const uint8_t *const vocab_args = args_table;

void vocab_prepare(void)
{
    for (int v = 0; v < V_COUNT; v++)
        args_table[v] = vocab_patterns[v] ? (uint8_t)args_of(vocab_patterns[v]) : 0;
}

bool emit(struct compiler *k, unsigned word)
{
    if (k->rules->code_n >= k->code_cap) {
        unsigned cap = k->code_cap ? 2 * k->code_cap : 4096;
        uint16_t *more = cap > 0x8000 ? NULL : realloc(k->rules->code, cap * sizeof *more);
        if (!more)
            return mistake(k, "too much for one data version");
        k->rules->code = more;
        k->code_cap = cap;
    }
    k->rules->code[k->rules->code_n++] = (uint16_t)word;
    return true;
}

enum { WORDS_MAX = 40, SENTENCE_MAX = 240 };

struct sentence {
    char text[SENTENCE_MAX];
    const char *word[WORDS_MAX];
    int n;
};

static bool split(struct compiler *k, struct sentence *s, const char *text)
{
    const size_t len = strlen(text);
    if (len >= SENTENCE_MAX)
        return mistake(k, "a sentence is too long: \"%.60s...\"", text);
    memcpy(s->text, text, len + 1);
    s->n = 0;
    for (char *p = s->text; *p;) {
        while (*p == ' ')
            *p++ = 0;
        if (!*p)
            break;
        if (s->n == WORDS_MAX)
            return mistake(k, "a sentence has too many words: \"%.60s\"", text);
        s->word[s->n++] = p;
        while (*p && *p != ' ')
            p++;
    }
    return true;
}

struct words { /* some of a sentence */
    const char *const *word;
    int n;
};

struct meaning { /* of them, as far as it was understood */
    uint16_t args[12];
    int n;
};

/* Stages by which a boost goes as far as it can, as the programs store it. */
enum { STAGE_MAX = 7 };

static int find_stages(const char *w)
{
    const int n = !strcmp(w, "max") ? STAGE_MAX : find_number(w);
    return n == STAGE_MAX || (n >= -6 && n <= 6) ? n : -10000;
}

/* "atk 1 spe -1" from word i to the end. */
static bool stage_words(const struct words *s, int i, struct meaning *out)
{
    uint32_t bits = 0x8888888;
    for (; i + 1 < s->n; i += 2) {
        int stat = find_stat(s->word[i]), by = find_stages(s->word[i + 1]);
        if (stat < 0 || by == -10000)
            return false;
        bits = (bits & ~(15u << (4 * stat))) | (uint32_t)(by + 8) << (4 * stat);
    }
    out->args[out->n++] = (uint16_t)bits;
    out->args[out->n++] = (uint16_t)(bits >> 16);
    return i == s->n;
}

/* Numbers from word i to the end. */
static bool list_words(const struct words *s, int i, struct meaning *out)
{
    int last = 0;
    if (i >= s->n || s->n - i > VOCAB_LIST)
        return false;
    for (int k = 0; k < VOCAB_LIST; k++, i++) {
        last = i < s->n ? find_number(s->word[i]) : last;
        if (last == -10000)
            return false;
        out->args[out->n++] = (uint16_t)last;
    }
    return true;
}

/* 1: the words fit the pattern; 0: another one may; -1: they fit but *word is no such name. */
static int fits(const struct compiler *k, const char *pattern, const struct words *s, struct meaning *out,
                const char **word)
{
    int i = 0;
    out->n = 0;
    while (*pattern) {
        const char *end = strchr(pattern, ' ');
        const size_t len = end ? (size_t)(end - pattern) : strlen(pattern);
        if (*pattern == '%' && pattern[1] == 'b')
            return stage_words(s, i, out) ? 1 : 0;
        if (*pattern == '%' && pattern[1] == 'L')
            return list_words(s, i, out) && !*word ? 1 : 0;
        if (i >= s->n)
            return 0;
        const char *w = s->word[i++];
        if (*pattern != '%') {
            if (strlen(w) != len || strncmp(w, pattern, len) != 0)
                return 0;
        } else if (pattern[1] == 'r') {
            unsigned r[2];
            if (!fraction(w, r))
                return 0;
            out->args[out->n++] = (uint16_t)r[0];
            out->args[out->n++] = (uint16_t)r[1];
        } else if (pattern[1] == 'x') {
            long x = find_factor(w);
            if (x < 0)
                return 0;
            out->args[out->n++] = (uint16_t)x;
            out->args[out->n++] = (uint16_t)(x >> 16);
        } else {
            int n = one_word(k, pattern[1], w);
            if (pattern[1] == 's' ? n < 0 : false)
                return 0;
            if (n < 0 && !(pattern[1] == 'n' && n > -10000) && !*word)
                *word = w;
            out->args[out->n++] = (uint16_t)n;
        }
        pattern += len + (end ? 1 : 0);
    }
    return i != s->n ? 0 : *word ? -1 : 1;
}

static bool understand(struct compiler *k, const struct words *s, int from, int to, struct meaning *out, int *which,
                       const char *text)
{
    const char *unknown = NULL;
    for (int v = from; v < to; v++) {
        const char *word = NULL;
        int r = vocab_patterns[v] ? fits(k, vocab_patterns[v], s, out, &word) : 0;
        if (r > 0) {
            *which = v;
            return true;
        }
        if (r < 0)
            unknown = word;
    }
    if (unknown)
        return mistake(k, "\"%s\": \"%s\" is unknown", text, unknown);
    return mistake(k, "\"%s\" is no %s of the vocabulary", text, from == 1 ? "condition" : "operation");
}

/* Takes off what stands in front of the next such word; *s is what follows it.  False: there is none. */
static bool until(struct words *s, const char *word, struct words *before)
{
    int i = 0;
    while (i < s->n && strcmp(s->word[i], word) != 0)
        i++;
    *before = (struct words){s->word, i};
    if (i == s->n) {
        *s = (struct words){s->word + i, 0};
        return false;
    }
    *s = (struct words){s->word + i + 1, s->n - i - 1};
    return true;
}

static bool takes(struct words *s, const char *word)
{
    if (!s->n || strcmp(s->word[0], word) != 0)
        return false;
    *s = (struct words){s->word + 1, s->n - 1};
    return true;
}

/* Jumps of which it is not yet known where they lead: places of their distances, each behind its sentence's word. */
struct jumps {
    unsigned at[WORDS_MAX];
    unsigned n;
};

static void land(struct compiler *k, struct jumps *j)
{
    for (unsigned i = 0; i < j->n && !k->failed; i++)
        k->rules->code[j->at[i]] = (uint16_t)(k->rules->code_n - (j->at[i] - 1));
    j->n = 0;
}

static bool alternative(struct compiler *k, struct words s, const char *text, unsigned flag, struct jumps *j)
{
    struct meaning m;
    int v = 0;
    const bool turned = takes(&s, "not");
    if (!understand(k, &s, 1, V_OPERATIONS, &m, &v, text))
        return false;
    emit(k, (unsigned)v | (turned ? V_NOT : 0u) | flag);
    if (flag) {
        j->at[j->n++] = k->rules->code_n;
        emit(k, 0);
    }
    for (int i = 0; i < m.n; i++)
        emit(k, m.args[i]);
    return !k->failed;
}

/* "A or B".  when: it guards an operation, and jumps over it when it does not hold. */
static bool condition(struct compiler *k, struct words s, const char *text, struct jumps *when)
{
    struct jumps hold = {.n = 0};
    struct words one;
    while (until(&s, "or", &one))
        if (!alternative(k, one, text, V_OR, &hold))
            return false;
    if (!alternative(k, one, text, when ? V_WHEN : 0, when))
        return false;
    land(k, &hold);
    return true;
}

bool compile_condition(struct compiler *k, const char *text)
{
    struct sentence s = {.n = 0};
    return split(k, &s, text) && condition(k, (struct words){s.word, s.n}, text, NULL);
}

/* How an operation begins: "try" or "must", which only deeds may. */
static bool mood(struct compiler *k, struct words *s, const char *text, unsigned *flag)
{
    *flag = takes(s, "try") ? V_TRY : takes(s, "must") ? V_MUST : 0;
    struct meaning m;
    int v = 0;
    if (!*flag)
        return true;
    if (!understand(k, s, V_OPERATIONS + 1, V_COUNT, &m, &v, text))
        return false;
    return v < V_TO_SOMEBODY || mistake(k, "\"%s\": only what may fail can be tried", text);
}

bool compile_operation(struct compiler *k, const char *text)
{
    struct sentence s = {.n = 0};
    struct words rest, deed, one;
    struct jumps over = {.n = 0};
    struct meaning m;
    unsigned flag;
    int v = 0;
    if (!split(k, &s, text))
        return false;
    rest = (struct words){s.word, s.n};
    if (until(&rest, "when", &deed))
        for (bool more = true; more;) {
            more = until(&rest, "and", &one);
            if (!condition(k, one, text, &over))
                return false;
        }
    if (!mood(k, &deed, text, &flag) || !understand(k, &deed, V_OPERATIONS + 1, V_COUNT, &m, &v, text))
        return false;
    if (v == VO_SET_STATUS && m.args[1] >= STATUSES)
        return mistake(k, "\"%s\": one status must be named", text);
    emit(k, (unsigned)v | flag);
    for (int i = 0; i < m.n; i++)
        emit(k, m.args[i]);
    land(k, &over);
    return !k->failed;
}
