#include "cli/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/term.h"

enum { HANDLE_SHOWN = 12 };

static void put_indent(struct text *out, int columns)
{
    text_printf(out, "%*s", columns, "");
}

void put_handle(struct text *out, const char *handle)
{
    if (term_width(handle) <= HANDLE_SHOWN + 4) {
        put_safe(out, handle);
        return;
    }
    char start[HANDLE_SHOWN + 1];
    snprintf(start, sizeof start, "%s", handle);
    put_safe(out, start);
    text_puts(out, "…");
}

static void put_name(const struct show *show, const char *handle, struct text *out)
{
    if (show->me && strcmp(show->me, handle) == 0)
        text_puts(out, "you");
    else
        put_handle(out, handle);
}

/* ---------------------------------------------------------------------------------------------- messages --- */

/* "  Red   Rapidash      ███████░░░ 73%      Blue  Ninetales     ██████████ 94%" */
static void put_bars(const struct show *show, struct text *out)
{
    put_indent(out, show->indent);
    for (int k = 0; k < 2; k++) {
        const struct showdown_side *side = &show->battle.sides[k];
        char who[24];
        snprintf(who, sizeof who, "Player %d", k + 1);
        text_puts(out, "  ");
        put_padded(out, side->trainer[0] ? side->trainer : who, side->trainer[0] ? 5 : 8);
        text_puts(out, " ");
        put_column(out, side->pokemon, 13);
        text_puts(out, " ");
        put_bar(out, side->hp, side->hp_max, 12);
        snprintf(who, sizeof who, " %ld%% %s", side->hp_max ? 100 * side->hp / side->hp_max : 0, side->status);
        put_padded(out, who, k ? 0 : 10);
    }
    text_put_char(out, '\n');
}

void show_log(struct show *show, const json_t *log, struct text *out)
{
    static const enum term_style style[] = {
        [LINE_SILENT] = PLAIN, [LINE_TURN] = BOLD, [LINE_ACTION] = PLAIN,
        [LINE_EFFECT] = PLAIN, [LINE_FAINT] = RED, [LINE_RESULT] = BOLD,
    };
    size_t i;
    json_t *item;
    json_array_foreach(log, i, item) {
        struct text line = {0};
        const char *source = json_string_value(item);
        enum showdown_kind kind = source ? showdown_line(&show->battle, source, &line) : LINE_SILENT;
        if (kind != LINE_SILENT) {
            if (kind == LINE_TURN)
                text_put_char(out, '\n');
            put_indent(out, show->indent + (kind == LINE_EFFECT ? 2 : 0));
            text_puts(out, term(style[kind]));
            put_safe(out, text_cstr(&line));
            text_puts(out, term(PLAIN));
            text_put_char(out, '\n');
        }
        if (kind == LINE_TURN && show->bars && show->battle.sides[0].hp_max && show->battle.sides[1].hp_max)
            put_bars(show, out);
        text_free(&line);
    }
}

static void put_lines(const char *content, int indent, struct text *out)
{
    while (*content) {
        size_t len = strcspn(content, "\n");
        put_indent(out, indent);
        char *line = strndup(content, len);
        put_safe(out, line ? line : "");
        free(line);
        text_put_char(out, '\n');
        content += len + (content[len] == '\n');
    }
}

/* A battle's log, which comes to everybody ("turn") and just before that to each player with the own HP in points
 * ("log"): it is told once, and the log of another's side, which can be read after the end, not at all. */
static void show_turn(struct show *show, const json_t *object, struct text *out)
{
    bool own = strcmp(member(object, "type"), "log") == 0;
    bool mine = show->battle.me >= 0 && strcmp(member(object, "side"), show->battle.me ? "p2" : "p1") == 0;
    if (own && !mine)
        return;
    if (!own && show->told > 0)
        show->told--;
    else
        show_log(show, json_object_get(object, "log"), out);
    show->told += own;
}

