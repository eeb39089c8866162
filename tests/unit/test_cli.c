/* What arena(1) reads and writes: command lines, event streams, addresses, bars, and the log of a battle. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "cli/board.h"
#include "cli/cli.h"
#include "cli/show.h"
#include "cli/showdown.h"
#include "cli/sse.h"
#include "cli/term.h"

/* ------------------------------------------------------------------------------------------ command lines --- */

static const struct option_row options[] = {
    {"as", "INVITE", ""},
    {"from", "N", ""},
    {"chat", NULL, ""},
    {0},
};

static const struct command command = {"sync", "SESSION", "", 1, 2, options, "", NULL};

static bool read_line_of(struct args *args, struct cli *cli, bool *help, const char *const *words)
{
    int count = 0;
    char *argv[12];
    for (; words[count]; count++)
        argv[count] = (char *)words[count];
    *help = false;
    return args_read(args, cli, &command, count, argv, help);
}

#define READ(...) read_line_of(&args, &cli, &help, (const char *const[]){__VA_ARGS__, NULL})

Test(args, words_options_and_globals_in_any_order)
{
    struct args args;
    struct cli cli = {0};
    bool help;
    cr_assert(READ("--as", "inv_1", "abc", "--json", "--from=7", "--chat", "--url", "http://x"));
    cr_assert_str_eq(args.words[0], "abc");
    cr_assert_str_eq(args_text(&args, "as"), "inv_1");
    cr_assert(args_flag(&args, "chat"));
    cr_assert(cli.json);
    cr_assert_str_eq(cli.url, "http://x");
    int64_t from;
    cr_assert(args_number(&args, "from", 0, 0, 100, &from));
    cr_assert_eq(from, 7);
}

Test(args, a_lone_double_dash_ends_the_options)
{
    struct args args;
    struct cli cli = {0};
    bool help;
    cr_assert(READ("abc", "--", "--as"));
    cr_assert_eq(args.word_count, 2);
    cr_assert_str_eq(args.words[1], "--as");
}

Test(args, what_makes_no_sense_is_refused)
{
    struct args args;
    struct cli cli = {0};
    bool help;
    cr_assert(!READ("--as", "inv_1"), "a word is missing");
    cr_assert(!READ("a", "b", "c"), "a word too many");
    cr_assert(!READ("a", "--nonsense"));
    cr_assert(!READ("a", "--as"), "no value");
    cr_assert(!READ("a", "--chat=yes"), "a flag with a value");
    cr_assert(!help);
    cr_assert(!READ("a", "--help"));
    cr_assert(help);
}

Test(args, numbers_are_whole_and_in_range)
{
    struct args args;
    struct cli cli = {0};
    bool help;
    int64_t n;
    static const char *const bad[] = {"", "x", "1x", "1.5", "-1", "101", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert(READ("a", "--from", bad[i]));
        cr_assert(!args_number(&args, "from", 0, 0, 100, &n), "%s", bad[i]);
    }
}

Test(args, a_session_may_be_given_as_channel_or_page)
{
    cr_assert_str_eq(bare_session("abc"), "abc");
    cr_assert_str_eq(bare_session("challenge_abc"), "abc");
    cr_assert_str_eq(bare_session("http://127.0.0.1:3001/#/s/abc"), "abc");
}

static void expect_choices(const char *text, const char *words)
{
    struct text out = {0};
    const char *word;
    size_t len;
    for (int i = 0; (len = choice_at(text, i, &word)); i++)
        text_printf(&out, "%.*s,", (int)len, word);
    cr_assert_str_eq(text_cstr(&out), words, "%s", text);
    text_free(&out);
}

Test(args, a_choice_is_words_and_bars)
{
    expect_choices("open|active|ended", "open,active,ended,");
    expect_choices("new|show NAME", "new,show,");
    expect_choices("[list|show] [USER...]", "list,show,");
    expect_choices("SESSION|USER", "");
    expect_choices("TYPE | INVITE", "");
    expect_choices("[FILE]", "");
    expect_choices("", "");
}

