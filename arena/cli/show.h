/*
 * show.h - the arena's answers as text for people: messages, sessions, results.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>

#include "cli/showdown.h"
#include "core/text.h"

/* Who looks, and what has been learnt so far.  {.battle.me = -1} and the rest zero for a spectator. */
struct show {
    const char *me; /* the viewer's invite, or NULL */
    struct showdown battle;
    bool quiet_requests; /* the caller shows requests itself */
    int told;            /* turns of a battle that a message of one's own told, with the own HP in points */
    bool bars;           /* both sides' HP under each turn of a battle */
    int indent;          /* columns before each line of a message's content */
};

/* A message of a channel, with who wrote it and its number. */
void show_message(struct show *show, const json_t *message, struct text *out);

/* The content alone: a battle's log as sentences, other text as it is. */
void show_content(struct show *show, const char *content, struct text *out);

/* The lines of a Pokémon log, an array of strings. */
void show_log(struct show *show, const json_t *log, struct text *out);

/* One line of a list of sessions. */
void show_session_line(const json_t *session, struct text *out);

/* Everything of one session that there is to tell. */
void show_session(const json_t *session, struct text *out);

/* Scores, identities and attributions of an ended session's state, one player a line. */
void show_result(const json_t *state, const char *me, struct text *out);

/* "inv_1a2b3c4d…" for a long handle, else the handle. */
void put_handle(struct text *out, const char *handle);

/* Any JSON value, indented, one member a line. */
void show_json(const json_t *value, int indent, struct text *out);

#endif
