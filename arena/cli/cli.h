/*
 * cli.h - what the commands of arena(1) share.
 *
 * A command is one row of a table: its name, the words and options it takes, its help and its function.  main.c finds
 * the row, args.c reads the command line by it, and the function does the rest over HTTP (http.h).  Only the commands
 * of cmd_local.c, and the agents of demo, touch modules or stores of this machine.
 *
 * Standard output is for the answer (with --json: one JSON object a line), standard error for what went wrong.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "cli/http.h"

/* What arena(1) exits with. */
enum cli_exit {
    CLI_OK = 0,
    CLI_REFUSED = 1,     /* the server said no, or a check failed; the sentence is on standard error */
    CLI_USAGE = 2,       /* the command line makes no sense */
    CLI_UNREACHABLE = 3, /* no server there */
    CLI_INTERRUPTED = 130,
};

enum { CLI_WORDS_MAX = 64, CLI_OPTIONS_MAX = 12 };

struct cli {
    const char *url;
    const char *key; /* session key that the user gave, or NULL: the one that is remembered of the session */
    bool json;
    struct http *http; /* opened by main for every command that talks to the server */
};

struct option_row {
    const char *name;  /* without dashes; NULL ends the table */
    const char *value; /* what its value is called in the help, or "this|that"; NULL: a flag without value */
    const char *help;
};

struct args {
    const struct option_row *options;
    const char *values[CLI_OPTIONS_MAX]; /* parallel to options; NULL: not given; a flag's is "" */
    int word_count;
    const char *words[CLI_WORDS_MAX + 1]; /* unused ones are NULL */
};

struct command {
    const char *name;
    const char *usage; /* the words, as "SESSION TEXT"; "new|show NAME": the first word is one of these verbs */
    const char *summary;
    int words_min, words_max;
    const struct option_row *options; /* may be NULL */
    const char *help;                 /* paragraphs and examples */
    int (*run)(struct cli *cli, const struct args *args);
};

/* Tables of commands, each ended by a row without name. */
extern const struct command look_commands[], act_commands[], play_commands[], people_commands[], local_commands[],
    run_commands[];

/* commands.c: all of them, under titles; ended by a row without title.  NULL: there is none of this name. */
struct command_group {
    const char *title;
    const struct command *commands;
};
extern const struct command_group command_groups[];
const struct command *command_find(const char *name);

/* args.c */

/* The options that every command has; those that a command line names go into struct cli. */
extern const struct option_row global_options[];

/* The row of the option that a word is ("--name", "--name=value"), and the value in it (NULL: none in this word). */
const struct option_row *option_find(const struct option_row *table, const char *word, const char **value);

/* The i-th word of "this|that" or "[this|that] MORE", its length as the result; 0 when there is none, or when the text
 * does not begin with such a choice. */
size_t choice_at(const char *text, int i, const char **word);

/* Reads argv (behind the command's name) by the command's table; global options are put into cli.  False when the
 * line makes no sense (a sentence is on standard error) or when *help was asked for. */
bool args_read(struct args *args, struct cli *cli, const struct command *command, int argc, char **argv, bool *help);

/* The option's value; NULL when it was not given.  The name must be in the command's table. */
const char *args_text(const struct args *args, const char *name);
bool args_flag(const struct args *args, const char *name);

/* The option's value as a whole number, `otherwise` when it was not given.  False, with a sentence on standard error,
 * when it is not one or is not in low .. high. */
bool args_number(const struct args *args, const char *name, int64_t otherwise, int64_t low, int64_t high, int64_t *n);

/* Reads one global option at argv[i] into cli; returns how many words of argv it took, 0 when it is none. */
int args_global(struct cli *cli, int argc, char **argv, int i);

void help_command(const struct command *command);

/* cli.c */

/* "arena: " and a sentence, to standard error. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* Asks the server.  CLI_OK and the answer's JSON in *answer (the caller's to json_decref), or another exit code after
 * the reason went to standard error. */