static const struct option_row choice_options[] = {{"status", "open|ended", ""}, {0}};

Test(args, what_is_no_choice_is_refused)
{
    static const struct command chooser = {"x", "one|two [MORE]", "", 1, 2, choice_options, "", NULL};
    static const struct {
        const char *words[4];
        bool good;
    } lines[] = {
        {{"one", NULL}, true},
        {{"two", "more", NULL}, true},
        {{"three", NULL}, false},
        {{"one|two", NULL}, false},
        {{"", NULL}, false},
        {{"one", "--status=ended", NULL}, true},
        {{"one", "--status=", NULL}, false},
        {{"one", "--status=end", NULL}, false},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct args args;
        struct cli cli = {0};
        bool help = false;
        char *argv[4];
        int count = 0;
        for (; lines[i].words[count]; count++)
            argv[count] = (char *)lines[i].words[count];
        cr_assert_eq(args_read(&args, &cli, &chooser, count, argv, &help), lines[i].good, "line %zu", i);
    }
}

/* ------------------------------------------------------------------------------------------ event streams --- */

struct heard {
    char text[256];
    int stop_after;
};

static bool on_data(void *ctx, const char *data, const char *id)
{
    struct heard *heard = ctx;
    size_t len = strlen(heard->text);
    snprintf(heard->text + len, sizeof heard->text - len, "(%s#%s)", data, id);
    return heard->stop_after == 0 || --heard->stop_after > 0;
}

Test(sse, events_are_the_same_however_the_bytes_are_cut)
{
    static const char stream[] = ": ping\n\nid: 4\ndata: one\n\ndata: two\r\ndata:  three\r\n\r\nevent: x\n\ndata\n\n"
                                 "id: 5\rdata: four\r\rdata: unfinished";
    for (size_t piece = 1; piece < sizeof stream; piece++) {
        struct heard heard = {0};
        struct sse sse = {.on_data = on_data, .ctx = &heard};
        for (size_t at = 0; at < sizeof stream - 1; at += piece)
            cr_assert(sse_feed(&sse, stream + at, at + piece < sizeof stream ? piece : sizeof stream - 1 - at));
        cr_assert_str_eq(heard.text, "(one#4)(two\n three#4)(#4)(four#5)", "cut into pieces of %zu", piece);
        sse_finish(&sse);
    }
}

Test(sse, stops_when_told)
{
    struct heard heard = {.stop_after = 1};
    struct sse sse = {.on_data = on_data, .ctx = &heard};
    cr_assert(!sse_feed(&sse, "data: a\n\ndata: b\n\n", 18));
    cr_assert_str_eq(heard.text, "(a#)");
    sse_finish(&sse);
}

/* --------------------------------------------------------------------------------------- paths and columns --- */

Test(paths, what_is_put_in_is_encoded)
{
    struct text path = {0};
    text_puts(&path, "/api/x");
    path_segment(&path, "a/b c");
    path_query(&path, "from", "é&=");
    path_query(&path, "none", NULL);
    path_query(&path, "to", "~");
    cr_assert_str_eq(text_cstr(&path), "/api/x/a%2Fb%20c?from=%C3%A9%26%3D&to=~");
    text_free(&path);
}

Test(term, columns_count_letters_not_bytes)
{
    struct text out = {0};
    cr_assert_eq(term_width("Pokémon"), 7);
    put_column(&out, "Käthe", 5);
    put_column(&out, "Käthe", 6);
    put_column(&out, "Maushold-Four", 6);
    put_column(&out, "日本の狐狐", 4); /* five signs */
    cr_expect_str_eq(text_cstr(&out), "KätheKäthe Maush…日本の…");
    text_clear(&out);
    put_padded(&out, "é", 3);
    cr_assert_str_eq(text_cstr(&out), "é  ");
    text_free(&out);
}

