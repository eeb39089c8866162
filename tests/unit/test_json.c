/* The strict reader of requests. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/text.h"

static struct pool pool;
static struct json_object object;
static enum json_type type;

static void setup(void)
{
    pool_init(&pool, 0);
}
static void teardown(void)
{
    pool_finish(&pool);
}

TestSuite(json, .init = setup, .fini = teardown);

/* Reads a copy in memory of exactly that size, so that the sanitizer sees a step beyond the end. */
static const char *check(const char *bytes, size_t len)
{
    char *exact = malloc(len ? len : 1);
    cr_assert_not_null(exact);
    memcpy(exact, bytes, len);
    const char *error = json_check((arena_text){exact, len}, &type);
    cr_expect_eq(!error, !json_read((arena_text){exact, len}, &pool, &object, &type),
                 "json_read and json_check differ on %s", bytes);
    free(exact);
    return error;
}

static const char *read_text(const char *json)
{
    return json_read(text_of(json), &pool, &object, &type);
}

static bool member_is(const char *name, const char *value, size_t len)
{
    const struct json_member *m = json_get(&object, name);
    return m && text_equal(m->value, (arena_text){value, len});
}

Test(json, accepts_the_grammar)
{
    const char *good[] = {"{}",
                          "[]",
                          " \t\r\n{ } ",
                          "0",
                          "-0",
                          "10",
                          "-1",
                          "1.5",
                          "0.0",
                          "1e9",
                          "1E+9",
                          "1e-9",
                          "-0.1e+10",
                          "true",
                          "false",
                          "null",
                          "\"\"",
                          "\"a\"",
                          "[1,2,3]",
                          "[ 1 , [ ] , { } ]",
                          "{\"a\":{\"a\":1,\"a\":2}}",
                          "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                          "\"\\u0000\"",
                          "\"\\uD83D\\uDE00\"",
                          "\"\\ud83d\\ude00\"",
                          "\"\xC3\xA9\"",
                          "\"\xE2\x82\xAC\"",
                          "\"\xF0\x9F\x98\x80\"",
                          "\"\xED\x9F\xBF\"",
                          "\"\xEE\x80\x80\"",
                          "\"\xF4\x8F\xBF\xBF\"",
                          "\"\x7F\"",
                          "\"12345678901234567890\"",
                          "\"1234567\\n1234567\xC3\xA9 1234567\"",
                          "{\"\":1}",
                          "123456789012345678901234567890"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect_null(check(good[i], strlen(good[i])), "refused: %s", good[i]);
}

Test(json, refuses_everything_else)
{
    const char *bad[] = {"",
                         " ",
                         "{",
                         "}",
                         "[",
                         "]",
                         "{]",
                         "[}",
                         "{\"a\"}",
                         "{\"a\":}",
                         "{\"a\":1,}",
                         "{,}",
                         "[,]",
                         "[1,]",
                         "[1 2]",
                         "{a:1}",
                         "{'a':1}",
                         "{\"a\" 1}",
                         "{\"a\":1 \"b\":2}",
                         "01",
                         "-",
                         "+1",
                         "1.",
                         ".5",
                         "1e",
                         "1e+",
                         "-a",
                         "0x10",
                         "1_0",
                         "NaN",
                         "Infinity",
                         "tru",
                         "truE",
                         "nul",
                         "nulll",
                         "True",
                         "\"",
                         "\"a",
                         "\"\\",
                         "\"\\\"",
                         "\"\\x\"",
                         "\"\\u\"",
                         "\"\\u12\"",
                         "\"\\u12g4\"",
                         "\"\\uD800\"",
                         "\"\\uDC00\"",
                         "\"\\uD800\\u0041\"",
                         "\"\\uD800\\uD800\"",
                         "\"\\uD800a\"",
                         "\"\t\"",
                         "\"\n\"",
                         "\"\x01\"",
                         "{} {}",
                         "1 2",
                         "{}x",
                         "\"a\"b",
                         "// c\n1",
                         "\xEF\xBB\xBF{}",
                         "\"\x80\"",
                         "\"\xC0\x80\"",
                         "\"\xC1\xBF\"",
                         "\"\xC3\"",
                         "\"\xC3",
                         "\"\xE0\x80\x80\"",
                         "\"\xE2\x82\"",
                         "\"\xED\xA0\x80\"",
                         "\"\xF0\x80\x80\x80\"",
                         "\"\xF4\x90\x80\x80\"",
                         "\"\xF5\x80\x80\x80\"",
                         "\"\xFF\"",
                         "\"\xF0\x9F\x98",
                         "{\"a\":1,\"a\":2}",
                         "{\"a\":1,\"\\u0061\":2}",
                         "\f1",
                         "\v1"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bool twice = strncmp(bad[i], "{\"a\":1,\"", 8) == 0 && strlen(bad[i]) > 9;
        const char *error = twice ? read_text(bad[i]) : check(bad[i], strlen(bad[i]));
        cr_expect_not_null(error, "accepted: %s", bad[i]);
    }
}

Test(json, refuses_bytes_with_nul)
{
    cr_expect_not_null(check("{}\0", 3));
    cr_expect_not_null(check("\"\0\"", 3));
    cr_expect_not_null(check("\0", 1));
}

Test(json, tells_what_is_wrong)
{
    cr_expect_str_eq(read_text("{\"a\":1,\"a\":2}"), "a name appears twice");
    cr_expect_str_eq(read_text("{\"a\":01}"), "a number begins with 0");
    cr_expect_str_eq(read_text("{\"a\":\"\\ud800\"}"), "a string has half a surrogate pair");
    cr_expect_str_eq(read_text("{} 1"), "something follows the value");
    cr_expect_eq(object.count, 0);
}

Test(json, notes_the_members)
{
    cr_assert_null(
        read_text(" {\"s\": \"x\" ,\"i\":-12, \"r\":1.5,\"b\":true,\"n\":null,\"a\":[1, 2],\"o\":{\"k\":1} } "));
    cr_expect_eq(type, JSON_OBJECT);
    cr_expect_eq(object.count, 7);
    cr_expect(member_is("s", "x", 1));
    cr_expect(member_is("i", "-12", 3));
    cr_expect(member_is("r", "1.5", 3));
    cr_expect(member_is("b", "true", 4));
    cr_expect(member_is("n", "null", 4));
    cr_expect(member_is("a", "[1, 2]", 6));
    cr_expect(member_is("o", "{\"k\":1}", 7));
    cr_expect_eq(json_get(&object, "s")->type, JSON_STRING);
    cr_expect_eq(json_get(&object, "i")->type, JSON_INT);
    cr_expect_eq(json_get(&object, "r")->type, JSON_REAL);
    cr_expect_eq(json_get(&object, "b")->type, JSON_BOOL);
    cr_expect_eq(json_get(&object, "n")->type, JSON_NULL);
    cr_expect_eq(json_get(&object, "a")->type, JSON_ARRAY);
    cr_expect_eq(json_get(&object, "o")->type, JSON_OBJECT);
    cr_expect_null(json_get(&object, "none"));
}

Test(json, decodes_strings)
{
    cr_assert_null(read_text("{\"\\u0061\\n\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t|\\u00e9\\u20AC\\uD83D\\uDE00\\u0000.\"}"));
    cr_expect(member_is("a\n", "\"\\/\b\f\n\r\t|\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0.", 20));
}

Test(json, plain_strings_are_slices_of_the_text)
{
    const char *text = "{\"name\":\"value\"}";
    cr_assert_null(read_text(text));
    cr_expect_eq(object.members[0].name.ptr, text + 2);
    cr_expect_eq(object.members[0].value.ptr, text + 9);
    cr_expect_eq(pool.used, 0);
}

Test(json, other_values_leave_no_members)
{
    cr_assert_null(read_text("null"));
    cr_expect_eq(type, JSON_NULL);
    cr_assert_null(read_text(" [1]"));
    cr_expect_eq(type, JSON_ARRAY);
    cr_assert_null(read_text("\"s\""));
    cr_expect_eq(type, JSON_STRING);
    cr_expect_eq(object.count, 0);
}

Test(json, depth_has_a_limit)
{
    char text[2 * JSON_DEPTH_MAX + 3];

    for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        const char *error = check(text, 2 * (size_t)depth);
        cr_expect_eq(error == NULL, depth == JSON_DEPTH_MAX, "%d levels", depth);
    }
    char objects[6 * (JSON_DEPTH_MAX + 1) + 2] = "";
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        strcat(objects, "{\"a\":");
    strcat(objects, "1");
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        strcat(objects, "}");
    cr_expect_null(check(objects, strlen(objects)));
}

