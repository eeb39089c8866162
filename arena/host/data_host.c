/* data_host.c - brings sets of rule data to where turns run: the server's side of data.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/data.h"
#include "host/internal.h"
#include "host/turn.h"

static void keep_versions(struct host_operator *op, arena_text list)
{
    const char **versions = op->data->versions;
    arena_text name;
    for (uint32_t n = 0; data_get(&list, &name); n++) {
        bool good = data_version_is_valid(name) && n < HOST_DATA_VERSIONS;
        for (uint32_t i = 0; good && i < n; i++)
            good = !text_equal(name, text_of(versions[i]));
        versions[n < HOST_DATA_VERSIONS ? n : 0] = good ? strndup(name.ptr, name.len) : NULL;
        if (good)
            continue;
        host_log(op->host, ARENA_ERROR,
                 "operator %s: the names of its built-in rule data are not up to %d different ones of "
                 "[A-Za-z0-9._-]{1,40}: those from the %uth on are left out",
                 op->facts.id.ptr, HOST_DATA_VERSIONS, n + 1);
        return;
    }
}

void host_data_open(struct host_operator *op)
{
    struct turn turn = {.op = op, .request = {.kind = TURN_DATA_LIST, .seats = 1}};
    op->data = calloc(1, sizeof *op->data);
    if (!op->data)
        abort();
    pthread_mutex_init(&op->data->lock, NULL);
    pool_init(&turn.pool, 0);
    host_run_wait(&turn);
    if (turn.reply.outcome == TURN_OK)
        keep_versions(op, turn.reply.view);
    pool_finish(&turn.pool);
}

void host_data_close(struct host_operator *op)
{
    if (!op->data)
        return;
    for (int i = 0; op->data->versions[i]; i++)
        free((char *)op->data->versions[i]);
    data_loaded_free(atomic_load(&op->data->loaded));
    pthread_mutex_destroy(&op->data->lock);
    free(op->data);
}

/* Where the members of a JSON object's text begin. */
static arena_text members(arena_text object)
{
    while (object.len && strchr("{ \t\r\n", object.ptr[0])) {
        object.ptr++;
        object.len--;
    }
    return object;
}

arena_text host_data_before(const struct host_operator *op, arena_text options, struct text *with)
{
    const char *const *versions = op->data->versions;
    if (!versions[0])
        return options;
    while (versions[1])
        versions++;
    arena_text rest = members(options);
    text_printf(with, "{\"data\":\"%s\"%s", versions[0], !rest.len ? "}" : rest.ptr[0] == '}' ? "" : ",");
    text_put_text(with, rest);
    return text_slice(with);
}

void host_data_failed(struct turn *turn, arena_text why)
{
    char reason[600];
    const arena_text version = turn->request.data;
    int len = snprintf(reason, sizeof reason, "the rule data %.*s of this game cannot be had: %.*s",
                       (int)(version.len < 80 ? version.len : 80), version.ptr, (int)(why.len < 400 ? why.len : 400),
                       why.ptr);
    pool_reset(&turn->pool);
    turn->reply = (struct turn_reply){.outcome = TURN_FAILED};
    turn->reply.reason = pool_copy(&turn->pool, (arena_text){reason, (size_t)len});
}

bool host_data_needed(const struct turn *turn, const struct data_loaded *loaded)
{
    const arena_text version = turn->request.data;
    const char *const *builtin = turn->op->data->versions;
    if (!version.len || data_is_loaded(loaded, version))
        return false;
    while (*builtin && !text_equal(text_of(*builtin), version))
        builtin++;
    return !*builtin;
}

bool host_data_load_turn(struct turn *load, struct turn *turn, struct text *set)
{
    if (!host_data_find(turn->op, turn->request.data, set)) {
        host_data_failed(turn, ARENA_TEXT("nobody knows it"));
        return false;
    }
    *load = (struct turn){.op = turn->op, .request = {.kind = TURN_DATA_LOAD, .seats = 1}};
    load->request.method = turn->request.data;
    load->request.content = text_slice(set);
    pool_init(&load->pool, 0);
    return true;
}

static bool load_here(struct turn *turn)
{
    const struct host_operator *op = turn->op;
    struct text set = {0};
    struct turn load;
    bool good = host_data_load_turn(&load, turn, &set);
    if (good) {
        turn_call(&op->code, &op->quota, &load);
        good = load.reply.outcome == TURN_OK;
        if (!good)
            host_data_failed(turn, load.reply.reason);
        pool_finish(&load.pool);
    }
    text_free(&set);
    return good;
}

bool host_data_bring(struct turn *turn)
{
    struct host_data *data = turn->op->data;
    if (!turn->request.data.len || !host_data_needed(turn, atomic_load(&data->loaded)))
        return true;
    pthread_mutex_lock(&data->lock);
    struct data_loaded *before = atomic_load(&data->loaded);
    bool good = !host_data_needed(turn, before);
    if (!good && load_here(turn)) {
        atomic_store(&data->loaded, data_loaded_new(before, turn->request.data));
        good = true;
    }
    pthread_mutex_unlock(&data->lock);
    return good;
}
