#include "core/text.h"

#include <pthread.h>
#include <sodium.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void text_free(struct text *t)
{
    free(t->ptr);
    *t = (struct text){0};
}

void text_grow(struct text *t, size_t more)
{
    if (more > SIZE_MAX / 4)
        abort();
    size_t cap = t->cap ? t->cap : 128;
    while (cap - t->len < more)
        cap *= 2;
    char *ptr = realloc(t->ptr, cap);
    if (!ptr)
        abort();
    t->ptr = ptr;
    t->cap = cap;
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    text_reserve(t, 128);
    int need = vsnprintf(t->ptr + t->len, t->cap - t->len, format, args);
    va_end(args);
    if (need > 0 && (size_t)need >= t->cap - t->len) {
        text_reserve(t, (size_t)need + 1);
        vsnprintf(t->ptr + t->len, (size_t)need + 1, format, again);
    }
    if (need > 0)
        t->len += (size_t)need;
    va_end(again);
}

void text_int(struct text *t, int64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do
        digits[--at] = (char)('0' + u % 10);
    while (u /= 10);
    if (n < 0)
        text_put_char(t, '-');
    text_put(t, digits + at, sizeof digits - at);
}

/* The shortest %g form that reads back as n, in JavaScript's notation for exponents in -7 .. 20. */
void text_number(struct text *t, double n)
{
    if (n == floor(n) && fabs(n) < 1e15) {
        text_int(t, (int64_t)n);
        return;
    }
    char s[40];
    int precision = 1;
    do
        snprintf(s, sizeof s, "%.*g", precision, n);
    while (strtod(s, NULL) != n && ++precision <= 17);
    double magnitude = fabs(n);
    if (magnitude >= 1e-6 && magnitude < 1e21 && strchr(s, 'e')) {
        int exponent = atoi(strchr(s, 'e') + 1);
        int decimals = precision - 1 - exponent;
        snprintf(s, sizeof s, "%.*f", decimals > 0 ? decimals : 0, n);
    }
    char *e = strchr(s, 'e');
    size_t zero = e && e[2] == '0' ? 1 : 0; /* C writes at least two digits, JavaScript as few as it can */
    text_put(t, s, e ? (size_t)(e - s) + 2 : strlen(s));
    if (e)
        text_puts(t, e + 2 + zero);
}

/* What stands behind the backslash for a control character; 'u' for \u00XX. */
static char control_letter(unsigned char c)
{
    switch (c) {
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 'u';
    }
}

enum { ESCAPED_EIGHT = 8 * 6 + 8 }; /* room for eight bytes, and for what is copied with them and written over */

static char *put_control(char *to, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    *to++ = '\\';
    *to++ = control_letter(c);
    if (to[-1] != 'u')
        return to;
    memcpy(to, (char[]){'0', '0', hex[c >> 4], hex[c & 15]}, 4);
    return to + 4;
}

/* The high bits of those of eight bytes that need an escape: control characters, quotes and backslashes. */
static uint64_t specials(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), low = 0x7F * ones;
    const uint64_t quote = eight ^ '"' * ones, slash = eight ^ '\\' * ones;
    uint64_t plain = ((eight & low) + (0x80 - 0x20) * ones) | eight;
    plain &= ((quote & low) + low) | quote;
    plain &= ((slash & low) + low) | slash;
    return ~plain & 0x80 * ones;
}

/* Messages are JSON in JSON, in which every fifth byte is a quote: so bytes are taken from a number, the first of them
 * lowest, and not copied one by one. */
static inline char *put_eight(char *to, uint64_t eight)
{
    unsigned left = 8;
    for (uint64_t special = specials(eight); special;) {
        const unsigned bits = (unsigned)__builtin_ctzll(special) - 7; /* of those before it */
        memcpy(to, &eight, 8);
        to += bits / 8;
        left -= bits / 8 + 1;
        eight >>= bits;
        if ((eight & 0xFF) < ' ') {
            to = put_control(to, (unsigned char)eight);
        } else {
            *to++ = '\\';
            *to++ = (char)eight;
        }
        eight >>= 8;
        special = special >> bits >> 8; /* a shift by 64 has no result */
    }
    memcpy(to, &eight, 8);
    return to + left;
}

