/*
 * main.c - arenad: reads the configuration, puts the parts together, and takes them apart again.
 *
 *   configuration -> host (operators) -> store (records) -> hub (streams) -> arena -> http
 *
 * Threads: this one waits for signals; a clock runs what is due; libmicrohttpd's serve requests; the store's commits;
 * the hub's writes streams; the log's writes lines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "http/auth.h"
#include "http/log.h"
#include "strategies.h"
#include "http/tls.h"
#include "notify.h"

enum { EXIT_USAGE = 2, STOP_MS = 10000, HTTP_TICK_MS = 1000 };

static const char help[] = "arenad - serves challenges that agents play against each other over HTTP\n"
                           "\n"
                           "usage: arenad [options]\n"
                           "\n"
                           "  --listen HOST:PORT  where to listen (127.0.0.1:3001); port 0 takes a free one\n"
                           "  --data DIR          where everything is kept (./arena-data)\n"
                           "  --config FILE       settings as JSON; see below\n"
                           "  --log LEVEL         debug, info, warn or error (info)\n"
                           "  --insecure          listen on addresses that other machines can reach\n"
                           "  --version, --help\n"
                           "\n"
                           "environment: ARENA_LISTEN or PORT, ARENA_DATA, ARENA_CONFIG, ARENA_LOG,\n"
                           "  ARENA_AUTH       1: players prove who they are by Ed25519 keys\n"
                           "  AUTH_SECRET      what session keys are made with; else DATA/auth-secret, made at need\n"
                           "  ARENA_ADMIN_TOKEN  what administrators show; else DATA/admin-token, made at need\n"
                           "  ARENA_TLS_CERTIFICATE, ARENA_TLS_KEY   PEM files: HTTPS instead of HTTP\n"
                           "  ARENA_PROXIES    addresses whose X-Forwarded-For counts, as 127.0.0.1,10.0.0.0/8\n"
                           "  ARENA_RATES      requests a minute, as create=60,write=600,loopback=1\n"
                           "  ARENA_OPERATORS  folder of the operators' modules\n"
                           "  ARENA_SCORING    folder of the scoring strategies' modules\n"
                           "  ARENA_WORKER     program that hosts sandboxed operators\n"
                           "The command line wins over the environment, the environment over the file.\n"
                           "\n"
                           "A configuration, every part of which may be left out:\n"
                           "  {\"listen\": \"127.0.0.1:3001\", \"data\": \"./arena-data\",\n"
                           "   \"operators\": [{\"module\": \"psi\"}, {\"module\": \"./mine.so\", \"hosting\": "
                           "\"sandbox\", \"deadlineMs\": 500}],\n"
                           "   \"challenges\": {\"psi\": {\"options\": {\"setSize\": 20}}},\n"
                           "   \"limits\": {\"bodyBytes\": 262144, \"openAgeMs\": 600000}}\n"
                           "\n"
                           "Try it:\n"
                           "  arenad &\n"
                           "  curl -X POST http://127.0.0.1:3001/api/challenges/psi     # a session and its invites\n"
                           "  open http://127.0.0.1:3001/ in a browser\n";

struct server {
    struct config config;
    struct host *host;
    struct store *store;
    struct strategies *strategies;
    struct auth *auth; /* NULL: standalone */
    struct auth *admin;
    struct tls *tls; /* NULL: plain HTTP */
    struct hub *hub;
    struct arena *arena;
    struct http *http;
    pthread_t clock;
    bool clock_runs;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
};

static void complain(const char *what)
{
    fprintf(stderr, "arenad: %s\n", what);
}

/* The command line. ---------------------------------------------------------------------------------------- */

struct options {
    const char *listen, *data, *config, *log;
    bool insecure;
};

