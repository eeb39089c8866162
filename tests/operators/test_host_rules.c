/* test_host_rules.c - the lots and the forms of text: what needs no module and no process. */
#include "hosting.h"

#include <sodium.h>

#include "host/random.h"
#include "host/rules.h"

/* Made with Python: hashlib.blake2b(struct.pack("<QQ", turn, i), key=seed, digest_size=64), words "<8Q". */
static void test_random(void)
{
    uint8_t seed[HOST_SEED_BYTES];
    struct random random, query;
    for (unsigned i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)i;
    static const uint64_t expected[10] = {
        UINT64_C(0x5cd9b271dc47db1e), UINT64_C(0x792f9ffc698f7d73), UINT64_C(0x795f26c6f1401737),
        UINT64_C(0xa74eaa651e18c05e), UINT64_C(0x35ef07c3560d69a7), UINT64_C(0xbba4e89d01984c1a),
        UINT64_C(0xde3ae0cfd0ab671d), UINT64_C(0xa6d9b17def24edcd), UINT64_C(0x9a5bc5ebdff2d3d1),
        UINT64_C(0x5cef33bb51c58ed9),
    };
    random_init(&random, seed, 3, RANDOM_TURN);
    for (unsigned i = 0; i < 10; i++) {
        uint64_t drawn = random_below(&random, UINT64_MAX); /* rejects only the word 0 */
        EXPECT(drawn == expected[i], "word %u is %llu", i, (unsigned long long)drawn);
    }
    random_init(&random, seed, 3, RANDOM_TURN);
    random_init(&query, seed, 3, RANDOM_QUERY);
    EXPECT(random_below(&random, UINT64_MAX) != random_below(&query, UINT64_MAX), "a query's stream is another");
    unsigned counts[6] = {0};
    random_init(&random, seed, 9, RANDOM_TURN);
    for (unsigned i = 0; i < 60000; i++)
        counts[random_below(&random, 6)]++;
    for (unsigned i = 0; i < 6; i++) /* 5 sigma are 456 */
        EXPECT(counts[i] > 9544 && counts[i] < 10456, "a die's %u came %u times", i + 1, counts[i]);
    for (unsigned i = 0; i < 100; i++) /* half of all words are thrown away here */
        EXPECT(random_below(&random, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63, "in bounds");
}

static void test_text(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool good;
    } rows[] = {
        {"", 0, true},
        {"plain text that is long", 23, true},
        {"a\0b", 3, true},
        {"\xC3\xA9", 2, true},
        {"\xE2\x82\xAC", 3, true},
        {"\xF0\x9F\x8E\xB2", 4, true},
        {"\xC3", 1, false},
        {"\xE2\x82", 2, false},
        {"\xF0\x9F\x8E", 3, false},
        {"\xC0\x80", 2, false},
        {"\xE0\x80\x80", 3, false},
        {"\xED\xA0\x80", 3, false},
        {"\xFF", 1, false},
        {"\xF4\x90\x80\x80", 4, false},
        {"12345678\x80", 9, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t before = 0; before < 75; before++) /* many bytes are looked at together */
            for (size_t behind = 0; behind < 40; behind += 13) {
                char text[256];
                memset(text, 'x', sizeof text);
                memcpy(text + before, rows[i].bytes, rows[i].len);
                arena_text whole = {text, before + rows[i].len + behind};
                EXPECT(text_is_utf8(whole) == rows[i].good, "row %zu, %zu before and %zu behind", i, before, behind);
            }
    EXPECT(text_cut(ARENA_TEXT("ab\xC3\xA9"), 3) == 2, "a character is not cut");
    EXPECT(code_is_valid(ARENA_TEXT("NOT_YOUR_TURN")) && !code_is_valid(ARENA_TEXT("no")) &&
               !code_is_valid(ARENA_TEXT("_A")) && !code_is_valid(ARENA_TEXT("")),
           "codes");
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    test_text();
    test_random();
    printf("%d failures\n", failures);
    return failures != 0;
}
