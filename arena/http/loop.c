#include "http/loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/must.h"

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

void loop_give(struct loop *loop, int fd, const struct sockaddr *address, socklen_t len)
{
    struct loop_guest guest = {.fd = fd, .len = len};

    memcpy(&guest.address, address, len);
    pthread_mutex_lock(&loop->lock);
    if (loop->guest_count == loop->guest_cap) {
        loop->guest_cap = loop->guest_cap ? 2 * loop->guest_cap : 64;
        loop->guests = must(realloc(loop->guests, loop->guest_cap * sizeof *loop->guests));
    }
    loop->guests[loop->guest_count++] = guest;
    pthread_mutex_unlock(&loop->lock);
    loop_wake(loop);
}

/* libmicrohttpd closes those that it has no place for. */
static void take_guests(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    struct loop_guest *guests = loop->guests;
    size_t count = loop->guest_count;
    loop->guests = NULL;
    loop->guest_count = loop->guest_cap = 0;
    pthread_mutex_unlock(&loop->lock);
    for (size_t i = 0; i < count; i++)
        MHD_add_connection(loop->daemon, guests[i].fd, (const struct sockaddr *)&guests[i].address, guests[i].len);
    free(guests);
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
        take_guests(loop);
        MHD_run(loop->daemon);
    }
    return NULL;
}

bool loop_start(struct loop *loop, struct MHD_Daemon *daemon)
{
    loop->daemon = daemon;
    atomic_init(&loop->stopping, false);
    atomic_init(&loop->woken, false);
    pthread_mutex_init(&loop->lock, NULL);
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
    for (size_t i = 0; i < loop->guest_count; i++)
        close(loop->guests[i].fd);
    free(loop->guests);
    pthread_mutex_destroy(&loop->lock);
    MHD_stop_daemon(loop->daemon);
}
