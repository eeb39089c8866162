/*
 * check_secret.c - does a seat learn what is another's?
 *
 * What is a secret is the game's business, and an outsider cannot know it.  Two things say it well enough:
 *
 * 1. A message to one seat alone.  Its content is that seat's, when it depends on the lots that were drawn: the
 *    same journal under another seed gives another content.  Then it must not appear in that turn in a view or
 *    message of another seat or of the spectators.  Exceptions: every seat was told it, or the game is over.
 *
 * 2. The deal.  Directly after it nobody has acted, and the games differ in their seeds alone.  A viewer sees its
 *    view and the messages to it.  Over many deals, leaves of two viewers' JSON that are always equal although
 *    they vary are one fact.  A fact that a seat sees
 *    and spectators do not is private.  When another seat sees all private facts of a seat, that is a leak; some
 *    of them may be shared by design (a common set), so that is a warning.  And a fact that spectators see is
 *    not secret from a seat: when the seat itself is not shown it although another seat is, that is a leak
 *    too, since anyone may look as a spectator.
 *
 * Neither sees secrets that are encoded (sums, hashes, the order of a list), what offers betray, or what leaks
 * later through play.  A game whose seats do share all they know says "secrets": "shared" in its metadata.
 */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/check_internal.h"

enum { SECRET_BYTES_MIN = 6, LEAVES_MAX = 400, PATH_MAX_BYTES = 120 };

/* ---- 1. messages to one seat ---------------------------------------------------------------------------- */

static bool contains(arena_text text, arena_text part)
{
    return part.len && text.len >= part.len && memmem(text.ptr, text.len, part.ptr, part.len) != NULL;
}

/* In the text of a view, or within one of its strings, where it is escaped. */
static bool json_contains(const json_t *json, arena_text part)
{
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_string(json))
        return contains((arena_text){json_string_value(json), json_string_length(json)}, part);
    json_object_foreach((json_t *)json, key, value)
        if (json_contains(value, part))
            return true;
    json_array_foreach(json, index, value)
        if (json_contains(value, part))
            return true;
    return false;
}

static bool view_contains(struct play *play, int32_t viewer, arena_text part)
{
    const arena_text none = {NULL, 0};
    if (play_try(play, TURN_VIEW, viewer, none, none) != TURN_OK)
        return false;
    const arena_text view = play->turn.reply.view;
    if (contains(view, part))
        return true;
    json_t *json = json_loadb(view.ptr, view.len, 0, NULL);
    bool found = json && json_contains(json, part);
    json_decref(json);
    return found;
}

/* The same journal under another seed: does message number `index` of the last turn say something else?  When
 * the other game takes another course, nothing is known. */
static bool is_drawn(const struct play *played, uint32_t index)
{
    struct play other;
    play_init(&other, played->subject, 0, PLAY_WATCH);
    memcpy(other.seed, played->seed, sizeof other.seed);
    other.seed[0] ^= 0x55;
    bool same_course = true;
    for (size_t i = 0; i < played->journal_count && same_course; i++) {
        other.now_ms = played->journal[i].now_ms;
        same_course = !other.over && play_commit(&other, &played->journal[i]) == TURN_OK;
    }
    const struct event *mine = &played->journal[played->journal_count - 1];
    if (!same_course || other.journal[other.journal_count - 1].say_count <= index)
        return false;
    const struct effect *a = &mine->says[index], *b = &other.journal[other.journal_count - 1].says[index];
    return a->to == b->to && (a->text.len != b->text.len || memcmp(a->text.ptr, b->text.ptr, a->text.len) != 0);
}

