/*
 * starter.c - the smallest real operator: two hidden numbers, one decision each, a winner.
 *
 * Read it from top to bottom; docs/operators.md tells the story around it.  To make your own game out of it,
 * change challenge.json, struct game, and then each function until the compiler and `arena check` are content.
 *
 *     waiting --- both have joined ---> playing --- both have decided, or a minute passed ---> over
 */
#include <arena/operator.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "starter_challenge.h" /* challenge_json: challenge.json as a string, made by embed.py */

enum { PLAYERS = 2, HIGHEST = 100, TIMER_DECIDE = 0, MINUTE_MS = 60 * 1000 };
enum phase { WAITING, PLAYING, OVER, PHASES };
enum decision { OPEN, KEPT, SWAPPED, DECISIONS };

static const char *const phase_names[PHASES] = {"waiting", "playing", "over"};

/* The game while one turn runs.  Everything that the next turn must know goes through serialize. */
struct game {
    enum phase phase;
    unsigned number[PLAYERS]; /* 0 before the deal */
    enum decision decision[PLAYERS];
};

/* ---- the life of the bytes ------------------------------------------------------------------------------ */

/* A new game.  The options are the caller's JSON; this game has none, so anything but an empty object is an
 * error and says so, rather than being ignored. */
static int create(const arena_host *h, arena_text options, void **game)
{
    if (options.len && !(options.len == 2 && memcmp(options.ptr, "{}", 2) == 0))
        return h->reject(h, "INVALID_OPTIONS", "this challenge has no options");
    *game = h->alloc(h, sizeof(struct game)); /* zeroed: WAITING, nothing dealt; never freed by us */
    return *game ? ARENA_OK : ARENA_NOMEM;
}

/* The bytes: phase, then number and decision of each player.  Single bytes have no byte order; for larger
 * numbers choose little-endian and write it byte by byte.  Never memcpy a struct: padding differs. */
enum { STATE_BYTES = 1 + 2 * PLAYERS };

static int serialize(const arena_host *h, const void *game, const void **bytes, size_t *len)
{
    const struct game *g = game;
    unsigned char *out = h->alloc(h, STATE_BYTES);
    if (!out)
        return ARENA_NOMEM;
    *bytes = out;
    *len = STATE_BYTES;
    *out++ = (unsigned char)g->phase;
    for (int i = 0; i < PLAYERS; i++) {
        *out++ = (unsigned char)g->number[i];
        *out++ = (unsigned char)g->decision[i];
    }
    return ARENA_OK;
}

/* The reverse.  Disks lie, versions change: whatever serialize could not have written is ARENA_CORRUPT. */
static int restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game)
{
    const unsigned char *in = bytes;
    if (version != 1 || len != STATE_BYTES || in[0] >= PHASES)
        return ARENA_CORRUPT;
    struct game *g = h->alloc(h, sizeof *g);
    if (!g)
        return ARENA_NOMEM;
    g->phase = (enum phase) * in++;
    int open = 0;
    for (int i = 0; i < PLAYERS; i++, in += 2) {
        bool dealt = in[0] >= 1 && in[0] <= HIGHEST;
        if (in[1] >= DECISIONS || dealt != (g->phase != WAITING) || (!dealt && (in[0] || in[1])))
            return ARENA_CORRUPT;
        g->number[i] = in[0];
        g->decision[i] = (enum decision)in[1];
        open += in[1] == OPEN;
    }
    if ((g->phase == PLAYING && open == 0) || (g->phase == OVER && open != 0))
        return ARENA_CORRUPT;
    *game = g;
    return ARENA_OK;
}

/* ---- turns ---------------------------------------------------------------------------------------------- */

/* Tells one player (others see that there was a message, not what it says) which number it holds. */
static void tell_number(const arena_host *h, const struct game *g, uint32_t player)
{
    char text[32];
    int len = snprintf(text, sizeof text, "{\"number\":%u}", g->number[player]);
    h->say(h, (int32_t)player, (arena_text){text, (size_t)len}); /* copied, so the stack is fine */
}

/* Everyone has decided: show the numbers, score, end. */
static void end_game(const arena_host *h, struct game *g)
{
    arena_score scores[PLAYERS];
    char text[64];
    g->phase = OVER;
    for (int i = 0; i < PLAYERS; i++) {
        unsigned mine = g->number[i], other = g->number[1 - i];
        scores[i] = (arena_score){.security = 1, .utility = mine > other ? 1 : mine == other ? 0.5 : 0};
    }
    int len = snprintf(text, sizeof text, "{\"numbers\":[%u,%u]}", g->number[0], g->number[1]);
    h->say(h, ARENA_ALL, (arena_text){text, (size_t)len});
    h->finish(h, scores);
}

