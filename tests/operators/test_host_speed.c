/*
 * test_host_speed.c - what the host adds to an operator's own work: a turn in this process, and through a worker.
 *
 * Prints the figures; fails only when they are off by an order of magnitude, so that a busy machine does not.  The
 * operator is hostile-good, whose own work is next to nothing.
 */
#include "hosting.h"

enum { ROUNDS = 5, TURNS_HERE = 200000, TURNS_THERE = 4000, TURNS_AHEAD = 1000 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The best of some rounds: what disturbs only makes it slower. */
static double turn_us(struct table *table, int turns)
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double from = seconds();
        for (int i = 0; i < turns; i++)
            host_run_wait(&table->turn);
        double each = (seconds() - from) / turns * 1e6;
        best = each < best ? each : best;
    }
    return best;
}

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int left;
} ahead = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void count_down(struct turn *turn)
{
    (void)turn;
    pthread_mutex_lock(&ahead.lock);
    if (--ahead.left == 0)
        pthread_cond_signal(&ahead.changed);
    pthread_mutex_unlock(&ahead.lock);
}

/* Many turns handed over at once, as a busy server does: no wake-up of the caller between them. */
static double queued_us(const struct table *table)
{
    static struct turn turns[TURNS_AHEAD];
    double from = seconds();
    ahead.left = TURNS_AHEAD;
    for (int i = 0; i < TURNS_AHEAD; i++) {
        turns[i] = (struct turn){.op = table->turn.op, .request = table->turn.request, .done = count_down};
        pool_init(&turns[i].pool, 0);
        if (host_run(&turns[i]))
            count_down(&turns[i]);
    }
    pthread_mutex_lock(&ahead.lock);
    while (ahead.left)
        pthread_cond_wait(&ahead.changed, &ahead.lock);
    pthread_mutex_unlock(&ahead.lock);
    double each = (seconds() - from) / TURNS_AHEAD * 1e6;
    int good = 0;
    for (int i = 0; i < TURNS_AHEAD; i++) {
        good += turns[i].reply.outcome == TURN_OK;
        turn_finish(&turns[i]);
    }
    EXPECT(good == TURNS_AHEAD, "%d good turns", good);
    return each;
}

int main(void)
{
    for (enum hosting hosting = HOSTING_INPROCESS; hosting <= HOSTING_SANDBOX; hosting++) {
        bool here = hosting == HOSTING_INPROCESS;
        struct host *host = host_open(worker_path(), note, NULL);
        struct table table;
        double from = seconds();
        const struct host_operator *op = load(host, "good", hosting, 20000);
        EXPECT(op && table_begin(&table, op, 1), "%s", journal.last);
        double started = (seconds() - from) * 1e3;
        char before[8]; /* the same turn again and again: not from the bytes that it gave */
        memcpy(before, table.state, sizeof before);
        EXPECT(table_add(&table, "1") == TURN_OK, "%s", table_reason(&table));
        memcpy(table.state, before, sizeof before);
        double us = turn_us(&table, here ? TURNS_HERE : TURNS_THERE);
        printf("%s: %.2f us a turn (message: restore, act, say, deadline, serialize)\n",
               here ? "in this process" : "in a worker", us);
        if (!here)
            printf("in a worker, %d queued at once: %.2f us a turn\n", TURNS_AHEAD, queued_us(&table));
        printf("%s: load, create and two joins: %.1f ms\n", here ? "in this process" : "in a worker", started);
        EXPECT(table.turn.reply.outcome == TURN_OK, "%s", table_reason(&table));
        EXPECT(us < (here ? 20 : 20000), "%.2f us", us);
        turn_finish(&table.turn);
        host_close(host);
    }
    return failures != 0;
}
