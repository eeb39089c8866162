/*
 * arena/operator.h - the contract between the arena (the host) and a challenge operator (a module).
 *
 * The host keeps no game in memory.  Each call into an operator belongs to one turn or one query:
 *
 *     turn    create | restore  ->  join | message | timer  ->  active, serialize
 *     query   restore           ->  actions | view
 *
 * A turn is a transaction.  What it asks of the host (say, deadline, blame, finish) is queued and stored
 * together with the bytes from serialize, or, if any call does not return ARENA_OK, dropped with them.
 * So an operator never rolls anything back.
 *
 * A turn is a function.  The same bytes, event and host facts give the same bytes and effects, in any
 * process, on any day: no clock, random source, file, environment, thread or mutable static of its own.
 * The sandbox forbids most of these; `arena check` finds the rest by playing every turn twice.
 *
 * Memory.  What the host passes is valid until the turn ends.  What an operator hands back comes from
 * h->alloc, lies in the game, or is static.  The host frees it all at once; nobody calls free().
 *
 * Text is UTF-8 with a length and without a terminating NUL.  Text from players is hostile until parsed.
 *
 * Threads.  Different games may be in a turn at the same time; one game never is.
 *
 * Growth.  Within one ABI number structs grow only at the end (see ARENA_HAS); anything larger is an
 * extension, asked for by a name that carries its own revision, as "arena.agent/1".
 */
#ifndef ARENA_OPERATOR_H
#define ARENA_OPERATOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_OPERATOR_ABI 1u /* must be equal on both sides */
#define ARENA_SEATS_MAX 16u   /* most players of one game */
#define ARENA_ALL (-1)        /* as a recipient: everyone; as a viewer: a spectator */
#define ARENA_FULL (-2)       /* as a viewer: who may see everything, as anyone may after the end */

/* True when the other side's struct is new enough to have this optional member, and it is set. */
#define ARENA_HAS(s, field) (offsetof(__typeof__(*(s)), field) < (s)->size && (s)->field)

enum arena_result {
    ARENA_OK = 0,
    ARENA_REJECTED = -1, /* the player's fault: return h->reject(...); the player sees code and reason */
    ARENA_CORRUPT = -2,  /* restore: not bytes that this operator wrote */
    ARENA_NOMEM = -3,    /* h->alloc returned NULL: the turn's memory is spent */
    ARENA_BROKEN = -4,   /* the operator found its own bug: logged; players see "internal error" */
};

enum arena_level { ARENA_DEBUG, ARENA_INFO, ARENA_WARN, ARENA_ERROR };

typedef struct arena_text {
    const char *ptr;
    size_t len;
} arena_text;

/* An arena_text of a string literal. */
#define ARENA_TEXT(literal) ((arena_text){(literal), sizeof(literal) - 1})

typedef struct arena_score {
    double security, utility; /* finite; meaning is the challenge's */
} arena_score;

/*
 * The host, as one turn sees it.  Services are tagged with where they may be called: [create], [turn] for
 * join, message and timer, [actions] for that query, [any] for everywhere.  A misplaced or excessive call
 * fails the turn at its end, so there are no results to check.
 */
typedef struct arena_host arena_host;
struct arena_host {
    uint32_t size;   /* of this struct, as the host knows it */
    uint32_t seats;  /* players the game needs; a player is a seat number, 0 .. seats-1 */
    uint32_t joined; /* seats taken, the one joining now and the house's included */
    uint32_t turn;   /* 0 for create, then 1, 2, ... */
    int64_t now_ms;  /* Unix time of the turn; recorded, so that a replay sees the same */
    void *self;      /* the host's own */