/* Returns -1 to go on, or the exit code. */
static int read_options(int argc, char **argv, struct options *options)
{
    enum { LISTEN = 256, DATA, CONFIG, LOG, INSECURE, VERSION, HELP };
    static const struct option known[] = {
        {"listen", required_argument, NULL, LISTEN}, {"data", required_argument, NULL, DATA},
        {"config", required_argument, NULL, CONFIG}, {"log", required_argument, NULL, LOG},
        {"insecure", no_argument, NULL, INSECURE},   {"version", no_argument, NULL, VERSION},
        {"help", no_argument, NULL, HELP},           {0},
    };

    for (int word; (word = getopt_long(argc, argv, "h", known, NULL)) != -1;) {
        switch (word) {
        case LISTEN: options->listen = optarg; break;
        case DATA: options->data = optarg; break;
        case CONFIG: options->config = optarg; break;
        case LOG: options->log = optarg; break;
        case INSECURE: options->insecure = true; break;
        case VERSION: puts("arenad 0.1.0"); return 0;
        case 'h':
        case HELP: fputs(help, stdout); return 0;
        default: complain("try arenad --help"); return EXIT_USAGE;
        }
    }
    if (optind == argc)
        return -1;
    fprintf(stderr, "arenad: %s: no such argument; try arenad --help\n", argv[optind]);
    return EXIT_USAGE;
}

static bool configure(struct config *config, const struct options *options)
{
    const char *file = options->config ? options->config : getenv("ARENA_CONFIG");
    struct text error = {0};

    config_init(config);
    bool good = (!file || !*file || config_read_file(config, file, &error)) && config_read_environment(config, &error);
    config->listen = options->listen ? options->listen : config->listen;
    config->data = options->data ? options->data : config->data;
    config->insecure |= options->insecure;
    if (good && options->log) {
        good = log_level_of(options->log) >= 0;
        config->log = good ? (enum arena_level)log_level_of(options->log) : ARENA_INFO;
        if (!good)
            text_puts(&error, "--log must be debug, info, warn or error");
    }
    good = good && config_check(config, &error);
    if (!good)
        complain(text_cstr(&error));
    text_free(&error);
    return good;
}

/* Start. --------------------------------------------------------------------------------------------------- */

/* Descriptors are what connections and streams are made of. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool open_store(struct server *server)
{
    const struct store_config config = {
        .dir = server->config.data,
        .map_bytes = server->config.store.map_bytes,
        .limit_bytes = server->config.store.limit_bytes,
    };
    char error[512] = "";

    server->store = store_open_lmdb(&config, error, sizeof error);
    if (!server->store)
        fprintf(stderr, "arenad: data in %s: %s\n", server->config.data, error);
    return server->store != NULL;
}

/* Behind the store, whose lock keeps a second server away from the folder. */
static bool open_auth(struct server *server)
{
    char error[512] = "";

    const struct config *c = &server->config;
    server->admin = auth_open(c->admin_token, c->data, AUTH_ADMIN_NAME, error, sizeof error);
    bool good = server->admin != NULL;
    if (good && c->auth)
        good = (server->auth = auth_open(c->auth_secret, c->data, AUTH_SECRET_NAME, error, sizeof error)) != NULL;
    if (!good)
        complain(error);
    return good;
}

static bool open_tls(struct server *server)
{
    const struct config_net *net = &server->config.net;
    char error[512] = "";

    if (!net->certificate)
        return true;
    server->tls = tls_open(net->certificate, net->key, error, sizeof error);
    if (!server->tls)
        fprintf(stderr, "arenad: tls: %s\n", error);
    return server->tls != NULL;
}

/* Who waits keeps a connection, so some of these are left for those who do not. */
static uint32_t most_waits(const struct config *c)
{
    uint32_t connections = c->http.connections ? c->http.connections : HTTP_CONNECTIONS;
    return c->arena.waits_max ? c->arena.waits_max : connections - connections / 4;
}

