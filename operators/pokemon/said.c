/*
 * said.c - what the operator says: the log to everybody and to each player, requests, the end.
 *
 * The log is Showdown's battle protocol.  "turn" messages have it as spectators see it (all HP in percent); put one
 * behind the other they are the log of the whole battle, header included.  Each player gets the same in private
 * messages of type "log", with the HP of the own side in points.
 */
#include "pokemon.h"

#include <string.h>

enum { LOG_ROOM = 4 << 10, LOG_ROOM_MAX = 64 << 10 };

static int say(struct writer *w, int32_t to)
{
    arena_text text;
    if (!writer_done(w, &text))
        return ARENA_NOMEM;
    w->h->say(w->h, to, text);
    return ARENA_OK;
}

/* ------------------------------------------------------------------------------------------------ the log --- */

/* Lines of text as the elements of a JSON list. */
static void write_lines(struct writer *w, const char *ptr, size_t len)
{
    while (len) {
        const char *end = memchr(ptr, '\n', len);
        size_t n = end ? (size_t)(end - ptr) : len;
        writer_next(w);
        writer_quoted(w, ptr, n);
        n += end != NULL;
        ptr += n;
        len -= n;
    }
}

/* Events as a viewer may see them, in usual if they have room there; a NULL ptr: there is no memory for them. */
static struct battle_text log_text(const arena_host *h, const struct game *game, const struct battle_log *log,
                                   int viewer, char usual[LOG_ROOM])
{
    const struct battle_names names = {{game->teams[0].names, game->teams[1].names}};
    for (size_t room = LOG_ROOM; room <= LOG_ROOM_MAX; room *= 4) {
        struct battle_text text = {.ptr = room > LOG_ROOM ? h->alloc(h, room) : usual, .cap = room};
        if (!text.ptr)
            break;
        battle_log_named(&game->battle, game->dex, log, &names, viewer, &text);
        if (!text.overflow)
            return text;
    }
    return (struct battle_text){0};
}

static bool write_log(struct writer *w, const struct game *game, const struct battle_log *log, int viewer)
{
    char usual[LOG_ROOM];
    const struct battle_text text = log_text(w->h, game, log, viewer, usual);
    if (text.ptr)
        write_lines(w, text.ptr, text.len);
    return text.ptr != NULL;
}

/* Whether the battle is played by a clause; those for teams have been kept when it begins. */
static bool holds(const struct game *game, const struct team_clause *clause)
{
    return !clause->battle || (clause->battle & BATTLE_SLEEP_CLAUSE && game->battle.clauses & CLAUSE_SLEEP) ||
           (clause->battle & BATTLE_FREEZE_CLAUSE && game->battle.clauses & CLAUSE_FREEZE);
}

static void write_clauses(struct writer *lines, const struct game *game)
{
    const struct team_format *format = team_format(game->facts, game->settings.format);
    for (int i = 0; i < game->facts->clauses_n; i++)
        if (format->clauses >> i & 1 && holds(game, &game->facts->clauses[i])) {
            writer_text(lines, "|rule|");
            writer_text(lines, game->facts->clauses[i].name);
            writer_text(lines, "\n");
        }
}

/* What viewers of a log want to know before it begins.  Players go by their sides' names: who they are is told by the
 * arena, and only after the end.
 * The engine's own lines begin with |start. */
static struct writer header(const arena_host *h, const struct game *game)
{
    struct writer lines = writer_new(h, 512);
    writer_text(&lines, "|player|p1|p1||\n|player|p2|p2||\n|teamsize|p1|");
    writer_int(&lines, game->battle.sides[0].size);
    writer_text(&lines, "\n|teamsize|p2|");
    writer_int(&lines, game->battle.sides[1].size);
    writer_text(&lines, "\n|gametype|singles\n|gen|9\n|tier|[Gen 9] ");
    if (game->facts)
        writer_text(&lines, team_format(game->facts, game->settings.format)->name);
    else
        writer_text(&lines, game->version);
    writer_text(&lines, "\n");
    if (game->facts)
        write_clauses(&lines, game);
    return lines;
}