    /* [any] Zeroed, aligned for anything.  NULL once the turn's memory is spent. */
    void *(*alloc)(const arena_host *h, size_t size);
    /* [create, turn] Uniform in 0 .. bound-1, bound > 0.  The stream is made of the game's secret seed and
     * the turn number alone and starts anew each turn: what was drawn and matters later belongs into the
     * game.  The seed's hash is public from the game's creation and the seed from its end, so that anyone
     * can verify that nothing was drawn twice. */
    uint64_t (*random)(const arena_host *h, uint64_t bound);
    /* [any] The public name of a taken seat (its invite), never the user behind it; empty when free. */
    arena_text (*handle)(const arena_host *h, uint32_t player);
    /* [create, turn] Refuse.  Code is SCREAMING_SNAKE and stable, reason is for reading; both are copied.
     * Returns ARENA_REJECTED. */
    int (*reject)(const arena_host *h, const char *code, const char *reason);
    /* [create] The operator itself plays this seat, under this name (a-z, 0-9, '-'): no invite is made for
     * it and it counts as taken.  At least one seat must remain free. */
    void (*house)(const arena_host *h, uint32_t player, const char *name);
    /* [turn] A message on the challenge channel to one seat (others see it redacted) or to ARENA_ALL. */
    void (*say)(const arena_host *h, int32_t to, arena_text content);
    /* [turn] Run timer(id) as a turn of its own at or after at_ms.  Replaces id's last deadline; 0 clears
     * it.  id is 0 .. 15.  Deadlines end with the game. */
    void (*deadline)(const arena_host *h, uint32_t id, int64_t at_ms);
    /* [turn] Record that from did type (a-z, '_') to to, as "security_breach", for the scoring strategies. */
    void (*blame)(const arena_host *h, uint32_t from, uint32_t to, const char *type);
    /* [turn] The game is over; scores has one entry per seat.  Only queries follow. */
    void (*finish)(const arena_host *h, const arena_score *scores);
    /* [actions] The player may send this now.  Empty content: whatever the method's description admits. */
    void (*offer)(const arena_host *h, const char *method, arena_text content);
    /* [any] For the operator's author; players never see it. */
    void (*log)(const arena_host *h, enum arena_level level, arena_text line);
    /* [any] A struct of further services, or NULL. */
    const void *(*extension)(const arena_host *h, const char *id);
};

/* What one turn of an operator may use; 0 means the host's default (in brackets). */
typedef struct arena_quota {
    uint32_t state_bytes;  /* what serialize gives [64 KiB] */
    uint32_t said_bytes;   /* all content said in one turn [256 KiB] */
    uint32_t effects;      /* calls of say, deadline, blame and offer in one turn [256] */
    uint32_t memory_bytes; /* from h->alloc [1 MiB] */
} arena_quota;

/* One challenge type.  All pointers are to static memory; functions marked optional may be NULL. */
typedef struct arena_operator {
    uint32_t size;          /* sizeof(arena_operator) */
    uint32_t state_version; /* of the bytes serialize writes; restore reads 1 .. state_version */
    const char *id;         /* [a-z0-9-]{1,64}: names the challenge in URLs and in stored games */
    const char *version;    /* the operator's own, stored with each game */
    arena_text metadata;    /* challenge.json: name, description, players, prompt, methods, ... */
    arena_quota quota;

    /* A new game with nobody seated.  Options are a JSON object or empty; refuse what cannot be used. */
    int (*create)(const arena_host *h, arena_text options, void **game);
    /* The game these bytes describe.  They may be old (version) or damaged: check everything. */
    int (*restore)(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game);
    /* The bytes that describe the game.  Canonical: equal games give equal bytes, on every machine. */
    int (*serialize)(const arena_host *h, const void *game, const void **bytes, size_t *len);
    /* A player took a seat.  When h->joined == h->seats the game begins. */
    int (*join)(const arena_host *h, void *game, uint32_t player);
    /* A player acted.  Sent only between the last join and finish. */
    int (*message)(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content);
    /* optional.  A deadline passed. */
    int (*timer)(const arena_host *h, void *game, uint32_t id);
    /* The seats that the game waits for, bit k for seat k.  Asked after each turn; 0 before the game begins
     * and after its end. */
    uint32_t (*active)(const arena_host *h, const void *game);
    /* query.  Call h->offer for each thing that player may do now. */
    int (*actions)(const arena_host *h, const void *game, uint32_t player);
    /* query.  What viewer (a seat, ARENA_ALL or ARENA_FULL) may know, as a JSON object: the one place that
     * keeps secrets. */
    int (*view)(const arena_host *h, const void *game, int32_t viewer, arena_text *json);
    /* optional.  The struct that the extension named id defines, or NULL. */
    const void *(*extension)(const char *id);
} arena_operator;

/*
 * Extension "arena.agent/1": house players.  An agent is a function of what one seat may see, so it cannot
 * know more than the player it stands for.
 */
#define ARENA_AGENT_1 "arena.agent/1"
typedef struct arena_agent_1 {
    uint32_t size;
    const char *const *names; /* the agents on offer, NULL-ended, weakest first */
    /* The action that agent `name` takes for a seat that sees `view` (the JSON of the view query) and has
     * `choices` (one "method content" a line, as the actions query offers them).  h->random is the agent's
     * own stream.  Returns ARENA_OK and the index of the line in *choice, or ARENA_BROKEN. */
    int (*decide)(const arena_host *h, const char *name, arena_text view, arena_text choices, uint32_t *choice);
} arena_agent_1;

