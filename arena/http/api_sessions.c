/*
 * api_sessions.c - challenge types, sessions and invites: what there is, and making more of it.
 */
#include "http/exchange.h"

enum { LIST_MAX = 100, LIST_ALL_DEFAULT = 50, LIST_TYPE_DEFAULT = 10 };

const struct field create_fields[] = {
    {"options", JSON_OBJECT, true, "settings of the challenge, as its metadata describes them"},
    {0},
};

enum { ANNOUNCE_INVITE, ANNOUNCE_CLAIM };
const struct field announce_fields[] = {
    {"inviteId", JSON_STRING, true, "the invite to announce on the channel `invites`"},
    {"claim", JSON_BOOL, true, "also mark the invite as claimed"},
    {0},
};

bool api_metadata(struct exchange *ex)
{
    return arena_metadata(ex->site->arena, &ex->request);
}

bool api_metadata_of(struct exchange *ex)
{
    return arena_metadata_of(ex->site->arena, &ex->request, ex->param);
}

bool api_create(struct exchange *ex)
{
    arena_text who = {"", 0};

    query_get(ex, "from", &who);
    if (!exchange_key(ex, who))
        return true;
    return arena_create(ex->site->arena, &ex->request, ex->param, exchange_text(ex, 0));
}

static bool list(struct exchange *ex, arena_text type, int64_t fallback)
{
    int64_t limit = query_int(ex, "limit", fallback), offset = query_int(ex, "offset", 0);
    arena_text status = {"", 0};

    query_get(ex, "status", &status);
    if (!text_equal(status, ARENA_TEXT("open")) && !text_equal(status, ARENA_TEXT("active")) &&
        !text_equal(status, ARENA_TEXT("ended")))
        status.len = 0;
    limit = limit < 1 ? 1 : limit > LIST_MAX ? LIST_MAX : limit;
    return arena_list(ex->site->arena, &ex->request, type, status, (uint32_t)limit, offset < 0 ? 0 : (uint64_t)offset);
}

bool api_list(struct exchange *ex)
{
    return list(ex, (arena_text){"", 0}, LIST_ALL_DEFAULT);
}
bool api_list_of(struct exchange *ex)
{
    return list(ex, ex->param, LIST_TYPE_DEFAULT);
}

bool api_invite(struct exchange *ex)
{
    return arena_invite(ex->site->arena, &ex->request, ex->param);
}

bool api_announce(struct exchange *ex)
{
    arena_text invite = exchange_text(ex, ANNOUNCE_INVITE), claim = exchange_text(ex, ANNOUNCE_CLAIM);

    if (!invite.len)
        return exchange_invalid(ex, "inviteId is required");
    if (!exchange_key(ex, invite))
        return true;
    return arena_invite_announce(ex->site->arena, &ex->request, invite, text_equal(claim, ARENA_TEXT("true")));
}

bool api_session(struct exchange *ex)
{
    return arena_session(ex->site->arena, &ex->request, ex->param);
}

bool api_view(struct exchange *ex)
{
    arena_text viewer;
    return !exchange_identity(ex, &viewer) || arena_view(ex->site->arena, &ex->request, ex->param, viewer);
}

bool api_actions(struct exchange *ex)
{
    arena_text viewer;

    if (!exchange_identity(ex, &viewer))
        return true;
    if (!viewer.len)
        return exchange_invalid(ex, "from is required");
    return arena_actions(ex->site->arena, &ex->request, ex->param, viewer);
}

bool api_replay(struct exchange *ex)
{
    return arena_replay(ex->site->arena, &ex->request, ex->param);
}
