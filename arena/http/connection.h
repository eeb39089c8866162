/*
 * connection.h - a connection of the server's, shared by its parts: server.c (life), head.c (reading), answer.c
 * (answering).  Private to these.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include <microhttpd.h>

#include "http/exchange.h"
#include "http/http.h"
#include "http/loop.h"

/* How far a request is; see answer.c. */
enum phase { PHASE_IDLE, PHASE_RUNNING, PHASE_SUSPENDED, PHASE_ANSWERED };

/* What a connection is at, for those that look for slow clients. */
enum stage { STAGE_QUIET, STAGE_READING, STAGE_WORKING, STAGE_SENDING };

struct connection {
    struct exchange exchange;
    struct http *http;
    struct MHD_Connection *mhd;
    struct loop *loop;
    int fd, linger;
    atomic_int phase, stage;
    atomic_llong since_ms; /* of the stage */
    int64_t started_ns;
    uint32_t serial, requests;
    bool head_read, version_10, counted, odd_target;
    bool tallied; /* in http->tally */
    const char *method;
    struct connection *next, **back; /* of all */
};

struct http {
    struct site site;
    struct metrics metrics;
    struct loop *loops;
    uint32_t loop_count;
    int listener;
    uint16_t port;
    struct http_limits limits;
    bool access_log;
    atomic_bool stopping;
    uint32_t id_prefix;
    atomic_uint serials;
    pthread_mutex_t lock; /* of the list */
    struct connection *all;
    struct tally *tally;    /* connections by address; with TLS that is counted there */
    struct tls *tls;        /* NULL: clients connect to the loops themselves */
    atomic_uint next_guest; /* which loop the next connection of TLS is for */
};

/* server.c */
int64_t monotonic_ns(void);
void connection_stage(struct connection *c, enum stage stage, int64_t ns);

/* head.c: reads what a request begins with, and refuses what two servers could understand differently.  MHD_NO: the
 * connection was refused and is to be closed. */
enum MHD_Result connection_read_head(struct connection *c, const char *method, const char *version);
enum MHD_Result connection_read_body(struct connection *c, const char *bytes, size_t *len);

/* For libmicrohttpd's own log: it answers what it finds malformed, see head.c. */
void connection_library_log(void *cls, const char *format, va_list args);

/* The connection whose request line this thread read last, for connection_library_log; NULL when it is closed. */
extern _Thread_local struct connection *connection_reading;

/* answer.c: runs a request whose body is there; goes on with one that was suspended. */
enum MHD_Result connection_run(struct connection *c);
enum MHD_Result connection_go_on(struct connection *c);

/* The arena's answer is there; for exchange_init. */
void connection_done(struct request *request);

#endif
