/* Any bytes into the reader: no step beyond the end, both readers agree, decoded strings are UTF-8, and what was
 * decoded, written again and read again is the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/text.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            abort();                                                                                                   \
    } while (0)

static void check_member(const struct json_member *m)
{
    struct json_object again;
    enum json_type type;
    struct pool pool;
    struct text text = {0};

    CHECK(text_is_utf8(m->name));
    if (m->type != JSON_STRING) {
        CHECK(!json_check(m->value, &type) && type == m->type);
        return;
    }
    CHECK(text_is_utf8(m->value));
    pool_init(&pool, 0);
    text_lit(&text, "{\"v\":");
    text_json_string(&text, m->value);
    text_lit(&text, "}");
    CHECK(!json_read(text_slice(&text), &pool, &again, &type));
    CHECK(again.count == 1 && text_equal(again.members[0].value, m->value));
    pool_finish(&pool);
    text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_object object;
    enum json_type type = JSON_NULL, checked = JSON_NULL;
    struct pool pool;
    arena_text text = {(const char *)data, size};

    pool_init(&pool, 1 << 20);
    const char *error = json_read(text, &pool, &object, &type);
    const char *check_error = json_check(text, &checked);
    if (!error)
        CHECK(!check_error && type == checked);
    else
        CHECK(object.count == 0);
    for (uint32_t i = 0; i < object.count; i++) {
        int64_t n;
        check_member(&object.members[i]);
        json_int(&object.members[i], &n);
    }
    pool_finish(&pool);
    return 0;
}
