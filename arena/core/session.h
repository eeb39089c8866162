/*
 * session.h - the core's own view of a session, and how its parts work together.  Private to core/.
 *
 *   arena ──names──> session ──channels──> messages        (in memory while in use; the store has the rest)
 *                       │
 *                       └─ newest ─> change ─commit─> store ... done: tell riders, waiters, streams
 *
 * A session is changed under its lock and at once, before the change is durable; what is told waits (riders).  If the
 * store cannot keep a change, the session in memory is dead: its durable messages can still be read, and when the
 * store's tables have all that is durable of it, the next one to ask loads it anew.  A turn in a worker process marks
 * the session busy meanwhile, and requests queue up in `waiting`.
 *
 * Order of locks: session, then map or clock.  No lock is held while an answer is given or an event published.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include <pthread.h>

#include "core/arena.h"
#include "core/audit.h"
#include "core/belt.h"
#include "core/boards.h"
#include "core/data.h"
#include "core/users.h"

enum { CREATE_BUCKETS = 4096 };
enum { ID_CHARS = 36, INVITE_CHARS = 4 + ID_CHARS, HANDLE_MAX = 48, NAME_MAX_BYTES = 200, USER_MAX_BYTES = 128 };

/* What is told while arena_drain holds. */
#define SHUTTING_DOWN "the arena is shutting down: nothing was changed, try again in a moment"

enum status { STATUS_OPEN, STATUS_ACTIVE, STATUS_ENDED, STATUS_COUNT };
extern const char *const status_names[STATUS_COUNT];

/* What an ended game was: between players, with one player among benchmarks, or among benchmarks alone. */
enum category { CATEGORY_TRAIN, CATEGORY_TEST, CATEGORY_BENCHMARK, CATEGORY_COUNT };

enum { CHANNEL_GAME, CHANNEL_CHAT, CHANNELS = STORE_CHANNELS };
#define GAME_PREFIX "challenge_"

/* One message: JSON text, and where in it the parts are that decide who may see it. */
struct message {
    const char *json;
    uint64_t lsn; /* of its commit; 0 until that is durable */
    uint32_t len;
    uint32_t from_at, from_len;       /* in json; JSON-escaped */
    uint32_t to_at, to_len;           /* to_at 0: a broadcast */
    uint32_t content_at, content_len; /* JSON-escaped, without the quotes */
};

/* A channel holds messages first .. last; of these, those up to durable may be told.  A message's text stays where it
 * is until the message is dropped: so commits point to it. */
struct channel {
    uint32_t first, last, durable; /* first: the oldest in memory; 1 + last when there is none */
    struct message *messages;
    uint32_t cap;
    struct belt texts;
    size_t bytes;            /* of the texts of those in memory */
    struct request *waiters; /* long polls */
};

struct seat {
    char handle[HANDLE_MAX]; /* the invite, or house:NAME */
    char *user;              /* NULL when not told; owned */
    bool taken, house;
    uint32_t token; /* the turn the seat is asked for */
};

struct invite {
    char code[HANDLE_MAX];
    bool used, claimed;
};

/* An answer given under an idempotency key since the session is in memory. */
struct kept {
    uint8_t key[STORE_ANSWER_KEY];
    arena_text answer; /* as kept_encode writes it; owned */
    uint64_t lsn;      /* of its commit */
    struct kept *older;
};

struct name {
    struct session *session;
    struct name *next;
    uint64_t hash;
    arena_text text;
};

struct session {
    pthread_mutex_t lock;
    atomic_int refs; /* the map's one included */
    struct arena *arena;
    uint64_t serial;
    char *id; /* a UUID, or the name of a lobby: a channel that belongs to no game */
    size_t id_len;
    bool lobby, stored;
    atomic_llong used_ms;

