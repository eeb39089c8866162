/*
 * data.h - rule data (arena.data/1) between the host and an operator: sets as bytes, and the calls about them.
 *
 * A list of texts is flat: each is u32 length (little-endian) and bytes.  A set is a list of names and JSON texts in
 * turn; mistakes are a list of document, entry and sentence in turn.  There is no JSON in here: the worker has no
 * parser.
 */
#ifndef HOST_DATA_H
#define HOST_DATA_H

#include <stdbool.h>

#include "core/text.h"
#include "host/host.h"

enum { DATA_MISTAKES_MAX = 100, DATA_SENTENCE_MAX = 500, DATA_DOCUMENTS_MAX = 1024 };

/* Appends a text to a list. */
void data_put(struct text *list, arena_text text);

/* Takes the first text off a list.  False at its end, and when the rest is damaged. */
bool data_get(arena_text *list, arena_text *text);

/* [A-Za-z0-9._-]{1,40}, the name of a built-in set; [a-z0-9_/-]{1,64}, that of a document. */
bool data_version_is_valid(arena_text name);
bool data_document_is_valid(arena_text name);

/* Answers a turn of one of the kinds TURN_DATA_…, in the process that has the operator's code. */
void data_call(const arena_operator *code, struct turn *turn);

/* Sets that were loaded into a process, newest first.  Read without a lock; added to by one at a time. */
struct data_loaded {
    struct data_loaded *next;
    size_t len;
    char name[];
};
bool data_is_loaded(const struct data_loaded *loaded, arena_text name);
struct data_loaded *data_loaded_new(struct data_loaded *next, arena_text name);
void data_loaded_free(struct data_loaded *loaded);

#endif
