/*
 * exchange.h - one request and its answer, free of libmicrohttpd, so that tests and fuzzers can run it.
 *
 * The server feeds it: exchange_begin (target), headers into the fields, the body into `body`, then exchange_run.
 * A route's handler reads `param`, `member`, `query_get` and the identity, calls one arena_ operation on `request`
 * and returns what that returned.  The answer is request.status and request.body unless the handler set another type
 * or static bytes.  An answer that may be kept has a tag, see request_tag.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <stdatomic.h>

#include "core/arena.h"
#include "core/json.h"
#include "http/address.h"
#include "http/metrics.h"
#include "http/route.h"

enum { FIELDS_MAX = 8, REQUEST_ID_MAX = 64, IDEMPOTENCY_KEY_MAX = 255, BEARER_MAX = 127 };

/* What all exchanges share. */
struct site {
    struct arena *arena;
    struct store *store;
    struct host *host;
    struct hub *hub;
    struct metrics *metrics;
    size_t body_max;
    const struct auth *auth;             /* NULL: standalone, nobody proves who they are */
    const struct auth *admin;            /* the administrators' token; NULL: there are none */
    bool opaque;                         /* why a join failed is told to the log only */
    struct rate_table *rates;            /* NULL: nobody is limited */
    bool rates_loopback;                 /* clients on this machine are, too */
    const struct address_range *proxies; /* whose X-Forwarded- headers count */
    size_t proxy_count;
    const struct tls *tls_front; /* clients speak TLS with this process; NULL: they do not */

    struct documents *documents; /* documents.h; NULL: there are none */
    char authority[64];          /* where it listens, for those who do not say how they came here */
};

struct exchange;

struct exchange {
    struct site *site;
    const struct route *route; /* NULL: unknown path or method */
    bool head;                 /* HEAD: as GET, without the body */
    bool has_bearer;           /* an Authorization header of that scheme came */
    struct text target;        /* as sent, without the query's question mark */
    arena_text path, query;    /* in target */
    arena_text param;          /* decoded */
    struct text body;
    struct json_object json;
    const struct json_member *member[FIELDS_MAX]; /* of the route's fields; NULL: not given */
    struct pool pool;                             /* what was decoded */

    /* from the headers */
    char id[REQUEST_ID_MAX + 1];       /* X-Request-Id, given or made */
    char key[IDEMPOTENCY_KEY_MAX + 1]; /* Idempotency-Key; empty: none */
    size_t key_len;                    /* may be longer than what was kept: refused */
    arena_text player;                 /* in auth mode: who asks; empty for nobody */
    uint32_t last_event_id;            /* Last-Event-ID, 0 when not given */
    uint8_t address[ADDRESS_BYTES];    /* of the client; IPv4 mapped into IPv6 */
    uint8_t client[ADDRESS_BYTES];     /* the same as far as it is counted, see address_client */
    uint8_t peer[ADDRESS_BYTES];       /* of the connection's other end, which may be a proxy */
    bool behind_proxy, forwarded;      /* see forward.c */
    bool unlimited;                    /* no rate is asked of this client */
    bool secure;                       /* the client speaks TLS, with us or with the proxy */
    char bearer[BEARER_MAX + 1];       /* Authorization: Bearer; empty when it cannot be a key */
    bool accepts_json, accepts_events; /* Accept names the type itself, see mcp_http.c */
    bool sends_json;                   /* Content-Type */
    arena_text host;                   /* Host; in libmicrohttpd's memory, as the next two */
    arena_text forwarded_host;         /* X-Forwarded-Host, of whoever sent it */
    arena_text forwarded_proto;        /* X-Forwarded-Proto */
    arena_text known;                  /* If-None-Match: tags of answers that the client has kept */
    char mcp_version[16];              /* MCP-Protocol-Version; cut when it is longer */

    /* the answer */
    struct request request;
    const char *type; /* Content-Type; NULL: none, for an answer without a body */
    arena_text page;  /* static bytes instead of request.body */
    bool is_page;
    arena_text channel, viewer;                  /* of a stream */
    int status;                                  /* instead of request.status when not 0 */
    uint32_t retry_s;                            /* Retry-After; 0: the shortest there is */
    void (*complete)(struct exchange *exchange); /* has the last word on the answer; may be NULL */

    /* A handler may need several operations.  When one that was not answered at once is done, go_on (if there is one)
     * runs in a thread that serves requests, and returns as a handler does.  release frees work at the end. */
    bool (*go_on)(struct exchange *exchange);
    void (*release)(struct exchange *exchange);
    void *work;
};

/* Once; done is called for requests that exchange_run left open. */
void exchange_init(struct exchange *exchange, struct site *site, void (*done)(struct request *), void *owner);
void exchange_finish(struct exchange *exchange);

/* A new request on this target; and for the next one.  Memory is kept, but not much of it. */
void exchange_begin(struct exchange *exchange, const char *target);
void exchange_reset(struct exchange *exchange);

/* Finds the route. */
void exchange_route(struct exchange *exchange, const char *method);

/* Runs the request.  True: the answer is there. */
bool exchange_run(struct exchange *exchange);

