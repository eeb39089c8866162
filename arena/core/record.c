/*
 * record.c - a session's head as bytes: little-endian, fixed order, one version byte in front.
 *
 * One table of fields would serve both directions; two plain functions beside each other are easier to read and are
 * held together by a round-trip test.
 */
#include <stdlib.h>
#include <string.h>

#include "core/session.h"

enum { RECORD_VERSION = 1 };

/* Writing. ------------------------------------------------------------------------------------------------- */

static void put_u64(struct text *out, uint64_t n)
{
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(n >> 8 * i);
    text_put(out, bytes, 8);
}

static void put_u32(struct text *out, uint32_t n)
{
    text_put(out, (char[]){(char)n, (char)(n >> 8), (char)(n >> 16), (char)(n >> 24)}, 4);
}

static void put_u8(struct text *out, uint8_t n)
{
    text_put_char(out, (char)n);
}

static void put_text(struct text *out, arena_text s)
{
    put_u32(out, (uint32_t)s.len);
    text_put_text(out, s);
}

static void put_double(struct text *out, double d)
{
    uint64_t bits;
    memcpy(&bits, &d, 8);
    put_u64(out, bits);
}

static void put_seat(struct text *out, const struct seat *seat)
{
    put_u8(out, (uint8_t)(seat->taken | seat->house << 1 | (seat->user != NULL) << 2));
    put_text(out, text_of(seat->handle));
    put_text(out, text_of(seat->user));
    put_u32(out, seat->token);
}

static void put_game(struct text *out, const struct session *s)
{
    put_text(out, text_of(s->type));
    put_text(out, text_slice(&s->version));
    put_u8(out, (uint8_t)s->status);
    put_u8(out, s->abandoned);
    put_u64(out, (uint64_t)s->completed_ms);
    put_u32(out, s->seats);
    put_u32(out, s->joined);
    put_u32(out, s->turn);
    put_u32(out, s->inputs);
    put_u32(out, s->active);
    text_put(out, (const char *)s->seed, sizeof s->seed);
    for (uint32_t i = 0; i < s->seats; i++)
        put_seat(out, &s->seat[i]);
    put_u32(out, s->invite_count);
    for (uint32_t i = 0; i < s->invite_count; i++) {
        put_text(out, text_of(s->invite[i].code));
        put_u8(out, (uint8_t)(s->invite[i].used | s->invite[i].claimed << 1));
    }
    uint8_t timers = 0;
    for (int i = 0; i < HOST_TIMERS_MAX; i++)
        timers = (uint8_t)(timers + (s->timers[i] != 0));
    put_u8(out, timers);
    for (int i = 0; i < HOST_TIMERS_MAX; i++)
        if (s->timers[i]) {
            put_u8(out, (uint8_t)i);
            put_u64(out, (uint64_t)s->timers[i]);
        }
    for (uint32_t i = 0; s->status == STATUS_ENDED && i < s->seats; i++) {
        put_double(out, s->scores[i].security);
        put_double(out, s->scores[i].utility);
    }
    put_u32(out, s->blame_count);
    for (uint32_t i = 0; i < s->blame_count; i++) {
        put_u8(out, (uint8_t)s->blames[i].from);
        put_u8(out, (uint8_t)s->blames[i].to);
        put_text(out, text_of(s->blames[i].type));
    }
    put_u32(out, s->state_version);
    put_text(out, text_slice(&s->state));
}

void record_encode(const struct session *s, struct text *out)
{
    put_u8(out, RECORD_VERSION);
    put_u8(out, s->lobby);
    put_text(out, session_id(s));
    put_u64(out, (uint64_t)s->created_ms);
    put_u64(out, (uint64_t)s->activity_ms);
    for (int i = 0; i < CHANNELS; i++)
        put_u32(out, s->channel[i].last);
    if (!s->lobby)
        put_game(out, s);
}

/* Reading: a cursor that turns bad instead of reading past the end. ---------------------------------------- */

struct cursor {
    const unsigned char *at, *end;
    bool bad;
};

static const unsigned char *get(struct cursor *c, size_t len)
{
    static const unsigned char zero[8];
    if (c->bad || (size_t)(c->end - c->at) < len) {
        c->bad = true;
        return len <= sizeof zero ? zero : NULL;
    }
    const unsigned char *bytes = c->at;
    c->at += len;
    return bytes;
}

static uint64_t get_u64(struct cursor *c)
{
    const unsigned char *p = get(c, 8);
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n |= (uint64_t)p[i] << 8 * i;
    return n;
}

