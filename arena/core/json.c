#include "core/json.h"

#include <string.h>

#include "core/text.h"

/* Where the reading is, and what was wrong.  Errors are static sentences; the first one stays. */
struct reader {
    const unsigned char *p, *end;
    const char *error;
};

/* A string as it stands in the text: between the quotes, escapes not yet decoded. */
struct raw {
    const unsigned char *from, *to;
    bool escaped;
};

static bool fail(struct reader *r, const char *error)
{
    if (!r->error)
        r->error = error;
    return false;
}

static void skip_space(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t'))
        r->p++;
}

/* Bytes of a string that need a look: the quote, the backslash, control characters, and all beyond ASCII. */
static inline bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* True when none of eight bytes needs a look; the classical tricks for "has a zero byte" and "has a byte below n". */
static inline bool are_plain(const unsigned char *bytes)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    uint64_t w, quote, slash;
    memcpy(&w, bytes, sizeof w);
    quote = w ^ (ones * '"');
    slash = w ^ (ones * '\\');
    return ((w | (w - ones * 0x20) | (quote - ones) | (slash - ones)) & highs) == 0;
}

/* One character beyond ASCII; the table of RFC 3629, section 4. */
static bool scan_utf8(struct reader *r)
{
    const unsigned char *p = r->p;
    size_t left = (size_t)(r->end - p);
    unsigned char low = 0x80, high = 0xBF;
    size_t more;

    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        more = 1;
    else if ((p[0] & 0xF0) == 0xE0)
        more = 2;
    else if (p[0] >= 0xF0 && p[0] <= 0xF4)
        more = 3;
    else
        return fail(r, "a string is not well-formed UTF-8");
    if (p[0] == 0xE0)
        low = 0xA0; /* else overlong */
    else if (p[0] == 0xED)
        high = 0x9F; /* else a surrogate */
    else if (p[0] == 0xF0)
        low = 0x90; /* else overlong */
    else if (p[0] == 0xF4)
        high = 0x8F; /* else beyond U+10FFFF */
    if (left <= more || p[1] < low || p[1] > high)
        return fail(r, "a string is not well-formed UTF-8");
    for (size_t i = 2; i <= more; i++)
        if (p[i] < 0x80 || p[i] > 0xBF)
            return fail(r, "a string is not well-formed UTF-8");
    r->p = p + more + 1;
    return true;
}

static int hex_digit(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number of \uXXXX with p at the backslash, or -1. */
static int32_t unicode_escape(const unsigned char *p, const unsigned char *end)
{
    int32_t n = 0;

    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0)
            return -1;
        n = n * 16 + digit;
    }
    return n;
}