static void expect_bar(long part, long whole, const char *bar)
{
    struct text out = {0};
    put_bar(&out, part, whole, 4);
    cr_assert_str_eq(text_cstr(&out), bar, "%ld of %ld", part, whole);
    text_free(&out);
}

Test(term, bars_are_full_empty_and_never_empty_for_the_living)
{
    expect_bar(100, 100, "████");
    expect_bar(0, 100, "░░░░");
    expect_bar(1, 1000, "▏░░░");
    expect_bar(50, 100, "██░░");
    expect_bar(200, 100, "████");
    expect_bar(3, 0, "░░░░");
}

Test(term, strangers_cannot_steer_the_terminal)
{
    struct text out = {0};
    put_safe(&out, "a\x1b[2Jb\x7f\xc2\x9b"
                   "c\nd é");
    cr_assert_str_eq(text_cstr(&out), "a [2Jb  c\nd é");
    text_free(&out);
}

/* --------------------------------------------------------------------------------------------- battle logs --- */

static void expect(struct showdown *s, const char *line, enum showdown_kind kind, const char *sentence)
{
    struct text out = {0};
    enum showdown_kind got = showdown_line(s, line, &out);
    cr_assert_str_eq(text_cstr(&out), sentence, "%s", line);
    cr_assert_eq(got, kind, "%s", line);
    text_free(&out);
}

Test(showdown, a_player_reads_your_and_the_foe)
{
    struct showdown s = {.me = 0};
    expect(&s, "|switch|p1a: Charizard|Charizard, L50, M|100/100", LINE_ACTION, "You send out Charizard (100%).");
    expect(&s, "|switch|p2a: Venusaur|Venusaur, L50|100/100", LINE_ACTION, "The foe sends out Venusaur (100%).");
    expect(&s, "|turn|1", LINE_TURN, "Turn 1");
    expect(&s, "|move|p1a: Charizard|Flamethrower|p2a: Venusaur", LINE_ACTION, "Your Charizard uses Flamethrower!");
    expect(&s, "|-supereffective|p2a: Venusaur", LINE_EFFECT, "It is super effective!");
    expect(&s, "|-damage|p2a: Venusaur|23/100", LINE_EFFECT, "The foe's Venusaur loses 77%, now 23%.");
    cr_assert_eq(s.sides[1].hp, 23);
    expect(&s, "|-status|p2a: Venusaur|brn", LINE_EFFECT, "The foe's Venusaur was burned.");
    cr_assert_str_eq(s.sides[1].status, "brn");
    expect(&s, "|-damage|p2a: Venusaur|17/100 brn|[from] brn", LINE_EFFECT,
           "The foe's Venusaur is hurt by its burn: -6%, now 17%.");
    expect(&s, "|-heal|p1a: Charizard|100/100|[from] drain|[of] p2a: Venusaur", LINE_EFFECT,
           "Your Charizard recovers 0% (drain), now 100%.");
    expect(&s, "|-damage|p2a: Venusaur|0 fnt", LINE_EFFECT, "The foe's Venusaur loses 17%.");
    expect(&s, "|faint|p2a: Venusaur", LINE_FAINT, "The foe's Venusaur fainted!");
    expect(&s, "|win|p1", LINE_RESULT, "You won the battle!");
}

Test(showdown, a_spectator_reads_names)
{
    struct showdown s = {.me = -1};
    expect(&s, "|faint|p2a: Mr. Mime", LINE_FAINT, "Player 2's Mr. Mime fainted!");
    expect(&s, "|player|p2|Blue|", LINE_SILENT, "");
    expect(&s, "|-boost|p2a: Mr. Mime|spa|2", LINE_EFFECT, "Blue's Mr. Mime's Sp. Atk rose sharply.");
    expect(&s, "|-unboost|p2a: Mr. Mime|evasion|1", LINE_EFFECT, "Blue's Mr. Mime's evasiveness fell.");
    expect(&s, "|win|Blue", LINE_RESULT, "Blue won the battle!");
    expect(&s, "|tie", LINE_RESULT, "The battle is a draw.");
}

