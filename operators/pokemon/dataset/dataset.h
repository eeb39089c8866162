/*
 * dataset.h - a set of battle data read whole and checked by rules; every finding names its rule, document and row.
 *
 * A library of its own, without I/O: the operator checks sets that administrators make, the command line folders
 * (arena/data).
 */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum dataset_file {
    DATASET_SPECIES,
    DATASET_MOVES,
    DATASET_TYPES,
    DATASET_NATURES,
    DATASET_LEARNSETS,
    DATASET_ABILITIES, /* from here on they may be absent: battles without them */
    DATASET_ITEMS,
    DATASET_SETS,     /* what random teams were once made of */
    DATASET_LEGALITY, /* what of a Pokémon can be obtained */
    DATASET_CLAUSES,  /* of formats */
    DATASET_FORMATS,  /* what teams must keep */
    DATASET_FILES
};

extern const char *const dataset_names[DATASET_FILES]; /* "species", .. */

struct dataset {
    char folder[512];
    json_t *rows[DATASET_FILES];  /* arrays; NULL: the file is absent or no array of objects */
    json_t *index[DATASET_FILES]; /* objects: id (types: name) -> place */
    json_t *provenance;           /* PROVENANCE.json, NULL when absent */
    bool based;                   /* on another version, whose rows are among these: they are in no order */
};

struct finding {
    const char *rule; /* "unknown-field", .. */
    char file[24], id[40];
    char where[72];    /* "moves/tackle" */
    char message[200]; /* a sentence */
};

struct findings {
    struct finding *list;
    size_t count, cap;
};

void findings_free(struct findings *f);

void dataset_free(struct dataset *set);
/* The rows of one file (taken over; NULL: absent) into a set that is all 0 there. */
void dataset_put(struct dataset *set, enum dataset_file file, json_t *rows, struct findings *out);
/* The row of an id, NULL if there is none. */
json_t *dataset_row(const struct dataset *set, enum dataset_file file, const char *id);

/* A further check that a program may set: whether the engine can use the folder, its effects too. */
extern void (*dataset_compile)(const char *folder, struct findings *out);

/* Every rule over a set that was read. */
void dataset_check(const struct dataset *set, struct findings *out);
/* The part of it that holds for any set: not the order of rows, the values that everybody knows, and where it is from.
 */
void dataset_check_rows(const struct dataset *set, struct findings *out);
/* dataset_teams.c's part of that: what names what in legality, clauses and formats. */
void dataset_check_teams(const struct dataset *set, struct findings *out);
/* The closed lists of fields: dataset_schema.c's part of it. */
void dataset_check_fields(const struct dataset *set, struct findings *out);

/* Calls back for every row that one set has and the other lacks (the other is NULL then), and for rows that differ. */
typedef void dataset_difference(void *ctx, enum dataset_file file, const char *id, const json_t *old,
                                const json_t *new);
size_t dataset_diff(const struct dataset *a, const struct dataset *b, dataset_difference *call, void *ctx);

/* Adds a finding. */
__attribute__((format(printf, 5, 6))) void finding_add(struct findings *f, const char *rule, const char *file,
                                                       const char *id, const char *format, ...);

#endif
