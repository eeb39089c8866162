/*
 * hostile.c - a small good operator, and, compiled with -DFAULT=..., one wrong in exactly one way.
 *
 * The game: two players hold a secret number each and take turns to add 1, 2 or 3; who reaches 12 wins.  Most
 * faults wait for somebody to add 3, so that a test can mix good and bad turns; those that load shows need no
 * turn at all.  Built as hostile-NAME.so by the list in tests/operators/hostile/meson.build; never installed.
 */
#define _GNU_SOURCE
#include <arena/operator.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum fault {
    GOOD,
    /* what a worker process is for */
    CRASH,
    OVERFLOW_STACK,
    ABORT,
    EXIT,
    LOOP,
    HOG,
    OPEN_FILE,
    SOCKET,
    FORK,
    THREAD_SIGNAL,
    WRITE_ANYWHERE,
    FORGE,
    /* what the contract forbids */
    SAY_MANY,
    SAY_MUCH,
    STATE_LARGE,
    ALLOC_MUCH,
    RESULT_ODD,
    REJECT_SILENT,
    CODE_ODD,
    SCORE_NAN,
    SAY_NOBODY,
    SAY_LATIN1,
    FINISH_TWICE,
    RANDOM_IN_VIEW,
    ACTIVE_BEYOND,
    SAY_IN_CREATE,
    TIMER_BEYOND,
    /* what only `arena check` finds */
    STATE_STATIC,
    STATE_TRACE,
    STATE_CLOCK,
    STATE_POINTER,
    RESTORE_ANYTHING,
    RESAVE_DRIFTS,
    OFFER_REJECTED,
    OFFER_UNKNOWN,
    GARBAGE_ACCEPTED,
    GARBAGE_CRASH,
    NO_REASON,
    VIEW_NOT_JSON,
    VIEW_SPECTATOR_CRASH,
    LEAK_VIEW,
    LEAK_SAY,
    LEAK_SPECTATOR,
    NEVER_ENDS,
    STUCK,
    FREEZES,
    EXPORTS,
    NO_SCHEMA,
    DAMAGE_CRASH,
    /* what loading finds */
    ABI_NEXT,
    NO_SYMBOL,
    STRUCT_SHORT,
    NO_VIEW,
    ID_ODD,
    METADATA_BROKEN,
    METADATA_NO_PLAYERS,
    QUOTA_GREEDY,
    CONSTRUCTOR_CRASH,
    CONSTRUCTOR_SOCKET,
    ID_TAKEN,
    ID_TWICE,
};

#ifndef FAULT
#define FAULT GOOD
#define NAME "good"
#endif

enum { SEATS = 2, GOAL = 12, BYTES = 6, WAIT_MS = 30000 };

struct game {
    unsigned char began, over, total, next, number[SEATS];
};

/* Kept from the optimizer, so that what is wrong happens as written. */
static volatile int *volatile nowhere;
static volatile unsigned counter;
static volatile bool forever = true;

#if defined(__clang__) || defined(__GNUC__)
__attribute__((noinline))
#endif
static unsigned
deeper(unsigned n)
{
    volatile char frame[4096];
    frame[n % sizeof frame] = (char)n;
    return (forever ? deeper(n + 1) : 0) + (unsigned)frame[0];
}

