#define _GNU_SOURCE
#include "host/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/data.h"
#include "host/sandbox.h"
#include "host/wire.h"

enum {
    QUEUE_MAX = 1024, /* turns of a module that wait */
    HELLO_MS = 20000, /* for a module to load; a constructor may be slow, not endless */
    HELLO_MAX = 8 << 20,
    PAUSE_AFTER = 3, /* failures in a row that cost no pause */
    PAUSE_FIRST_MS = 50,
    PAUSE_MOST_MS = 30000,
    REASON_MAX = 320,
    DATA_MS = 10000, /* for rule data, which may be large */
};

struct worker {
    struct worker_group *group;
    pthread_t thread;
    pid_t pid; /* 0: no process */
    int socket;
    struct wire_frame frame;
    struct data_loaded *loaded; /* into this process */
    unsigned strikes;           /* failures in a row */
    int64_t pause_ends;         /* milliseconds of the monotonic clock */
    char last[REASON_MAX];
};

struct worker_group {
    char *program, *module;
    uint32_t deadline_ms;
    uint64_t memory_bytes;
    unsigned char *hello; /* what the module said of itself when it was loaded */
    uint32_t hello_len;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a turn came, a worker has started, or the end */
    struct turn *first, **last;
    uint32_t queued, worker_count;
    bool started, stopping;
    char problem[MODULE_PROBLEM_MAX];
    struct worker workers[];
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Processes */

static bool spawn(struct worker *worker, int theirs)
{
    const struct worker_group *group = worker->group;
    char memory[24], parent[24];
    snprintf(memory, sizeof memory, "%llu", (unsigned long long)group->memory_bytes);
    snprintf(parent, sizeof parent, "%ld", (long)getpid());
    /* Nothing of our environment; a sanitizer build is told to leave crashes to the kernel, for their reason. */
    char plain[] = "ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:abort_on_error=1:detect_leaks=0";
    char *argv[] = {(char *)"arena-worker", group->module, memory, parent, NULL};
    char *env[] = {sandbox_is_real() ? NULL : plain, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    /* The socket first: it may lie on one of 0 to 2, or on its place already. */
    int error = posix_spawn_file_actions_adddup2(&files, theirs, WIRE_WORKER_FD);
    for (int fd = 0; fd < 3 && !error; fd++)
        error = posix_spawn_file_actions_addopen(&files, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(&files, WIRE_WORKER_FD + 1);
    /* A group of its own: ^C at the terminal is for the server, which ends its workers when it is done. */
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setpgroup(&attr, 0);
    if (!error)
        error = posix_spawn(&worker->pid, group->program, &files, &attr, argv, env);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    if (error) {
        worker->pid = 0;
        snprintf(worker->last, sizeof worker->last, "cannot start %.160s: %s", group->program, strerror(error));
    }
    return !error;
}

/* Kills and reaps; says in words how the process ended, when it did so by itself. */
static void bury(struct worker *worker, char *how, size_t size)
{
    int status = 0;
    bool known = false;
    if (worker->pid) {
        /* A crashed worker's socket closes a moment before it can be waited for. */
        for (int tries = 0; how && tries < 50 && !known; tries++) {
            known = waitpid(worker->pid, &status, WNOHANG) == worker->pid;
            if (!known)
                poll(NULL, 0, 2);
        }
        if (!known) {
            kill(worker->pid, SIGKILL);
            while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
                ;
        }
        close(worker->socket);
    }
    worker->pid = 0;
    data_loaded_free(worker->loaded);
    worker->loaded = NULL;
    if (!how)
        return;
    if (!known)
        snprintf(how, size, "closed its socket");
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        snprintf(how, size, "made a system call that the sandbox forbids");
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
        snprintf(how, size, "aborted: a failed assertion, or no memory left");
    else if (WIFSIGNALED(status))
        snprintf(how, size, "crashed: %s", strsignal(WTERMSIG(status)));
    else
        snprintf(how, size, "exited with status %d", WEXITSTATUS(status));
}

/* Bytes over the socket */

enum io { IO_OK, IO_TIMEOUT, IO_CLOSED };

/* Waits for events until ends; IO_OK also when the peer is gone, which the next call finds out. */
static enum io wait_for(int socket, short events, int64_t ends)
{
    for (;;) {
        int64_t left = ends - clock_ms();
        struct pollfd fd = {socket, events, 0};
        int ready = left > 0 ? poll(&fd, 1, (int)left) : 0;
        if (ready > 0)
            return IO_OK;
        if (ready == 0 || errno != EINTR)
            return IO_TIMEOUT;
    }
}

static enum io send_all(int socket, const unsigned char *bytes, size_t len, int64_t ends)
{
    while (len) {
        ssize_t sent = send(socket, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
        } else if (sent < 0 && errno == EAGAIN) {
            if (wait_for(socket, POLLOUT, ends) != IO_OK)
                return IO_TIMEOUT;
        } else if (sent < 0 && errno != EINTR) {
            return IO_CLOSED;
        }
    }
    return IO_OK;
}

static enum io receive_all(int socket, unsigned char *bytes, size_t len, int64_t ends)
{
    while (len) {
        ssize_t got = recv(socket, bytes, len, MSG_DONTWAIT);
        if (got > 0) {
            bytes += got;
            len -= (size_t)got;
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return IO_CLOSED;
        } else if (errno == EAGAIN && wait_for(socket, POLLIN, ends) != IO_OK) {
            return IO_TIMEOUT;
        }
    }
    return IO_OK;
}

/* Starting */

/* Ends a start that failed; worker->last says why. */
static bool start_failed(struct worker *worker, enum io io, const char *nonsense)
{
    if (nonsense) {
        bury(worker, NULL, 0);
        snprintf(worker->last, sizeof worker->last, "%s", nonsense);
    } else if (io == IO_TIMEOUT) {
        bury(worker, NULL, 0);
        snprintf(worker->last, sizeof worker->last, "did not load within %d ms", HELLO_MS);
    } else {
        char how[REASON_MAX - 32];
        bury(worker, how, sizeof how);
        snprintf(worker->last, sizeof worker->last, "while it was loaded it %s", how);
    }
    return false;
}

/* Reads the hello.  The first one is kept; a later one has to be the same, or the file has been changed and games
 * would go on with other rules. */
static bool greet(struct worker *worker)
{
    struct worker_group *group = worker->group;
    unsigned char header[WIRE_HEADER_BYTES];
    uint32_t len;
    int64_t ends = clock_ms() + HELLO_MS;
    enum io io = receive_all(worker->socket, header, sizeof header, ends);
    if (io != IO_OK)
        return start_failed(worker, io, NULL);
    if (!wire_get_header(header, WIRE_HELLO, &len) || len > HELLO_MAX)
        return start_failed(worker, io, "wrote to the server's socket while it was loaded");
    unsigned char *hello = malloc(len ? len : 1);
    if (!hello)
        abort();
    io = receive_all(worker->socket, hello, len, ends);
    bool first = !group->hello;
    bool same = !first && len == group->hello_len && memcmp(hello, group->hello, len) == 0;
    if (io == IO_OK && first) {
        group->hello = hello;
        group->hello_len = len;
        return true;
    }
    free(hello);
    if (io == IO_OK && same)
        return true;
    return start_failed(worker, io, io == IO_OK ? "the module's file has changed since it was loaded" : NULL);
}

static bool start(struct worker *worker)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        snprintf(worker->last, sizeof worker->last, "cannot make a socket: %s", strerror(errno));
        return false;
    }
    bool spawned = spawn(worker, pair[1]);
    close(pair[1]);
    if (!spawned) {
        close(pair[0]);
        return false;
    }
    worker->socket = pair[0];
    return greet(worker);
}

/* Turns */

__attribute__((format(printf, 2, 3))) static void turn_failed(struct turn *turn, const char *format, ...)
{
    char reason[2 * REASON_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    pool_reset(&turn->pool);
    arena_text copy = pool_copy(&turn->pool, (arena_text){reason, strlen(reason)});
    turn->reply =
        (struct turn_reply){.outcome = TURN_FAILED, .reason = copy.ptr ? copy : ARENA_TEXT("the worker failed")};
}

/* The worker is gone or has to go: buries it, answers the turn, and counts towards a pause. */
static void strike(struct worker *worker, struct turn *turn, enum io io, const char *nonsense)
{
    if (nonsense || io == IO_TIMEOUT)
        bury(worker, NULL, 0);
    if (nonsense)
        snprintf(worker->last, sizeof worker->last, "%s", nonsense);
    else if (io == IO_TIMEOUT)
        snprintf(worker->last, sizeof worker->last, "no answer within %u ms",
                 turn->request.kind >= TURN_DATA_LIST ? DATA_MS : worker->group->deadline_ms);
    else
        bury(worker, worker->last, sizeof worker->last);
    turn_failed(turn, "%s", worker->last);
    if (++worker->strikes < PAUSE_AFTER)
        return;
    unsigned doubled = worker->strikes - PAUSE_AFTER;
    int64_t pause = doubled < 10 ? (int64_t)PAUSE_FIRST_MS << doubled : PAUSE_MOST_MS;
    worker->pause_ends = clock_ms() + (pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS);
}

/* A process to send to, or the turn is answered with why there is none. */
static bool ready(struct worker *worker, struct turn *turn)
{
    if (worker->pid) { /* it may have been killed while idle, by the system for one: not this turn's fault */
        struct pollfd fd = {worker->socket, POLLIN, 0};
        if (poll(&fd, 1, 0) == 0)
            return true;
        bury(worker, NULL, 0);
    }
    int64_t wait = worker->pause_ends - clock_ms();
    if (worker->strikes >= PAUSE_AFTER && wait > 0) {
        turn_failed(turn, "paused for another %lld ms after %u failures in a row, the last: %s", (long long)wait,
                    worker->strikes, worker->last);
        turn->reply.outcome = TURN_BUSY; /* this turn did nothing wrong and may be tried again */
        return false;
    }
    if (start(worker))
        return true;
    strike(worker, turn, IO_OK, strdupa(worker->last));
    return false;
}

/* No honest reply of op is longer: what a worker states is not believed beyond it. */
static size_t reply_most(const struct host_operator *op, bool is_data)
{
    const arena_quota *quota = &op->quota;
    return (size_t)quota->state_bytes + quota->said_bytes + quota->memory_bytes +
           (size_t)(quota->effects + RULES_LOG_LINES + ARENA_SEATS_MAX) * (32 + RULES_NAME_MAX) +
           (size_t)RULES_LOG_LINES * RULES_LOG_LINE_MAX + 4096 + (is_data ? HOST_DATA_MAX : 0);
}

/* Sends a request and takes its reply.  False: the worker was struck, and the turn failed. */
static bool exchange(struct worker *worker, struct turn *turn)
{
    const struct host_operator *op = turn->op;
    bool is_data = turn->request.kind >= TURN_DATA_LIST;
    unsigned char header[WIRE_HEADER_BYTES];
    char problem[RULES_PROBLEM_MAX];
    uint32_t len;
    wire_put_request(&worker->frame, op->index, &turn->request);
    int64_t ends = clock_ms() + (is_data ? DATA_MS : worker->group->deadline_ms);
    pool_reset(&turn->pool);
    enum io io = send_all(worker->socket, worker->frame.bytes, worker->frame.len, ends);
    if (io == IO_OK)
        io = receive_all(worker->socket, header, sizeof header, ends);
    if (io != IO_OK) {
        strike(worker, turn, io, NULL);
        return false;
    }
    unsigned char *body = NULL;
    if (wire_get_header(header, WIRE_REPLY, &len) && len <= reply_most(op, is_data))
        body = pool_alloc(&turn->pool, len);
    if (body)
        io = receive_all(worker->socket, body, len, ends);
    if (io != IO_OK)
        strike(worker, turn, io, NULL);
    else if (!body || !wire_get_reply(body, len, &turn->pool, &turn->reply))
        strike(worker, turn, io, "wrote a malformed reply to the server's socket");
    else if (reply_problem(&turn->request, &turn->reply, &op->quota, op->facts.state_version, problem))
        strike(worker, turn, io, problem);
    else
        return true;
    return false;
}

/* The process gets the set of rule data that the turn's game was made with. */
static bool bring_data(struct worker *worker, struct turn *turn)
{
    struct text set = {0};
    struct turn load;
    if (!host_data_needed(turn, worker->loaded))
        return true;
    bool good = host_data_load_turn(&load, turn, &set);
    if (good) {
        good = exchange(worker, &load) && load.reply.outcome == TURN_OK;
        if (good)
            worker->loaded = data_loaded_new(worker->loaded, turn->request.data);
        else
            host_data_failed(turn, load.reply.reason);
        pool_finish(&load.pool);
    }
    text_free(&set);
    return good;
}

static void run(struct worker *worker, struct turn *turn)
{
    if (ready(worker, turn) && bring_data(worker, turn) && exchange(worker, turn))
        worker->strikes = 0;
}

static struct turn *take(struct worker_group *group)
{
    pthread_mutex_lock(&group->lock);
    while (!group->first && !group->stopping)
        pthread_cond_wait(&group->changed, &group->lock);
    struct turn *turn = group->stopping ? NULL : group->first;
    if (turn) {
        group->first = turn->next;
        if (!group->first)
            group->last = &group->first;
        group->queued--;
    }
    pthread_mutex_unlock(&group->lock);
    return turn;
}

/* A worker's thread.  It starts the process itself: a process dies with the thread that made it. */
static void *thread_main(void *argument)
{
    struct worker *worker = argument;
    struct worker_group *group = worker->group;
    if (worker == &group->workers[0]) {
        bool good = start(worker);
        pthread_mutex_lock(&group->lock);
        group->started = true;
        if (!good)
            snprintf(group->problem, sizeof group->problem, "%s", worker->last);
        pthread_cond_broadcast(&group->changed);
        pthread_mutex_unlock(&group->lock);
    }
    for (struct turn *turn; (turn = take(group));) {
        host_turn_begins(turn);
        run(worker, turn);
        host_turn_over(turn);
        turn->done(turn); /* from here on the turn is the caller's again */
    }
    bury(worker, NULL, 0);
    wire_finish(&worker->frame);
    return NULL;
}

/* Signals are for the server's own threads. */
static void start_thread(struct worker_group *group)
{
    struct worker *worker = &group->workers[group->worker_count];
    sigset_t all, before;
    sigfillset(&all);
    worker->group = group;
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&worker->thread, NULL, thread_main, worker) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    group->worker_count++;
}

static char *copy_string(const char *string)
{
    char *copy = strdup(string);
    if (!copy)
        abort();
    return copy;
}

struct worker_group *worker_group_open(const struct worker_options *options, struct operator_facts *operators,
                                       uint32_t *count, bool *sandboxed, char problem[MODULE_PROBLEM_MAX])
{
    struct worker_group *group = calloc(1, sizeof *group + options->workers * sizeof group->workers[0]);
    if (!group)
        abort();
    group->program = copy_string(options->program);
    group->module = copy_string(options->module);
    group->deadline_ms = options->deadline_ms;
    group->memory_bytes = options->memory_bytes;
    group->last = &group->first;
    pthread_mutex_init(&group->lock, NULL);
    pthread_cond_init(&group->changed, NULL);
    start_thread(group);
    pthread_mutex_lock(&group->lock);
    while (!group->started)
        pthread_cond_wait(&group->changed, &group->lock);
    pthread_mutex_unlock(&group->lock);
    char *const found = group->problem;
    if (!*found && !wire_get_hello(group->hello, group->hello_len, found, sandboxed, operators, count))
        snprintf(found, sizeof group->problem, "wrote to the server's socket while it was loaded");
    if (*found) {
        memcpy(problem, found, MODULE_PROBLEM_MAX);
        worker_group_close(group);
        return NULL;
    }
    while (group->worker_count < options->workers)
        start_thread(group);
    return group;
}

bool worker_group_submit(struct worker_group *group, struct turn *turn)
{
    pthread_mutex_lock(&group->lock);
    bool room = group->queued < QUEUE_MAX;
    if (room) {
        turn->next = NULL;
        *group->last = turn;
        group->last = &turn->next;
        group->queued++;
        pthread_cond_signal(&group->changed);
    }
    pthread_mutex_unlock(&group->lock);
    return room;
}

uint32_t worker_group_queued(struct worker_group *group)
{
    pthread_mutex_lock(&group->lock);
    uint32_t queued = group->queued;
    pthread_mutex_unlock(&group->lock);
    return queued;
}

void worker_group_close(struct worker_group *group)
{
    if (!group)
        return;
    pthread_mutex_lock(&group->lock);
    group->stopping = true;
    pthread_cond_broadcast(&group->changed);
    pthread_mutex_unlock(&group->lock);
    for (uint32_t i = 0; i < group->worker_count; i++)
        pthread_join(group->workers[i].thread, NULL);
    pthread_cond_destroy(&group->changed);
    pthread_mutex_destroy(&group->lock);
    free(group->hello);
    free(group->program);
    free(group->module);
    free(group);
}
