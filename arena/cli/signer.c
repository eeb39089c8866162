#include "cli/signer.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/identity.h"
#include "cli/seats.h"

/* A seat that this program took. */
struct seat {
    char *session, *invite, *key;
    struct seat *next;
};

struct signer {
    struct identity identity;
    const char *url;
    struct seat *seats; /* the newest first; in memory too, for what cannot be written is not lost before the end */
};

bool signer_open(const char *word, const char *url, struct signer **signer)
{
    struct identity identity;
    bool found = false;

    *signer = NULL;
    if (!identity_pick(word, &identity, &found))
        return false;
    if (!found)
        return true;
    *signer = calloc(1, sizeof **signer);
    if (!*signer)
        abort();
    **signer = (struct signer){.identity = identity, .url = url};
    identity_finish(&identity);
    return true;
}

void signer_close(struct signer *signer)
{
    while (signer && signer->seats) {
        struct seat *seat = signer->seats;
        signer->seats = seat->next;
        sodium_memzero(seat->key, strlen(seat->key));
        free(seat->session);
        free(seat->invite);
        free(seat->key);
        free(seat);
    }
    if (signer)
        identity_finish(&signer->identity);
    free(signer);
}

/* Seats. ----------------------------------------------------------------------------------------------------- */

static void remember(struct signer *signer, const char *session, const char *invite, const char *key)
{
    struct seat *seat = malloc(sizeof *seat);
    if (!seat)
        abort();
    *seat = (struct seat){strdup(session), strdup(invite), strdup(key), signer->seats};
    signer->seats = seat;
    seats_keep(signer->url, session, invite, key);
}

/* The seat in this session that has the name `from`; of another name, or none, the one taken last. */
static const struct seat *seat_taken_here(const struct signer *signer, const char *session, const char *from)
{
    const struct seat *found = NULL;

    for (const struct seat *seat = signer->seats; seat; seat = seat->next) {
        if (strcmp(seat->session, session) != 0)
            continue;
        if (strcmp(seat->invite, from) == 0)
            return seat;
        found = found ? found : seat;
    }
    return found;
}

/* The key for this session: of a seat that was taken here, or by an earlier program.  NULL: none. */
static const char *find_key(const struct signer *signer, const char *session, const char *from, struct seat_key *kept)
{
    const struct seat *seat = seat_taken_here(signer, session, from);

    if (seat)
        return seat->key;
    bool found = session[0] && (seats_find(signer->url, session, from[0] ? from : NULL, kept) > 0 ||
                                seats_find(signer->url, session, NULL, kept) > 0);
    return found ? kept->key : NULL;
}

static void sign_join(const struct signer *signer, const char *invite, json_t *arguments)
{
    struct text purpose = {0};
    text_printf(&purpose, "join:%s", invite);
    identity_sign(&signer->identity, text_cstr(&purpose), arguments);
    text_free(&purpose);
}

/* What goes out. --------------------------------------------------------------------------------------------- */

static bool is_call(const json_t *message)
{
    return strcmp(member(message, "method"), "tools/call") == 0;
}

static bool is_join(const json_t *message)
{
    return is_call(message) && strcmp(member(json_object_get(message, "params"), "name"), "join") == 0;
}

static json_t *arguments_of(const json_t *message)
{
    return json_object_get(json_object_get(message, "params"), "arguments");
}

static bool prepare_call(struct signer *signer, json_t *message)
{
    json_t *arguments = arguments_of(message);
    const char *invite = member(arguments, "invite"), *session = member(arguments, "session");

    struct seat_key kept;
    if (is_join(message) && invite[0] && !json_object_get(arguments, "signature")) {
        sign_join(signer, invite, arguments);
        return true;
    }
    if (is_join(message) || json_object_get(arguments, "sessionKey"))
        return false;
    const char *key = find_key(signer, bare_session(session), member(arguments, "from"), &kept);
    if (key)
        json_object_set_new(arguments, "sessionKey", json_string(key));
    return key != NULL;
}

bool signer_outgoing(struct signer *signer, json_t *sent)
{
    bool changed = false;
    size_t i;
    json_t *message;

    if (is_call(sent))
        return prepare_call(signer, sent);
    json_array_foreach(sent, i, message)
        if (is_call(message))
            changed |= prepare_call(signer, message);
    return changed;
}

/* What comes in. --------------------------------------------------------------------------------------------- */

/* The message that this answers; NULL when it answers none. */
static const json_t *asked(const json_t *sent, const json_t *answer)
{
    const json_t *id = json_object_get(answer, "id");
    size_t i;
    json_t *message;

    if (id && json_equal(json_object_get(sent, "id"), id))
        return sent;
    json_array_foreach(sent, i, message)
        if (id && json_equal(json_object_get(message, "id"), id))
            return message;
    return NULL;
}

static bool is_word(const json_t *value, const char *word)
{
    return json_is_string(value) && strcmp(json_string_value(value), word) == 0;
}

/* The agent need not know of arguments that are filled in here. */
static void hide_arguments(json_t *schema)
{
    static const char *const names[] = {"publicKey", "signature", "timestamp", "sessionKey"};
    json_t *required = json_object_get(schema, "required");

    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        json_object_del(json_object_get(schema, "properties"), names[n]);
        for (size_t i = json_array_size(required); i-- > 0;)
            if (is_word(json_array_get(required, i), names[n]))
                json_array_remove(required, i);
    }
}

static void take_list(json_t *answer)
{
    size_t i;
    json_t *tool;

    json_array_foreach(json_object_get(json_object_get(answer, "result"), "tools"), i, tool)
        hide_arguments(json_object_get(tool, "inputSchema"));
}

/* Keeps the session key of a join's answer, and takes it out. */
static void take_key(struct signer *signer, const json_t *message, json_t *answer)
{
    json_t *content = json_array_get(json_object_get(json_object_get(answer, "result"), "content"), 0);
    json_t *joined = json_loads(member(content, "text"), JSON_ALLOW_NUL, NULL);
    const char *key = member(joined, "sessionKey");

    if (key[0]) {
        remember(signer, member(joined, "ChallengeID"), member(arguments_of(message), "invite"), key);
        json_object_del(joined, "sessionKey");
        char *text = json_dumps(joined, JSON_COMPACT);
        json_object_set_new(content, "text", json_string(text ? text : ""));
        free(text);
    }
    json_decref(joined);
}

void signer_incoming(struct signer *signer, const json_t *sent, json_t *answer)
{
    const json_t *message = asked(sent, answer);

    if (strcmp(member(message, "method"), "tools/list") == 0)
        take_list(answer);
    else if (is_join(message))
        take_key(signer, message, answer);
}
