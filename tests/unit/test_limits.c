/* Rates, counts by address, and what counts as one client: with a time of the test's own. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>

#include "core/text.h"
#include "http/rate.h"
#include "http/tally.h"

enum { SECOND = 1000000 };

static struct rate_table *table_of(uint32_t per_minute, uint32_t burst_seconds)
{
    struct rate_config config = {.burst_seconds = burst_seconds};

    for (int i = 0; i < RATES; i++)
        config.per_minute[i] = per_minute;
    return rate_open(&config);
}

static uint32_t take(struct rate_table *table, const char *who, int64_t now)
{
    return rate_take(table, RATE_WRITE, who, strlen(who), now);
}

Test(rate, a_full_bucket_then_one_token_at_a_time)
{
    struct rate_table *table = table_of(60, 5); /* one a second, five at once */
    int64_t now = 1000 * SECOND;

    for (int i = 0; i < 5; i++)
        cr_assert_eq(take(table, "ann", now), 0, "token %d", i);
    cr_assert_eq(take(table, "ann", now), 1);
    cr_assert_eq(take(table, "ann", now + SECOND - 100), 1);
    cr_assert_eq(take(table, "ann", now + SECOND), 0);
    cr_assert_eq(take(table, "ann", now + SECOND), 1);
    for (int i = 0; i < 5; i++)
        cr_assert_eq(take(table, "ann", now + 60 * SECOND), 0);
    cr_assert_eq(take(table, "ann", now + 60 * SECOND), 1, "a bucket holds no more than it can");
    rate_close(table);
}

Test(rate, a_slow_rate_says_how_long)
{
    struct rate_table *table = table_of(2, 1); /* one in 30 seconds; the bucket still holds one */

    cr_assert_eq(take(table, "ann", 5 * SECOND), 0);
    cr_assert_eq(take(table, "ann", 5 * SECOND), 30);
    cr_assert_eq(take(table, "ann", 15 * SECOND), 20);
    cr_assert_eq(take(table, "ann", 15 * SECOND + 1), 20, "a started second counts");
    cr_assert_eq(take(table, "ann", 35 * SECOND), 0);
    rate_close(table);
}

Test(rate, refusals_cost_nothing)
{
    struct rate_table *table = table_of(60, 1);

    cr_assert_eq(take(table, "ann", SECOND), 0);
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(take(table, "ann", SECOND + 500000), 1);
    cr_assert_eq(take(table, "ann", 2 * SECOND), 0);
    rate_close(table);
}

Test(rate, everybody_and_everything_has_a_bucket)
{
    struct rate_table *table = table_of(60, 1);

    cr_assert_eq(take(table, "ann", SECOND), 0);
    cr_assert_eq(take(table, "bob", SECOND), 0);
    cr_assert_eq(rate_take(table, RATE_READ, "ann", 3, SECOND), 0);
    cr_assert_eq(take(table, "ann", SECOND), 1);
    cr_assert_eq(rate_take(table, RATE_READ, "ann", 3, SECOND), 1);
    rate_close(table);
}

Test(rate, none_is_no_limit)
{
    struct rate_table *table = table_of(0, 1);

    for (int i = 0; i < 100000; i++)
        cr_assert_eq(take(table, "ann", SECOND), 0);
    rate_close(table);
}

/* A million addresses go by; whoever is limited stays so, and the table is as large as before. */
Test(rate, a_flood_of_names_frees_nobody)
{
    struct rate_table *table = table_of(60, 60);
    char name[32];
    int granted = 0;

    while (!take(table, "ann", SECOND))
        granted++;
    cr_assert_eq(granted, 60);
    for (int i = 0; i < 1000000; i++) {
        snprintf(name, sizeof name, "stranger %d", i);
        take(table, name, SECOND);
    }
    cr_assert_eq(take(table, "ann", SECOND), 1);
    rate_close(table);
}

struct crowd {
    struct rate_table *table;
    int granted;
};

static void *take_many(void *arg)
{
    struct crowd *crowd = arg;
    for (int i = 0; i < 100000; i++)
        crowd->granted += take(crowd->table, "ann", SECOND) == 0;
    return NULL;
}

