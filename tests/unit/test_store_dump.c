/*
 * test_store_dump.c - export and import: all of a store comes back from its lines, and damage is refused.
 */
#include "store/dump.h"
#include "test_store_both.h"

/* A session of several commits, of which one in the middle ends it; its end comes before that of session 9. */
static void fill_ended(struct store *s)
{
    struct job jobs[4];
    uint64_t after = 0;
    for (uint32_t step = 0; step < 4; step++) {
        job_make(&jobs[step], 10, step, after, "quiz", 2);
        job_row(&jobs[step], "replaced", step == 3 ? "last" : "first");
        if (step == 1) {
            job_end(&jobs[step], 7);
            job_tag(&jobs[step], "Ann");
            job_tag(&jobs[step], "");
        }
        if (step == 2)
            jobs[step].rows[jobs[step].c.row_count++] = (struct store_row){{"a\0b\xff", 4}, {"\0\xff", 2}};
        after = store_submit(s, &jobs[step].c);
    }
    for (uint32_t step = 0; step < 4; step++)
        cr_assert_eq(job_wait(&jobs[step]), STORE_OK);
}

static void fill(struct store *s)
{
    for (uint64_t i = 1; i <= 6; i++) {
        uint64_t lsn = 0;
        for (uint32_t step = 0; step < i; step++)
            cr_assert_eq(job_run(s, i, step, &lsn, i == 6 ? "" : "duel", (uint8_t)(step ? 1 : 0)), STORE_OK);
    }
    struct job odd;
    job_make(&odd, 9, 0, 0, "duel", 2);
    odd.messages[0].bytes = (arena_text){"\0\xff{", 3};
    odd.messages[1].bytes = text_of("[1.50, 2]");
    odd.messages[2] = (struct store_message){1, 2, text_of("[1,\"\xc3\xa4\\n\"]")};
    odd.messages[3] = (struct store_message){1, 3, text_of("\"text\"")};
    odd.messages[4] = (struct store_message){1, 4, {"", 0}};
    odd.c.message_count = 5;
    odd.c.id = (arena_text){"\xfe\xff", 2};
    odd.c.record = (arena_text){"\0\1\2\3", 4};
    job_end(&odd, 12);
    odd.tags[0] = (arena_text){"\xff", 1};
    odd.tags[1] = text_of("Zoë");
    odd.c.tag_count = 2;
    job_row(&odd, "", "no key");
    job_row(&odd, "\xc3\xa4 \"key\"", "text");
    store_submit(s, &odd.c);
    cr_assert_eq(job_wait(&odd), STORE_OK);
    fill_ended(s);
    store_settle(s);
}

static char *export_text(struct store *s, size_t *len)
{
    char *text = NULL, error[256] = "";
    FILE *out = open_memstream(&text, len);
    cr_assert_eq(store_export(s, out, error, sizeof error), 0, "%s", error);
    fclose(out);
    return text;
}

static int import_text(struct store *s, const char *text, size_t len, char error[256])
{
    FILE *in = len ? fmemopen((void *)(uintptr_t)text, len, "r") : fopen("/dev/null", "r");
    int rc = store_import(s, in, error, 256);
    fclose(in);
    return rc;
}

static void check_moved_ends(struct store *s, struct pool *p)
{
    struct store_end ends[4];
    arena_text records[4];
    struct store_session session;
    uint32_t count;
    cr_assert_eq(store_ends(s, 0, 4, p, ends), 2);
    cr_assert(ends[0].end_number == 7 && ends[0].session == 10 && ends[1].end_number == 12 && ends[1].session == 9);
    cr_assert_eq(store_tagged(s, text_of("Zoë"), 0, 4, p, records, &count), 1);
    cr_assert_eq(store_tagged(s, text_of(""), 0, 4, p, records, &count), 1);
    cr_assert(store_next(s, 9, p, &session) && session.session == 10);
    cr_assert(session.end_number == 7 && session.tag_count == 2 && session.row_count == 2);
    cr_assert(text_is(session.tags[0], "Ann"));
    cr_assert(text_is(session.rows[1].key, "replaced") && text_is(session.rows[1].bytes, "last"));
    cr_assert(session.rows[0].key.len == 4 && !memcmp(session.rows[0].bytes.ptr, "\0\xff", 2));
}