/* The messages of operators that are JSON.  False when this is none that is known. */
static bool show_known(struct show *show, const json_t *object, struct text *out)
{
    const char *type = member(object, "type");
    const json_t *log = json_object_get(object, "log");
    if (log && !json_is_array(log))
        return false;
    if (strcmp(type, "info") == 0) {
        put_lines(member(object, "text"), show->indent, out);
        return true;
    }
    if (strcmp(type, "request") == 0) {
        if (!show->quiet_requests) {
            put_indent(out, show->indent);
            text_printf(out, "asks for a choice for turn %" JSON_INTEGER_FORMAT " (%zu on offer)\n",
                        json_integer_value(json_object_get(object, "turn")),
                        json_array_size(json_object_get(object, "choices")));
        }
        return true;
    }
    if (!log && strcmp(type, "end") != 0)
        return false;
    if (log)
        show_turn(show, object, out);
    const char *reason = member(object, "reason");
    const char *words = strcmp(reason, "forfeit") == 0      ? "One side gave up."
                        : strcmp(reason, "turn_limit") == 0 ? "The last turn has been played: the healthier side wins."
                                                            : NULL;
    if (words) {
        put_indent(out, show->indent);
        text_printf(out, "%s\n", words);
    }
    return true;
}

void show_content(struct show *show, const char *content, struct text *out)
{
    json_t *object = content[0] == '{' ? json_loads(content, 0, NULL) : NULL;
    if (!object || !show_known(show, object, out))
        put_lines(content, show->indent, out);
    json_decref(object);
}

void show_message(struct show *show, const json_t *message, struct text *out)
{
    const char *to = member(message, "to");
    size_t start = out->len;
    text_printf(out, "%s%4" JSON_INTEGER_FORMAT "%s  ", term(DIM),
                json_integer_value(json_object_get(message, "index")), term(PLAIN));
    text_puts(out, term(CYAN));
    put_name(show, member(message, "from"), out);
    text_puts(out, term(PLAIN));
    if (to[0]) {
        text_puts(out, " → ");
        put_name(show, to, out);
    }
    if (json_is_true(json_object_get(message, "redacted"))) {
        text_printf(out, "  %s(for their eyes only)%s\n", term(DIM), term(PLAIN));
        return;
    }
    struct text content = {0};
    show->indent = 6;
    show_content(show, member(message, "content"), &content);
    if (content.len == 0 && member(message, "content")[0]) {
        out->len = start; /* for programs only: nothing to tell people */
        text_free(&content);
        return;
    }
    /* A single short line goes behind the names, longer content below them. */
    const char *newline = content.len ? memchr(content.ptr, '\n', content.len) : NULL;
    if (newline && newline + 1 == content.ptr + content.len && content.len < 90) {
        text_puts(out, "  ");
        text_put(out, content.ptr + show->indent, content.len - (size_t)show->indent);
    } else {
        text_put_char(out, '\n');
        text_put(out, content.ptr, content.len);
    }
    text_free(&content);
}

/* ---------------------------------------------------------------------------------------------- sessions --- */

static const json_t *state_of(const json_t *session)
{
    const json_t *state = json_object_get(session, "state");
    return state ? state : session;
}

static enum term_style status_style(const char *status)
{
    return strcmp(status, "open") == 0 ? YELLOW : strcmp(status, "active") == 0 ? GREEN : DIM;
}

/* Sessions carry createdAt as milliseconds; some servers write ISO text. */
static void put_time(struct text *out, const json_t *when)
{
    char shown[32] = "";
    if (json_is_number(when)) {
        time_t seconds = (time_t)(json_number_value(when) / 1000);
        struct tm local;
        localtime_r(&seconds, &local);
        strftime(shown, sizeof shown, "%Y-%m-%d %H:%M:%S", &local);
    } else if (json_is_string(when)) {
        snprintf(shown, sizeof shown, "%.19s", json_string_value(when));
    }
    put_padded(out, shown, 19);
}

