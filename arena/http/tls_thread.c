/*
 * tls_thread.c - a thread with its connections; nobody else touches them.
 */
#define _GNU_SOURCE
#include "http/tls_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 128, ACCEPTS_AT_ONCE = 64, LOOK_MS = 100, STOP_MS = 3000 };

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void add(atomic_ullong *counter, long long n)
{
    atomic_fetch_add_explicit(counter, (unsigned long long)n, memory_order_relaxed);
}

bool tls_watch(const struct tls_thread *t, struct tls_end *end)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = end};
    return epoll_ctl(t->epoll, EPOLL_CTL_ADD, end->fd, &event) == 0;
}

static void listen_again(struct tls_thread *t)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = t};
    const struct tls *tls = t->tls;

    if (!t->listening && !atomic_load(&tls->quiesced))
        t->listening = epoll_ctl(t->epoll, EPOLL_CTL_ADD, tls->serving.listener, &event) == 0;
}

static void listen_no_more(struct tls_thread *t)
{
    if (t->listening)
        epoll_ctl(t->epoll, EPOLL_CTL_DEL, t->tls->serving.listener, NULL);
    t->listening = false;
}

/* Connections come and go. --------------------------------------------------------------------------------- */

/* Freed later: an event in hand may still name it. */
static void let_go(struct tls_thread *t, struct tls_pipe *p)
{
    struct tls *tls = t->tls;

    if (p->stage == TLS_SHAKING)
        add(&tls->failed, 1);
    add(&tls->open, -1);
    if (p->counted)
        tally_give(tls->tally, p->address);
    *p->back = p->next;
    if (p->next)
        p->next->back = p->back;
    epoll_ctl(t->epoll, EPOLL_CTL_DEL, p->client.fd, NULL);
    if (p->server.fd >= 0)
        epoll_ctl(t->epoll, EPOLL_CTL_DEL, p->server.fd, NULL);
    p->gone = true;
    p->next = t->gone;
    t->gone = p;
}

/* What is still in the list of the ready ones waits until it has left it. */
static void free_gone(struct tls_thread *t)
{
    struct tls_pipe **slot = &t->gone;

    while (*slot) {
        struct tls_pipe *p = *slot;
        if (p->queued) {
            slot = &p->next;
            continue;
        }
        *slot = p->next;
        tls_pipe_free(p);
    }
}

static void step(struct tls_thread *t, struct tls_pipe *p)
{
    bool more = false;

    if (p->gone)
        return;
    if (!tls_pipe_step(p, &more)) {
        let_go(t, p);
    } else if (more && !p->queued) {
        p->queued = true;
        p->next_ready = t->ready;
        t->ready = p;
    }
}

/* True when there is room for a connection from this address. */
static bool admit(struct tls *tls, const uint8_t address[ADDRESS_BYTES], bool *counted)
{
    const struct tls_serving *serving = &tls->serving;

    *counted = serving->per_address && !serving->uncounted(serving->ctx, address);
    return atomic_load(&tls->open) < serving->connections &&
           (!*counted || tally_take(tls->tally, address, serving->per_address));
}

static void enter(struct tls_thread *t, int fd, const struct sockaddr_storage *peer, socklen_t len)
{
    struct tls *tls = t->tls;
    uint8_t full[ADDRESS_BYTES], address[ADDRESS_BYTES];
    bool counted;
    int one = 1;

    address_of((const struct sockaddr *)(const void *)peer, full);
    address_client(full, address);
    if (!admit(tls, address, &counted)) {
        add(&tls->refused, 1);
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct tls_pipe *p = tls_pipe_open(t, fd, peer, len);
    memcpy(p->address, address, sizeof p->address);
    p->counted = counted;
    p->next = t->all;
    p->back = &t->all;
    if (p->next)
        p->next->back = &p->next;
    t->all = p;
    add(&tls->open, 1);
    add(&tls->accepted, 1);
    if (tls_watch(t, &p->client))
        step(t, p);
    else
        let_go(t, p);
}

static void accept_some(struct tls_thread *t)
{
    for (int i = 0; i < ACCEPTS_AT_ONCE && t->listening; i++) {
        struct sockaddr_storage peer;
        socklen_t len = sizeof peer;
        int fd = accept4(t->tls->serving.listener, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            enter(t, fd, &peer, len);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno != EINTR && errno != ECONNABORTED)
            listen_no_more(t); /* until the next look, if ever: it would be reported again and again */
    }
}

/* The loop. ------------------------------------------------------------------------------------------------ */

static void look_after_all(struct tls_thread *t)
{
    t->look_ms = t->now_ms + LOOK_MS;
    for (struct tls_pipe *p = t->all, *next; p; p = next) {
        next = p->next;
        if (p->due_ms && p->due_ms <= t->now_ms)
            let_go(t, p);
        else if (p->unsaid)
            step(t, p);
    }
    if (atomic_load(&t->tls->quiesced))
        listen_no_more(t);
    else
        listen_again(t);
}

static void run_ready(struct tls_thread *t)
{
    struct tls_pipe *ready = t->ready;

    t->ready = NULL;
    while (ready) {
        struct tls_pipe *p = ready;
        ready = p->next_ready;
        p->queued = false;
        step(t, p);
    }
}

static void wait_for_sockets(struct tls_thread *t, int timeout)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    uint64_t ignored;
    int n = epoll_wait(t->epoll, events, EVENTS_AT_ONCE, t->ready ? 0 : timeout);

    t->now_ms = monotonic_ms();
    for (int i = 0; i < n; i++) {
        const struct tls_end *end = events[i].data.ptr;
        if (!end) {
            if (read(t->wake, &ignored, sizeof ignored) < 0 && errno != EAGAIN)
                abort();
            if (atomic_load(&t->tls->quiesced))
                listen_no_more(t);
        } else if (events[i].data.ptr == t) {
            accept_some(t);
        } else if (!end->pipe->gone && end == &end->pipe->client && events[i].events & EPOLLERR) {
            let_go(t, end->pipe); /* also while nothing is read from it */
        } else {
            step(t, end->pipe);
        }
    }
    run_ready(t);
    free_gone(t);
    if (t->now_ms >= t->look_ms)
        look_after_all(t);
    free_gone(t);
}

/* The server has closed its sides by now: what they held is still written, then the clients are told. */
static void end_all(struct tls_thread *t)
{
    int64_t until = monotonic_ms() + STOP_MS;

    while (t->all && t->now_ms < until)
        wait_for_sockets(t, 100);
    while (t->all)
        let_go(t, t->all);
    run_ready(t);
    free_gone(t);
}

void *tls_run(void *arg)
{
    struct tls_thread *t = arg;

    t->now_ms = monotonic_ms();
    listen_again(t);
    while (!atomic_load(&t->tls->stopping))
        wait_for_sockets(t, LOOK_MS);
    end_all(t);
    return NULL;
}