    /* the game */
    const struct host_operator *op; /* NULL: its module is not loaded any more */
    char *type;
    struct text version; /* of the operator that made it */
    struct text data;    /* the version of rule data that it was made with; empty: the operator has none */
    enum status status, durable_status;
    bool abandoned;
    enum category category; /* from the end on */
    int64_t created_ms, activity_ms, completed_ms;
    uint32_t seats, joined, turn, inputs, active;
    uint8_t seed[HOST_SEED_BYTES];
    struct seat *seat; /* [seats], see session_seats; so are the next four */
    struct invite *invite;
    arena_score *scores;
    struct name *names; /* [1 + seats] */
    uint32_t invite_count, name_count;
    int64_t timers[HOST_TIMERS_MAX];
    int64_t wake_ms, armed_ms;
    struct blame *blames;
    uint32_t blame_count;
    uint32_t state_version;
    struct text state;
    struct channel channel[CHANNELS];

    /* what is under way */
    uint64_t lsn, durable_lsn; /* of the newest change, and of the newest that is durable */
    uint32_t inflight;
    struct change *newest; /* while in flight */
    bool busy;
    atomic_bool dead; /* memory is ahead of the disk: only what is durable may be read */
    bool gone;        /* erased */
    struct request *waiting, **waiting_end;
    uint32_t waiting_count;
    struct kept *kept; /* newest first */
    uint32_t kept_count;
    struct session *by_serial; /* chain of the map */
};

/* One entry of the journal, see journal_entry. */
struct journal {
    enum turn_kind kind;
    int32_t player;
    int64_t now_ms;
    uint8_t digest[16];
    arena_text method, content, handle; /* in the bytes it was read from */
};

/* One change under way from a session to the store. */
struct change {
    struct commit commit;
    struct session *session;
    struct pool pool;
    struct text record, input, answer;
    struct text said; /* the message that is being written */
    struct store_message *messages;
    uint32_t message_count, message_cap;
    uint32_t upto[CHANNELS]; /* last message of each channel with this change */
    enum status status;
    bool ended;                       /* by this change */
    arena_text tags[ARENA_SEATS_MAX]; /* of an end: who played */
    struct request *riders;           /* answered when it is durable */
    struct change *next_free;
};

struct map {
    pthread_mutex_t lock;
    struct name **names;
    struct session **serials;
    size_t buckets;
    atomic_size_t sessions;
};

/* A time at which a session wants to be woken, or a wait ends. */
struct alarm {
    int64_t at_ms;
    uint64_t serial;         /* a session's deadline */
    struct session *session; /* or the end of a wait in it; a reference */
};

struct alarm_clock {
    pthread_mutex_t lock;
    struct alarm *heap; /* earliest first */
    size_t count, cap;
    struct wake {
        uint64_t serial;
        int64_t at_ms;
    } * wakes; /* open addressing; serial 0: free */
    size_t wake_count, wake_cap;
};

struct challenge {
    char *id;
    const struct host_operator *op;
    struct host_info info;
    char *options;
    char **methods;
    size_t method_count;
};

struct arena {
    struct arena_config config;
    struct challenge *challenges;
    size_t challenge_count;
    struct map map;
    pthread_mutex_t loading;
    struct alarm_clock clock;
    atomic_ullong last_serial, durable_lsn;
    atomic_bool draining;
    atomic_uint turns_out; /* with a worker */
    int64_t evict_ms;
    pthread_mutex_t end_lock; /* held while an end is handed to the store: numbers grow in the store's order */
    uint64_t last_end;
    struct users users;
    struct boards boards;
    struct audit audit;
    struct rule_data data;
    pthread_mutex_t spare_lock;
    struct change *spare;
    pthread_mutex_t create_lock;
    struct created {
        uint8_t key[STORE_ANSWER_KEY];
        struct session *session;
        struct created *next;
    } * creates[CREATE_BUCKETS];
    struct {
        atomic_ullong waiting, created, joined, messages, chats, rejected, faults, timers, pruned;
        atomic_ullong queued, commits, left, shed[SHEDS];
    } count;
};

