/*
 * rules.h - what an operator's output must look like, in one place.
 *
 * The same rules hold for a call in this process and for a reply frame from a worker that may be hostile, so
 * turn.c and worker.c both end in reply_problem.
 */
#ifndef HOST_RULES_H
#define HOST_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text.h"
#include "host/host.h"

enum {
    RULES_PROBLEM_MAX = 240, /* a sentence about what is wrong, with its NUL */
    RULES_NAME_MAX = 64,     /* methods, blame types, house names */
    RULES_REASON_MAX = 1024, /* of a rejection or failure */
    RULES_LOG_LINES = 16,
    RULES_LOG_LINE_MAX = 1024,
};

/* True when text looks like a JSON object and is UTF-8: the cheap check of every view.  `arena check` parses. */
bool text_is_object(arena_text text);

/* The longest prefix of text of at most max bytes that does not cut a character. */
size_t text_cut(arena_text text, size_t max);

/* An operator's id or a house player's name: [a-z0-9-]{1,64}. */
bool id_is_valid(arena_text id);

/* A rejection's code: SCREAMING_SNAKE, shorter than HOST_CODE_MAX. */
bool code_is_valid(arena_text code);

/* The quota with the host's defaults filled in. */
arena_quota quota_resolve(arena_quota quota);

/* False with a sentence in problem when quota asks for more than any operator gets. */
bool quota_is_valid(arena_quota quota, char problem[RULES_PROBLEM_MAX]);

/* True when reply breaks a rule of the contract; problem then holds a sentence for the log.  quota is resolved;
 * state_version is the operator's. */
bool reply_problem(const struct turn_request *request, const struct turn_reply *reply, const arena_quota *quota,
                   uint32_t state_version, char problem[RULES_PROBLEM_MAX]);

#endif
