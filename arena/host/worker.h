/*
 * worker.h - the server's side of worker processes: start, feed, watch, bury, start again.
 *
 * A group is a module with its queue of turns and its workers.  Each worker is a thread here and a process over
 * there; the thread takes a turn, sends it, waits for the reply until the deadline, and tells the caller.
 *
 *     idle ---- turn ----> busy ---- reply ----> idle
 *       ^                   |
 *       |                   | crash, deadline, nonsense: SIGKILL, reap; the turn failed
 *       +--- next turn -- dead         (after PAUSE_AFTER failures in a row: not before a pause, which doubles)
 */
#ifndef HOST_WORKER_H
#define HOST_WORKER_H

#include "host/internal.h"

struct worker_options {
    const char *program; /* arena-worker */
    const char *module;
    uint32_t deadline_ms;
    uint64_t memory_bytes;
    uint32_t workers;
};

/* Starts the first worker of a module and reads what the module says of itself into operators (room for
 * MODULE_OPERATORS_MAX; the texts are the group's).  NULL with a sentence when the module cannot be used.
 * *sandboxed tells whether the worker's filters are on.  Close with worker_group_close. */
struct worker_group *worker_group_open(const struct worker_options *options, struct operator_facts *operators,
                                       uint32_t *count, bool *sandboxed, char problem[MODULE_PROBLEM_MAX]);

/* Queues a turn.  False when too many are waiting; the turn is then untouched.  Otherwise host_turn_over and
 * turn->done are called from a worker's thread. */
bool worker_group_submit(struct worker_group *group, struct turn *turn);

/* The turns that wait. */
uint32_t worker_group_queued(struct worker_group *group);

/* Kills the workers and frees the group.  NULL is fine.  No turn may be queued. */
void worker_group_close(struct worker_group *group);

#endif