void secret_watch(struct play *play)
{
    struct shared *shared = play->subject->shared;
    const struct event *event = &play->journal[play->journal_count - 1];
    int32_t seats = (int32_t)play->subject->seats;
    if (play->over)
        return;
    for (uint32_t i = 0; i < event->say_count; i++) {
        const struct effect *say = &event->says[i];
        uint32_t told = 0;
        if (say->to == ARENA_ALL || say->text.len < SECRET_BYTES_MIN)
            continue;
        for (uint32_t k = 0; k < event->say_count; k++)
            if (contains(event->says[k].text, say->text))
                told |= event->says[k].to == ARENA_ALL ? 1u << 31 : 1u << event->says[k].to;
        uint32_t all_seats = (1u << seats) - 1;
        shared->secrets++;
        if ((told & all_seats) == all_seats)
            continue;
        bool is_secret = false, is_asked = false;
        for (int32_t viewer = ARENA_ALL; viewer < seats; viewer++) {
            bool heard = told >> (viewer < 0 ? 31 : viewer) & 1;
            if (viewer == say->to || (!heard && !view_contains(play, viewer, say->text)))
                continue;
            if (!is_asked)
                is_secret = is_drawn(play, i);
            is_asked = true;
            if (is_secret)
                check_note(shared, CHECK_SECRETS, LEVEL_FAIL,
                           "turn %u: what was said to seat %d alone (%.60s) is in a %s of %s %d", play->turn_number - 1,
                           say->to, say->text.ptr, heard ? "message" : "view", viewer < 0 ? "the spectators," : "seat",
                           viewer);
        }
    }
}

/* ---- 2. the deals --------------------------------------------------------------------------------------- */

struct leaf {
    char path[PATH_MAX_BYTES];
    char *value;
};

/* What one viewer saw in one deal. */
struct sight {
    struct leaf *leaves;
    size_t count;
};

static void flatten(const json_t *json, const char *path, struct sight *sight)
{
    char below[PATH_MAX_BYTES];
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_object(json)) {
        json_object_foreach((json_t *)json, key, value) {
            if (snprintf(below, sizeof below, "%s/%s", path, key) < (int)sizeof below)
                flatten(value, below, sight);
        }
    } else if (json_is_array(json)) {
        json_array_foreach(json, index, value) {
            if (snprintf(below, sizeof below, "%s/%zu", path, index) < (int)sizeof below)
                flatten(value, below, sight);
        }
    } else if (json && sight->count < LEAVES_MAX) { /* NULL: the view is no JSON, which another check tells */
        struct leaf *leaf = &sight->leaves[sight->count++];
        snprintf(leaf->path, sizeof leaf->path, "%s", path);
        leaf->value = json_dumps(json, JSON_ENCODE_ANY);
    }
}

/* What was said in the deal to viewer, or to all; content that is no JSON is one leaf. */
static void listen(const struct play *play, int32_t viewer, struct sight *sight)
{
    unsigned heard = 0;
    for (size_t i = 0; i < play->journal_count; i++) {
        for (uint32_t k = 0; k < play->journal[i].say_count; k++) {
            const struct effect *say = &play->journal[i].says[k];
            char path[32];
            if (say->to != viewer && say->to != ARENA_ALL)
                continue;
            json_t *json = json_loadb(say->text.ptr, say->text.len, JSON_DECODE_ANY, NULL);
            if (!json)
                json = json_stringn(say->text.ptr, say->text.len);
            snprintf(path, sizeof path, "(message %u)", heard++);
            flatten(json, path, sight);
            json_decref(json);
        }
    }
}

static void look(struct play *play, int32_t viewer, struct sight *sight)
{
    const arena_text none = {NULL, 0};
    sight->count = 0;
    sight->leaves = calloc(LEAVES_MAX, sizeof *sight->leaves);
    if (!sight->leaves)
        abort();
    if (play_try(play, TURN_VIEW, viewer, none, none) != TURN_OK)
        return;
    json_t *json = json_loadb(play->turn.reply.view.ptr, play->turn.reply.view.len, 0, NULL);
    flatten(json, "", sight);
    json_decref(json);
    listen(play, viewer, sight);
}

static const char *value_at(const struct sight *sight, const char *path)
{
    for (size_t i = 0; i < sight->count; i++)
        if (strcmp(sight->leaves[i].path, path) == 0)
            return sight->leaves[i].value;
    return NULL;
}

/* All deals: sights[game * viewers + viewer]; viewer 0 is the spectators, 1 + k seat k. */
struct deals {
    struct sight *sights;
    uint32_t games, viewers;
};

static const struct sight *sight_of(const struct deals *deals, uint32_t game, uint32_t viewer)
{
    return &deals->sights[game * deals->viewers + viewer];
}

/* Whether a leaf is there in all deals, with more than one value. */
static bool varies(const struct deals *deals, uint32_t viewer, const struct leaf *leaf)
{
    bool differs = false;
    for (uint32_t game = 1; game < deals->games; game++) {
        const char *value = value_at(sight_of(deals, game, viewer), leaf->path);
        if (!value)
            return false;
        differs |= strcmp(value, leaf->value) != 0;
    }
    return differs;
}

