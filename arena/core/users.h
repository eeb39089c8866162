/*
 * users.h - who players are: profiles by user id.  Private to core/.
 *
 * All profiles are in memory; each change is a row of the book `users`.  Changes are made one after another, and are
 * seen when they are durable.
 */
#ifndef CORE_USERS_H
#define CORE_USERS_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/book.h"

struct request;
struct session;
enum category;

struct user {
    char *id, *username, *model; /* owned; username and model are NULL when not given */
    bool benchmark;
};

/* A signature that was used, until its time is over anyway. */
struct spent {
    uint8_t hash[16];
    int64_t until_ms;
};

struct users {
    pthread_mutex_t lock;
    struct book book;
    struct user *list; /* in the order in which they came */
    uint32_t count, cap;
    uint32_t *index; /* open addressing: 1 + place in list, 0 is free */
    uint32_t index_cap;
    struct spent *spent;
    uint32_t spent_count, spent_cap;
    struct request *first, **end; /* changes: the first one is under way */
    struct user next;             /* what it makes of its user */
    atomic_ullong version;        /* grows with each change */
};

void users_open(struct users *users, struct arena *arena);
void users_close(struct users *users);

/* Appends the members behind the user's id: ,"username":…,"model":…,"isBenchmark":true - those that are known. */
void users_put_profile(struct users *users, arena_text id, struct text *out);

/* What the players of a session that ends make of it. */
enum category users_category(struct users *users, const struct session *session);

/* Appends {"ID":profile,…} of all users known among the players of these sessions; NULL sessions are passed over. */
void users_put_profiles(struct users *users, struct session *const *sessions, uint32_t count, struct text *out);

#endif