static uint32_t get_u32(struct cursor *c)
{
    const unsigned char *p = get(c, 4);
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint8_t get_u8(struct cursor *c)
{
    return *get(c, 1);
}

static arena_text get_text(struct cursor *c)
{
    uint32_t len = get_u32(c);
    const char *bytes = (const char *)get(c, len);
    return c->bad ? (arena_text){"", 0} : (arena_text){bytes, len};
}

static double get_double(struct cursor *c)
{
    uint64_t bits = get_u64(c);
    double d;
    memcpy(&d, &bits, 8);
    return d;
}

static void get_chars(struct cursor *c, char *out, size_t size)
{
    arena_text s = get_text(c);
    if (s.len >= size)
        c->bad = true;
    else
        memcpy(out, s.ptr, s.len);
}

static char *get_string(struct cursor *c)
{
    arena_text s = get_text(c);
    char *copy = calloc(1, s.len + 1);
    if (!copy)
        abort();
    memcpy(copy, s.ptr, s.len);
    return copy;
}

static uint32_t get_count(struct cursor *c, uint32_t max)
{
    uint32_t n = get_u32(c);
    if (n > max)
        c->bad = true;
    return c->bad ? 0 : n;
}

static void get_seat(struct cursor *c, struct seat *seat)
{
    uint8_t flags = get_u8(c);
    seat->taken = flags & 1;
    seat->house = flags >> 1 & 1;
    get_chars(c, seat->handle, sizeof seat->handle);
    char *user = get_string(c);
    if (flags >> 2 & 1)
        seat->user = user;
    else
        free(user);
    seat->token = get_u32(c);
}

static void get_blames(struct cursor *c, struct session *s)
{
    s->blame_count = get_count(c, 1 << 20);
    s->blames = s->blame_count ? calloc(s->blame_count, sizeof *s->blames) : NULL;
    if (s->blame_count && !s->blames)
        abort();
    for (uint32_t i = 0; i < s->blame_count; i++) {
        s->blames[i].from = get_u8(c);
        s->blames[i].to = get_u8(c);
        get_chars(c, s->blames[i].type, sizeof s->blames[i].type);
    }
}

static void get_game(struct cursor *c, struct session *s)
{
    s->type = get_string(c);
    text_put_text(&s->version, get_text(c));
    uint8_t status = get_u8(c);
    c->bad |= status >= STATUS_COUNT;
    s->status = s->durable_status = c->bad ? STATUS_ENDED : (enum status)status;
    s->abandoned = get_u8(c);
    s->completed_ms = (int64_t)get_u64(c);
    session_seats(s, get_count(c, ARENA_SEATS_MAX));
    s->joined = get_u32(c);
    s->turn = get_u32(c);
    s->inputs = get_u32(c);
    s->active = get_u32(c);
    const unsigned char *seed = get(c, sizeof s->seed);
    if (seed)
        memcpy(s->seed, seed, sizeof s->seed);
    for (uint32_t i = 0; i < s->seats; i++)
        get_seat(c, &s->seat[i]);
    s->invite_count = get_count(c, s->seats);
    for (uint32_t i = 0; i < s->invite_count; i++) {
        get_chars(c, s->invite[i].code, sizeof s->invite[i].code);
        uint8_t flags = get_u8(c);
        s->invite[i].used = flags & 1;
        s->invite[i].claimed = flags >> 1 & 1;
    }
    for (uint8_t n = get_u8(c); n > 0 && !c->bad; n--) {
        uint8_t id = get_u8(c);
        int64_t at = (int64_t)get_u64(c);
        if (id < HOST_TIMERS_MAX)
            s->timers[id] = at;
    }
    for (uint32_t i = 0; s->status == STATUS_ENDED && i < s->seats; i++) {
        s->scores[i].security = get_double(c);
        s->scores[i].utility = get_double(c);
    }
    get_blames(c, s);
    s->state_version = get_u32(c);
    text_put_text(&s->state, get_text(c));
}

struct session *record_decode(struct arena *arena, uint64_t serial, arena_text record)
{
    struct cursor c = {(const unsigned char *)record.ptr, (const unsigned char *)record.ptr + record.len, false};
    if (get_u8(&c) != RECORD_VERSION)
        return NULL;
    bool lobby = get_u8(&c);
    struct session *s = session_new(arena, serial, get_text(&c));
    s->lobby = lobby;
    s->stored = true;
    s->created_ms = (int64_t)get_u64(&c);
    s->activity_ms = (int64_t)get_u64(&c);
    for (int i = 0; i < CHANNELS; i++) {
        s->channel[i].last = s->channel[i].durable = get_u32(&c);
        s->channel[i].first = s->channel[i].last + 1;
    }
    if (lobby)
        session_seats(s, 0);
    else
        get_game(&c, s);
    if (c.bad || c.at != c.end) {
        session_free(s);
        return NULL;
    }
    if (!lobby && arena && arena->config.host)
        s->op = host_find(arena->config.host, text_of(s->type));
    session_wake(s);
    s->armed_ms = s->wake_ms;
    return s;
}