Test(rate, threads_share_a_bucket)
{
    enum { THREADS = 4 };
    struct rate_table *table = table_of(60 * 1000, 60); /* sixty thousand at once */
    struct crowd crowd[THREADS];
    pthread_t thread[THREADS];
    int granted = 0;

    for (int i = 0; i < THREADS; i++) {
        crowd[i] = (struct crowd){table, 0};
        pthread_create(&thread[i], NULL, take_many, &crowd[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        granted += crowd[i].granted;
    }
    cr_assert_eq(granted, 60000);
    rate_close(table);
}

static bool client_of(const char *text, uint8_t client[ADDRESS_BYTES])
{
    uint8_t address[ADDRESS_BYTES];
    if (!address_parse(text_of(text), address))
        return false;
    address_client(address, client);
    return true;
}

static bool same_client(const char *one, const char *other)
{
    uint8_t a[ADDRESS_BYTES], b[ADDRESS_BYTES];
    cr_assert(client_of(one, a), "%s", one);
    cr_assert(client_of(other, b), "%s", other);
    return memcmp(a, b, sizeof a) == 0;
}

Test(address, what_counts_as_one_client)
{
    cr_assert(same_client("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff"));
    cr_assert_not(same_client("2001:db8::1", "2001:db8:0:1::1"));
    cr_assert_not(same_client("192.0.2.1", "192.0.2.2"));
    cr_assert(same_client("192.0.2.1", "::ffff:192.0.2.1"));
    cr_assert(same_client("192.0.2.1", "192.0.2.1:4711"));
    cr_assert(same_client("2001:db8::1", "[2001:db8::1]:4711"));
}

Test(address, what_is_none)
{
    static const char *const none[] = {"",          "x",       "1.2.3",   "1.2.3.4.5",    "256.1.1.1",
                                       "1.2.3.4/8", "unknown", "_hidden", "2001:db8:::1", "[::1"};
    uint8_t client[ADDRESS_BYTES];

    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_assert_not(client_of(none[i], client), "%s", none[i]);
}

static bool within(const char *range_text, const char *text)
{
    struct address_range range;
    uint8_t address[ADDRESS_BYTES];
    cr_assert(address_range_parse(text_of(range_text), &range), "%s", range_text);
    cr_assert(address_parse(text_of(text), address), "%s", text);
    return address_in(&range, 1, address);
}

Test(address, ranges)
{
    static const char *const none[] = {"10.0.0.0/33", "10.0.0.0/", "fd00::/129", "10/8", "/8", "10.0.0.0/8x", "x/1"};
    struct address_range range;

    cr_assert(within("10.0.0.0/8", "10.255.1.2"));
    cr_assert_not(within("10.0.0.0/8", "11.0.0.1"));
    cr_assert(within("192.168.4.0/22", "192.168.7.255"));
    cr_assert_not(within("192.168.4.0/22", "192.168.8.0"));
    cr_assert(within("127.0.0.1", "127.0.0.1"));
    cr_assert_not(within("127.0.0.1", "127.0.0.2"));
    cr_assert(within("fd00::/8", "fdff::1"));
    cr_assert_not(within("fd00::/8", "10.0.0.1"));
    cr_assert(within("0.0.0.0/0", "203.0.113.9"));
    cr_assert_not(within("0.0.0.0/0", "2001:db8::1"));
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_assert_not(address_range_parse(text_of(none[i]), &range), "%s", none[i]);
}

Test(tally, counts_by_client)
{
    struct tally *tally = tally_open();
    uint8_t ann[ADDRESS_BYTES], bob[ADDRESS_BYTES];

    client_of("192.0.2.1", ann);
    client_of("192.0.2.2", bob);
    cr_assert(tally_take(tally, ann, 2));
    cr_assert(tally_take(tally, ann, 2));
    cr_assert_not(tally_take(tally, ann, 2));
    cr_assert(tally_take(tally, bob, 2));
    tally_give(tally, ann);
    cr_assert(tally_take(tally, ann, 2));
    cr_assert_not(tally_take(tally, ann, 0));
    tally_close(tally); /* with what is still counted */
}
