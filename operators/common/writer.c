/* writer.c - see writer.h. */
#include "writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer writer_new(const arena_host *h, size_t room)
{
    struct writer w = {.h = h, .cap = room ? room : 64};
    w.ptr = h->alloc(h, w.cap);
    if (!w.ptr) {
        w.cap = 0;
        w.failed = true;
    }
    return w;
}

/* A larger piece; the old one stays in the turn's memory until its end. */
char *writer_room(struct writer *w, size_t n)
{
    if (w->failed)
        return NULL;
    if (n <= w->cap - w->len)
        return w->ptr + w->len;
    size_t cap = w->cap * 2 > w->len + n ? w->cap * 2 : w->len + n;
    char *ptr = w->h->alloc(w->h, cap);
    if (!ptr) {
        w->cap = w->len;
        w->failed = true;
        return NULL;
    }
    memcpy(ptr, w->ptr, w->len);
    w->ptr = ptr;
    w->cap = cap;
    return w->ptr + w->len;
}

void writer_int(struct writer *w, int64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (n < 0)
        writer_bytes(w, "-", 1);
    writer_bytes(w, digits + at, sizeof digits - at);
}

static void zeros(struct writer *w, int n)
{
    while (n-- > 0)
        writer_bytes(w, "0", 1);
}

/* count digits with the point behind the first `point` of them, which may be none or more than there are. */
static void place_point(struct writer *w, const char *digits, int count, int point)
{
    int whole = point < 0 ? 0 : point < count ? point : count;
    if (point > 21 || point < -5) { /* JavaScript's limits of plain notation */
        writer_bytes(w, digits, 1);
        writer_bytes(w, ".", count > 1);
        writer_bytes(w, digits + 1, (size_t)count - 1);
        writer_text(w, point > 0 ? "e+" : "e");
        writer_int(w, point - 1);
        return;
    }
    writer_bytes(w, "0", whole == 0);
    writer_bytes(w, digits, (size_t)whole);
    zeros(w, point - count);
    writer_bytes(w, ".", whole < count);
    zeros(w, -point);
    writer_bytes(w, digits + whole, (size_t)(count - whole));
}

void writer_number(struct writer *w, double n)
{
    char text[32], digits[32], *at = text;
    int precision = 0, count = 0;
    if (n < 0)
        writer_bytes(w, "-", 1);
    n = fabs(n);
    if (n == 0 || !isfinite(n)) {
        writer_text(w, n == 0 ? "0" : isnan(n) ? "NaN" : "Infinity");
        return;
    }
    do /* 17 digits always read back */
        snprintf(text, sizeof text, "%.*e", precision, n);
    while (strtod(text, NULL) != n && ++precision < 17);
    for (; *at != 'e'; at++)
        if (*at >= '0' && *at <= '9')
            digits[count++] = *at;
    place_point(w, digits, count, atoi(at + 1) + 1);
}

/* One byte that a JSON string may not hold as it is. */
static void escape(struct writer *w, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char six[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    char two[2] = {'\\', (char)c};
    switch (c) {
    case '"':
    case '\\': writer_bytes(w, two, 2); return;
    case '\n': writer_bytes(w, "\\n", 2); return;
    default: writer_bytes(w, six, 6);
    }
}

void writer_quoted(struct writer *w, const char *ptr, size_t len)
{
    writer_bytes(w, "\"", 1);
    ptr = len ? ptr : ""; /* an empty text may be at NULL */
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        writer_bytes(w, ptr + from, i - from);
        escape(w, c);
        from = i + 1;
    }
    writer_bytes(w, ptr + from, len - from);
    writer_bytes(w, "\"", 1);
}

void writer_string(struct writer *w, const char *text)
{
    writer_quoted(w, text, strlen(text));
}

void writer_key_int(struct writer *w, const char *key, int64_t n)
{
    writer_key(w, key);
    writer_int(w, n);
}

void writer_key_bool(struct writer *w, const char *key, bool yes)
{
    writer_key(w, key);
    writer_text(w, yes ? "true" : "false");
}

void writer_key_string(struct writer *w, const char *key, const char *text)
{
    writer_key(w, key);
    writer_string(w, text);
}

bool writer_done(const struct writer *w, arena_text *out)
{
    *out = (arena_text){w->ptr, w->len};
    return !w->failed;
}

const char *writer_cstring(struct writer *w)
{
    writer_bytes(w, "", 1);
    return w->failed ? "not enough memory for the reason" : w->ptr;
}
