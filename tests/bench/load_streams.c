/*
 * load_streams.c - many who listen to one channel, and one who talks there.
 *
 * The talker says when it said it; each listener's copy of it gives one sample.  It says the next thing when its last
 * one was acknowledged and no more than `window` things are not yet with everybody.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

enum { VIEWER_IN = 16384, EVENTS = 256 };

static const char content_key[] = "\"content\":\"";
enum { KEY = sizeof content_key - 1 };

struct viewer {
    int fd;
    char in[VIEWER_IN + 1];
    size_t len;
};

struct streams {
    struct load *load;
    struct viewer *viewers, talker;
    uint64_t said, acknowledged, delivered; /* delivered: copies */
    bool listening;                         /* all have had their first event */
    uint32_t ready;
};

static void say(struct streams *s)
{
    char body[256], request[512];
    int len = snprintf(body, sizeof body, "{\"channel\":\"bench-streams\",\"from\":\"talker\",\"content\":\"%lld\"}",
                       (long long)load_now());
    int n = snprintf(request, sizeof request,
                     "POST /api/chat/send HTTP/1.1\r\nHost: arena\r\nContent-Length: %d\r\n\r\n%s", len, body);
    if (send(s->talker.fd, request, (size_t)n, MSG_NOSIGNAL) != n)
        load_die("send");
    s->said++;
}

static bool may_say(const struct streams *s)
{
    return !s->load->stopping && s->acknowledged == s->said &&
           s->said * s->load->viewers - s->delivered < (uint64_t)s->load->window * s->load->viewers;
}

/* Counts the messages in what came; keeps what may be the beginning of one. */
static void hear(struct streams *s, struct viewer *v, int64_t now)
{
    char *at = v->in, *end = v->in + v->len;
    for (char *hit; (hit = memmem(at, (size_t)(end - at), content_key, KEY));) {
        if (end - hit < KEY + 20)
            break;
        if (s->listening) {
            s->delivered++;
            if (s->load->measuring) {
                s->load->actions++;
                load_sample(s->load, now - strtoll(hit + KEY, NULL, 10));
            }
        }
        at = hit + KEY + 20;
    }
    if (!s->listening && memmem(v->in, v->len, "\"initial\"", 9)) {
        s->ready++;
        v->len = 0;
        return;
    }
    size_t rest = (size_t)(end - at), most = rest > 512 ? 512 : rest;
    if (!s->listening)
        most = rest;
    memmove(v->in, end - most, most);
    v->len = most;
}

static void receive(struct streams *s, struct viewer *v)
{
    if (v->len == VIEWER_IN)
        v->len = 0;
    ssize_t n = recv(v->fd, v->in + v->len, VIEWER_IN - v->len, 0);
    if (n <= 0) {
        errno = n ? errno : ECONNRESET;
        load_die("the server closed a stream");
    }
    v->len += (size_t)n;
    v->in[v->len] = '\0';
    if (v != &s->talker) {
        hear(s, v, load_now());
        return;
    }
    char *end = memmem(v->in, v->len, "\r\n\r\n", 4);
    if (!end || !strchr(end, '}'))
        return;
    if (strncmp(v->in, "HTTP/1.1 200", 12) != 0) {
        struct answer answer = {atoi(v->in + 9), end + 4, strlen(end + 4)};
        load_failed(s->load, &(struct link){0}, &answer);
    }
    v->len = 0;
    s->acknowledged++;
}

static void serve(struct streams *s, int64_t until_ns)
{
    struct epoll_event events[EVENTS];
    int64_t last_ns = load_now();
    while (load_now() < until_ns) {
        if (s->listening && may_say(s))
            say(s);
        if (!s->listening && s->ready == s->load->viewers)
            return;
        if (s->load->stopping && s->delivered == s->said * s->load->viewers)
            return;
        int n = epoll_wait(s->load->epoll, events, EVENTS, 10);
        for (int i = 0; i < n; i++)
            receive(s, events[i].data.ptr);
        if (n > 0)
            last_ns = load_now();
        else if (load_now() - last_ns > LOAD_PATIENCE_S * INT64_C(1000000000)) {
            errno = ETIMEDOUT;
            load_die("no event");
        }
    }
}

static void open_viewer(struct streams *s, struct viewer *v)
{
    static const char request[] = "GET /api/chat/ws/bench-streams HTTP/1.1\r\nHost: arena\r\n\r\n";
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = v};
    v->fd = load_connect(s->load->port);
    epoll_ctl(s->load->epoll, EPOLL_CTL_ADD, v->fd, &event);
    if (v != &s->talker && send(v->fd, request, sizeof request - 1, MSG_NOSIGNAL) != sizeof request - 1)
        load_die("send");
}

void streams_run(struct load *load)
{
    struct streams s = {.load = load};
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    s.viewers = calloc(load->viewers, sizeof *s.viewers);
    if (load->epoll < 0 || !s.viewers)
        load_die("memory");
    for (uint32_t i = 0; i < load->viewers; i++)
        open_viewer(&s, &s.viewers[i]);
    open_viewer(&s, &s.talker);
    serve(&s, load_now() + LOAD_PATIENCE_S * INT64_C(1000000000));
    if (s.ready != load->viewers) {
        errno = ETIMEDOUT;
        load_die("streams did not begin");
    }
    s.listening = true;
    serve(&s, load_now() + (int64_t)(load->warm_up * 1e9));
    load->measuring = true;
    load->start_ns = load_now();
    load->cpu_start = process_cpu(load->pid);
    uint64_t said = s.said;
    serve(&s, load->start_ns + (int64_t)(load->seconds * 1e9));
    load->end_ns = load_now();
    load->cpu_end = process_cpu(load->pid);
    load->units = s.said - said;
    load->measuring = false;
    load->stopping = true;
    serve(&s, load_now() + LOAD_PATIENCE_S * INT64_C(1000000000));
    if (s.delivered != s.said * load->viewers) {
        snprintf(load->failure, sizeof load->failure, "%llu of %llu copies were delivered",
                 (unsigned long long)s.delivered, (unsigned long long)s.said * load->viewers);
        load->failures++;
    }
    for (uint32_t i = 0; i < load->viewers; i++)
        close(s.viewers[i].fd);
    close(s.talker.fd);
    close(load->epoll);
    free(s.viewers);
}