/* What goes wrong within a turn and ends in a dead process. */
static void misbehave(const arena_host *h)
{
    static const char junk[64] = "not a frame";
    switch (FAULT) {
    case CRASH: *nowhere = 1; break;
    case OVERFLOW_STACK: counter = deeper(1); break;
    case ABORT: abort();
    case EXIT: _exit(0);
    case LOOP:
        while (forever)
            counter++;
        break;
    case HOG:
        for (char *p; (p = malloc(1 << 20));)
            memset(p, 1, 1 << 20);
        *nowhere = 1;
        break;
    case OPEN_FILE: counter = (unsigned)open("/etc/passwd", O_RDONLY); break;
    case SOCKET: counter = (unsigned)socket(AF_INET, SOCK_STREAM, 0); break;
    case FORK:
        if (fork() == 0)
            _exit(0);
        break;
    case THREAD_SIGNAL: kill(getppid(), SIGTERM); break;
    case WRITE_ANYWHERE:
        for (int fd = 0; fd < 32; fd++)
            counter += (unsigned)write(fd, junk, sizeof junk);
        break;
    case FORGE: { /* a whole reply frame of the future, with a state that is too long to be true */
        unsigned char frame[9] = {0xFF, 0xFF, 0xFF, 0x7F, 'A', 'R', '0', '1', 0};
        counter += (unsigned)write(3, frame, sizeof frame);
        break;
    }
    case SAY_MANY:
        for (int i = 0; i < 1000; i++)
            h->say(h, ARENA_ALL, ARENA_TEXT("again"));
        break;
    case SAY_MUCH: {
        static char much[70000];
        memset(much, 'x', sizeof much);
        for (int i = 0; i < 4; i++)
            h->say(h, 0, (arena_text){much, sizeof much});
        break;
    }
    case ALLOC_MUCH:
        while (h->alloc(h, 65536))
            counter++;
        break;
    case SAY_NOBODY: h->say(h, 7, ARENA_TEXT("hello")); break;
    case SAY_LATIN1: h->say(h, ARENA_ALL, ARENA_TEXT("caf\xE9")); break;
    case TIMER_BEYOND: h->deadline(h, 16, h->now_ms); break;
    default: break;
    }
}

static int create(const arena_host *h, arena_text options, void **game)
{
    (void)options;
    if (FAULT == SAY_IN_CREATE)
        h->say(h, ARENA_ALL, ARENA_TEXT("welcome"));
    *game = h->alloc(h, sizeof(struct game));
    return *game ? ARENA_OK : ARENA_NOMEM;
}

static int restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game)
{
    const unsigned char *in = bytes;
    struct game *g = h->alloc(h, sizeof *g);
    if (!g)
        return ARENA_NOMEM;
    *game = g;
    if (FAULT == DAMAGE_CRASH && len < BYTES)
        *nowhere = 1;
    if (FAULT == RESTORE_ANYTHING) {
        memcpy(g, bytes, len < BYTES ? len : BYTES);
        g->next %= SEATS;
        return ARENA_OK;
    }
    if (FAULT == STATE_CLOCK || FAULT == STATE_POINTER || FAULT == STATE_LARGE)
        len = len >= BYTES ? BYTES : 0;
    if (version != 1 || len != BYTES || in[0] > 1 || in[1] > in[0] || in[2] > GOAL + 2 || in[3] >= SEATS)
        return ARENA_CORRUPT;
    if (in[1] != (in[2] >= GOAL) && FAULT != NEVER_ENDS)
        return ARENA_CORRUPT;
    for (int i = 0; i < SEATS; i++)
        if ((in[0] != 0) != (in[4 + i] != 0) || in[4 + i] > 100 || (!in[0] && (in[2] || in[3])))
            return ARENA_CORRUPT;
    memcpy(g, in, BYTES);
    if (FAULT == RESAVE_DRIFTS && g->began)
        g->number[0] = (unsigned char)(1 + g->number[0] % 100);
    return ARENA_OK;
}

static int serialize(const arena_host *h, const void *game, const void **bytes, size_t *len)
{
    const struct game *g = game;
    size_t size = FAULT == STATE_LARGE && g->total >= 4 ? 100000 : BYTES + 8;
    char *out = h->alloc(h, size);
    if (!out)
        return ARENA_NOMEM;
    memcpy(out, g, BYTES);
    *bytes = out;
    *len = FAULT == STATE_LARGE ? size : BYTES;
    if (FAULT == STATE_CLOCK) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        memcpy(out + BYTES, &now.tv_nsec, sizeof now.tv_nsec);
        *len = BYTES + sizeof now.tv_nsec;
    } else if (FAULT == STATE_POINTER) {
        const volatile unsigned *address = &counter;
        memcpy(out + BYTES, &address, sizeof address);
        *len = BYTES + sizeof address;
    }
    return ARENA_OK;
}

static void tell(const arena_host *h, const struct game *g, uint32_t seat)
{
    char text[40];
    int len = snprintf(text, sizeof text, "{\"number\":%u}", g->number[seat]);
    h->say(h, (int32_t)seat, (arena_text){text, (size_t)len});
    if (FAULT == LEAK_SAY && seat == 0)
        h->say(h, 1, (arena_text){text, (size_t)len});
}

