/*
 * test_store_both.h - a test that is held to the memory double and to LMDB alike.
 */
#ifndef TEST_STORE_BOTH_H
#define TEST_STORE_BOTH_H

#include <criterion/criterion.h>

#include "test_store_help.h"

static inline struct store *open_kind(bool lmdb, const char *folder)
{
    char error[256] = "";
    struct store_config config = {.dir = folder};
    struct store *s = lmdb ? store_open_lmdb(&config, error, sizeof error) : store_open_memory();
    cr_assert(s, "%s", error);
    return s;
}

/* BOTH(name) { ... s ... } is a test on each kind. */
#define BOTH(name)                                                                                                     \
    static void name(struct store *s);                                                                                 \
    Test(store_memory, name, .timeout = 60)                                                                            \
    {                                                                                                                  \
        struct store *s = open_kind(false, NULL);                                                                      \
        name(s);                                                                                                       \
        store_close(s);                                                                                                \
    }                                                                                                                  \
    Test(store_lmdb, name, .timeout = 60)                                                                              \
    {                                                                                                                  \
        char folder[64];                                                                                               \
        struct store *s = open_kind(true, folder_make(folder));                                                        \
        name(s);                                                                                                       \
        store_close(s);                                                                                                \
        folder_remove(folder);                                                                                         \
    }                                                                                                                  \
    static void name(struct store *s)

#endif
