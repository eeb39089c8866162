#include "http/metrics.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "http/exchange.h"
#include "http/hub.h"
#include "http/tls.h"

enum { FAILURE_HOLDS_MS = 30000 };

static const int statuses[METRICS_STATUSES] = {200, 202, 304, 400, 401, 403, 404, 405, 406,
                                               409, 413, 415, 422, 429, 500, 503, 0};
static const int64_t bounds[METRICS_BUCKETS - 1] = {50,    100,   250,    500,     1000,     2500,
                                                    10000, 50000, 250000, 1000000, 10000000, 60000000};
static const char *const bound_names[METRICS_BUCKETS] = {
    "0.00005", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.01", "0.05", "0.25", "1", "10", "60", "+Inf"};

static void add(atomic_ullong *counter, unsigned long long n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static unsigned long long get(atomic_ullong *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_request(struct metrics *metrics, size_t route, int status, int64_t microseconds, size_t bytes)
{
    size_t s = 0, b = 0;

    while (statuses[s] && statuses[s] != status)
        s++;
    while (b < METRICS_BUCKETS - 1 && microseconds > bounds[b])
        b++;
    if (route > METRICS_ROUTES)
        route = METRICS_ROUTES;
    add(&metrics->route[route].status[s], 1);
    add(&metrics->route[route].bucket[b], 1);
    add(&metrics->route[route].microseconds, (unsigned long long)microseconds);
    add(&metrics->bytes, bytes);
}

/* The store's thread writes its figures while they are read here. */
static struct store_stats store_figures(const struct store *store)
{
    const struct store_stats *s = &store->stats;
    return (struct store_stats){
        __atomic_load_n(&s->commits, __ATOMIC_RELAXED),        __atomic_load_n(&s->batches, __ATOMIC_RELAXED),
        __atomic_load_n(&s->failed_commits, __ATOMIC_RELAXED), __atomic_load_n(&s->bytes, __ATOMIC_RELAXED),
        __atomic_load_n(&s->sessions, __ATOMIC_RELAXED),       __atomic_load_n(&s->unsettled, __ATOMIC_RELAXED),
    };
}

void metrics_init(struct metrics *metrics)
{
    pthread_mutex_init(&metrics->health.lock, NULL);
}

bool metrics_healthy(struct site *site)
{
    struct metrics *m = site->metrics;
    struct store_stats store = store_figures(site->store);
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t now_ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
    pthread_mutex_lock(&m->health.lock);
    if (store.failed_commits > m->health.failed_commits) {
        m->health.failed = true;
        m->health.failed_ms = now_ms;
    } else if (store.commits > m->health.commits || now_ms - m->health.failed_ms > FAILURE_HOLDS_MS) {
        m->health.failed = false;
    }
    m->health.failed_commits = store.failed_commits;
    m->health.commits = store.commits;
    bool healthy = !m->health.failed;
    pthread_mutex_unlock(&m->health.lock);
    return healthy;
}

static void head(struct text *out, const char *name, const char *type, const char *about)
{
    text_printf(out, "# HELP arena_%s %s\n# TYPE arena_%s %s\n", name, about, name, type);
}

static void figure(struct text *out, const char *name, const char *type, const char *about, uint64_t value)
{
    head(out, name, type, about);
    text_printf(out, "arena_%s %llu\n", name, (unsigned long long)value);
}

static void route_label(struct text *out, size_t route)
{
    if (route < route_count())
        text_printf(out, "method=\"%s\",route=\"%s\"", route_at(route)->method, route_at(route)->path);
    else
        text_lit(out, "method=\"\",route=\"unknown\"");
}

static void write_requests(struct metrics *metrics, struct text *out)
{
    head(out, "http_requests_total", "counter", "Requests answered, by route and status.");
    for (size_t r = 0; r <= METRICS_ROUTES; r++)
        for (size_t s = 0; s < METRICS_STATUSES; s++) {
            unsigned long long n = get(&metrics->route[r].status[s]);
            if (!n)
                continue;
            text_lit(out, "arena_http_requests_total{");
            route_label(out, r);
            text_printf(out, ",status=\"%d\"} %llu\n", statuses[s], n);
        }
}

static void write_histogram(struct metrics *metrics, size_t r, struct text *out)
{
    unsigned long long total = 0;

    for (size_t b = 0; b < METRICS_BUCKETS; b++)
        total += get(&metrics->route[r].bucket[b]);
    if (!total)
        return;
    total = 0;
    for (size_t b = 0; b < METRICS_BUCKETS; b++) {
        total += get(&metrics->route[r].bucket[b]);
        text_lit(out, "arena_http_request_seconds_bucket{");
        route_label(out, r);
        text_printf(out, ",le=\"%s\"} %llu\n", bound_names[b], total);
    }
    text_lit(out, "arena_http_request_seconds_sum{");
    route_label(out, r);
    text_printf(out, "} %.6f\n", (double)get(&metrics->route[r].microseconds) / 1e6);
    text_lit(out, "arena_http_request_seconds_count{");
    route_label(out, r);
    text_printf(out, "} %llu\n", total);
}

static void write_operators(struct host *host, struct text *out)
{
    const struct host_operator *op;

    head(out, "operator_turns_total", "counter", "Turns and queries run, by operator.");
    for (size_t i = 0; (op = host_at(host, i)); i++) {
        struct host_info info = host_info(op);
        text_printf(out, "arena_operator_turns_total{operator=\"%s\"} %llu\n", info.id, (unsigned long long)info.turns);
    }
    head(out, "operator_faults_total", "counter", "Turns that failed by the operator's fault, by operator.");
    for (size_t i = 0; (op = host_at(host, i)); i++) {
        struct host_info info = host_info(op);
        text_printf(out, "arena_operator_faults_total{operator=\"%s\"} %llu\n", info.id,
                    (unsigned long long)info.faults);
    }
    head(out, "operator_seconds_total", "counter", "What turns and queries took, by operator.");
    for (size_t i = 0; (op = host_at(host, i)); i++) {
        struct host_info info = host_info(op);
        text_printf(out, "arena_operator_seconds_total{operator=\"%s\"} %.6f\n", info.id,
                    (double)info.nanoseconds / 1e9);
    }
    head(out, "operator_queue", "gauge", "Turns that wait for a worker, by operator.");
    for (size_t i = 0; (op = host_at(host, i)); i++) {
        struct host_info info = host_info(op);
        text_printf(out, "arena_operator_queue{operator=\"%s\"} %u\n", info.id, info.queued);
    }
}

/* Sessions as lists count them, a moment late: the store's tables are asked. */
static void write_sessions(struct site *site, struct text *out)
{
    static const char *const names[] = {"open", "active", "ended"};
    const struct host_operator *op;
    struct pool pool;

    head(out, "sessions", "gauge", "Sessions kept, by operator and status.");
    for (size_t i = 0; (op = host_at(site->host, i)); i++)
        for (int status = 0; status < 3; status++) {
            const char *id = host_info(op).id;
            uint32_t none;
            pool_init(&pool, 0);
            uint64_t count = store_list(site->store, text_of(id), status, 0, 0, &pool, NULL, &none);
            pool_finish(&pool);
            text_printf(out, "arena_sessions{operator=\"%s\",status=\"%s\"} %llu\n", id, names[status],
                        (unsigned long long)count);
        }
}

/* What was refused because there was too much of it. */
static void write_refused(struct site *site, const struct arena_stats *s, struct text *out)
{
    static const char *const names[SHEDS] = {[SHED_SESSION] = "session",
                                             [SHED_COMMITS] = "commits",
                                             [SHED_SESSIONS] = "sessions",
                                             [SHED_WAITS] = "longPolls",
                                             [SHED_OPERATOR] = "operator"};

    head(out, "rate_limited_total", "counter", "Requests answered with 429, by the rate that was exceeded.");
    for (int i = 0; i < RATES; i++)
        text_printf(out, "arena_rate_limited_total{rate=\"%s\"} %llu\n", rate_names[i],
                    get(&site->metrics->limited[i]));
    head(out, "shed_total", "counter", "What was refused because a queue was full, by queue.");
    for (int i = 0; i < SHEDS; i++)
        text_printf(out, "arena_shed_total{queue=\"%s\"} %llu\n", names[i], (unsigned long long)s->shed[i]);
    text_printf(out, "arena_shed_total{queue=\"streams\"} %llu\n", get(&site->metrics->streams_refused));
    text_printf(out, "arena_shed_total{queue=\"connections\"} %llu\n", get(&site->metrics->connections_refused));
}

static uint64_t resident_bytes(void)
{
    unsigned long long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");

    if (!statm)
        return 0;
    if (fscanf(statm, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(statm);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void write_arena(struct site *site, struct text *out)
{
    struct arena_stats s;

    arena_stats(site->arena, &s);
    figure(out, "sessions_live", "gauge", "Sessions held in memory.", s.live);
    figure(out, "long_polls", "gauge", "Syncs that wait for a message.", s.waiting);
    figure(out, "sessions_created_total", "counter", "Sessions made.", s.created);
    figure(out, "joins_total", "counter", "Seats taken.", s.joined);
    figure(out, "moves_total", "counter", "Moves accepted.", s.messages);
    figure(out, "chats_total", "counter", "Chat messages kept.", s.chats);
    figure(out, "rejected_total", "counter", "Requests that operators or rules refused.", s.rejected);
    figure(out, "faults_total", "counter", "Requests that failed by an operator's fault.", s.faults);
    figure(out, "timers_total", "counter", "Deadlines that passed.", s.timers);
    figure(out, "scoring_behind", "gauge", "Ended games that some board has still to count.", s.boards_behind);
    figure(out, "pruned_total", "counter", "Open sessions removed for their age.", s.pruned);
    figure(out, "session_queue", "gauge", "Requests that wait for a session's turn.", s.queued);
    figure(out, "commits_waiting", "gauge", "Changes on their way to the disk.", s.commits);
    figure(out, "long_polls_left_total", "counter", "Long polls that ended because their client had gone.", s.left);
    write_refused(site, &s, out);
}

static void write_store(struct store *store, struct text *out)
{
    struct store_stats s = store_figures(store);

    figure(out, "store_commits_total", "counter", "Changes made durable.", s.commits);
    figure(out, "store_batches_total", "counter", "Writes to disk that they took.", s.batches);
    figure(out, "store_failed_commits_total", "counter", "Changes that the disk did not take.", s.failed_commits);
    head(out, "store_batch_size", "gauge", "Changes per write, on average since the start.");
    text_printf(out, "arena_store_batch_size %.2f\n", s.batches ? (double)s.commits / (double)s.batches : 0.0);
    figure(out, "store_unsettled", "gauge", "Changes in the log that are not yet in the tables.", s.unsettled);
    figure(out, "store_sessions", "gauge", "Records kept: sessions, channels of chat, boards.", s.sessions);
    figure(out, "store_bytes", "gauge", "Bytes on disk.", s.bytes);
}

static void write_hub(struct hub *hub, struct text *out)
{
    struct hub_stats s = hub_stats(hub);

    figure(out, "streams", "gauge", "Event streams open.", s.streams);
    figure(out, "streams_opened_total", "counter", "Event streams opened.", s.opened);
    figure(out, "streams_dropped_total", "counter", "Event streams ended because their reader was too slow.",
           s.dropped);
    figure(out, "events_total", "counter", "Events published.", s.events);
    figure(out, "deliveries_total", "counter", "Events handed to streams.", s.deliveries);
}

static void write_tls(const struct tls *tls, struct text *out)
{
    struct tls_stats s = tls_stats(tls);

    figure(out, "tls_connections", "gauge", "TLS connections open, streams counted.", s.open);
    figure(out, "tls_accepted_total", "counter", "TLS connections begun.", s.accepted);
    figure(out, "tls_failed_total", "counter", "TLS connections that failed in their handshake.", s.failed);
    figure(out, "tls_refused_total", "counter", "TLS connections refused because there were too many.", s.refused);
}

void metrics_write(struct site *site, struct text *out)
{
    write_requests(site->metrics, out);
    head(out, "http_request_seconds", "histogram", "From the request's first line to its answer's last byte.");
    for (size_t r = 0; r <= METRICS_ROUTES; r++)
        write_histogram(site->metrics, r, out);
    figure(out, "http_connections", "gauge", "Connections open, streams not counted.",
           get(&site->metrics->connections));
    figure(out, "http_refused_total", "counter", "Requests refused for their framing or size.",
           get(&site->metrics->refused));
    figure(out, "http_answer_bytes_total", "counter", "Bytes of answers, without their heads.",
           get(&site->metrics->bytes));
    if (site->hub)
        write_hub(site->hub, out);
    write_arena(site, out);
    write_sessions(site, out);
    write_store(site->store, out);
    if (site->tls_front)
        write_tls(site->tls_front, out);
    write_operators(site->host, out);
    figure(out, "resident_bytes", "gauge", "Memory of the process.", resident_bytes());
}
