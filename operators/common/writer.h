/*
 * writer.h - text and JSON put together piece by piece in a turn's memory.
 *
 * The first piece that does not fit marks the writer as failed; later pieces are ignored and writer_done()
 * says so once.  So code that writes a document has no checks between its lines.
 */
#ifndef OPERATORS_WRITER_H
#define OPERATORS_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena/operator.h"

struct writer {
    const arena_host *h;
    char *ptr;       /* from h->alloc */
    size_t len, cap; /* equal once failed */
    bool failed;
};

/* An empty writer; room is what the text will probably need. */
struct writer writer_new(const arena_host *h, size_t room);

/* Room for n more bytes, NULL if there is none; the caller counts what it writes. */
char *writer_room(struct writer *w, size_t n);

/* What was written from `from` on, len bytes, once more. */
void writer_again(struct writer *w, size_t from, size_t len);

/* Verbatim bytes.  Inline, so that pieces of constant text cost no more than their copy. */
static inline void writer_bytes(struct writer *w, const char *ptr, size_t len)
{
    char *at = len <= w->cap - w->len ? w->ptr + w->len : writer_room(w, len);
    if (!at || !len)
        return;
    memcpy(at, ptr, len);
    w->len += len;
}

static inline void writer_text(struct writer *w, const char *text)
{
    writer_bytes(w, text, strlen(text));
}

/* A decimal number. */
void writer_int(struct writer *w, int64_t n);

/* Any number as JavaScript prints it: the fewest digits that read back as the same one, 1e+21 and 1e-7 beyond
 * the usual sizes, never -0. */
void writer_number(struct writer *w, double n);

/* A JSON string with its quotes.  Bytes above 0x7f are copied: the caller hands in UTF-8. */
void writer_quoted(struct writer *w, const char *ptr, size_t len);
void writer_string(struct writer *w, const char *text);

/* A comma, unless the text ends with an opening bracket: before each element of a list. */
static inline void writer_next(struct writer *w)
{
    if (w->len && w->ptr[w->len - 1] != '{' && w->ptr[w->len - 1] != '[')
        writer_bytes(w, ",", 1);
}

/* "key": - and a comma before it unless it follows an opening bracket.  The key needs no escapes. */
static inline void writer_key(struct writer *w, const char *key)
{
    writer_next(w);
    writer_bytes(w, "\"", 1);
    writer_text(w, key);
    writer_bytes(w, "\":", 2);
}

void writer_key_int(struct writer *w, const char *key, int64_t n);
void writer_key_bool(struct writer *w, const char *key, bool yes);
void writer_key_string(struct writer *w, const char *key, const char *text);

/* The text so far, false if something did not fit. */
bool writer_done(const struct writer *w, arena_text *out);

/* The same with a NUL behind it, for h->reject. */
const char *writer_cstring(struct writer *w);

#endif