static void open_arena(struct server *server)
{
    const struct config *c = &server->config;

    server->hub = hub_start(&c->hub);
    server->strategies = strategies_load(c);
    struct pool pool;
    size_t board_count;
    pool_init(&pool, 0);
    const struct arena_board *boards = strategies_boards(server->strategies, c, server->host, &pool, &board_count);
    const struct arena_config config = {
        .store = server->store,
        .host = server->host,
        .challenges = c->challenges,
        .challenge_count = c->challenge_count,
        .boards = boards,
        .board_count = board_count,
        .open_age_ms = (int64_t)c->arena.open_age_ms,
        .idle_age_ms = (int64_t)c->arena.idle_age_ms,
        .content_max = c->arena.content_max,
        .live_max = c->arena.live_max,
        .sessions_max = c->arena.sessions_max,
        .commits_max = c->arena.commits_max,
        .queue_max = c->arena.queue_max,
        .waits_max = most_waits(c),
        .left = http_left,
        .heard = http_heard,
        .publish = http_publish,
        .log = log_callback,
        .ctx = server->hub,
    };
    server->arena = arena_open(&config);
    pool_finish(&pool);
    hub_serve(server->hub, server->arena);
}

static bool open_http(struct server *server)
{
    const struct http_config config = {
        .address = server->config.address,
        .limits = server->config.http,
        .arena = server->arena,
        .store = server->store,
        .host = server->host,
        .hub = server->hub,
        .auth = server->auth,
        .admin = server->admin,
        .opaque = server->config.opaque,
        .access_log = server->config.access_log,
        .tls = server->tls,
        .rates = server->config.net.rates,
        .proxies = server->config.net.proxies,
        .proxy_count = server->config.net.proxy_count,
    };
    char error[256] = "";

    server->http = http_start(&config, error, sizeof error);
    if (!server->http)
        fprintf(stderr, "arenad: cannot listen on %s: %s\n", server->config.listen, error);
    return server->http != NULL;
}

static int64_t unix_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Sessions are made by one thread and forgotten by another, so what malloc keeps for later lies in many places and
 * seldom at an end that it would return by itself. */
static void give_back_memory(void)
{
    enum { KEEP_BYTES = 32 << 20 };
    if (mallinfo2().fordblks > KEEP_BYTES)
        malloc_trim(0);
}

