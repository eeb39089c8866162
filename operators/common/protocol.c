/* protocol.c - see protocol.h. */
#include "protocol.h"

#include <string.h>

int protocol_say(struct writer *w, int32_t to)
{
    arena_text text;
    if (!writer_done(w, &text))
        return ARENA_NOMEM;
    w->h->say(w->h, to, text);
    return ARENA_OK;
}

int protocol_guess_sent(const arena_host *h, uint32_t player)
{
    struct writer w = writer_new(h, 128);
    arena_text handle = h->handle(h, player);
    writer_text(&w, "Player ");
    writer_bytes(&w, handle.ptr, handle.len);
    writer_text(&w, " sent a guess");
    return protocol_say(&w, ARENA_ALL);
}

int protocol_end(const arena_host *h, const arena_score *scores)
{
    struct writer w = writer_new(h, 256);
    writer_text(&w, "Game ended.\n\nScores are:");
    for (uint32_t k = 0; k < h->seats; k++) {
        writer_text(&w, "\n- Player ");
        writer_int(&w, k + 1);
        writer_text(&w, ": {\"security\":");
        writer_number(&w, scores[k].security);
        writer_text(&w, ",\"utility\":");
        writer_number(&w, scores[k].utility);
        writer_text(&w, "}");
    }
    int result = protocol_say(&w, ARENA_ALL);
    if (result == ARENA_OK)
        h->finish(h, scores);
    return result;
}

bool protocol_is(arena_text method, const char *name)
{
    return method.len == strlen(name) && !memcmp(method.ptr, name, method.len);
}

int protocol_unknown_method(const arena_host *h, arena_text method)
{
    struct writer w = writer_new(h, method.len + 64);
    writer_text(&w, "Unknown challenge method: ");
    writer_bytes(&w, method.ptr, method.len);
    return h->reject(h, "UNKNOWN_METHOD", writer_cstring(&w));
}

const char *protocol_options(arena_text options, protocol_option *read, void *out)
{
    if (!options.len)
        return NULL;
    json_t *root = json_loadb(options.ptr, options.len, JSON_REJECT_DUPLICATES, NULL);
    const char *wrong = json_is_object(root) ? NULL : "options must be a JSON object";
    for (void *at = json_object_iter(root); at && !wrong; at = json_object_iter_next(root, at))
        wrong = read(json_object_iter_key(at), json_object_iter_value(at), out);
    json_decref(root);
    return wrong;
}

/* Says in why what is wrong, if anything is. */
static bool check_players(const json_t *root, uint32_t seats, const char *challenge, struct writer *why)
{
    const json_t *players = json_object_get(root, "players");
    if (!json_is_object(root)) {
        writer_text(why, "options must be a JSON object");
    } else if (json_object_size(root) > (players ? 1 : 0)) {
        writer_text(why, "the only option of ");
        writer_text(why, challenge);
        writer_text(why, " is players; there are no others");
    } else if (players && (!json_is_integer(players) || json_integer_value(players) != seats)) {
        writer_text(why, "players must be ");
        writer_int(why, seats);
    }
    return !why->len && !why->failed;
}

int protocol_players_only(const arena_host *h, arena_text options, const char *challenge)
{
    if (!options.len)
        return ARENA_OK;
    struct writer why = writer_new(h, 128);
    json_t *root = json_loadb(options.ptr, options.len, JSON_REJECT_DUPLICATES, NULL);
    bool good = check_players(root, h->seats, challenge, &why);
    json_decref(root);
    return good ? ARENA_OK : h->reject(h, "INVALID_OPTIONS", writer_cstring(&why));
}
