/*
 * record.c - a session's head as bytes: little-endian, fixed order, one version byte in front.
 *
 * One table of fields would serve both directions; two plain functions beside each other are easier to read and are
 * held together by a round-trip test.
 */
#include <stdlib.h>
#include <string.h>

#include "core/pack.h"
#include "core/session.h"

enum { RECORD_VERSION = 3, RECORD_WITHOUT_DATA = 2, RECORD_WITHOUT_CATEGORY = 1 };

/* Writing. ------------------------------------------------------------------------------------------------- */

static void put_seat(struct text *out, const struct seat *seat)
{
    pack_put_u8(out, (uint8_t)(seat->taken | seat->house << 1 | (seat->user != NULL) << 2));
    pack_put_text(out, text_of(seat->handle));
    pack_put_text(out, text_of(seat->user));
    pack_put_u32(out, seat->token);
}

static void put_game(struct text *out, const struct session *s)
{
    pack_put_text(out, text_of(s->type));
    pack_put_text(out, text_slice(&s->version));
    pack_put_text(out, text_slice(&s->data));
    pack_put_u8(out, (uint8_t)s->status);
    pack_put_u8(out, s->abandoned);
    pack_put_u8(out, (uint8_t)s->category);
    pack_put_u64(out, (uint64_t)s->completed_ms);
    pack_put_u32(out, s->seats);
    pack_put_u32(out, s->joined);
    pack_put_u32(out, s->turn);
    pack_put_u32(out, s->inputs);
    pack_put_u32(out, s->active);
    text_put(out, (const char *)s->seed, sizeof s->seed);
    for (uint32_t i = 0; i < s->seats; i++)
        put_seat(out, &s->seat[i]);
    pack_put_u32(out, s->invite_count);
    for (uint32_t i = 0; i < s->invite_count; i++) {
        pack_put_text(out, text_of(s->invite[i].code));
        pack_put_u8(out, (uint8_t)(s->invite[i].used | s->invite[i].claimed << 1));
    }
    uint8_t timers = 0;
    for (int i = 0; i < HOST_TIMERS_MAX; i++)
        timers = (uint8_t)(timers + (s->timers[i] != 0));
    pack_put_u8(out, timers);
    for (int i = 0; i < HOST_TIMERS_MAX; i++)
        if (s->timers[i]) {
            pack_put_u8(out, (uint8_t)i);
            pack_put_u64(out, (uint64_t)s->timers[i]);
        }
    for (uint32_t i = 0; s->status == STATUS_ENDED && i < s->seats; i++) {
        pack_put_double(out, s->scores[i].security);
        pack_put_double(out, s->scores[i].utility);
    }
    pack_put_u32(out, s->blame_count);
    for (uint32_t i = 0; i < s->blame_count; i++) {
        pack_put_u8(out, (uint8_t)s->blames[i].from);
        pack_put_u8(out, (uint8_t)s->blames[i].to);
        pack_put_text(out, text_of(s->blames[i].type));
    }
    pack_put_u32(out, s->state_version);
    pack_put_text(out, text_slice(&s->state));
}

void record_encode(const struct session *s, struct text *out)
{
    pack_put_u8(out, RECORD_VERSION);
    pack_put_u8(out, s->lobby);
    pack_put_text(out, session_id(s));
    pack_put_u64(out, (uint64_t)s->created_ms);
    pack_put_u64(out, (uint64_t)s->activity_ms);
    for (int i = 0; i < CHANNELS; i++)
        pack_put_u32(out, s->channel[i].last);
    if (!s->lobby)
        put_game(out, s);
}

/* Reading. ------------------------------------------------------------------------------------------------- */

static uint32_t get_count(struct cursor *c, uint32_t max)
{
    uint32_t n = pack_get_u32(c);
    if (n > max)
        c->bad = true;
    return c->bad ? 0 : n;
}

static void get_seat(struct cursor *c, struct seat *seat)
{
    uint8_t flags = pack_get_u8(c);
    seat->taken = flags & 1;
    seat->house = flags >> 1 & 1;
    pack_get_chars(c, seat->handle, sizeof seat->handle);
    char *user = pack_get_string(c);
    if (flags >> 2 & 1)
        seat->user = user;
    else
        free(user);
    seat->token = pack_get_u32(c);
}

