#include "http/tally.h"

#include <pthread.h>

#include "core/must.h"
#include "core/text.h"

enum { BUCKETS = 1024 };

struct count {
    struct count *next;
    uint8_t client[ADDRESS_BYTES];
    uint32_t count;
};

struct tally {
    pthread_mutex_t lock;
    struct count *buckets[BUCKETS];
};

struct tally *tally_open(void)
{
    struct tally *tally = must(calloc(1, sizeof *tally));
    pthread_mutex_init(&tally->lock, NULL);
    return tally;
}

void tally_close(struct tally *tally)
{
    if (!tally)
        return;
    for (int i = 0; i < BUCKETS; i++)
        for (struct count *next; tally->buckets[i]; tally->buckets[i] = next) {
            next = tally->buckets[i]->next;
            free(tally->buckets[i]);
        }
    pthread_mutex_destroy(&tally->lock);
    free(tally);
}

/* Where this client's count is, or belongs; with the lock. */
static struct count **slot_of(struct tally *tally, const uint8_t client[ADDRESS_BYTES])
{
    uint64_t hash = text_hash((arena_text){(const char *)client, ADDRESS_BYTES});
    struct count **slot = &tally->buckets[hash % BUCKETS];
    while (*slot && memcmp((*slot)->client, client, ADDRESS_BYTES) != 0)
        slot = &(*slot)->next;
    return slot;
}

bool tally_take(struct tally *tally, const uint8_t client[ADDRESS_BYTES], uint32_t most)
{
    pthread_mutex_lock(&tally->lock);
    struct count **slot = slot_of(tally, client);
    bool room = *slot ? (*slot)->count < most : most > 0;
    if (room && !*slot) {
        *slot = must(calloc(1, sizeof **slot));
        memcpy((*slot)->client, client, ADDRESS_BYTES);
    }
    if (room)
        (*slot)->count++;
    pthread_mutex_unlock(&tally->lock);
    return room;
}

void tally_give(struct tally *tally, const uint8_t client[ADDRESS_BYTES])
{
    pthread_mutex_lock(&tally->lock);
    struct count **slot = slot_of(tally, client), *found = *slot;
    if (found && --found->count == 0) {
        *slot = found->next;
        free(found);
    }
    pthread_mutex_unlock(&tally->lock);
}
