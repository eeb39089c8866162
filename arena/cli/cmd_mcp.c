/*
 * cmd_mcp.c - a bridge for agents that start their tools as programs: JSON-RPC lines from standard input go to the
 * server's /mcp, and what it answers comes out as lines on standard output.
 *
 * It knows nothing of the tools and remembers nothing, so it never gets older than the server.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/sse.h"

enum { SERVER_ERROR = -32000 };

static bool print_event(void *ctx, const char *data, const char *id)
{
    (void)ctx, (void)id;
    puts(data);
    return true;
}

/* An error in answer to this line; to notifications there is no answer. */
static void print_failure(const char *line, const char *error)
{
    json_t *message = json_loads(line, 0, NULL), *id = json_object_get(message, "id");

    if (!json_is_object(message) || id) {
        json_t *answer = json_pack("{s:s, s:{s:i, s:s}, s:O?}", "jsonrpc", "2.0", "error", "code", SERVER_ERROR,
                                   "message", error, "id", id);
        if (!id)
            json_object_set_new(answer, "id", json_null());
        print_json(answer);
        json_decref(answer);
    }
    json_decref(message);
}

/* The reply is events, or one JSON object that refuses the line as a whole, or nothing. */
static void print_reply(const char *line, struct text *reply, const struct http_answer *answer)
{
    struct sse sse = {.on_data = print_event};
    char error[64];

    if (answer->status == 202)
        return;
    if (answer->status == 200) {
        sse_feed(&sse, text_cstr(reply), reply->len);
        sse_finish(&sse);
        return;
    }
    json_t *refusal = json_loadb(text_cstr(reply), reply->len, 0, NULL);
    snprintf(error, sizeof error, "the server answered with status %ld", answer->status);
    if (json_object_get(refusal, "jsonrpc"))
        print_json(refusal);
    else
        print_failure(line, error);
    json_decref(refusal);
}

static void pass_on(struct cli *cli, const char *line)
{
    struct text reply = {0}, error = {0};
    struct http_answer answer = {0};
    enum http_outcome outcome = http_send_text(cli->http, "/mcp", line, &reply, &answer);

    if (outcome == HTTP_OK)
        print_reply(line, &reply, &answer);
    else if (outcome == HTTP_UNREACHABLE) {
        text_printf(&error, "no answer from %s (%s). Is the server running? Start one with: arenad", cli->url,
                    answer.error);
        print_failure(line, text_cstr(&error));
    }
    fflush(stdout);
    text_free(&reply);
    text_free(&error);
}

int run_mcp(struct cli *cli, const struct args *args)
{
    char *line = NULL;
    size_t size = 0;

    (void)args;
    while (!interrupted() && getline(&line, &size, stdin) >= 0)
        if (line[strspn(line, " \t\r\n")])
            pass_on(cli, line);
    free(line);
    return interrupted() ? CLI_INTERRUPTED : CLI_OK;
}
