#include "cli/cli.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t interrupt_count;

void complain(const char *format, ...)
{
    va_list values;
    fflush(stdout);
    fputs("arena: ", stderr);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
}

static void on_interrupt(int signal)
{
    (void)signal;
    interrupt_count++;
}

bool interrupted(void)
{
    return interrupt_count > 0;
}

void cli_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt}; /* no SA_RESTART: a read that waits ends */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int cli_failure(struct cli *cli, enum http_outcome outcome, const struct http_answer *answer)
{
    switch (outcome) {
    case HTTP_OK: return CLI_OK;
    case HTTP_INTERRUPTED: return CLI_INTERRUPTED;
    case HTTP_UNREACHABLE:
        complain("no answer from %s (%s).\nIs the server running?  Start one with:  arenad\n"
                 "If it runs elsewhere, say where:  arena --url http://HOST:PORT ...",
                 cli->url, answer->error);
        return CLI_UNREACHABLE;
    case HTTP_REFUSED: break;
    }
    if (answer->code[0])
        complain("%s (%s)", answer->error, answer->code);
    else
        complain("%s", answer->error);
    return CLI_REFUSED;
}

static int ask(struct cli *cli, const char *path, const json_t *body, json_t **answer)
{
    struct http_answer got = {0};
    enum http_outcome outcome = http_send(cli->http, path, body, &got);
    if (outcome == HTTP_OK) {
        *answer = got.body;
        return CLI_OK;
    }
    *answer = NULL;
    http_answer_finish(&got);
    return cli_failure(cli, outcome, &got);
}

int cli_get(struct cli *cli, const char *path, json_t **answer)
{
    return ask(cli, path, NULL, answer);
}

int cli_post(struct cli *cli, const char *path, json_t *body, json_t **answer)
{
    return ask(cli, path, body, answer);
}

void print_json(const json_t *value)
{
    char *line = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    puts(line ? line : "null");
    fflush(stdout);
    free(line);
}

const char *member(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

const char *bare_session(const char *word)
{
    const char *hash = strstr(word, "#/s/");
    if (hash)
        word = hash + strlen("#/s/");
    return strncmp(word, "challenge_", 10) == 0 ? word + 10 : word;
}