/* The path where `viewer` sees in each deal what leaf shows to `owner`; NULL when there is none. */
static const char *seen_at(const struct deals *deals, uint32_t owner, const struct leaf *leaf, uint32_t viewer)
{
    const struct sight *first = sight_of(deals, 0, viewer);
    for (size_t i = 0; i < first->count; i++) {
        bool same = strcmp(first->leaves[i].value, leaf->value) == 0;
        for (uint32_t game = 1; game < deals->games && same; game++) {
            const char *mine = value_at(sight_of(deals, game, owner), leaf->path);
            const char *theirs = value_at(sight_of(deals, game, viewer), first->leaves[i].path);
            same = mine && theirs && strcmp(mine, theirs) == 0;
        }
        if (same)
            return first->leaves[i].path;
    }
    return NULL;
}

/* How much of what only `owner` may know does `viewer` see? */
static void compare_seats(const struct subject *subject, const struct deals *deals, uint32_t owner, uint32_t viewer)
{
    const struct sight *sight = sight_of(deals, 0, owner);
    const char *at = NULL, *of = NULL;
    uint32_t private = 0, seen = 0;
    for (size_t i = 0; i < sight->count; i++) {
        const struct leaf *leaf = &sight->leaves[i];
        if (!varies(deals, owner, leaf) || seen_at(deals, owner, leaf, 0))
            continue;
        private++;
        const char *path = seen_at(deals, owner, leaf, viewer);
        seen += path != NULL;
        if (path && !at) {
            at = path;
            of = leaf->path;
        }
    }
    subject->shared->secrets += private;
    if (!seen)
        return;
    enum level level = seen == private && !subject->shares_secrets ? LEVEL_FAIL : LEVEL_WARN;
    check_note(subject->shared, CHECK_SECRETS, level,
               "%u of the %u facts that seat %u sees and spectators do not are shown to seat %u as well: in %u "
               "deals %s of the one was %s of the other",
               seen, private, owner - 1, viewer - 1, deals->games, of, at);
}

/* Spectators may not know more of a seat than the other seats. */
static void compare_spectators(const struct subject *subject, const struct deals *deals)
{
    const struct sight *sight = sight_of(deals, 0, 0);
    for (size_t i = 0; i < sight->count; i++) {
        const struct leaf *leaf = &sight->leaves[i];
        uint32_t knows = 0, lacks = 0;
        if (!varies(deals, 0, leaf))
            continue;
        for (uint32_t viewer = 1; viewer < deals->viewers; viewer++)
            *(seen_at(deals, 0, leaf, viewer) ? &knows : &lacks) = viewer;
        if (knows && lacks)
            check_note(subject->shared, CHECK_SECRETS, LEVEL_FAIL,
                       "spectators see %s, which is shown to seat %u but not to seat %u: anyone may look as a "
                       "spectator",
                       leaf->path, knows - 1, lacks - 1);
    }
}

void secret_deals(const struct subject *subject)
{
    struct deals deals = {.viewers = subject->seats + 1};
    struct play play;
    deals.sights = calloc((size_t)CHECK_SECRET_GAMES * deals.viewers, sizeof *deals.sights);
    if (!deals.sights)
        abort();
    for (uint64_t i = 0; i < CHECK_SECRET_GAMES; i++) {
        play_init(&play, subject, subject->options->seed + i, PLAY_WATCH);
        play.dice = subject->options->seed; /* the same choices in all games: only the lots differ */
        check_doing(subject->shared, CHECK_SECRETS, "deal %u", (unsigned)i);
        if (!play_deal(&play) || play.over)
            continue;
        for (uint32_t viewer = 0; viewer < deals.viewers; viewer++)
            look(&play, (int32_t)viewer - 1, &deals.sights[deals.games * deals.viewers + viewer]);
        deals.games++;
    }
    if (deals.games < CHECK_SECRET_GAMES / 2) /* too few to tell chance from design */
        return;
    compare_spectators(subject, &deals);
    for (uint32_t owner = 1; owner < deals.viewers; owner++)
        for (uint32_t viewer = 1; viewer < deals.viewers; viewer++)
            if (owner != viewer)
                compare_seats(subject, &deals, owner, viewer);
}
