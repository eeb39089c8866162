/* load_net.c - the connections of the load generator, and its clocks. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

enum { IN_FIRST = 4096, EVENTS = 256 };

int64_t load_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void load_die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

int load_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        load_die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

void load_get(struct link *link, bool counts, const char *format, ...)
{
    char path[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    link->counts = counts;
    link->out_len = (size_t)snprintf(link->out, sizeof link->out, "GET %s HTTP/1.1\r\nHost: arena\r\n\r\n", path);
}

void load_post(struct link *link, bool counts, const char *path, const char *format, ...)
{
    char body[LOAD_OUT - 512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(body, sizeof body, format, args);
    va_end(args);
    link->counts = counts;
    link->out_len = (size_t)snprintf(link->out, sizeof link->out,
                                     "POST %s HTTP/1.1\r\nHost: arena\r\nContent-Type: application/json\r\n"
                                     "Content-Length: %d\r\n\r\n%s",
                                     path, len, body);
}

void load_failed(struct load *load, const struct link *link, const struct answer *answer)
{
    if (!load->failures++)
        snprintf(load->failure, sizeof load->failure, "step %d: %d %.*s", link->step, answer->status,
                 (int)(answer->len < 300 ? answer->len : 300), answer->body);
}

const char *load_member(const char *from, size_t len, const char *name, char *out, size_t size)
{
    char key[64];
    int key_len = snprintf(key, sizeof key, "\"%s\":\"", name);
    const char *at = memmem(from, len, key, (size_t)key_len);
    if (!at)
        return NULL;
    at += key_len;
    const char *end = memchr(at, '"', len - (size_t)(at - from));
    if (!end || (size_t)(end - at) >= size)
        return NULL;
    memcpy(out, at, (size_t)(end - at));
    out[end - at] = '\0';
    return end;
}

/* Figures of the server. ----------------------------------------------------------------------------------- */

/* The nth field of /proc/PID/stat behind the program's name, counted as in proc(5). */
static long stat_field(int pid, int nth)
{
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file))
        load_die(path);
    fclose(file);
    char *at = strrchr(line, ')');
    for (int i = 2; at && i < nth; i++)
        at = strchr(at + 1, ' ');
    return at ? strtol(at, NULL, 10) : 0;
}

double process_cpu(int pid)
{
    return pid ? (double)(stat_field(pid, 14) + stat_field(pid, 15)) / (double)sysconf(_SC_CLK_TCK) : 0;
}

long process_memory(int pid)
{
    return pid ? stat_field(pid, 24) * sysconf(_SC_PAGESIZE) : 0;
}