static void check_move(bool from, bool to)
{
    char folders[2][64], error[256] = "";
    size_t len, again_len;
    struct store *a = open_kind(from, folder_make(folders[0])), *b = open_kind(to, folder_make(folders[1]));
    fill(a);
    char *text = export_text(a, &len);
    cr_assert_eq(import_text(b, text, len, error), 0, "%s", error);
    char *again = export_text(b, &again_len);
    cr_assert_str_eq(again, text);
    cr_assert_eq(again_len, len);
    cr_assert(strstr(text, "[1,\"\xc3\xa4\\n\"]"), "JSON stands as it is");
    struct pool p;
    struct store_message messages[8];
    pool_init(&p, 0);
    cr_assert_eq(store_messages(b, 9, 1, 1, 9, &p, messages), 4);
    cr_assert(text_is(messages[0].bytes, "[1.50, 2]") && text_is(messages[2].bytes, "\"text\""));
    check_moved_ends(a, &p);
    check_moved_ends(b, &p);
    pool_finish(&p);
    cr_assert(strstr(text, "\"rows\":{\"\":\"bm8ga2V5\",\"\xc3\xa4 \\\"key\\\"\":\"dGV4dA==\"}"), "rows by key");
    cr_assert(strstr(text, "\"rows\":[[{\"base64\":\"YQBi/w==\"},\"AP8=\"],[\"replaced\",\"bGFzdA==\"]]"),
              "or in pairs");
    cr_assert_neq(import_text(b, text, len, error), 0, "only into an empty store");
    cr_assert(strstr(error, "empty"));
    free(text);
    free(again);
    store_close(a);
    store_close(b);
    folder_remove(folders[0]);
    folder_remove(folders[1]);
}

Test(store_dump, memory_to_lmdb, .timeout = 60)
{
    check_move(false, true);
}

Test(store_dump, lmdb_to_lmdb, .timeout = 60)
{
    check_move(true, true);
}

#define LINE "{\"session\":3,\"id\":\"a\",\"type\":\"t\",\"status\":2,\"created_ms\":0,\"wake_ms\":0,\"names\":[]"
#define BODY ",\"record\":\"AAAA\",\"channels\":[[],[]],\"inputs\":[],\"answers\":{}}\n"

Test(store_dump, version_1_is_read, .timeout = 60)
{
    static const char old[] = "{\"arena_export\":1}\n" LINE BODY;
    struct store *s = store_open_memory();
    struct store_session session;
    struct pool p;
    char error[256] = "";
    pool_init(&p, 0);
    cr_assert_eq(import_text(s, old, sizeof old - 1, error), 0, "%s", error);
    cr_assert(store_next(s, 0, &p, &session) && session.session == 3);
    cr_assert(!session.end_number && !session.tag_count && !session.row_count);
    pool_finish(&p);
    store_close(s);
}

Test(store_dump, damage_is_refused_with_a_sentence, .timeout = 60)
{
    static const char head[] = "{\"arena_export\":1}\n";
    static const char *const bad[] = {
        "",
        "{}\n",
        "{\"arena_export\":3}\n",
        "no JSON\n",
        "{\"arena_export\":1}\n{}\n",
        "{\"arena_export\":1}\n[\n",
        "{\"arena_export\":1}\n{\"session\":1,\"id\":\"a\",\"type\":\"t\",\"status\":0,\"created_ms\":0,\"wake_"
        "ms\":0,"
        "\"names\":[],\"record\":\"!!!!\",\"channels\":[[],[]],\"inputs\":[],\"answers\":{}}\n",
        "{\"arena_export\":1}\n{\"session\":1,\"id\":\"a\",\"type\":\"t\",\"status\":0,\"created_ms\":0,\"wake_"
        "ms\":0,"
        "\"names\":[],\"record\":\"AAAA\",\"channels\":[[],[]],\"inputs\":[],\"answers\":{\"zz\":\"AAAA\"}}\n",
        "{\"arena_export\":2}\n" LINE BODY,
        "{\"arena_export\":2}\n" LINE ",\"end\":-1,\"tags\":[],\"rows\":{}" BODY,
        "{\"arena_export\":2}\n" LINE ",\"end\":0,\"tags\":[\"a\"],\"rows\":{}" BODY,
        "{\"arena_export\":2}\n" LINE ",\"end\":1,\"tags\":[1],\"rows\":{}" BODY,
        "{\"arena_export\":2}\n" LINE ",\"end\":1,\"tags\":[],\"rows\":{\"a\":1}" BODY,
        "{\"arena_export\":2}\n" LINE ",\"end\":1,\"tags\":[],\"rows\":[[\"a\"]]" BODY,
        "{\"arena_export\":2}\n" LINE ",\"end\":1,\"tags\":[],\"rows\":1" BODY,
    };
    struct store *s = store_open_memory();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char error[256] = "";
        cr_assert_neq(import_text(s, bad[i], strlen(bad[i]), error), 0, "%zu", i);
        cr_assert(error[0]);
    }
    char error[256] = "";
    cr_assert_eq(import_text(s, head, sizeof head - 1, error), 0, "%s", error);
    store_close(s);
}
