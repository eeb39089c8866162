/* compile.h - what the files of the rules compiler share: documents.c, load.c, hooks.c, facts*.c, vocab.c, places.c. */
#ifndef BATTLE_COMPILE_H
#define BATTLE_COMPILE_H

#include "rules.h"

#include <jansson.h>

struct compiler {
    struct dex *dex;
    struct dex_rules *rules;
    const char *file, *entry; /* what is read now, for the sentence of a mistake */
    char place[16];           /* of an entry that has no name */
    dex_mistake *tell;
    void *ctx;
    unsigned mistakes;
    bool failed; /* in the entry that is read now */
    unsigned hooks_cap, code_cap;
    uint64_t contents;                   /* hash of the texts so far */
    const struct native_places *natives; /* where natives may be used; NULL: anywhere */
};

/* Tells a mistake and goes on: a version with mistakes is read to its end, so that all are told.  Returns false. */
bool mistake(struct compiler *k, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* vocab.c: one sentence behind what is compiled already; jump: it is followed by others joined by "or". */
bool compile_condition(struct compiler *k, const char *text);
bool compile_operation(struct compiler *k, const char *text);
bool emit(struct compiler *k, unsigned word);
void vocab_prepare(void); /* once, before any other */
/* words.c: -1 for what is no such name. */
int one_word(const struct compiler *k, char kind, const char *word); /* of a pattern's %KIND that takes one word */
int find_number(const char *word);                                   /* -10000: it is none */
long find_factor(const char *word);                                  /* in 4096ths */
bool fraction(const char *word, unsigned out[2]);
int native_find(const char *name);
const char *native_name(unsigned native);
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
/* The first native that it calls and what comes behind; NULL when there is none. */
const uint16_t *program_native(const uint16_t *program, unsigned *native);

/* places.c: where natives may be used, by data from outside.  False: a hook's may not be there, which is told. */
const struct native_places *native_places(void);
bool natives_known(struct compiler *k, const struct hook *h, ref class);

/* hooks.c: all natives get their numbers; once, before any other. */
void natives_prepare(void);
/* A row of n effects without hooks behind the empty one; NULL: no memory, which is told. */
struct effect *new_effects(struct compiler *k, unsigned n, ref class, unsigned suborder);
/* Reads the hooks of a file's entries into a row of effects, which `find` numbers. */
typedef uint16_t finder(const struct dex *dex, const char *id);
void read_effects(struct compiler *k, const char *file, const json_t *rows, struct effect *list, finder *find);
void read_conditions(struct compiler *k, const json_t *rows);
/* When all hooks are read: marks of abilities, and keys of the hooks of n effects. */
void abilities_marks(struct compiler *k);
void hook_keys(struct compiler *k, const struct effect *list, unsigned n);

/* The files of a version, as load.c takes them. */
enum dex_file {
    FILE_RULES,
    FILE_SPECIES,
    FILE_MOVES,
    FILE_ABILITIES,
    FILE_ITEMS,
    FILE_LEARNSETS,
    FILE_ZMOVES,
    FILE_MOVE_EFFECTS,
    FILE_ABILITY_EFFECTS,
    FILE_ITEM_EFFECTS,
    FILE_CONDITIONS,
    FILE_TYPES,
    FILE_NATURES,
    DEX_FILES
};
extern const char *const dex_files[DEX_FILES]; /* "moves", ... */

/* load.c: a hash that goes on, eight bytes at a time; equal on every machine. */
uint64_t hash_on(uint64_t hash, const void *bytes, size_t len);
/* load.c: the tables of a version whose files were parsed (NULL: absent).  NULL: it has mistakes, which were told. */
struct dex *compile_version(struct compiler *k, json_t *const files[DEX_FILES], const char *version);

/* types.c */
void read_types(struct compiler *k, const json_t *rows);
void check_natures(struct compiler *k, const json_t *rows);

/* facts.c */
bool read_facts(struct compiler *k, json_t *species, json_t *moves, json_t *abilities, json_t *items, json_t *learnsets,
                json_t *zmoves);

#endif