void text_json_escaped(struct text *t, arena_text s)
{
    const char *from = s.ptr;
    size_t left = s.len;
    uint64_t eight = 0;
    text_reserve(t, left + left / 4 + ESCAPED_EIGHT);
    for (; left >= 8; left -= 8, from += 8) {
        text_reserve(t, ESCAPED_EIGHT);
        memcpy(&eight, from, 8);
        t->len = (size_t)(put_eight(t->ptr + t->len, eight) - t->ptr);
    }
    memset(&eight, ' ', 8); /* behind the end, and needs no escape */
    if (left)
        memcpy(&eight, from, left);
    text_reserve(t, ESCAPED_EIGHT);
    t->len = (size_t)(put_eight(t->ptr + t->len, eight) - t->ptr) - (8 - left);
}

void text_json_string(struct text *t, arena_text s)
{
    text_reserve(t, s.len + 2);
    text_put_char(t, '"');
    text_json_escaped(t, s);
    text_put_char(t, '"');
}

void text_hex(struct text *t, const uint8_t *bytes, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    text_reserve(t, 2 * len);
    for (size_t i = 0; i < len; i++) {
        t->ptr[t->len++] = hex[bytes[i] >> 4];
        t->ptr[t->len++] = hex[bytes[i] & 15];
    }
}

const char *text_cstr(struct text *t)
{
    text_reserve(t, 1);
    t->ptr[t->len] = '\0';
    return t->ptr;
}

/* How many continuation bytes follow a lead byte, and the range of the first of them (RFC 3629, section 4). */
static int utf8_lead(unsigned char c, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (c >= 0xC2 && c <= 0xDF)
        return 1;
    if (c >= 0xE0 && c <= 0xEF) {
        *low = c == 0xE0 ? 0xA0 : 0x80;
        *high = c == 0xED ? 0x9F : 0xBF;
        return 2;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        *low = c == 0xF0 ? 0x90 : 0x80;
        *high = c == 0xF4 ? 0x8F : 0xBF;
        return 3;
    }
    return -1;
}

/* Where the first byte beyond ASCII is at the earliest; most texts have none. */
static const unsigned char *skip_ascii(const unsigned char *p, const unsigned char *end)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    for (uint64_t four[4]; end - p >= 32; p += 32) {
        memcpy(four, p, 32);
        if ((four[0] | four[1] | four[2] | four[3]) & high)
            break;
    }
    for (uint64_t one; end - p >= 8; p += 8) {
        memcpy(&one, p, 8);
        if (one & high)
            break;
    }
    return p;
}

bool text_is_utf8(arena_text s)
{
    if (!s.len)
        return true; /* ptr may be NULL then */
    const unsigned char *p = (const unsigned char *)s.ptr, *end = p + s.len;
    while ((p = skip_ascii(p, end)) < end) {
        unsigned char low, high, c = *p++;
        if (c < 0x80)
            continue;
        int more = utf8_lead(c, &low, &high);
        if (more < 0 || end - p < more || *p < low || *p > high)
            return false;
        for (int i = 1; i < more; i++)
            if ((p[i] & 0xC0) != 0x80)
                return false;
        p += more;
    }
    return true;
}

static pthread_once_t hash_once = PTHREAD_ONCE_INIT;
static unsigned char hash_key[crypto_shorthash_KEYBYTES];

static void make_hash_key(void)
{
    randombytes_buf(hash_key, sizeof hash_key);
}

uint64_t text_hash(arena_text s)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash;
    pthread_once(&hash_once, make_hash_key);
    crypto_shorthash(out, (const unsigned char *)s.ptr, s.len, hash_key);
    memcpy(&hash, out, sizeof hash);
    return hash;
}
