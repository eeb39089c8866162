/*
 * loop.h - a thread that runs one libmicrohttpd daemon.  Private to server.c.
 *
 * The daemon's own thread would do, but for one line of libmicrohttpd 0.9.75: when epoll_wait fills its array of 128
 * events, MHD_epoll waits again, as long as the time-out says, before it looks at any of the 128.  When these are all
 * the connections there are, nobody is left to wake it.  MHD_run waits with a time-out of 0, so here we wait for the
 * daemon's epoll descriptor ourselves and then let it run.
 */
#ifndef HTTP_LOOP_H
#define HTTP_LOOP_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

/* A connection that somebody else accepted. */
struct loop_guest {
    int fd;
    struct sockaddr_storage address;
    socklen_t len;
};

struct loop {
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int wake_fd; /* an eventfd */
    atomic_bool woken, stopping;
    pthread_mutex_t lock; /* of the guests */
    struct loop_guest *guests;
    size_t guest_count, guest_cap;
};

/* The loop of this thread, NULL elsewhere: a connection belongs to the loop that accepted it. */
extern _Thread_local struct loop *loop_current;

/* Runs the daemon, which must have been started with MHD_USE_EPOLL and without a thread of its own.  False: there is
 * no descriptor or thread to be had; the daemon is still the caller's. */
bool loop_start(struct loop *loop, struct MHD_Daemon *daemon);

/* Makes the loop look at its daemon: a connection was resumed.  Any thread; many calls at once cost one system call. */
void loop_wake(struct loop *loop);

/* Hands over a connection with its client's address.  Any thread. */
void loop_give(struct loop *loop, int fd, const struct sockaddr *address, socklen_t len);

/* Ends the thread, then the daemon.  No request may be under way. */
void loop_stop(struct loop *loop);

#endif
