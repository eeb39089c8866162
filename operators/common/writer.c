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

void writer_again(struct writer *w, size_t from, size_t len)
{
    char *at = writer_room(w, len);
    if (!at)
        return;
    memcpy(at, w->ptr + from, len);
    w->len += len;
}

static void any_int(struct writer *w, int64_t n)
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

/* Most numbers of a game have one to three digits. */
void writer_int(struct writer *w, int64_t n)
{
    char *at = n >= 0 && n < 1000 ? writer_room(w, 3) : NULL;
    if (!at) {
        any_int(w, n);
        return;
    }
    const unsigned u = (unsigned)n, tens = u / 10 % 10;
    if (u >= 100)
        *at++ = (char)('0' + u / 100);
    if (u >= 10)
        *at++ = (char)('0' + tens);
    *at++ = (char)('0' + u % 10);
    w->len = (size_t)(at - w->ptr);
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

/* Whether some of eight bytes need an escape; from the first that does on it may see too many. */
static bool any_special(const char *ptr)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = 0x80 * ones;
    uint64_t eight;
    memcpy(&eight, ptr, 8);
    const uint64_t quote = eight ^ '"' * ones, slash = eight ^ '\\' * ones;
    const uint64_t found = ((eight - 0x20 * ones) & ~eight) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
    return found & high;
}

/* How many bytes from `from` on need no escape. */
static size_t plain_bytes(const char *ptr, size_t from, size_t len)
{
    size_t i = from;
    while (len - i >= 8 && !any_special(ptr + i))
        i += 8;
    for (; i < len; i++) {
        unsigned char c = (unsigned char)ptr[i];
        if (c < 0x20 || c == '"' || c == '\\')
            break;
    }
    return i - from;
}

void writer_quoted(struct writer *w, const char *ptr, size_t len)
{
    writer_bytes(w, "\"", 1);
    ptr = len ? ptr : ""; /* an empty text may be at NULL */
    for (size_t i = 0; i < len; i++) {
        const size_t plain = plain_bytes(ptr, i, len);
        writer_bytes(w, ptr + i, plain);
        i += plain;
        if (i < len)
            escape(w, (unsigned char)ptr[i]);
    }
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