Test(showdown, exact_hp_is_told_in_points)
{
    struct showdown s = {.me = 1};
    expect(&s, "|switch|p2a: Onix|Onix, L50|95/110", LINE_ACTION, "You send out Onix (95/110 HP).");
    expect(&s, "|-damage|p2a: Onix|60/110", LINE_EFFECT, "Your Onix loses 35 HP, now 60/110 HP.");
}

Test(showdown, effects_have_words_or_their_own_name)
{
    struct showdown s = {.me = 0};
    expect(&s, "|cant|p1a: A|slp", LINE_ACTION, "Your A is fast asleep.");
    expect(&s, "|-start|p2a: B|move: Leech Seed", LINE_EFFECT, "The foe's B was seeded.");
    expect(&s, "|-start|p2a: B|move: Unheard Of", LINE_EFFECT, "The foe's B is under Unheard Of.");
    expect(&s, "|-activate|p2a: B|move: Wrap|[of] p1a: A", LINE_EFFECT, "The foe's B is caught by Wrap.");
    expect(&s, "|-weather|RainDance", LINE_EFFECT, "It is raining.");
    expect(&s, "|-weather|RainDance|[upkeep]", LINE_SILENT, "");
    expect(&s, "|-sidestart|p1|move: Reflect", LINE_EFFECT, "Your side: Reflect is up.");
}

Test(showdown, nonsense_is_passed_over)
{
    static const char *const lines[] = {"",        "|",           "|||||||||||||||", "move",
                                        "|move",   "|switch|x|y", "|-damage|p1a: A", "|-damage||",
                                        "|upkeep", "|start",      "no bars",         "|-boost|p9: X|zzz|many"};
    struct showdown s = {.me = 0};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct text out = {0};
        showdown_line(&s, lines[i], &out);
        text_free(&out);
    }
    char longest[4096] = "|move|p1a: ";
    memset(longest + 11, 'x', sizeof longest - 12);
    struct text out = {0};
    showdown_line(&s, longest, &out);
    text_free(&out);
}

/* ------------------------------------------------------------------------------------------------ messages --- */