static void *run_clock(void *arg)
{
    struct server *server = arg;
    int64_t http_due = 0;

    pthread_mutex_lock(&server->lock);
    while (!server->stopping) {
        pthread_mutex_unlock(&server->lock);
        int64_t next = arena_tick(server->arena), now = unix_ms();
        if (now >= http_due) {
            http_tick(server->http);
            give_back_memory();
            http_due = now + HTTP_TICK_MS;
        }
        pthread_mutex_lock(&server->lock);
        struct timespec until = {.tv_sec = next / 1000, .tv_nsec = next % 1000 * 1000000};
        if (!server->stopping)
            pthread_cond_timedwait(&server->stop, &server->lock, &until);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

static void stop_clock(struct server *server)
{
    if (!server->clock_runs)
        return;
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_cond_signal(&server->stop);
    pthread_mutex_unlock(&server->lock);
    pthread_join(server->clock, NULL);
}

static void greet(const struct server *server)
{
    const char *colon = strrchr(server->config.listen, ':');
    int host_len = (int)(colon - server->config.listen);
    unsigned port = http_port(server->http);
    const struct host_operator *op;

    const char *scheme = server->tls ? "https" : "http";
    printf("arenad is at %s://%.*s:%u and keeps its data in %s\n", scheme, host_len, server->config.listen, port,
           server->config.data);
    printf("challenges:");
    for (size_t i = 0; (op = host_at(server->host, i)); i++)
        printf("%s %s", i ? "," : "", host_info(op).id);
    printf("\nnext: open that address in a browser, or\n  curl -X POST %s://%.*s:%u/api/challenges/%s\n", scheme,
           host_len, server->config.listen, port,
           host_at(server->host, 0) ? host_info(host_at(server->host, 0)).id : "NAME");
    if (server->auth)
        printf("auth mode: a player joins with a signature of its key and acts with the session key it gets\n");
    else
        printf("standalone: nobody proves who they are, so whoever knows an invite can play for it; \"auth\": true in "
               "the\nconfiguration, or ARENA_AUTH=1, asks for signatures\n");
    if (server->config.insecure && !server->auth)
        printf("warning: --insecure: whoever can reach this address can do everything\n");
    fflush(stdout);
}

static bool start(struct server *server)
{
    server->host = operators_load(&server->config);
    if (!open_tls(server) || !open_store(server) || !open_auth(server))
        return false;
    open_arena(server);
    if (!open_http(server))
        return false;
    server->clock_runs = pthread_create(&server->clock, NULL, run_clock, server) == 0;
    if (!server->clock_runs)
        complain("no thread can be started");
    return server->clock_runs;
}

/* End. ----------------------------------------------------------------------------------------------------- */

/* Answers what is in hand and takes everything apart, from the outside in.  The store is closed before the arena: its
 * last commits still tell the arena that they are durable. */
static bool stop(struct server *server)
{
    bool in_order = true;

    if (server->http)
        http_quiesce(server->http);
    stop_clock(server);
    if (server->arena)
        arena_drain(server->arena);
    if (server->http)
        in_order = http_stop(server->http, STOP_MS);
    hub_stop(server->hub);
    tls_close(server->tls); /* last of what has sockets: it writes out what the others said */
    if (!in_order)
        return false;
    store_close(server->store);
    arena_close(server->arena);
    hub_free(server->hub);
    if (server->host)
        host_close(server->host);
    strategies_close(server->strategies);
    auth_close(server->auth);
    auth_close(server->admin);
    return true;
}

static void on_second_signal(int number)
{
    (void)number;
    static const char words[] = "arenad: second signal: ending at once\n";
    if (write(2, words, sizeof words - 1) < 0)
        _exit(1);
    _exit(1);
}

static void reload(struct server *server)
{
    char error[512] = "";

    if (!server->tls)
        log_line(ARENA_INFO, "SIGHUP: there is no certificate to be read again");
    else if (tls_reload(server->tls, error, sizeof error))
        log_line(ARENA_INFO, "SIGHUP: the certificate was read again");
    else
        log_printf(ARENA_ERROR, "SIGHUP: the old certificate stays: %s", error);
}

static void wait_for_signal(struct server *server, const sigset_t *ending)
{
    int number = 0;

    while (sigwait(ending, &number) != 0 || number == SIGHUP)
        if (number == SIGHUP)
            reload(server);
    log_printf(ARENA_INFO, "signal %d: answering what is in hand, then ending; a second signal ends at once", number);
    signal(SIGINT, on_second_signal);
    signal(SIGTERM, on_second_signal);
    pthread_sigmask(SIG_UNBLOCK, ending, NULL);
}

int main(int argc, char **argv)
{
    static struct server server = {.lock = PTHREAD_MUTEX_INITIALIZER, .stop = PTHREAD_COND_INITIALIZER};
    struct options options = {0};
    sigset_t ending;

    int code = read_options(argc, argv, &options);
    if (code >= 0)
        return code;
    if (!configure(&server.config, &options))
        return EXIT_USAGE;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of the write, which the store answers for */
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    if (server.config.net.certificate || getenv("NOTIFY_SOCKET"))
        sigaddset(&ending, SIGHUP);            /* else a terminal that closes ends what was started on it */
    pthread_sigmask(SIG_BLOCK, &ending, NULL); /* before the first thread: all inherit it */
    raise_descriptors();
    log_open(STDERR_FILENO, server.config.log);
    bool started = start(&server);
    if (started) {
        greet(&server);
        notify("READY=1");
        wait_for_signal(&server, &ending);
        notify("STOPPING=1");
    }
    bool stopped = stop(&server);
    if (!stopped)
        log_line(ARENA_ERROR, "requests were still under way after ten seconds; ending without them");
    log_close();
    if (!stopped)
        _exit(1);
    config_finish(&server.config);
    return started ? 0 : 1;
}
