#include "http/loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

_Thread_local struct loop *loop_current;

/* Milliseconds that the daemon can wait without missing a time-out of its own; -1: as long as it takes. */
static int time_left(struct MHD_Daemon *daemon)
{
    enum { MOST_MS = 60 * 1000 };
    MHD_UNSIGNED_LONG_LONG ms;

    if (MHD_get_timeout(daemon, &ms) != MHD_YES)
        return -1;
    return ms < MOST_MS ? (int)ms : MOST_MS;
}

static void *loop_main(void *arg)
{
    struct loop *loop = arg;
    int epoll_fd = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    struct pollfd fds[] = {{epoll_fd, POLLIN, 0}, {loop->wake_fd, POLLIN, 0}};
    eventfd_t wakes;

    loop_current = loop;
    while (!atomic_load_explicit(&loop->stopping, memory_order_relaxed)) {
        int ms = time_left(loop->daemon);
        if (ms && poll(fds, 2, ms) > 0 && fds[1].revents)
            eventfd_read(loop->wake_fd, &wakes);
        atomic_store(&loop->woken, false); /* before the run: who comes later wakes us again */
        MHD_run(loop->daemon);
    }
    return NULL;
}

bool loop_start(struct loop *loop, struct MHD_Daemon *daemon)
{
    loop->daemon = daemon;
    atomic_init(&loop->stopping, false);
    atomic_init(&loop->woken, false);
    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->wake_fd < 0)
        return false;
    if (pthread_create(&loop->thread, NULL, loop_main, loop) == 0)
        return true;
    close(loop->wake_fd);
    return false;
}

void loop_wake(struct loop *loop)
{
    if (!atomic_exchange(&loop->woken, true))
        eventfd_write(loop->wake_fd, 1);
}

void loop_stop(struct loop *loop)
{
    atomic_store(&loop->stopping, true);
    eventfd_write(loop->wake_fd, 1);
    pthread_join(loop->thread, NULL);
    close(loop->wake_fd);
    MHD_stop_daemon(loop->daemon);
}