static void get_blames(struct cursor *c, struct session *s)
{
    s->blame_count = get_count(c, 1 << 20);
    s->blames = s->blame_count ? calloc(s->blame_count, sizeof *s->blames) : NULL;
    if (s->blame_count && !s->blames)
        abort();
    for (uint32_t i = 0; i < s->blame_count; i++) {
        s->blames[i].from = pack_get_u8(c);
        s->blames[i].to = pack_get_u8(c);
        pack_get_chars(c, s->blames[i].type, sizeof s->blames[i].type);
    }
}

static enum category get_category(struct cursor *c)
{
    uint8_t category = pack_get_u8(c);
    c->bad |= category >= CATEGORY_COUNT;
    return c->bad ? CATEGORY_TRAIN : (enum category)category;
}

static void get_game(struct cursor *c, struct session *s, uint8_t version)
{
    s->type = pack_get_string(c);
    text_put_text(&s->version, pack_get_text(c));
    if (version > RECORD_WITHOUT_DATA)
        text_put_text(&s->data, pack_get_text(c));
    uint8_t status = pack_get_u8(c);
    c->bad |= status >= STATUS_COUNT;
    s->status = s->durable_status = c->bad ? STATUS_ENDED : (enum status)status;
    s->abandoned = pack_get_u8(c);
    s->category = version > RECORD_WITHOUT_CATEGORY ? get_category(c) : CATEGORY_TRAIN;
    s->completed_ms = (int64_t)pack_get_u64(c);
    session_seats(s, get_count(c, ARENA_SEATS_MAX));
    s->joined = pack_get_u32(c);
    s->turn = pack_get_u32(c);
    s->inputs = pack_get_u32(c);
    s->active = pack_get_u32(c);
    const unsigned char *seed = pack_get(c, sizeof s->seed);
    if (seed)
        memcpy(s->seed, seed, sizeof s->seed);
    for (uint32_t i = 0; i < s->seats; i++)
        get_seat(c, &s->seat[i]);
    s->invite_count = get_count(c, s->seats);
    for (uint32_t i = 0; i < s->invite_count; i++) {
        pack_get_chars(c, s->invite[i].code, sizeof s->invite[i].code);
        uint8_t flags = pack_get_u8(c);
        s->invite[i].used = flags & 1;
        s->invite[i].claimed = flags >> 1 & 1;
    }
    for (uint8_t n = pack_get_u8(c); n > 0 && !c->bad; n--) {
        uint8_t id = pack_get_u8(c);
        int64_t at = (int64_t)pack_get_u64(c);
        if (id < HOST_TIMERS_MAX)
            s->timers[id] = at;
    }
    for (uint32_t i = 0; s->status == STATUS_ENDED && i < s->seats; i++) {
        s->scores[i].security = pack_get_double(c);
        s->scores[i].utility = pack_get_double(c);
    }
    get_blames(c, s);
    s->state_version = pack_get_u32(c);
    text_put_text(&s->state, pack_get_text(c));
}

struct session *record_decode(struct arena *arena, uint64_t serial, arena_text record)
{
    struct cursor c = {(const unsigned char *)record.ptr, (const unsigned char *)record.ptr + record.len, false};
    uint8_t version = pack_get_u8(&c);
    if (version < RECORD_WITHOUT_CATEGORY || version > RECORD_VERSION)
        return NULL;
    bool lobby = pack_get_u8(&c);
    struct session *s = session_new(arena, serial, pack_get_text(&c));
    s->lobby = lobby;
    s->stored = true;
    s->created_ms = (int64_t)pack_get_u64(&c);
    s->activity_ms = (int64_t)pack_get_u64(&c);
    for (int i = 0; i < CHANNELS; i++) {
        s->channel[i].last = s->channel[i].durable = pack_get_u32(&c);
        s->channel[i].first = s->channel[i].last + 1;
    }
    if (lobby)
        session_seats(s, 0);
    else
        get_game(&c, s, version);
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