Test(json, members_have_a_limit)
{
    char text[16 * (JSON_MEMBERS_MAX + 2)];

    for (int count = JSON_MEMBERS_MAX; count <= JSON_MEMBERS_MAX + 1; count++) {
        size_t len = 0;
        for (int i = 0; i < count; i++)
            len += (size_t)sprintf(text + len, "%c\"m%d\":%d", i ? ',' : '{', i, i);
        text[len++] = '}';
        const char *error = json_read((arena_text){text, len}, &pool, &object, &type);
        cr_expect_eq(error == NULL, count == JSON_MEMBERS_MAX);
    }
}

Test(json, the_pool_has_the_last_word)
{
    pool_finish(&pool);
    pool_init(&pool, 4);
    cr_expect_str_eq(read_text("{\"a\":\"12345\\n\"}"), "the text is too large");
}

Test(json, integers)
{
    int64_t n = 7;
    cr_assert_null(read_text("{\"max\":9223372036854775807,\"min\":-9223372036854775808,\"over\":9223372036854775808,"
                             "\"under\":-9223372036854775809,\"zero\":-0,\"real\":1.0,\"text\":\"1\"}"));
    cr_expect(json_int(json_get(&object, "max"), &n) && n == INT64_MAX);
    cr_expect(json_int(json_get(&object, "min"), &n) && n == INT64_MIN);
    cr_expect(json_int(json_get(&object, "zero"), &n) && n == 0);
    cr_expect_not(json_int(json_get(&object, "over"), &n));
    cr_expect_not(json_int(json_get(&object, "under"), &n));
    cr_expect_not(json_int(json_get(&object, "real"), &n));
    cr_expect_not(json_int(json_get(&object, "text"), &n));
}