/* session.c: making, finding, forgetting */
struct session *session_new(struct arena *arena, uint64_t serial, arena_text id);
void session_seats(struct session *session, uint32_t seats); /* once; 0 for a lobby */
void session_free(struct session *session);
void session_put(struct session *session);                          /* gives a reference back; NULL is fine */
struct session *session_find(struct arena *arena, arena_text name); /* loads it if need be; NULL: there is none */
struct session *session_serial(struct arena *arena, uint64_t serial);
struct session *session_lobby(struct arena *arena, arena_text name); /* made in memory if need be */
void session_insert(struct arena *arena, struct session *session);
void session_remove(struct arena *arena, struct session *session);
void sessions_evict(struct arena *arena);
/* The session that a channel belongs to, a lobby when it belongs to none (NULL with !make and no such lobby). */
struct session *session_of_channel(struct arena *arena, arena_text name, bool make, int *channel);
arena_text session_id(const struct session *session);
int32_t seat_of(const struct session *session, arena_text handle); /* -1: none */
const struct challenge *challenge_find(const struct arena *arena, arena_text type);

/* record.c: a session as bytes */
void record_encode(const struct session *session, struct text *out);
struct session *record_decode(struct arena *arena, uint64_t serial, arena_text record); /* NULL: damaged */

/* channel.c: messages */
void channel_say(struct change *change, int channel, arena_text from, const arena_text *to, arena_text content,
                 int64_t now_ms);
bool message_parse(arena_text json, struct message *message);
uint32_t channel_write(struct session *session, int channel, uint32_t from, arena_text viewer, struct text *out);
void channel_forget(struct channel *channel);
void channel_free(struct channel *channel);                              /* all messages */
void channel_kept(struct channel *channel, uint32_t upto, uint64_t lsn); /* messages up to there are durable */
void channel_trim(const struct session *session, struct channel *channel);
struct event *event_message(const struct session *session, int channel, uint32_t index);
struct event *event_end(struct session *session, int channel);
void sync_answer(struct request *request); /* writes a sync's answer; with the lock */
void channel_name(const struct session *session, int channel, struct text *out);

/* change.c: on the way to the store */
struct change *change_begin(struct session *session);
void change_commit(struct change *change, struct request *request); /* request rides along; may be NULL */
void change_erase(struct change *change, struct request *request);
bool answer_after(struct session *session, struct request *request); /* what it tells of may not be durable yet */
bool kept_find(struct session *session, struct request *request, bool *answered);
bool kept_decode(struct request *request, arena_text answer);
void kept_free(struct kept *kept); /* and all older ones */
void kept_encode(const struct request *request, struct text *out);

/* arena.c: answers as busy when something is full */
bool shed(struct arena *arena, struct request *request, enum shed what);
bool commits_full(struct arena *arena, struct request *request); /* true: answered */

/* turn.c: entering a session, running the operator */
bool session_enter(struct session *session, struct request *request, bool (*step)(struct request *));
bool turn_run(struct request *request, enum turn_kind kind, int32_t player, arena_text method, arena_text content,
              bool (*after)(struct request *));
bool turn_refused(struct request *request); /* answers for a reply that is not TURN_OK */
void turn_release(struct request *request); /* its reply has become a change */
void turn_apply(struct change *change, const struct turn *turn);
void journal_entry(struct change *change, const struct turn_request *turn, arena_text handle);
bool journal_decode(arena_text bytes, struct journal *entry);
void session_wake(struct session *session); /* works out wake_ms */
void session_end(struct change *change);

/* play.c */
bool content_refused(struct arena *arena, struct request *request, arena_text from, arena_text content);

/* clock.c */
void alarm_session(struct arena *arena, uint64_t serial, int64_t at_ms); /* 0: never */
void alarm_wait(struct arena *arena, struct session *session, int64_t at_ms);
int64_t wait_look(const struct arena *arena, int64_t until_ms); /* when to look at a wait next */
void drain_waits(struct arena *arena);                          /* every wait ends now */
int64_t now_ms(const struct arena *arena);

/* view.c: sessions as JSON */
enum invites_shown { INVITES_NONE, INVITES_ALL, INVITES_ONE };
void challenge_json(struct text *out, const struct session *session, enum invites_shown shown, arena_text invite,
                    arena_text game_state);
void session_json(struct text *out, const struct session *session, arena_text view);
void replay_json(struct text *out, const struct session *session);
void state_json(struct text *out, const struct session *session);

#endif
