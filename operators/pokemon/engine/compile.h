/* compile.h - what the files of the rules compiler share: load.c, facts.c, vocab.c. */
#ifndef BATTLE_COMPILE_H
#define BATTLE_COMPILE_H

#include "rules.h"

#include <jansson.h>

struct compiler {
    struct dex *dex;
    struct dex_rules *rules;
    const char *file, *entry; /* what is read now, for the sentence of a mistake */
    char *why;
    size_t why_size;
    bool failed;
    unsigned hooks_cap, code_cap;
};

/* Tells a mistake, the first one only.  Returns false. */
bool mistake(struct compiler *k, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* vocab.c: one sentence behind what is compiled already; jump: it is followed by others joined by "or". */
bool compile_condition(struct compiler *k, const char *text);
bool compile_operation(struct compiler *k, const char *text);
bool emit(struct compiler *k, unsigned word);
void vocab_prepare(void); /* once, before any other */
int native_find(const char *name);
int find_event(const char *name);
int find_flag(const char *name);
int find_volatile(const char *id);
int find_side(const char *id);
int find_status(const char *id);
int find_stat(const char *id);
int find_weather(const char *id);
int find_terrain(const char *id);
int find_room(const char *id);

/* program.c */
bool program_calls_native(const uint16_t *program);

/* facts.c */
bool read_facts(struct compiler *k, json_t *species, json_t *moves, json_t *abilities, json_t *items,
                json_t *learnsets, const json_t *zmoves);

/* base.c: a version that names another as its base has only what differs.  Lays the rows of a file of it over those of
 * the base (both may be NULL); a new value, the caller's. */
json_t *laid_over(const char *file, const json_t *base, const json_t *rows);

#endif