void show_session_line(const json_t *session, struct text *out)
{
    const json_t *state = state_of(session);
    const char *status = member(state, "status");
    put_padded(out, member(session, "id"), 36);
    text_puts(out, "  ");
    put_padded(out, member(session, "challengeType"), 21);
    text_puts(out, term(status_style(status)));
    put_padded(out, status, 8);
    text_puts(out, term(PLAIN));
    put_time(out, json_object_get(session, "createdAt"));
    const json_t *scores = json_object_get(state, "scores");
    size_t i;
    json_t *score;
    bool ended = strcmp(status, "ended") == 0;
    json_array_foreach(scores, i, score)
        if (ended)
            text_printf(out, "%s%g", i ? " : " : "   ", json_number_value(json_object_get(score, "utility")));
    text_put_char(out, '\n');
}

void show_result(const json_t *state, const char *me, struct text *out)
{
    const json_t *players = json_object_get(state, "players"), *scores = json_object_get(state, "scores");
    const json_t *identities = json_object_get(state, "playerIdentities");
    size_t i;
    json_t *score;
    json_array_foreach(scores, i, score) {
        const char *invite = json_string_value(json_array_get(players, i));
        const char *user = invite ? member(identities, invite) : "";
        text_printf(out, "  Player %zu  ", i + 1);
        text_printf(out, "utility %s%g%s  security %g  ", term(BOLD),
                    json_number_value(json_object_get(score, "utility")), term(PLAIN),
                    json_number_value(json_object_get(score, "security")));
        put_handle(out, invite ? invite : "");
        if (user[0]) {
            text_puts(out, " = ");
            put_handle(out, user);
        }
        text_puts(out, me && invite && strcmp(me, invite) == 0 ? "  (you)\n" : "\n");
    }
    json_t *blame;
    json_array_foreach(json_object_get(state, "attributions"), i, blame)
        text_printf(out, "  Player %" JSON_INTEGER_FORMAT ": %s towards player %" JSON_INTEGER_FORMAT "\n",
                    json_integer_value(json_object_get(blame, "from")) + 1, member(blame, "type"),
                    json_integer_value(json_object_get(blame, "to")) + 1);
}

void show_session(const json_t *session, struct text *out)
{
    const json_t *state = state_of(session);
    show_session_line(session, out);
    size_t i;
    json_t *invite;
    json_array_foreach(json_object_get(session, "invites"), i, invite)
        if (json_is_string(invite))
            text_printf(out, "  invite %zu  %s\n", i + 1, json_string_value(invite));
    if (strcmp(member(state, "status"), "ended") == 0)
        show_result(state, NULL, out);
}

/* ------------------------------------------------------------------------------------------- JSON at large --- */

static bool is_short(const json_t *value)
{
    if (json_is_object(value) || json_is_array(value)) {
        char *text = json_dumps(value, JSON_COMPACT);
        bool fits = text && strlen(text) <= 72;
        free(text);
        return fits;
    }
    return true;
}

static void put_scalar(const json_t *value, struct text *out)
{
    if (json_is_string(value)) {
        put_safe(out, json_string_value(value));
        return;
    }
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    put_safe(out, text ? text : "");
    free(text);
}

/* A member's or item's value: behind its name when it is short, else below it. */
static void put_value(const json_t *value, int indent, struct text *out)
{
    if (is_short(value)) {
        put_scalar(value, out);
        text_put_char(out, '\n');
    } else {
        text_put_char(out, '\n');
        show_json(value, indent + 2, out);
    }
}

void show_json(const json_t *value, int indent, struct text *out)
{
    const char *name;
    size_t i;
    json_t *item;
    if (!json_is_object(value) && !json_is_array(value)) {
        put_indent(out, indent);
        put_value(value, indent, out);
    }
    json_object_foreach((json_t *)value, name, item) {
        put_indent(out, indent);
        text_puts(out, term(DIM));
        put_safe(out, name);
        text_puts(out, term(PLAIN));
        text_puts(out, "  ");
        put_value(item, indent, out);
    }
    json_array_foreach(value, i, item) {
        put_indent(out, indent);
        text_puts(out, "- ");
        put_value(item, indent, out);
    }
}
