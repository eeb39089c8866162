#include "http/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/text.h"

enum { BUFFER_MAX = 1 << 20, BUFFER_EAGER = 1 << 16, LINE_MAX_BYTES = 2048, STAMP_BYTES = 24 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    pthread_t thread;
    struct text buffer;
    uint64_t dropped;
    bool running, stopping, urgent;
    int fd;
    enum arena_level level;
    size_t line_at;       /* where the line that is being written begins */
    int64_t stamp_second; /* of stamp, which is made once a second */
    char stamp[STAMP_BYTES + 1];
} logger = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = 2, .level = ARENA_INFO};

static const char *const level_names[] = {"debug", "info", "warn", "error"};

int log_level_of(const char *name)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(name, level_names[i]) == 0)
            return i;
    return -1;
}

static void write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nobody reads the log: nothing to be done about it here */
        bytes += n;
        len -= (size_t)n;
    }
}

/* Waits until there is something to write, and then a little, so that many lines make one write. */
static void wait_for_lines(void)
{
    struct timespec until;

    while (!logger.buffer.len && !logger.stopping)
        pthread_cond_wait(&logger.filled, &logger.lock);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    while (!logger.stopping && !logger.urgent && logger.buffer.len < BUFFER_EAGER)
        if (pthread_cond_timedwait(&logger.filled, &logger.lock, &until) == ETIMEDOUT)
            return;
}

static void *write_lines(void *unused)
{
    struct text out = {0};

    pthread_mutex_lock(&logger.lock);
    while (!logger.stopping || logger.buffer.len) {
        wait_for_lines();
        struct text full = logger.buffer;
        logger.buffer = out;
        logger.urgent = false;
        uint64_t dropped = logger.dropped;
        logger.dropped = 0;
        pthread_mutex_unlock(&logger.lock);
        write_all(logger.fd, full.ptr, full.len);
        if (dropped)
            log_printf(ARENA_WARN, "the log was written too slowly: %llu lines were dropped",
                       (unsigned long long)dropped);
        text_clear(&full);
        out = full;
        pthread_mutex_lock(&logger.lock);
    }
    pthread_mutex_unlock(&logger.lock);
    text_free(&out);
    return unused;
}

void log_open(int fd, enum arena_level level)
{
    logger.fd = fd;
    logger.level = level;
    logger.stopping = false;
    pthread_cond_init(&logger.filled, NULL);
    logger.running = pthread_create(&logger.thread, NULL, write_lines, NULL) == 0;
}

void log_close(void)
{
    if (!logger.running)
        return;
    pthread_mutex_lock(&logger.lock);
    logger.stopping = true;
    pthread_cond_signal(&logger.filled);
    pthread_mutex_unlock(&logger.lock);
    pthread_join(logger.thread, NULL);
    logger.running = false;
    pthread_cond_destroy(&logger.filled);
    text_free(&logger.buffer);
}

/* Refreshes the time of day to the second; with the lock. */
static void stamp(struct text *line)
{
    struct timespec now;
    struct tm utc;

    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != logger.stamp_second) {
        logger.stamp_second = now.tv_sec;
        gmtime_r(&now.tv_sec, &utc);
        strftime(logger.stamp, sizeof logger.stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    }
    char millis[6] = {'.',
                      (char)('0' + now.tv_nsec / 100000000),
                      (char)('0' + now.tv_nsec / 10000000 % 10),
                      (char)('0' + now.tv_nsec / 1000000 % 10),
                      'Z',
                      ' '};
    text_lit(line, "t=");
    text_puts(line, logger.stamp);
    text_put(line, millis, sizeof millis);
}

/* Room for a line in the buffer, stamped; NULL when it is full.  Takes the lock; end_line gives it back. */
static struct text *begin_line(void)
{
    pthread_mutex_lock(&logger.lock);
    if (logger.buffer.len > BUFFER_MAX) {
        logger.dropped++;
        pthread_mutex_unlock(&logger.lock);
        return NULL;
    }
    logger.line_at = logger.buffer.len;
    stamp(&logger.buffer);
    return &logger.buffer;
}

static void end_line(bool urgent)
{
    size_t before = logger.line_at;

    text_put_char(&logger.buffer, '\n');
    if (!logger.running) {
        write_all(logger.fd, logger.buffer.ptr, logger.buffer.len);
        text_free(&logger.buffer);
    } else if (before == 0 || urgent || (before < BUFFER_EAGER && logger.buffer.len >= BUFFER_EAGER)) {
        logger.urgent |= urgent;
        pthread_cond_signal(&logger.filled);
    }
    pthread_mutex_unlock(&logger.lock);
}

void log_line(enum arena_level level, const char *msg)
{
    if (level < logger.level)
        return;
    struct text *line = begin_line();
    if (!line)
        return;
    text_lit(line, "level=");
    text_puts(line, level_names[level]);
    text_lit(line, " msg=");
    text_json_string(line, (arena_text){msg, strnlen(msg, LINE_MAX_BYTES)});
    end_line(level >= ARENA_WARN);
}

void log_printf(enum arena_level level, const char *format, ...)
{
    char msg[LINE_MAX_BYTES];
    va_list args;

    if (level < logger.level)
        return;
    va_start(args, format);
    vsnprintf(msg, sizeof msg, format, args);
    va_end(args);
    log_line(level, msg);
}

void log_callback(void *ctx, enum arena_level level, const char *msg)
{
    (void)ctx;
    log_line(level, msg);
}

void log_access(const char *id, const char *method, const char *route, int status, size_t bytes, int64_t microseconds)
{
    struct text *line = begin_line();

    if (!line)
        return;
    text_lit(line, "id=");
    text_puts(line, id);
    text_lit(line, " method=");
    text_puts(line, method);
    text_lit(line, " route=");
    text_puts(line, route);
    text_lit(line, " status=");
    text_int(line, status);
    text_lit(line, " bytes=");
    text_int(line, (int64_t)bytes);
    text_lit(line, " us=");
    text_int(line, microseconds);
    end_line(false);
}
