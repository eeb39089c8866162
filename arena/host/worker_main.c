/*
 * arena-worker - runs the operators of one module, away from the server.
 *
 *     arena-worker MODULE MEMORY_BYTES PARENT_PID        with the server's socket as descriptor 3
 *
 * It says hello with what the module holds, then answers one request frame after the other until the socket
 * ends.  The server starts it; there is no use for it by hand.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/module.h"
#include "host/sandbox.h"
#include "host/turn.h"
#include "host/wire.h"

static bool receive(void *bytes, size_t len)
{
    while (len) {
        ssize_t got = recv(WIRE_WORKER_FD, bytes, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        bytes = (char *)bytes + got;
        len -= (size_t)got;
    }
    return true;
}

static bool send_frame(const struct wire_frame *frame)
{
    for (size_t sent = 0; sent < frame->len;) {
        ssize_t count = send(WIRE_WORKER_FD, frame->bytes + sent, frame->len - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        sent += (size_t)count;
    }
    return true;
}

/* jansson takes the seed of its hash tables from a file at its first use, which is forbidden later on. */
static void seed_jansson(const struct module *module)
{
    void *symbol = dlsym(module->handle, "json_object_seed");
    void (*seed)(size_t);
    if (symbol) {
        memcpy(&seed, &symbol, sizeof seed);
        seed(0);
    }
}

/* One request after the other.  A frame that cannot be read ends the worker: the server does not send such. */
static void serve(const struct module *module)
{
    static struct turn turn;
    struct wire_frame in = {NULL, 0, 0}, out = {NULL, 0, 0};
    unsigned char header[WIRE_HEADER_BYTES];
    pool_init(&turn.pool, 0);
    while (receive(header, sizeof header)) {
        uint32_t length, index;
        if (!wire_get_header(header, WIRE_REQUEST, &length))
            return;
        if (length > in.room) {
            wire_finish(&in);
            in.room = length < 16384 ? 16384 : length;
            in.bytes = malloc(in.room);
            if (!in.bytes)
                abort();
        }
        if (!receive(in.bytes, length) || !wire_get_request(in.bytes, length, &index, &turn.request) ||
            index >= module->count)
            return;
        const struct module_operator *op = &module->operators[index];
        arena_quota quota = quota_resolve(op->facts.quota);
        turn_call(&op->code, &quota, &turn);
        wire_put_reply(&out, &turn.reply);
        /* The next game must not find this one's secrets.  Freed memory is overwritten (see main). */
        pool_finish(&turn.pool);
        sodium_memzero(in.bytes, length);
        sodium_memzero(&turn.request, sizeof turn.request);
        bool sent = send_frame(&out);
        sodium_memzero(out.bytes, out.len);
        if (!sent)
            return;
    }
}

int main(int argc, char **argv)
{
    static struct module module;
    static char problem[MODULE_PROBLEM_MAX];
    const char *refused = NULL;
    if (argc != 4) {
        fputs("arena-worker is started by the arena's server, with MODULE MEMORY_BYTES PARENT_PID\n", stderr);
        return 2;
    }
    mallopt(M_PERTURB, 0xA5); /* free() overwrites */
    if (sodium_init() < 0)    /* opens the random source, so before the filter */
        return 3;
    bool good = sandbox_begin((pid_t)atol(argv[3]), strtoull(argv[2], NULL, 10), &refused) &&
                module_open(&module, argv[1], problem);
    if (good) {
        seed_jansson(&module);
        good = sandbox_close(&refused);
    }
    if (!good && !*problem)
        snprintf(problem, sizeof problem, "%s", refused);
    struct wire_frame hello = {NULL, 0, 0};
    wire_put_hello(&hello, problem, sandbox_is_real(), &module);
    good = send_frame(&hello) && good;
    wire_finish(&hello);
    if (good)
        serve(&module);
    _exit(good ? 0 : 4); /* not exit: a module's destructors are of no interest */
}