/* The operation that exchange_run, or this, has left open is done.  True: the answer is there. */
bool exchange_go_on(struct exchange *exchange);

/* The request was answered: makes the answer what is sent, or 304 when the client has it.  Once, before the next two.
 */
void exchange_complete(struct exchange *exchange);

/* The answer's status and bytes. */
int exchange_status(const struct exchange *exchange);
arena_text exchange_answer(const struct exchange *exchange);

/* An answer of the server's own; all return true. */
bool exchange_not_found(struct exchange *exchange);
bool exchange_invalid(struct exchange *exchange, const char *error);
bool exchange_refuse(struct exchange *exchange, int status, const char *code, const char *error);
bool exchange_expected(struct exchange *exchange, enum json_type wanted, enum json_type found);
bool exchange_reserved(struct exchange *exchange);
bool exchange_ok(struct exchange *exchange); /* with what is in request.body */

/* The decoded value of a query parameter, the first of its name; false when it is not given. */
bool query_get(struct exchange *exchange, const char *name, arena_text *value);

/* As JavaScript's parseInt(value) || fallback. */
int64_t query_int(struct exchange *exchange, const char *name, int64_t fallback);

/* As JavaScript's Number(value), floored; false for what is no number.  Not given: 0. */
bool query_number(struct exchange *exchange, const char *name, double *number);

/* Who asks: in auth mode whose key it is; else the query's `from`, else the body's; empty for nobody.  False when the
 * name is reserved and the request has been answered. */
bool exchange_identity(struct exchange *exchange, arena_text *from);

/* Names that the arena itself speaks under. */
bool exchange_is_reserved(arena_text name);

/* Applies the Idempotency-Key header, if there is one.  False when it is unusable and the request is answered. */
bool exchange_key(struct exchange *exchange, arena_text who);

/* The value of the nth field of the route; empty when it was not given. */
static inline arena_text exchange_text(const struct exchange *exchange, int field)
{
    const struct json_member *m = exchange->member[field];
    return m ? m->value : (arena_text){"", 0};
}

/* api_*.c, documents.c, mcp_http.c and pages.c: the handlers */
bool api_metadata(struct exchange *exchange);
bool api_metadata_of(struct exchange *exchange);
bool api_create(struct exchange *exchange);
bool api_list(struct exchange *exchange);
bool api_list_of(struct exchange *exchange);
bool api_invite(struct exchange *exchange);
bool api_announce(struct exchange *exchange);
bool api_session(struct exchange *exchange);
bool api_view(struct exchange *exchange);
bool api_actions(struct exchange *exchange);
bool api_replay(struct exchange *exchange);
bool api_join(struct exchange *exchange);
bool api_message(struct exchange *exchange);
bool api_sync(struct exchange *exchange);
bool api_chat_send(struct exchange *exchange);
bool api_chat_sync(struct exchange *exchange);
bool api_stream(struct exchange *exchange);
bool api_users(struct exchange *exchange);
bool api_users_batch(struct exchange *exchange);
bool api_user(struct exchange *exchange);
bool api_user_update(struct exchange *exchange);
bool api_user_scores(struct exchange *exchange);
bool api_user_sessions(struct exchange *exchange);
bool api_scoring(struct exchange *exchange);
bool api_scoring_of(struct exchange *exchange);
bool api_stats(struct exchange *exchange);
bool admin_status(struct exchange *exchange);
bool admin_audit(struct exchange *exchange);
bool admin_end_session(struct exchange *exchange);
bool admin_user(struct exchange *exchange);
bool api_data(struct exchange *exchange);
bool admin_data(struct exchange *exchange);
bool admin_data_diff(struct exchange *exchange);
bool admin_data_catalogue(struct exchange *exchange);
bool api_data_entries(struct exchange *exchange);
bool admin_data_stage(struct exchange *exchange);
bool admin_data_promote(struct exchange *exchange);
bool admin_data_rollback(struct exchange *exchange);
bool mcp_play(struct exchange *exchange);
bool mcp_arena(struct exchange *exchange);
bool mcp_chat(struct exchange *exchange);
bool mcp_no_stream(struct exchange *exchange);
bool document_skill(struct exchange *exchange);
bool document_skill_text(struct exchange *exchange);
bool document_skill_json(struct exchange *exchange);
bool document_openapi(struct exchange *exchange);
bool document_llms(struct exchange *exchange);
bool page_index(struct exchange *exchange);
bool page_asset(struct exchange *exchange);
bool page_health(struct exchange *exchange);
bool page_metrics(struct exchange *exchange);

extern const struct field create_fields[], announce_fields[], join_fields[], message_fields[], chat_fields[];
extern const struct field user_fields[], admin_user_fields[];
extern const struct field admin_data_stage_fields[], admin_data_promote_fields[], admin_data_rollback_fields[];

/* api_admin.c: puts what is asked for on record (action; details: a JSON object, or empty; about the address's
 * parameter) and then lets `act` do it.  What the record says was asked for may still be refused. */
bool admin_on_record(struct exchange *exchange, arena_text action, arena_text details,
                     bool (*act)(struct exchange *exchange));

#endif