static bool scan_escape(struct reader *r)
{
    static const char letters[] = {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'};
    int32_t n;

    if (r->end - r->p < 2)
        return fail(r, "a string does not end");
    if (memchr(letters, r->p[1], sizeof letters)) {
        r->p += 2;
        return true;
    }
    if (r->p[1] != 'u')
        return fail(r, "a string has an unknown escape");
    n = unicode_escape(r->p, r->end);
    if (n < 0)
        return fail(r, "\\u needs four hexadecimal digits");
    r->p += 6;
    if (n < 0xD800 || n > 0xDFFF)
        return true;
    if (n <= 0xDBFF) {
        n = unicode_escape(r->p, r->end);
        if (n >= 0xDC00 && n <= 0xDFFF) {
            r->p += 6;
            return true;
        }
    }
    return fail(r, "a string has half a surrogate pair");
}

/* A string, with p at its opening quote. */
static bool scan_string(struct reader *r, struct raw *raw)
{
    raw->from = ++r->p;
    raw->escaped = false;
    for (;;) {
        while (r->end - r->p >= 8 && are_plain(r->p))
            r->p += 8;
        while (r->p < r->end && is_plain(*r->p))
            r->p++;
        if (r->p == r->end)
            return fail(r, "a string does not end");
        if (*r->p == '"') {
            raw->to = r->p++;
            return true;
        }
        if (*r->p == '\\') {
            raw->escaped = true;
            if (!scan_escape(r))
                return false;
        } else if (*r->p < 0x20) {
            return fail(r, "a string has a control character");
        } else if (!scan_utf8(r)) {
            return false;
        }
    }
}

static char *put_utf8(char *out, int32_t n)
{
    if (n < 0x80) {
        *out++ = (char)n;
        return out;
    }
    if (n < 0x800) {
        *out++ = (char)(0xC0 | n >> 6);
    } else {
        if (n < 0x10000) {
            *out++ = (char)(0xE0 | n >> 12);
        } else {
            *out++ = (char)(0xF0 | n >> 18);
            *out++ = (char)(0x80 | (n >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (n >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (n & 0x3F));
    return out;
}

/* Decodes one escape that scan_escape has passed. */
static char *decode_escape(const unsigned char **p, const unsigned char *end, char *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

    if ((*p)[1] != 'u') {
        *out++ = meanings[strchr(letters, (*p)[1]) - letters];
        *p += 2;
        return out;
    }
    int32_t n = unicode_escape(*p, end);
    *p += 6;
    if (n >= 0xD800 && n <= 0xDBFF) {
        n = 0x10000 + ((n - 0xD800) << 10) + (unicode_escape(*p, end) - 0xDC00);
        *p += 6;
    }
    return put_utf8(out, n);
}

/* The string's content: a slice of the text, or, when it has escapes, decoded into the pool. */
static bool decode(struct reader *r, const struct raw *raw, struct pool *pool, arena_text *out)
{
    size_t len = (size_t)(raw->to - raw->from);
    const unsigned char *p = raw->from;

    *out = (arena_text){(const char *)raw->from, len};
    if (!raw->escaped)
        return true;
    char *bytes = pool_alloc(pool, len), *to = bytes;
    if (!bytes)
        return fail(r, "the text is too large");
    while (p < raw->to) {
        const unsigned char *slash = memchr(p, '\\', (size_t)(raw->to - p));
        size_t plain = (size_t)((slash ? slash : raw->to) - p);
        memcpy(to, p, plain);
        to += plain;
        p += plain;
        if (slash)
            to = decode_escape(&p, raw->to, to);
    }
    *out = (arena_text){bytes, (size_t)(to - bytes)};
    return true;
}

static bool scan_word(struct reader *r, const char *word, size_t len)
{
    if ((size_t)(r->end - r->p) < len || memcmp(r->p, word, len) != 0)
        return fail(r, "a value is none of JSON's");
    r->p += len;
    return true;
}

static size_t scan_digits(struct reader *r)
{
    const unsigned char *from = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return (size_t)(r->p - from);
}

static bool scan_number(struct reader *r, enum json_type *type)
{
    *type = JSON_INT;
    if (*r->p == '-')
        r->p++;
    bool zero = r->p < r->end && *r->p == '0';
    size_t digits = scan_digits(r);
    if (digits == 0)
        return fail(r, "a number has no digits");
    if (zero && digits > 1)
        return fail(r, "a number begins with 0");
    if (r->p < r->end && *r->p == '.') {
        *type = JSON_REAL;
        r->p++;
        if (!scan_digits(r))
            return fail(r, "a number has no digits behind its point");
    }
    if (r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
        *type = JSON_REAL;
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
            r->p++;
        if (!scan_digits(r))
            return fail(r, "a number has no digits in its exponent");
    }
    return true;
}

static bool scan_value(struct reader *r, unsigned depth, enum json_type *type, struct raw *raw);

/* What stands behind an element: true for a comma; at the closing bracket *done; else an error. */
static bool scan_separator(struct reader *r, unsigned char close, bool *done)
{
    skip_space(r);
    if (r->p == r->end)
        return fail(r, "the text ends too early");
    *done = *r->p == close;
    if (!*done && *r->p != ',')
        return fail(r, "a comma or a closing bracket is missing");
    r->p++;
    return true;
}

/* A member's name and its colon. */
static bool scan_name(struct reader *r, struct raw *name)
{
    skip_space(r);
    if (r->p == r->end)
        return fail(r, "the text ends too early");
    if (*r->p != '"')
        return fail(r, "a member has no name in quotes");
    if (!scan_string(r, name))
        return false;
    skip_space(r);
    if (r->p == r->end || *r->p != ':')
        return fail(r, "a colon is missing");
    r->p++;
    return true;
}

/* True when the array or object, of which p is behind the opening bracket, has nothing in it; steps over its end. */
static bool scan_empty(struct reader *r, unsigned char close)
{
    skip_space(r);
    if (r->p == r->end || *r->p != close)
        return false;
    r->p++;
    return true;
}

static bool scan_nested(struct reader *r, unsigned depth, bool object)
{
    unsigned char close = object ? '}' : ']';
    enum json_type type;
    struct raw raw;
    bool done = false;

    if (depth > JSON_DEPTH_MAX)
        return fail(r, "the text is nested too deeply");
    r->p++;
    if (scan_empty(r, close))
        return true;
    while (!done)
        if ((object && !scan_name(r, &raw)) || !scan_value(r, depth, &type, &raw) || !scan_separator(r, close, &done))
            return false;
    return true;
}

/* Any value, of which depth - 1 arrays and objects are around it.  *raw is set for a string. */
static bool scan_value(struct reader *r, unsigned depth, enum json_type *type, struct raw *raw)
{
    skip_space(r);
    if (r->p == r->end)
        return fail(r, "the text ends too early");
    switch (*r->p) {
    case '"': *type = JSON_STRING; return scan_string(r, raw);
    case '{': *type = JSON_OBJECT; return scan_nested(r, depth + 1, true);
    case '[': *type = JSON_ARRAY; return scan_nested(r, depth + 1, false);
    case 't': *type = JSON_BOOL; return scan_word(r, "true", 4);
    case 'f': *type = JSON_BOOL; return scan_word(r, "false", 5);
    case 'n': *type = JSON_NULL; return scan_word(r, "null", 4);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return scan_number(r, type);
    default: return fail(r, "a value is none of JSON's");
    }
}

static bool is_known(const struct json_object *object, arena_text name)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (text_equal(object->members[i].name, name))
            return true;
    return false;
}

/* One member of the top-level object. */
static bool read_member(struct reader *r, struct pool *pool, struct json_object *object)
{
    struct json_member member;
    struct raw raw;

    if (!scan_name(r, &raw) || !decode(r, &raw, pool, &member.name))
        return false;
    if (is_known(object, member.name))
        return fail(r, "a name appears twice");
    if (object->count == JSON_MEMBERS_MAX)
        return fail(r, "the object has too many members");
    skip_space(r);
    const unsigned char *from = r->p;
    if (!scan_value(r, 1, &member.type, &raw))
        return false;
    member.value = (arena_text){(const char *)from, (size_t)(r->p - from)};
    if (member.type == JSON_STRING && !decode(r, &raw, pool, &member.value))
        return false;
    object->members[object->count++] = member;
    return true;
}

static bool read_object(struct reader *r, struct pool *pool, struct json_object *object)
{
    bool done = false;

    r->p++;
    if (scan_empty(r, '}'))
        return true;
    while (!done)
        if (!read_member(r, pool, object) || !scan_separator(r, '}', &done))
            return false;
    return true;
}

/* Nothing but white space may follow the value. */
static bool at_end(struct reader *r)
{
    skip_space(r);
    return r->p == r->end || fail(r, "something follows the value");
}

static struct reader reader_of(arena_text text)
{
    const unsigned char *bytes = (const unsigned char *)(text.len ? text.ptr : "");
    return (struct reader){.p = bytes, .end = bytes + text.len};
}

const char *json_read(arena_text text, struct pool *pool, struct json_object *object, enum json_type *type)
{
    struct reader r = reader_of(text);
    struct raw raw;

    object->count = 0;
    skip_space(&r);
    if (r.p < r.end && *r.p == '{') {
        *type = JSON_OBJECT;
        if (read_object(&r, pool, object))
            at_end(&r);
    } else if (scan_value(&r, 0, type, &raw)) {
        at_end(&r);
    }
    if (r.error)
        object->count = 0;
    return r.error;
}

const char *json_check(arena_text text, enum json_type *type)
{
    struct reader r = reader_of(text);
    struct raw raw;

    if (scan_value(&r, 0, type, &raw))
        at_end(&r);
    return r.error;
}

const struct json_member *json_get(const struct json_object *object, const char *name)
{
    arena_text wanted = text_of(name);

    for (uint32_t i = 0; i < object->count; i++)
        if (text_equal(object->members[i].name, wanted))
            return &object->members[i];
    return NULL;
}

bool json_int(const struct json_member *member, int64_t *n)
{
    const char *p = member->value.ptr, *end = p + member->value.len;
    bool negative = member->type == JSON_INT && *p == '-';
    int64_t value = 0;

    if (member->type != JSON_INT)
        return false;
    for (p += negative; p < end; p++) {
        int digit = negative ? '0' - *p : *p - '0';
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *n = value;
    return true;
}
