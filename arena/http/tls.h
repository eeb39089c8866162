/*
 * tls.h - TLS in front of the server, in the same process.
 *
 *   client ══TLS══ tls.c (a thread or more) ──a pair of local sockets── a loop's daemon, and the hub for streams
 *
 * The server stands behind it as it stands behind a proxy: requests, early refusals and streams that leave
 * libmicrohttpd with their socket all stay as they are, and a connection without TLS pays nothing for it.
 * libmicrohttpd's own TLS was not taken: its session belongs to its connection, so no socket could leave it.
 *
 * What a client is behind or ahead stays within a few buffers: who does not read is not read from.
 */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct tls;

/* Reads certificate (with its chain) and key, both PEM.  NULL and a sentence in error when they cannot be used; a key
 * that everybody may read cannot. */
struct tls *tls_open(const char *certificate, const char *key, char *error, size_t error_size);

/* Reads them again; connections that are open keep what they have.  False and a sentence: the old ones stay. */
bool tls_reload(struct tls *tls, char *error, size_t error_size);

struct tls_serving {
    int listener; /* TLS's from now on, also when tls_serve fails; non-blocking */
    uint32_t threads;
    uint32_t connections; /* open at once */
    uint32_t per_address; /* of them from one client address; 0: any number */

    /* A connection is there: fd speaks plain HTTP, and is the other side's from now on. */
    void (*give)(void *ctx, int fd, const struct sockaddr *address, socklen_t len);
    /* Whether this address is one whose connections are not counted. */
    bool (*uncounted)(void *ctx, const uint8_t *address);
    void *ctx;
};

/* Starts serving; once. */
bool tls_serve(struct tls *tls, const struct tls_serving *serving);

/* No new connections from now on. */
void tls_quiesce(struct tls *tls);

struct tls_stats {
    uint64_t open, accepted, failed, refused; /* failed: in the handshake; refused: there were too many */
};
struct tls_stats tls_stats(const struct tls *tls);

/* Ends what is left, in good order as far as that is quick, and frees everything.  NULL is fine. */
void tls_close(struct tls *tls);

#endif
