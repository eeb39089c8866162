/*
 * tls_internal.h - TLS's own view of itself: tls.c has certificates, start and end; tls_pipe.c one connection;
 * tls_thread.c a thread with its connections.
 */
#ifndef HTTP_TLS_INTERNAL_H
#define HTTP_TLS_INTERNAL_H

#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/text.h"
#include "http/tally.h"
#include "http/tls.h"

/* A record of TLS holds so much. */
enum { TLS_PIECE = 16 * 1024 };

/* What connections begin with; replaced as a whole by a reload. */
struct tls_credentials {
    gnutls_certificate_credentials_t x509;
    atomic_int refs;
};

struct tls {
    char *certificate, *key; /* paths */
    pthread_mutex_t lock;    /* of the credentials */
    struct tls_credentials *credentials;
    gnutls_priority_t priorities;
    gnutls_datum_t ticket_key;
    struct tls_serving serving;
    struct tally *tally;
    struct tls_thread *threads;
    uint32_t thread_count;
    atomic_bool quiesced, stopping;
    atomic_ullong open, accepted, failed, refused;
};

struct tls_pipe;

/* One of the two sockets of a pipe, as epoll names it. */
struct tls_end {
    struct tls_pipe *pipe;
    int fd; /* -1: not there yet */
};

enum tls_stage { TLS_SHAKING, TLS_OPEN, TLS_CLOSING };

/* A connection: the client's side speaks TLS, the server's side is plain. */
struct tls_pipe {
    struct tls_thread *thread;
    struct tls_end client, server;
    enum tls_stage stage;
    gnutls_session_t session;
    struct tls_credentials *credentials;
    bool greeted; /* the client has sent something */
    bool client_over, server_over, gone, queued, counted;
    bool unsaid;               /* the server does not know yet that the client sends no more */
    int64_t say_ms;            /* when it is told at the latest */
    bool halfway;              /* a record was taken by gnutls and not yet by the socket */
    struct text up, down;      /* what the other side did not take yet */
    size_t up_sent, down_sent; /* of it */
    int64_t due_ms;            /* when patience ends; 0: never */
    uint8_t address[ADDRESS_BYTES];
    struct sockaddr_storage peer;
    socklen_t peer_len;
    struct tls_pipe *next, **back, *next_ready;
};

struct tls_thread {
    struct tls *tls;
    pthread_t thread;
    int epoll, wake;
    bool listening;
    int64_t now_ms, look_ms;
    struct tls_pipe *all, *ready, *gone;
    char scratch[TLS_PIECE];
};

/* tls.c */
struct tls_credentials *tls_credentials_take(struct tls *tls);
void tls_credentials_put(struct tls_credentials *credentials);

/* tls_thread.c */
void *tls_run(void *thread);
bool tls_watch(const struct tls_thread *thread, struct tls_end *end);

/* tls_pipe.c */
struct tls_pipe *tls_pipe_open(struct tls_thread *thread, int fd, const struct sockaddr_storage *peer, socklen_t len);
void tls_pipe_free(struct tls_pipe *pipe);

/* Moves what can be moved.  False: the connection is over.  *more: there may be more to do at once. */
bool tls_pipe_step(struct tls_pipe *pipe, bool *more);

/* Begins the end: the client is told, and may still be sending for a moment. */
void tls_pipe_close(struct tls_pipe *pipe);

#endif
