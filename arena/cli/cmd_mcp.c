/*
 * cmd_mcp.c - a bridge for agents that start their tools as programs: JSON-RPC lines from standard input go to the
 * server's /mcp, and what it answers comes out as lines on standard output.
 *
 * It knows nothing of the tools and remembers nothing, so it never gets older than the server.  With a user's key it
 * does a little more, see signer.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/signer.h"
#include "cli/sse.h"

enum { SERVER_ERROR = -32000 };

/* A line on its way. */
struct line {
    const char *text;
    struct signer *signer; /* NULL: nothing is changed */
    json_t *sent;          /* with a signer: the line read; NULL when it is no JSON */
};

static bool print_event(void *ctx, const char *data, const char *id)
{
    const struct line *line = ctx;
    json_t *answer = line->sent ? json_loads(data, JSON_ALLOW_NUL, NULL) : NULL;

    (void)id;
    if (answer) {
        signer_incoming(line->signer, line->sent, answer);
        print_json(answer);
    } else {
        puts(data);
    }
    json_decref(answer);
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
static void print_reply(struct line *line, struct text *reply, const struct http_answer *answer)
{
    struct sse sse = {.on_data = print_event, .ctx = line};
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
        print_failure(line->text, error);
    json_decref(refusal);
}

static void pass_on(struct cli *cli, struct line *line)
{
    struct text reply = {0}, error = {0};
    struct http_answer answer = {0};
    char *changed = line->sent && signer_outgoing(line->signer, line->sent) ? json_dumps(line->sent, 0) : NULL;
    enum http_outcome outcome = http_send_text(cli->http, "/mcp", changed ? changed : line->text, &reply, &answer);

    free(changed);
    if (outcome == HTTP_OK)
        print_reply(line, &reply, &answer);
    else if (outcome == HTTP_UNREACHABLE) {
        text_printf(&error, "no answer from %s (%s). Is the server running? Start one with: arenad", cli->url,
                    answer.error);
        print_failure(line->text, text_cstr(&error));
    }
    fflush(stdout);
    text_free(&reply);
    text_free(&error);
}

const struct option_row mcp_options[] = {
    {"sign", "IDENTITY", "who you are, in auth mode (default: $ARENA_IDENTITY, else `arena identity use`)"},
    {0},
};

int run_mcp(struct cli *cli, const struct args *args)
{
    struct signer *signer;
    char *text = NULL;
    size_t size = 0;

    if (!signer_open(args_text(args, "sign"), cli->url, &signer))
        return CLI_USAGE;
    while (!interrupted() && getline(&text, &size, stdin) >= 0) {
        struct line line = {text, signer, signer ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL};
        if (text[strspn(text, " \t\r\n")])
            pass_on(cli, &line);
        json_decref(line.sent);
    }
    free(text);
    signer_close(signer);
    return interrupted() ? CLI_INTERRUPTED : CLI_OK;
}