int cli_get(struct cli *cli, const char *path, json_t **answer);
int cli_post(struct cli *cli, const char *path, json_t *body, json_t **answer);

/* Prints why a request failed, the server's sentence or a hint; returns the exit code for it. */
int cli_failure(struct cli *cli, enum http_outcome outcome, const struct http_answer *answer);

/* One JSON object as a line. */
void print_json(const json_t *value);

/* A string member; "" when absent. */
const char *member(const json_t *object, const char *name);

/* SESSION on the command line: the bare id, also when it was given as channel or as address of the web page. */
const char *bare_session(const char *word);

/* Ctrl-C ends what is under way instead of the process. */
void cli_catch_interrupts(void);

/* True once the user pressed Ctrl-C. */
bool interrupted(void);

/* cmd_look.c, for others; see cli_get.  The metadata of a challenge type (NULL: of all); "/api/sessions/ID" and what
 * follows it ("", "/view", "/actions"), asked as viewer (NULL: nobody). */
int get_metadata(struct cli *cli, const char *type, json_t **metadata);
int get_session(struct cli *cli, const char *session, const char *what, const char *viewer, json_t **answer);

/* seat.c: whose eyes a command has. -------------------------------------------------------------------------- */

/* From here on the session is asked as *as (an invite; NULL: as the only seat that was taken from here, whose invite
 * goes into *as; "viewer": as nobody).  Does nothing where the user gave a key, or where no key is remembered: then
 * *as says it all, as on a standalone server.  CLI_OK, or an exit code after a sentence on standard error. */
int take_seat(struct cli *cli, const char *session, const char **as);

/* Acts with the session key in the answer of a join, if there is one, and remembers it for later commands. */
bool keep_seat(struct cli *cli, const char *invite, const json_t *joined);

/* cmd_act.c, for others.  The object of --options (NULL: none) with the opponent in it (NULL: none); *options is NULL
 * when both are.  False, with a sentence on standard error, when the text is no JSON object. */
bool read_options(const char *text, const char *opponent, json_t **options);

/* A new session, options taken over; a seat in it; see cli_get. */
int create_session(struct cli *cli, const char *type, json_t *options, json_t **session);
/* user: who plays, for a standalone server; signer: for one in auth mode.  Both may be NULL. */
struct identity;
int join_session(struct cli *cli, const char *invite, const char *user, const struct identity *signer, json_t **joined);
/* By the options --user and --sign of a command; acts for the seat and remembers its key. */
int join_by_options(struct cli *cli, const char *invite, const struct args *args, json_t **joined);

/* One of the verbs of a command such as `arena identity new`. */
struct verb {
    const char *name, *usage; /* the words behind the name */
    int words_min, words_max; /* behind the name */
    int (*run)(struct cli *cli, const struct args *args);
};

/* Runs the verb that the first word names (without words: the first row); CLI_USAGE when the words do not fit it. */
int run_verb(struct cli *cli, const struct args *args, const char *command, const struct verb *verbs);

/* Commands with a file of their own, for the tables. */
int run_identity(struct cli *cli, const struct args *args);
int run_users(struct cli *cli, const struct args *args);
int run_admin_data(struct cli *cli, const struct args *args);
extern const struct option_row users_options[];
extern const struct option_row recompute_options[];
int run_recompute(struct cli *cli, const struct args *args);
int run_completion(struct cli *cli, const struct args *args);

/* cmd_data.c, for the table in cmd_local.c. */
int run_data(struct cli *cli, const struct args *args);
extern const struct option_row data_set_options[];

/* cmd_demo.c, for the table in cmd_play.c. */
int run_demo(struct cli *cli, const struct args *args);
extern const struct option_row demo_options[];

/* cmd_mcp.c, for the table in cmd_act.c. */
int run_mcp(struct cli *cli, const struct args *args);
extern const struct option_row mcp_options[];

#endif
