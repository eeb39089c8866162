/*
 * tls_pipe.c - one connection: the handshake, then bytes both ways.
 *
 * Sockets are watched edge-triggered, so each step goes on until nothing moves any more, or for ROUNDS rounds: then
 * others come first.
 */
#define _GNU_SOURCE
#include "http/tls_internal.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/must.h"

enum { ROUNDS = 16, SHAKE_MS = 10000, CLOSE_MS = 10000, LINGER_MS = 2000, SAY_MS = 2000 };

enum moved { MOVED, BLOCKED, BROKEN };

struct tls_pipe *tls_pipe_open(struct tls_thread *thread, int fd, const struct sockaddr_storage *peer, socklen_t len)
{
    static const gnutls_datum_t http = {(unsigned char *)"http/1.1", 8};
    struct tls *tls = thread->tls;
    struct tls_pipe *p = must(calloc(1, sizeof *p));

    p->thread = thread;
    p->client = (struct tls_end){p, fd};
    p->server = (struct tls_end){p, -1};
    p->due_ms = thread->now_ms + SHAKE_MS;
    memcpy(&p->peer, peer, len);
    p->peer_len = len;
    p->credentials = tls_credentials_take(tls);
    if (gnutls_init(&p->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
        abort();
    gnutls_priority_set(p->session, tls->priorities);
    gnutls_credentials_set(p->session, GNUTLS_CRD_CERTIFICATE, p->credentials->x509);
    gnutls_certificate_server_set_request(p->session, GNUTLS_CERT_IGNORE);
    gnutls_alpn_set_protocols(p->session, &http, 1, 0);
    gnutls_session_ticket_enable_server(p->session, &tls->ticket_key);
    gnutls_transport_set_int(p->session, fd);
    return p;
}

void tls_pipe_free(struct tls_pipe *p)
{
    gnutls_deinit(p->session);
    tls_credentials_put(p->credentials);
    close(p->client.fd);
    if (p->server.fd >= 0)
        close(p->server.fd);
    text_free(&p->up);
    text_free(&p->down);
    free(p);
}

void tls_pipe_close(struct tls_pipe *p)
{
    if (p->stage == TLS_OPEN)
        gnutls_bye(p->session, GNUTLS_SHUT_WR); /* as far as it goes at once */
    shutdown(p->client.fd, SHUT_WR);
    p->stage = TLS_CLOSING;
    p->due_ms = p->thread->now_ms + LINGER_MS;
}

/* Throws away what the client still sends, so that the close does not reset what it has not read yet. */
static enum moved drain(struct tls_pipe *p)
{
    for (int i = 0; i < ROUNDS; i++) {
        ssize_t n = recv(p->client.fd, p->thread->scratch, TLS_PIECE, MSG_DONTWAIT);
        if (n == 0)
            return BROKEN;
        if (n < 0 && errno != EINTR)
            return errno == EAGAIN || errno == EWOULDBLOCK ? BLOCKED : BROKEN;
    }
    return MOVED;
}

/* The handshake. ------------------------------------------------------------------------------------------- */

/* Looks at the first byte, before GnuTLS takes it: a request without TLS is told so, in words that its client can read.
 */
static enum moved greet(struct tls_pipe *p)
{
    static const char answer[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 70\r\n"
                                 "Connection: close\r\n\r\n"
                                 "{\"error\":\"this address speaks HTTPS: use https://\",\"code\":\"NEEDS_TLS\"}";
    char first;
    ssize_t n = recv(p->client.fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return errno == EINTR ? MOVED : BLOCKED;
    if (n != 1)
        return BROKEN;
    p->greeted = true;
    if (first < 'A' || first > 'Z')
        return MOVED; /* a handshake begins with 22 */
    send(p->client.fd, answer, sizeof answer - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    tls_pipe_close(p);
    return MOVED;
}

/* The plain side goes to the server. */
static bool connect_server(struct tls_pipe *p)
{
    const struct tls_serving *serving = &p->thread->tls->serving;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
        return false;
    p->server.fd = pair[0];
    serving->give(serving->ctx, pair[1], (const struct sockaddr *)(const void *)&p->peer, p->peer_len);
    p->stage = TLS_OPEN;
    p->due_ms = 0;
    return tls_watch(p->thread, &p->server);
}

static enum moved shake(struct tls_pipe *p)
{
    if (!p->greeted)
        return greet(p);
    int result = gnutls_handshake(p->session);
    if (result == GNUTLS_E_SUCCESS)
        return connect_server(p) ? MOVED : BROKEN;
    if (result == GNUTLS_E_AGAIN)
        return BLOCKED;
    if (!gnutls_error_is_fatal(result))
        return MOVED;
    gnutls_alert_send_appropriate(p->session, result);
    return BROKEN;
}

/* From the client to the server. --------------------------------------------------------------------------- */

/* Writes what is left of t to the plain side. */
static enum moved write_plain(const struct tls_pipe *p, struct text *t, size_t *sent)
{
    while (*sent < t->len) {
        ssize_t n = send(p->server.fd, t->ptr + *sent, t->len - *sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return BLOCKED;
        if (n < 0 && errno != EINTR)
            return BROKEN;
        *sent += n > 0 ? (size_t)n : 0;
    }
    text_free(t);
    *sent = 0;
    return MOVED;
}

/* The client sends no more.  libmicrohttpd is told when it has read what came before: of an end that comes together
 * with bytes it does not hear, and would wait for as long as it waits for a silent client. */
static void say_over(struct tls_pipe *p)
{
    int unread = 0;

    if (!p->unsaid || (ioctl(p->server.fd, SIOCOUTQ, &unread) == 0 && unread && p->thread->now_ms < p->say_ms))
        return; /* the thread comes back to it */
    p->unsaid = false;
    shutdown(p->server.fd, SHUT_WR);
}

static enum moved move_up(struct tls_pipe *p)
{
    if (p->up.len) {
        enum moved moved = write_plain(p, &p->up, &p->up_sent);
        if (moved == BLOCKED)
            return moved;
        if (moved == BROKEN) { /* the server has closed: nobody reads this any more */
            text_free(&p->up);
            p->up_sent = 0;
        }
    }
    if (p->client_over) {
        say_over(p);
        return BLOCKED;
    }
    ssize_t n = gnutls_record_recv(p->session, p->thread->scratch, TLS_PIECE);
    if (n > 0) {
        text_put(&p->up, p->thread->scratch, (size_t)n);
        return MOVED;
    }
    if (n == 0) {
        p->client_over = p->unsaid = true;
        p->say_ms = p->thread->now_ms + SAY_MS;
        return MOVED;
    }
    if (n == GNUTLS_E_AGAIN)
        return BLOCKED;
    return n == GNUTLS_E_INTERRUPTED || n == GNUTLS_E_WARNING_ALERT_RECEIVED ? MOVED : BROKEN;
}

/* From the server to the client. --------------------------------------------------------------------------- */

static enum moved write_tls(struct tls_pipe *p)
{
    while (p->halfway || p->down_sent < p->down.len) {
        ssize_t n = p->halfway ? gnutls_record_send(p->session, NULL, 0)
                               : gnutls_record_send(p->session, p->down.ptr + p->down_sent, p->down.len - p->down_sent);
        p->halfway |= n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED;
        if (n == GNUTLS_E_AGAIN)
            return BLOCKED;
        if (n < 0 && n != GNUTLS_E_INTERRUPTED)
            return BROKEN;
        if (n >= 0) {
            p->halfway = false;
            p->down_sent += (size_t)n;
        }
    }
    text_free(&p->down);
    p->down_sent = 0;
    return MOVED;
}

static enum moved move_down(struct tls_pipe *p)
{
    enum moved moved = write_tls(p);

    if (moved != MOVED)
        return moved;
    if (p->server_over) {
        tls_pipe_close(p);
        return MOVED;
    }
    ssize_t n = recv(p->server.fd, p->thread->scratch, TLS_PIECE, MSG_DONTWAIT);
    if (n > 0)
        text_put(&p->down, p->thread->scratch, (size_t)n);
    if (n > 0 || (n < 0 && errno == EINTR))
        return MOVED;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return BLOCKED;
    p->server_over = true;
    p->due_ms = p->thread->now_ms + CLOSE_MS;
    return MOVED;
}

bool tls_pipe_step(struct tls_pipe *p, bool *more)
{
    enum moved up = MOVED, down = MOVED;

    for (int i = 0; i < ROUNDS && (up == MOVED || down == MOVED); i++) {
        if (p->stage != TLS_OPEN) {
            up = p->stage == TLS_SHAKING ? shake(p) : drain(p);
            down = up == MOVED ? MOVED : BLOCKED;
        } else {
            up = move_up(p);
            down = up == BROKEN ? BROKEN : move_down(p);
        }
        if (up == BROKEN || down == BROKEN)
            return false;
    }
    *more = up == MOVED || down == MOVED;
    return true;
}