void load_sample(struct load *load, int64_t ns)
{
    if (load->micros_len == load->micros_cap) {
        load->micros_cap = load->micros_cap ? 2 * load->micros_cap : 1 << 16;
        load->micros = realloc(load->micros, load->micros_cap * sizeof *load->micros);
        if (!load->micros)
            load_die("memory");
    }
    load->micros[load->micros_len++] = (uint32_t)(ns / 1000);
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void load_report(const struct load *load)
{
    size_t n = load->micros_len;
    double seconds = (double)(load->end_ns - load->start_ns) / 1e9, cpu = load->cpu_end - load->cpu_start;
    if (n)
        qsort(load->micros, n, sizeof *load->micros, by_size);
    printf("{\"scenario\":\"%s\",\"connections\":%u,\"viewers\":%u,\"seconds\":%.3f,\"requests\":%llu,\"actions\":%llu,"
           "\"units\":%llu,\"per_second\":%.1f,\"units_per_second\":%.1f,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,"
           "\"cpu_s\":%.2f,\"cpu_us_per_action\":%.2f,\"cpu_us_per_unit\":%.2f,\"rss\":%ld,\"failures\":%llu}\n",
           load->scenario->name, load->connections, load->viewers, seconds, (unsigned long long)load->requests,
           (unsigned long long)load->actions, (unsigned long long)load->units, (double)load->actions / seconds,
           (double)load->units / seconds, n ? load->micros[n / 2] : 0, n ? load->micros[n * 99 / 100] : 0,
           n ? load->micros[n - 1] : 0, cpu, load->actions ? cpu * 1e6 / (double)load->actions : 0,
           load->units ? cpu * 1e6 / (double)load->units : 0, process_memory(load->pid),
           (unsigned long long)load->failures);
    if (load->failures)
        fprintf(stderr, "load: %llu failures, the first: %s\n", (unsigned long long)load->failures, load->failure);
}

/* The loop. ------------------------------------------------------------------------------------------------ */

static void flush_out(struct link *link)
{
    while (link->out_sent < link->out_len) {
        ssize_t n = send(link->fd, link->out + link->out_sent, link->out_len - link->out_sent, MSG_NOSIGNAL);
        if (n <= 0) /* a request is smaller than any socket's buffer, so this is no back-pressure */
            load_die("send");
        link->out_sent += (size_t)n;
    }
}

static void send_next(struct load *load, struct link *link)
{
    link->out_len = link->out_sent = 0;
    link->waiting = false;
    if (load->stopping || (load->limit && load->measuring && load->actions >= load->limit))
        return;
    load->scenario->next(load, link);
    if (!link->out_len)
        return;
    link->waiting = true;
    link->sent_ns = load_now();
    flush_out(link);
}

/* The length of the whole answer that in begins with, 0 while it is not all there. */
static size_t whole(const struct link *link, struct answer *answer)
{
    const char *end = link->in_len > 12 ? memmem(link->in, link->in_len, "\r\n\r\n", 4) : NULL;
    if (!end)
        return 0;
    size_t head = (size_t)(end - link->in) + 4, len = 0;
    for (const char *at = link->in; at < end; at++)
        if (*at == '\n' && strncasecmp(at + 1, "content-length:", 15) == 0)
            len = strtoul(at + 16, NULL, 10);
    if (link->in_len < head + len)
        return 0;
    *answer = (struct answer){atoi(link->in + 9), link->in + head, len};
    return head + len;
}

static void take(struct load *load, struct link *link)
{
    struct answer answer;
    size_t len = whole(link, &answer);
    if (!len)
        return;
    if (load->measuring) {
        load->requests++;
        if (link->counts) {
            load->actions++;
            load_sample(load, load_now() - link->sent_ns);
        }
    }
    load->scenario->answered(load, link, &answer);
    memmove(link->in, link->in + len, link->in_len - len);
    link->in_len -= len;
    send_next(load, link);
}

static void receive(struct load *load, struct link *link)
{
    if (link->in_cap - link->in_len < IN_FIRST / 2) {
        link->in_cap = link->in_cap ? 2 * link->in_cap : IN_FIRST;
        link->in = realloc(link->in, link->in_cap);
        if (!link->in)
            load_die("memory");
    }
    ssize_t n = recv(link->fd, link->in + link->in_len, link->in_cap - link->in_len - 1, 0);
    if (n <= 0) { /* an unanswered request: it is counted, and the others go on */
        struct answer none = {0, "the server closed a connection", 30};
        load_failed(load, link, &none);
        epoll_ctl(load->epoll, EPOLL_CTL_DEL, link->fd, NULL);
        link->waiting = false;
        return;
    }
    link->in_len += (size_t)n;
    link->in[link->in_len] = '\0';
    take(load, link);
}

static bool any_waiting(const struct load *load)
{
    for (uint32_t i = 0; i < load->connections; i++)
        if (load->links[i].waiting)
            return true;
    return false;
}

/* Serves the connections until a time has come, or, at the end, until every request is answered. */
static void serve(struct load *load, int64_t until_ns)
{
    struct epoll_event events[EVENTS];
    int64_t last_ns = load_now();
    while (load->stopping ? any_waiting(load) : load_now() < until_ns && (!load->limit || any_waiting(load))) {
        int n = epoll_wait(load->epoll, events, EVENTS, 10);
        for (int i = 0; i < n; i++)
            receive(load, events[i].data.ptr);
        if (n > 0)
            last_ns = load_now();
        else if (load_now() - last_ns > LOAD_PATIENCE_S * INT64_C(1000000000)) {
            errno = ETIMEDOUT;
            load_die("no answer");
        }
    }
}

void load_run(struct load *load)
{
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->links = calloc(load->connections, sizeof *load->links);
    if (load->epoll < 0 || !load->links)
        load_die("memory");
    for (uint32_t i = 0; i < load->connections; i++) {
        struct link *link = &load->links[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
        link->number = i;
        link->fd = load_connect(load->port);
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, link->fd, &event);
    }
    if (load->warm_up <= 0)
        load->measuring = true;
    load->start_ns = load_now();
    load->cpu_start = process_cpu(load->pid);
    for (uint32_t i = 0; i < load->connections; i++)
        send_next(load, &load->links[i]);
    if (!load->measuring) {
        serve(load, load->start_ns + (int64_t)(load->warm_up * 1e9));
        load->measuring = true;
        load->start_ns = load_now();
        load->cpu_start = process_cpu(load->pid);
    }
    serve(load, load->start_ns + (int64_t)(load->seconds * 1e9));
    load->end_ns = load_now();
    load->cpu_end = process_cpu(load->pid);
    load->measuring = false;
    load->stopping = true;
    serve(load, 0);
    for (uint32_t i = 0; i < load->connections; i++) {
        close(load->links[i].fd);
        free(load->links[i].in);
    }
    free(load->links);
    close(load->epoll);
}
