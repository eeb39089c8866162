/*
 * text.h - a growing piece of text, and the few things the arena writes into one.
 *
 * Answers and messages are written as JSON text straight away: building a tree first costs ten times as much.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena/operator.h"

/* Owned bytes; {0} is the empty text.  Not NUL-ended, see text_cstr. */
struct text {
    char *ptr;
    size_t len, cap;
};

/* Frees the bytes; the text is empty again. */
void text_free(struct text *t);

/* Makes room for `more` bytes behind len.  Aborts when the machine has no memory. */
void text_grow(struct text *t, size_t more); /* there are fewer */
static inline void text_reserve(struct text *t, size_t more)
{
    if (more > t->cap - t->len)
        text_grow(t, more);
}

/* Empty, and keeps its room. */
static inline void text_clear(struct text *t)
{
    t->len = 0;
}

static inline void text_put(struct text *t, const char *bytes, size_t len)
{
    text_reserve(t, len);
    if (len)
        memcpy(t->ptr + t->len, bytes, len);
    t->len += len;
}

static inline void text_put_text(struct text *t, arena_text s)
{
    text_put(t, s.ptr, s.len);
}
static inline void text_put_char(struct text *t, char c)
{
    text_put(t, &c, 1);
}

/* A string literal. */
#define text_lit(t, literal) text_put((t), (literal), sizeof(literal) - 1)

/* A C string. */
static inline void text_puts(struct text *t, const char *s)
{
    text_put(t, s, strlen(s));
}

/* As printf; for what is not hot. */
__attribute__((format(printf, 2, 3))) void text_printf(struct text *t, const char *format, ...);

/* A whole number in decimal. */
void text_int(struct text *t, int64_t n);

/* A finite number as JavaScript prints it: shortest form that reads back the same, integers without a point,
 * -0 as 0. */
void text_number(struct text *t, double n);

/* The content of a JSON string, without the quotes: '"', '\\' and control characters escaped, the rest as it is. */
void text_json_escaped(struct text *t, arena_text s);

/* A JSON string with its quotes. */
void text_json_string(struct text *t, arena_text s);

/* Bytes as lower-case hex. */
void text_hex(struct text *t, const uint8_t *bytes, size_t len);

/* The text NUL-ended; valid until the next change.  The NUL does not count in len. */
const char *text_cstr(struct text *t);

/* The text as a slice; valid until the next change. */
static inline arena_text text_slice(const struct text *t)
{
    return (arena_text){t->ptr, t->len};
}

static inline bool text_equal(arena_text a, arena_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* A hash for tables in memory, keyed anew in each process: nobody can choose texts that collide. */
uint64_t text_hash(arena_text s);

static inline arena_text text_of(const char *s)
{
    return (arena_text){s, s ? strlen(s) : 0};
}

static inline bool text_starts(arena_text s, arena_text prefix)
{
    return s.len >= prefix.len && memcmp(s.ptr, prefix.ptr, prefix.len) == 0;
}

/* True when the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool text_is_utf8(arena_text s);

#endif
