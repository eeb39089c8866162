/*
 * load.h - a load generator for the arena: many connections in one epoll loop, one request at a time on each.
 *
 * load_net.c keeps the connections and the times; load.c and load_streams.c say what is sent.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOAD_OUT = 8192, LOAD_ID = 64, LOAD_PATIENCE_S = 60 };

struct load;

/* One connection and what its scenario remembers. */
struct link {
    int fd;
    uint32_t number;
    char out[LOAD_OUT];
    size_t out_len, out_sent;
    char *in;
    size_t in_len, in_cap;
    int64_t sent_ns;
    bool waiting; /* for an answer */
    bool counts;  /* its answer is one of the actions that are measured */

    int step; /* of the scenario */
    char session[LOAD_ID], invites[2][LOAD_ID], set[256];
};

struct answer {
    int status;
    const char *body;
    size_t len;
};

/* What is sent on a connection.  next writes a request into link->out (load_get, load_post), or nothing to stop;
 * answered sees the answer before that. */
struct scenario {
    const char *name, *about;
    void (*next)(struct load *load, struct link *link);
    void (*answered)(struct load *load, struct link *link, const struct answer *answer);
};

struct load {
    int epoll, port, pid;
    uint32_t connections, viewers, window;
    double seconds, warm_up;
    uint64_t limit; /* actions at most; 0: no limit */
    struct link *links;
    const struct scenario *scenario;
    bool measuring, stopping;
    int64_t start_ns, end_ns;
    uint64_t actions, requests, units, failures; /* while measuring; units: whole sessions */
    uint32_t *micros;                            /* the time of each action */
    size_t micros_len, micros_cap;
    double cpu_start, cpu_end; /* of the server, in seconds */
    char failure[512];         /* the first one */
};

int64_t load_now(void);
_Noreturn void load_die(const char *what);

/* Connects; dies when that is not possible. */
int load_connect(int port);

/* A request into link->out.  counts: its answer is a measured action. */
__attribute__((format(printf, 3, 4))) void load_get(struct link *link, bool counts, const char *format, ...);
__attribute__((format(printf, 4, 5))) void load_post(struct link *link, bool counts, const char *path,
                                                     const char *format, ...);

/* Notes an answer that should not be. */
void load_failed(struct load *load, const struct link *link, const struct answer *answer);

/* Runs the scenario on all connections: warm-up, then the time that is measured. */
void load_run(struct load *load);

void load_sample(struct load *load, int64_t ns);

/* CPU seconds and resident bytes of a process, from /proc. */
double process_cpu(int pid);
long process_memory(int pid);

/* The value of a JSON string member "name":"..." after `from`, copied; NULL when it is not there, else where it ends.
 */
const char *load_member(const char *from, size_t len, const char *name, char *out, size_t size);

/* One line of JSON with all figures. */
void load_report(const struct load *load);

void streams_run(struct load *load);

#endif