Test(show, messages_of_an_operator)
{
    static const struct {
        const char *content, *shown;
    } cases[] = {
        {"plain", "plain\n"},
        {"two\nlines\n", "two\nlines\n"},
        {"{\"type\":\"turn\",\"turn\":1,\"log\":[\"|turn|1\",\"|-crit|p1a: A\"]}", "\nTurn 1\n  A critical hit!\n"},
        {"{\"type\":\"info\",\"text\":\"hurry\"}", "hurry\n"},
        {"{\"type\":\"end\",\"winner\":0,\"reason\":\"forfeit\"}", "One side gave up.\n"},
        {"{\"type\":\"other\"}", "{\"type\":\"other\"}\n"},
        {"{\"log\":7}", "{\"log\":7}\n"},
        {"{broken", "{broken\n"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct show show = {.battle.me = -1};
        struct text out = {0};
        show_content(&show, cases[i].content, &out);
        cr_assert_str_eq(text_cstr(&out), cases[i].shown);
        text_free(&out);
    }
}

Test(show, a_private_message_of_others_stays_hidden)
{
    json_t *message =
        json_loads("{\"channel\":\"c\",\"from\":\"operator\",\"to\":\"inv_9\",\"content\":\"\",\"index\":3,"
                   "\"redacted\":true}",
                   0, NULL);
    struct show show = {.battle.me = -1};
    struct text out = {0};
    show_message(&show, message, &out);
    cr_assert_str_eq(text_cstr(&out), "   3  operator → inv_9  (for their eyes only)\n");
    text_free(&out);
    json_decref(message);
}

Test(show, any_json_is_indented)
{
    json_t *value = json_loads("{\"a\":1,\"b\":{\"c\":[1,2]},\"d\":\"x\"}", 0, NULL);
    struct text out = {0};
    show_json(value, 0, &out);
    cr_assert_str_eq(text_cstr(&out), "a  1\nb  {\"c\": [1, 2]}\nd  x\n");
    text_free(&out);
    json_decref(value);
}

/* ------------------------------------------------------------------------------------------------- boards --- */

static const char view_json[] =
    "{\"me\":0,\"self\":{\"active\":1,\"team\":["
    "{\"slot\":1,\"active\":true,\"name\":\"Onix\",\"level\":50,\"type1\":\"Rock\",\"type2\":\"Ground\",\"hp\":55,"
    "\"max_hp\":110,\"status\":\"psn\",\"stages\":{\"atk\":2,\"def\":0,\"spe\":-1},\"moves\":["
    "{\"name\":\"Rock Slide\",\"type\":\"Rock\",\"category\":\"physical\",\"power\":75,\"accuracy\":90,\"pp\":3,"
    "\"max_pp\":16}]},"
    "{\"slot\":2,\"active\":false,\"name\":\"Mew\",\"level\":50,\"type1\":\"Psychic\",\"type2\":\"\",\"hp\":175,"
    "\"max_hp\":175,\"status\":\"\"}]},"
    "\"foe\":{\"name\":\"Jynx\",\"level\":50,\"type1\":\"Ice\",\"type2\":\"Psychic\",\"hp_pct\":100,\"status\":\"\"},"
    "\"foe_bench_alive\":2}";

Test(board, shows_both_sides)
{
    json_t *view = json_loads(view_json, 0, NULL);
    struct text out = {0};
    cr_assert(board_knows(view));
    board_draw(view, &out);
    cr_assert_str_eq(text_cstr(&out),
                     "\n  foe  Jynx          L50  ████████████████████████ 100%     Ice/Psychic\n"
                     "       foe's bench: ●●\n"
                     "  you  Onix          L50  ████████████░░░░░░░░░░░░ 55/110   Rock/Ground  PSN  atk +2  spe -1\n"
                     "       your bench: ●\n\n");
    text_free(&out);
    json_decref(view);
}

Test(board, tells_what_a_choice_does)
{
    static const struct {
        const char *choice, *shown;
    } cases[] = {
        {"move 1", "Rock Slide      Rock      physical  power 75  hits 90%   PP 3/16"},
        {"switch 2", "→ Mew           ██████████ 175/175  Psychic"},
        {"move struggle", "move struggle"},
        {"move 4", "move 4"},
        {"switch 99", "switch 99"},
        {"move -1", "move -1"},
        {"", ""},
    };
    json_t *view = json_loads(view_json, 0, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text out = {0};
        board_choice(view, cases[i].choice, &out);
        cr_assert_str_eq(text_cstr(&out), cases[i].shown);
        text_free(&out);
    }
    json_decref(view);
}

Test(board, any_json_is_survived)
{
    static const char *const views[] = {"{}", "[]", "{\"self\":{\"team\":[1,null,{}]}}", "{\"self\":7}",
                                        "{\"self\":{\"team\":[{\"active\":true,\"moves\":5,\"stages\":[]}]}}"};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        json_t *view = json_loads(views[i], 0, NULL);
        struct text out = {0};
        board_knows(view);
        board_draw(view, &out);
        board_choice(view, "move 1", &out);
        board_choice(view, "switch 1", &out);
        text_free(&out);
        json_decref(view);
    }
}

Test(term, long_text_is_wrapped_below_its_column)
{
    struct text out = {0};
    char words[400] = "";
    for (int i = 0; i < 30; i++)
        strcat(words, "lengthyword ");
    put_wrapped(&out, words, 10, 4);
    const char *line = text_cstr(&out);
    for (int i = 0; *line; i++) {
        size_t len = strcspn(line, "\n");
        cr_assert(len <= 100);
        cr_assert(i == 0 || strncmp(line, "    lengthyword", 15) == 0);
        line += len + (line[len] != 0);
    }
    text_free(&out);
}