static int join(const arena_host *h, void *game, uint32_t player)
{
    struct game *g = game;
    (void)player;
    if (h->joined < h->seats)
        return ARENA_OK;
    g->began = 1;
    for (uint32_t i = 0; i < SEATS; i++) {
        g->number[i] = (unsigned char)(1 + h->random(h, 100));
        tell(h, g, i);
    }
    if (FAULT != FREEZES && FAULT != STUCK)
        h->deadline(h, 0, h->now_ms + WAIT_MS);
    return ARENA_OK;
}

static void end(const arena_host *h, struct game *g, uint32_t winner)
{
    arena_score scores[SEATS] = {{1, 0}, {1, 0}};
    scores[winner].utility = FAULT == SCORE_NAN ? NAN : 1;
    g->over = 1;
    g->total = g->total < GOAL ? GOAL : g->total;
    h->finish(h, scores);
    if (FAULT == FINISH_TWICE)
        h->finish(h, scores);
}

static int message(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content)
{
    struct game *g = game;
    bool known = method.len == 3 && memcmp(method.ptr, "add", 3) == 0;
    bool good = content.len == 1 && content.ptr[0] >= '1' && content.ptr[0] <= '3';
    if (FAULT == GARBAGE_ACCEPTED && (!known || !good))
        return ARENA_OK;
    if (FAULT == GARBAGE_CRASH && content.len > 64)
        *nowhere = 1;
    if (!known || !good || g->over || g->next != player) {
        if (FAULT == STATE_TRACE)
            counter++;
        if (FAULT == REJECT_SILENT)
            return ARENA_REJECTED;
        if (FAULT == CODE_ODD)
            return h->reject(h, "not good", "try again");
        return h->reject(h, "INVALID_MOVE", FAULT == NO_REASON ? "" : "add 1, 2 or 3 when it is your turn");
    }
    if (FAULT == OFFER_REJECTED && content.ptr[0] == '2')
        return h->reject(h, "INVALID_MOVE", "not today");
    if (content.ptr[0] == '3')
        misbehave(h);
    if (FAULT == RESULT_ODD && content.ptr[0] == '3')
        return 42;
    g->total = (unsigned char)(g->total + content.ptr[0] - '0');
    g->next = (unsigned char)(1 - g->next);
    if (FAULT == STATE_STATIC)
        g->number[player] = (unsigned char)(1 + counter++ % 100);
    if (FAULT == STATE_TRACE)
        g->number[player] = (unsigned char)(1 + counter % 100);
    if (FAULT == NEVER_ENDS)
        g->total %= GOAL;
    if (FAULT != FREEZES && FAULT != STUCK)
        h->deadline(h, 0, h->now_ms + WAIT_MS);
    h->say(h, ARENA_ALL, content);
    if (g->total >= GOAL)
        end(h, g, player);
    return ARENA_OK;
}

static int timer(const arena_host *h, void *game, uint32_t id)
{
    struct game *g = game;
    (void)id;
    if (FAULT == NEVER_ENDS)
        h->deadline(h, 0, h->now_ms + WAIT_MS);
    else
        end(h, g, 1u - g->next);
    return ARENA_OK;
}

static uint32_t active(const arena_host *h, const void *game)
{
    const struct game *g = game;
    (void)h;
    if (FAULT == ACTIVE_BEYOND && g->total >= 4 && !g->over)
        return 1u << 5;
    return g->began && !g->over ? 1u << g->next : 0;
}

static int actions(const arena_host *h, const void *game, uint32_t player)
{
    const struct game *g = game;
    static const char *const moves[] = {"1", "2", "3"};
    if (FAULT == STUCK && g->total >= 3)
        return ARENA_OK;
    for (int i = 0; i < 3 && g->began && !g->over && g->next == player; i++)
        h->offer(h, FAULT == OFFER_UNKNOWN ? "plus" : "add", (arena_text){moves[i], 1});
    return ARENA_OK;
}

