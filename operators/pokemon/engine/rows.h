/* rows.h - what the files that read facts share: facts.c has the ways to read a row. */
#ifndef BATTLE_ROWS_H
#define BATTLE_ROWS_H

#include "compile.h"

/* Of a file: what mistakes are told of from now on, and a list of `least` to 4000 rows. */
bool is_list(struct compiler *k, const char *file, const json_t *rows, size_t least);
/* The row that is read now, for the sentences of mistakes; a row without an id goes by its place. */
void begin_row(struct compiler *k, const json_t *row, size_t i);
/* Rows from 1 to n are in the order of their ids; those that could not be read have none.  at: where the id is in a
 * row. */
void each_once(struct compiler *k, const void *rows, size_t size, size_t at, unsigned n);

/* What a row says under a key; what is wrong is told. */
const char *text_of(struct compiler *k, const json_t *row, const char *key,
                    bool needed); /* NULL: nothing, or no text */
int number_of(struct compiler *k, const json_t *row, const char *key, int usual, int lo, int hi);
int name_of(struct compiler *k, const json_t *row, const char *key, int (*find)(const char *)); /* -1: none */
/* A text in a list, "" when it is something else. */
const char *item_of(const json_t *v);
bool copy_text(struct compiler *k, char *out, size_t size, const char *s, const char *what);
bool stages_of(struct compiler *k, const json_t *v, int8_t out[STAGES], bool *any);
/* A status that a Pokémon may have: "any" is for conditions only. */
int find_one_status(const char *s);

/* The files, in the order in which they name each other. */
bool read_moves(struct compiler *k, json_t *rows);
bool list_called(struct compiler *k, const json_t *rows); /* what Metronome may call */
bool read_others(struct compiler *k, json_t *abilities, json_t *items);
bool read_all_species(struct compiler *k, json_t *rows);
void link_items(struct compiler *k, const json_t *rows); /* what items say of species */
bool read_z(struct compiler *k, const json_t *rows);
bool read_learnsets(struct compiler *k, const json_t *rows);

#endif