/* Every cut of a good text is bad, and is read without a step beyond its end. */
Test(json, every_prefix_is_refused)
{
    const char *text = "{\"a\":[1,2.5e3,true,false,null,\"\\u00e9\\n\xE2\x82\xAC\"],\"b\":{\"c\":\"\\uD83D\\uDE00\"}}";
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        cr_expect_not_null(check(text, i), "accepted the first %zu bytes", i);
    cr_expect_null(check(text, len));
}

/* Byte by byte, as JSON says it. */
static void escape_plainly(struct text *out, arena_text s)
{
    static const char named[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
    for (size_t i = 0; i < s.len; i++) {
        const char *name = s.ptr[i] ? strchr(named, s.ptr[i]) : NULL;
        if (name)
            text_printf(out, "\\%c", letters[name - named]);
        else if ((unsigned char)s.ptr[i] < ' ')
            text_printf(out, "\\u%04x", s.ptr[i]);
        else
            text_put_char(out, s.ptr[i]);
    }
}

Test(json, escapes_every_byte_at_every_place)
{
    const char quoted[] = "\"\\\n\x01", plain[] = "ab\x7f\x80\xff !]^";
    unsigned rng = 1;
    for (int round = 0; round < 20000; round++) {
        struct text want = {0}, got = {0};
        size_t len = (size_t)round % 70;
        char *s = malloc(len ? len : 1); /* exact, for the sanitizer */
        for (size_t i = 0; i < len; i++) {
            rng = rng * 1103515245 + 12345;
            unsigned pick = rng >> 16;
            s[i] = pick % 5 == 0   ? quoted[pick / 5 % (sizeof quoted - 1)]
                   : pick % 5 == 1 ? (char)(pick / 5)
                                   : plain[pick / 5 % (sizeof plain - 1)];
        }
        text_puts(&want, "before");
        text_puts(&got, "before");
        escape_plainly(&want, (arena_text){s, len});
        text_json_escaped(&got, (arena_text){s, len});
        cr_assert(text_equal(text_slice(&got), text_slice(&want)), "round %d: %s, not %s", round, text_cstr(&got),
                  text_cstr(&want));
        free(s);
        text_free(&want);
        text_free(&got);
    }
}