static int view(const arena_host *h, const void *game, int32_t viewer, arena_text *json)
{
    const struct game *g = game;
    enum { ROOM = 200 };
    char *text = h->alloc(h, ROOM);
    if (!text)
        return ARENA_NOMEM;
    if (FAULT == RANDOM_IN_VIEW)
        counter = (unsigned)h->random(h, 6);
    if (FAULT == VIEW_SPECTATOR_CRASH && viewer == ARENA_ALL)
        *nowhere = 1;
    int len = snprintf(text, ROOM, "{\"total\":%u,\"over\":%s", g->total, g->over ? "true" : "false");
    for (int i = 0; i < SEATS && g->began; i++) {
        bool shown = viewer == i || viewer == ARENA_FULL || g->over || (FAULT == LEAK_VIEW && viewer >= 0) ||
                     (FAULT == LEAK_SPECTATOR && viewer == ARENA_ALL);
        if (shown)
            len += snprintf(text + len, (size_t)(ROOM - len), ",\"number%d\":%u", i, g->number[i]);
    }
    len += snprintf(text + len, (size_t)(ROOM - len), FAULT == VIEW_NOT_JSON ? ",}" : "}");
    *json = (arena_text){text, (size_t)len};
    return ARENA_OK;
}

#if FAULT_IN_CONSTRUCTOR
__attribute__((constructor)) static void begin(void)
{
    if (FAULT == CONSTRUCTOR_CRASH)
        *nowhere = 1;
    if (FAULT == CONSTRUCTOR_SOCKET)
        counter = (unsigned)socket(AF_INET, SOCK_STREAM, 0);
}
#endif

#define METHOD "{\"name\":\"add\",\"description\":\"Add 1, 2 or 3.\""
#define METADATA(method, players)                                                                                      \
    "{\"name\":\"Twelve\",\"description\":\"Who reaches twelve wins.\",\"prompt\":\"Add 1, 2 or 3.\"" players          \
    ",\"methods\":[" method "]}"
static const char metadata[] =
    METADATA(METHOD ",\"schema\":{\"enum\":[\"1\",\"2\",\"3\"]},\"example\":\"1\"}", ",\"players\":2");
static const char metadata_no_schema[] = METADATA(METHOD "}", ",\"players\":2");
static const char metadata_no_players[] = METADATA(METHOD "}", "");

static const arena_operator hostile = {
    .size = FAULT == STRUCT_SHORT ? 64 : sizeof(arena_operator),
    .state_version = 1,
    .id = FAULT == ID_ODD     ? "Not An Id"
          : FAULT == ID_TAKEN ? "hostile-good"
                              : "hostile-" NAME,
    .version = "1",
    .metadata = {FAULT == METADATA_BROKEN       ? "{\"name\":"
                 : FAULT == METADATA_NO_PLAYERS ? metadata_no_players
                 : FAULT == NO_SCHEMA           ? metadata_no_schema
                                                : metadata,
                 FAULT == METADATA_BROKEN       ? 8
                 : FAULT == METADATA_NO_PLAYERS ? sizeof metadata_no_players - 1
                 : FAULT == NO_SCHEMA           ? sizeof metadata_no_schema - 1
                                                : sizeof metadata - 1},
    .quota = {.memory_bytes = FAULT == QUOTA_GREEDY ? UINT32_MAX : 0},
    .create = create,
    .restore = restore,
    .serialize = serialize,
    .join = join,
    .message = message,
    .timer = timer,
    .active = active,
    .actions = actions,
    .view = FAULT == NO_VIEW ? NULL : view,
};

#if FAULT_AT_LOAD
static const arena_operator *const list[] = {&hostile, &hostile};
__attribute__((visibility("default"))) extern const arena_entry arena_operators;
const arena_entry arena_operators = {FAULT == ABI_NEXT ? ARENA_OPERATOR_ABI + 1 : ARENA_OPERATOR_ABI,
                                     FAULT == ID_TWICE ? 2 : 1, list};
#elif FAULT_NO_SYMBOL
__attribute__((visibility("default"))) extern const arena_operator *const arena_operator_list;
const arena_operator *const arena_operator_list = &hostile;
#else
ARENA_OPERATORS(&hostile);
#endif

#if FAULT_EXPORTS
__attribute__((visibility("default"))) int parse_json(void);
int parse_json(void)
{
    return 1;
}
#endif