/* The same events to one recipient. */
static int tell(const arena_host *h, const struct game *game, const struct said *said, int32_t to)
{
    struct writer w = writer_new(h, 2048);
    writer_text(&w, to == ARENA_ALL ? "{\"type\":\"turn\"" : "{\"type\":\"log\"");
    if (to != ARENA_ALL) /* after the end everybody may read everything */
        writer_key_string(&w, "side", to ? "p2" : "p1");
    writer_key_int(&w, "turn", said->turn);
    writer_key(&w, "log");
    writer_text(&w, "[");
    if (said->begins) {
        const struct writer lines = header(h, game);
        write_lines(&w, lines.ptr, lines.len);
    }
    if (said->log && !write_log(&w, game, said->log, to == ARENA_ALL ? BATTLE_SPECTATOR : to))
        return ARENA_NOMEM;
    if (said->more) {
        writer_next(&w);
        writer_string(&w, said->more);
    }
    writer_text(&w, "]}");
    return say(&w, to);
}

/* The same with nothing hidden, for who records a game that is played again. */
static int record_log(const arena_host *h, const struct game *game, const struct said *said)
{
    if (!record_of(h))
        return ARENA_OK;
    char usual[LOG_ROOM];
    struct writer w = said->begins ? header(h, game) : writer_new(h, LOG_ROOM);
    const struct battle_text text =
        said->log ? log_text(h, game, said->log, BATTLE_FULL, usual) : (struct battle_text){0};
    if (said->log && !text.ptr)
        return ARENA_NOMEM;
    writer_bytes(&w, text.ptr, text.len);
    if (said->more) {
        writer_text(&w, said->more);
        writer_text(&w, "\n");
    }
    arena_text whole;
    if (!writer_done(&w, &whole))
        return ARENA_NOMEM;
    record_of(h)->put(h, "log", whole);
    return ARENA_OK;
}

int said_turn(const arena_host *h, const struct game *game, const struct said *said)
{
    int result = record_log(h, game, said);
    for (int k = 0; k < POKEMON_SEATS && result == ARENA_OK; k++)
        if (!game->settings.agents[k])
            result = tell(h, game, said, k);
    return result == ARENA_OK ? tell(h, game, said, ARENA_ALL) : result;
}

/* ------------------------------------------------------------------------------------------ the messages --- */

/* What the Pokémon on the field may do once in the battle, by the names that the simulator's requests have. */
static void write_once(struct writer *w, const struct game *game, const struct battle_view *view)
{
    const uint32_t slots = (1u << BATTLE_MOVES) - 1;
    const char *name;
    if (view->choices >> BATTLE_CHOICE_MEGA & slots)
        writer_key_bool(w, choice_bursts(game->dex, view) ? "canUltraBurst" : "canMegaEvo", true);
    if (!(view->choices >> BATTLE_CHOICE_Z & slots))
        return;
    writer_key(w, "canZMove");
    writer_text(w, "[");
    for (int i = 0; i < BATTLE_MOVES; i++) {
        writer_next(w);
        name = choice_z_name(game->dex, view, i);
        writer_text(w, name ? "{" : "null");
        if (name) {
            writer_key_string(w, "move", name);
            writer_text(w, "}");
        }
    }
    writer_text(w, "]");
}

int said_request(const arena_host *h, const struct game *game, int seat)
{
    struct writer w = writer_new(h, 8192);
    struct battle_view view;
    struct part choices = {0};
    bool battle = game->stage == STAGE_BATTLE;
    writer_text(&w, "{\"type\":\"request\"");
    writer_key_int(&w, "turn", battle ? game->battle.turn : 0);
    writer_key_string(&w, "phase", view_phase(game));
    writer_key(&w, "view");
    if (battle) {
        game_view(game, seat, &view);
        choices = view_write_seat(&w, game, &view);
    } else {
        view_write(&w, game, seat);
    }
    if (battle)
        write_once(&w, game, &view);
    writer_key(&w, "choices");
    if (battle)
        writer_again(&w, choices.at, choices.len);
    else
        writer_text(&w, "[\"random\"]");
    writer_text(&w, "}");
    return say(&w, seat);
}

int said_info(const arena_host *h, int seat, const char *text)
{
    struct writer w = writer_new(h, 128);
    writer_text(&w, "{\"type\":\"info\"");
    writer_key_string(&w, "text", text);
    writer_text(&w, "}");
    return say(&w, seat);
}

int said_end(const arena_host *h, const struct game *game)
{
    struct writer w = writer_new(h, 64);
    writer_text(&w, "{\"type\":\"end\"");
    writer_key_int(&w, "winner", game->winner);
    writer_key_string(&w, "reason", view_ending(game));
    writer_text(&w, "}");
    return say(&w, ARENA_ALL);
}