/*
 * Extension "arena.data/1": rules as data, which administrators change while the arena runs.
 *
 * A set is what one game's rules are made of: documents, each a name and JSON text (an object or an array).  The
 * operator has at least one set built in.  From these the arena makes others by small changes, has them checked, keeps
 * them and says which one new games get: create finds the name of its set in the options, as {"data": "v1@3"}, and puts
 * it into the game.  A game keeps its set for good; old games are played again with theirs.
 *
 * The arena brings the sets, since an operator opens no file: before a turn of a game with a set that is not built in,
 * in every process that runs such turns, load has been called with it.  What load keeps is the one thing that outlives
 * a turn, and it changes no turn: a name stands for the same bytes forever.  (The names of sets that the arena makes
 * have an '@': other signs mean something in the query of an address.)
 *
 * These functions belong to no turn and have no arena_host: they may use malloc and must be quick (10 s at most in a
 * sandbox).  Turns of games may run at the same time in other threads; load is never called twice at once.
 */
#define ARENA_DATA_1 "arena.data/1"

typedef struct arena_document {
    arena_text name; /* [a-z0-9_/-]{1,64}, as "moves" or "effects/moves" */
    arena_text json;
} arena_document;

/* Who is told what is wrong with a set. */
typedef struct arena_mistakes arena_mistakes;
struct arena_mistakes {
    uint32_t size;
    void *self; /* the host's own */
    /* One mistake: in which document, at which entry of it (either may be empty), and a sentence for people, all
     * copied.  The host keeps the first hundred. */
    void (*add)(const arena_mistakes *m, arena_text document, arena_text entry, const char *sentence);
};

typedef struct arena_data_1 {
    uint32_t size;
    /* The built-in sets, NULL-ended; [A-Za-z0-9._-]{1,40} each.  The first is for games that name none; by the last,
     * the oldest, are games played again that were made before the operator had sets. */
    const char *const *versions;
    /* The documents of a built-in set: static memory.  ARENA_OK, or ARENA_BROKEN when there is no such set. */
    int (*builtin)(const char *version, const arena_document **documents, uint32_t *count);
    /* Looks at a set by every rule there is, with one mistake after the other to `mistakes`, and keeps nothing.
     * Whatever the bytes are, it comes back: ARENA_OK, with mistakes or without; ARENA_NOMEM; ARENA_BROKEN. */
    int (*check)(const arena_document *documents, uint32_t count, const arena_mistakes *mistakes);
    /* Keeps a set that check found no mistake in under this name, which is not loaded yet, for the life of the
     * process; the documents are gone afterwards.  ARENA_OK, ARENA_NOMEM or ARENA_BROKEN. */
    int (*load)(const char *version, const arena_document *documents, uint32_t count);
} arena_data_1;

/*
 * Extension of the host, "arena.record/1" (h->extension in any turn): a record of the game in forms of the operator's
 * own, for tools of its own.  Whoever plays a game again may want one; in a server nobody does, and h->extension gives
 * NULL.  What is put into it is part of nothing else: the turn is the same with and without.
 */
#define ARENA_RECORD_1 "arena.record/1"
typedef struct arena_record_1 {
    uint32_t size;
    /* [create, turn] Appends to the record of this kind ("battle": a word of the operator's). */
    void (*put)(const arena_host *h, const char *kind, arena_text piece);
} arena_record_1;

/* What the host looks up in a shared object: the symbol arena_operators. */
typedef struct arena_entry {
    uint32_t abi; /* ARENA_OPERATOR_ABI; read before anything else */
    uint32_t count;
    const arena_operator *const *operators;
} arena_entry;

/* ARENA_OPERATORS(&psi, &chess); once per shared object. */
#define ARENA_OPERATORS(...)                                                                                           \
    static const arena_operator *const arena_operators_[] = {__VA_ARGS__};                                             \
    __attribute__((visibility("default"))) extern const arena_entry arena_operators;                                   \
    const arena_entry arena_operators = {ARENA_OPERATOR_ABI, sizeof arena_operators_ / sizeof arena_operators_[0],     \
                                         arena_operators_}

#ifdef __cplusplus
}
#endif
#endif