/* A player took a seat; with the last one the game begins.  Drawing lots happens here and the result is kept:
 * the next turn has a new random stream. */
static int join(const arena_host *h, void *game, uint32_t player)
{
    struct game *g = game;
    (void)player;
    if (h->joined < h->seats)
        return ARENA_OK;
    g->phase = PLAYING;
    for (uint32_t i = 0; i < PLAYERS; i++) {
        g->number[i] = 1 + (unsigned)h->random(h, HIGHEST);
        tell_number(h, g, i);
    }
    h->deadline(h, TIMER_DECIDE, h->now_ms + MINUTE_MS);
    return ARENA_OK;
}

static bool text_is(arena_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

/* A player acted.  Method and content are whatever a stranger sent: check them first, change the game after.
 * (Even the order does not matter much: a turn that is rejected leaves nothing behind.) */
static int message(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content)
{
    struct game *g = game;
    if (!text_is(method, "decide"))
        return h->reject(h, "UNKNOWN_METHOD", "the only method is decide");
    if (g->phase != PLAYING || g->decision[player] != OPEN)
        return h->reject(h, "ALREADY_DECIDED", "you have decided");
    if (text_is(content, "keep")) {
        g->decision[player] = KEPT;
    } else if (text_is(content, "swap")) {
        g->decision[player] = SWAPPED;
        g->number[player] = 1 + (unsigned)h->random(h, HIGHEST);
        tell_number(h, g, player);
    } else {
        return h->reject(h, "INVALID_CONTENT", "decide wants keep or swap");
    }
    if (g->decision[0] != OPEN && g->decision[1] != OPEN)
        end_game(h, g);
    return ARENA_OK;
}

/* The minute is over: who has not decided keeps.  Without a timer, a silent player would freeze the game. */
static int timer(const arena_host *h, void *game, uint32_t id)
{
    struct game *g = game;
    if (id != TIMER_DECIDE || g->phase != PLAYING)
        return ARENA_OK;
    for (int i = 0; i < PLAYERS; i++)
        if (g->decision[i] == OPEN)
            g->decision[i] = KEPT;
    end_game(h, g);
    return ARENA_OK;
}

/* Whom the game waits for. */
static uint32_t active(const arena_host *h, const void *game)
{
    const struct game *g = game;
    uint32_t seats = 0;
    (void)h;
    for (int i = 0; i < PLAYERS && g->phase == PLAYING; i++)
        if (g->decision[i] == OPEN)
            seats |= 1u << i;
    return seats;
}

/* ---- queries -------------------------------------------------------------------------------------------- */

/* What player may do now: everything offered here must be accepted by message. */
static int actions(const arena_host *h, const void *game, uint32_t player)
{
    const struct game *g = game;
    if (g->phase == PLAYING && g->decision[player] == OPEN) {
        h->offer(h, "decide", ARENA_TEXT("keep"));
        h->offer(h, "decide", ARENA_TEXT("swap"));
    }
    return ARENA_OK;
}

/* What a viewer may know.  The one place that decides about secrets: every page, stream and file shows this and
 * nothing else.  A seat sees its own number, a spectator (ARENA_ALL) none, and everyone all of them at the end. */
static int view(const arena_host *h, const void *game, int32_t viewer, arena_text *json)
{
    const struct game *g = game;
    enum { ROOM = 256 };
    char *text = h->alloc(h, ROOM);
    if (!text)
        return ARENA_NOMEM;
    int len = snprintf(text, ROOM, "{\"phase\":\"%s\",\"players\":[", phase_names[g->phase]);
    for (int i = 0; i < PLAYERS; i++) {
        bool shown = g->phase != WAITING && (viewer == i || viewer == ARENA_FULL || g->phase == OVER);
        len += snprintf(text + len, (size_t)(ROOM - len), "%s{\"decided\":%s", i ? "," : "",
                        g->decision[i] == OPEN ? "false" : "true");
        if (shown)
            len += snprintf(text + len, (size_t)(ROOM - len), ",\"number\":%u", g->number[i]);
        len += snprintf(text + len, (size_t)(ROOM - len), "}");
    }
    len += snprintf(text + len, (size_t)(ROOM - len), "]}");
    *json = (arena_text){text, (size_t)len};
    return ARENA_OK;
}

static const arena_operator starter = {
    .size = sizeof(arena_operator),
    .state_version = 1,
    .id = "high-number",
    .version = "1.0.0",
    .metadata = {challenge_json, sizeof challenge_json - 1},
    .create = create,
    .restore = restore,
    .serialize = serialize,
    .join = join,
    .message = message,
    .timer = timer,
    .active = active,
    .actions = actions,
    .view = view,
};

ARENA_OPERATORS(&starter);
